"""What the programs of bench/ measured, and whether it is what we promise."""

import json
import statistics
from dataclasses import dataclass

CASES = ("steps", "gate2", "gate8", "gate100", "limit", "cancelled_race", "caller", "receiver")
NATIVE_PEERS = ("raw", "flow", "awaitable")
NODE_PEERS = ("promises", "asynquence")
ALLOCATIONS = " allocations"  # the unit of a bar
STEPS_IN_A_ROW = 10  # the programs time the whole flow of `steps`; the tables show one step of it


class Unusable(Exception):
    """What a program printed cannot be used; says why."""


@dataclass(frozen=True)
class Figure:
    """One peer's one case over all repetitions of all rounds: processor time of a flow, in ns."""

    least: float
    median: float
    allocations: float  # 0 where nobody counts
    least_at_once: float | None  # a flow's share where many ran at once; None: not measured


def of_benchmark(document):
    """The measurements in the JSON of Google Benchmark, whose names are peer/case."""
    for entry in document["benchmarks"]:
        if entry["run_type"] != "iteration":  # what it worked out itself over the repetitions
            continue
        if entry.get("error_occurred"):
            raise Unusable(f"{entry['name']}: {entry['error_message']}")
        if entry["time_unit"] != "ns":
            raise Unusable(f"{entry['name']} is in {entry['time_unit']}, not in ns")
        peer, case = entry["name"].split("/", 1)
        yield {"peer": peer, "case": case, "ns": entry["cpu_time"], "allocations": entry["allocations"]}


def parse(text):
    """The measurements of one run: by (peer, case) a list of its repetitions."""
    try:
        if text.lstrip().startswith("{\n"):
            measured = of_benchmark(json.loads(text))
        else:
            measured = map(json.loads, text.splitlines())
        repetitions = {}
        for entry in measured:
            repetitions.setdefault((entry["peer"], entry["case"]), []).append(entry)
        return repetitions
    except (ValueError, KeyError, TypeError) as fault:
        raise Unusable(f"not what a benchmark prints ({fault!r})") from fault


def missing(measured, peers):
    """What a run should have measured and did not."""
    return [f"{peer}/{case}" for peer in peers for case in CASES if (peer, case) not in measured]


def summed_up(runs):
    """Figures by (peer, case) out of the runs of one program."""

    def every(key, field):
        return [entry[field] for run in runs for entry in run[key] if field in entry]

    figures = {}
    for key in runs[0]:
        per = STEPS_IN_A_ROW if key[1] == "steps" else 1
        times = [value / per for value in every(key, "ns")]
        # The most that any needed: to allocate more than the others is not noise.
        allocations = max(every(key, "allocations"), default=0) / per
        at_once = min(every(key, "ns_at_once"), default=None)
        figures[key] = Figure(min(times), statistics.median(times), allocations, at_once)
    return figures


@dataclass(frozen=True)
class Bar:
    promise: str
    figure: float
    unit: str
    met: bool


def at_most(limit, promise, figure, unit):
    return Bar(promise, figure, unit, figure <= limit)


def at_least(limit, promise, figure):
    return Bar(promise, figure, "x", figure >= limit)


def bars(native, node):
    """What is promised of the library as one compiler built it, all of it by the least times."""

    def times(figures, peer, case):
        return figures[peer, case].least

    for case in ("caller", "receiver"):
        ours = times(native, "flow", case)
        raw = times(native, "raw", case)
        awaitable = times(native, "awaitable", case)
        original = times(node, "asynquence", case)
        yield at_most(1.3, f"{case}: at most 1.3x raw callbacks", ours / raw, "x")
        yield at_least(4, f"{case}: awaitable costs at least 4x ours", awaitable / ours)
        yield at_least(100, f"{case}: asynquence costs at least 100x ours", original / ours)
        allocations = native["flow", case].allocations
        yield at_most(1, f"{case}: one allocation or none", allocations, ALLOCATIONS)
    two = times(native, "flow", "gate2") / 2
    hundred = times(native, "flow", "gate100") / 100
    yield at_most(1.5, "a segment of a gate of 100: at most 1.5x one of a gate of 2", hundred / two, "x")
