"""What bench/run server measures, and what is promised of it. A case more is an entry more here, if bench_load
knows how to load it."""

import statistics
from dataclasses import dataclass, field

FLOOR, AT_ONCE, NODE, OURS = "floor", "floor that sends at once", "node", "ours"
SMALL, LARGE = 200, 4096


@dataclass(frozen=True)
class Figure:
    """One number out of the line that bench_load prints for a case."""

    name: str  # of its row
    key: str
    unit: str
    said: str
    over_floor: float | None = None  # promised: ours is at most so many times that of `floor`
    floor: str = FLOOR
    under_node: float | None = None  # promised: Node's is at least so many times ours
    at_most: float | None = None  # promised of ours


@dataclass(frozen=True)
class Case:
    name: str
    load: str  # which case of bench_load
    figures: tuple
    options: dict  # of bench_load
    quick: dict = field(default_factory=dict)  # instead, where it only has to work
    half_load: str = ""  # the case whose cpu_us says what a full load would be
    also: tuple = ()  # targets besides those of every case
    rounds: int | None = None  # where it is long
    again: int = 0  # so many times more in each round, where one says little
    tls: bool = False


def relay_by_tls(said, size):
    name = f"relay {said} by TLS"
    figure = Figure(name, "cpu_us", "µs", f"a signal of {said}, one under way between two clients")
    return Case(name, "relay", (figure,), {"bytes": size, "scheme": "https"}, tls=True)


def relay(said, size, in_flight, over_floor, under_node):
    name = f"{said}, {in_flight} in flight"
    many = "eight" if in_flight == 8 else "one"
    figure = Figure(f"relay {name}", "cpu_us", "µs", f"a signal of {said}, {many} under way between two clients",
                    over_floor=over_floor, under_node=under_node, floor=AT_ONCE if in_flight > 1 else FLOOR)
    also = (AT_ONCE,) if in_flight > 1 else ()
    return Case(f"relay {name}", "relay", (figure,), {"bytes": size, "in-flight": in_flight}, also=also)


CASES = (
    relay("200 B", SMALL, 1, 1.25, 4),
    relay("4 KB", LARGE, 1, 1.15, 5),
    relay("200 B", SMALL, 8, 1.15, 4),
    relay("4 KB", LARGE, 8, 1.15, 5),
    Case("latency", "latency", (
        Figure("latency, median", "p50_us", "µs", "from when a signal was due until it came"),
        Figure("latency, 99 %", "p99_us", "µs", "of all but the slowest in a hundred", over_floor=1.2),
    ), {"bytes": SMALL, "seconds": 2}, {"seconds": 0.05}, half_load="relay 200 B, 1 in flight", again=1),
    Case("connect", "connect", (
        Figure("connect", "cpu_us", "µs", "connect, join, relay one signal, leave", under_node=6),
    ), {"bytes": SMALL}),
    Case("storm", "storm", (
        Figure("storm of 1,000", "cpu_us", "µs", "one of so many that connect and join at once"),
    ), {"connections": 1_000}, {"connections": 50}),
    Case("broadcast", "broadcast", (
        Figure("broadcast to 1,000", "cpu_us", "µs", "one delivery"),
    ), {"connections": 1_000, "bytes": SMALL}, {"connections": 50}),
    Case("idle", "idle", (
        Figure("idle", "idle_bytes", "B", "memory of a connection that has joined a namespace", at_most=2_500),
        Figure("idle, after 4 KB", "relayed_bytes", "B", "the same after it has relayed a signal", at_most=2_500),
    ), {"connections": 4_000, "bytes": LARGE}, {"connections": 50}),
    relay_by_tls("200 B", SMALL),
    relay_by_tls("4 KB", LARGE),
    Case("idle by TLS", "idle", (
        Figure("idle by TLS", "idle_bytes", "B", "memory of a connection that has joined a namespace", at_most=16_384),
        Figure("idle by TLS, after 4 KB", "relayed_bytes", "B", "the same after it has relayed a signal",
               at_most=16_384),
    ), {"connections": 1_000, "bytes": LARGE, "scheme": "https"}, {"connections": 50}, tls=True),
    Case("held", "idle", (
        Figure("18,000 held, latest ping", "ping_late_ms", "ms", "the worst that a ping came after it was due, in 30 s",
               at_most=10),
    ), {"connections": 18_000, "bytes": SMALL, "seconds": 30}, {"connections": 50, "seconds": 0.05}, rounds=1),
)


class Results:
    """What was measured, round by round."""

    def __init__(self):
        self._lines = {}

    def add(self, case, target, line):
        self._lines.setdefault((case.name, target), []).append(line)

    def has(self, case, target):
        return (case.name, target) in self._lines

    def latest(self, case_name, target, key):
        return self._lines[case_name, target][-1][key]

    def median(self, case, target, key):
        return statistics.median(line[key] for line in self._lines[case.name, target])

    def ratios(self, case, above, below, key):
        """What the rounds say by themselves: a machine is faster in some than in others."""
        pairs = zip(self._lines[case.name, above], self._lines[case.name, below])
        return [ratio(one[key], other[key]) for one, other in pairs]

    def ratio(self, case, above, below, key):
        return statistics.median(self.ratios(case, above, below, key))

    def spread(self, case, target, key):
        """How far the rounds lie apart, as a share of their median."""
        values = [line[key] for line in self._lines[case.name, target]]
        return (max(values) - min(values)) / abs(statistics.median(values) or 1)

    def allocations(self, case):
        """Of ours, for each of what the case counts."""
        return self.median(case, OURS, "allocations")

    def drift(self, target):
        """What the second half of a measurement costs beside the first, in the case where it fell most."""
        drifts = {}
        for (name, of), lines in self._lines.items():
            if of == target:
                drifts[name] = [line["drift"] for line in lines if "drift" in line]
        return min((statistics.median(found) for found in drifts.values() if found), default=0)

    def waited(self):
        """The share of the time in which ours was ready to run and something else ran."""
        of_ours = (lines for (_, target), lines in self._lines.items() if target == OURS)
        return statistics.median(line["waited"] for lines in of_ours for line in lines if "waited" in line)


WARM = 0.95  # what the second half costs at least beside the first
NONE = 0.005  # what a heartbeat may need in the meantime is not a relay's


@dataclass(frozen=True)
class Bar:
    promise: str
    measured: str
    met: bool


def ratio(above, below):
    return above / below if below > 0 else float("inf")


def in_words(ratios):
    """Their median, and between what the middle half of them lies."""
    median = f"{statistics.median(ratios):.2f}x"
    if len(ratios) < 3:
        return median
    low, _, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return f"{median} ({low:.2f} to {high:.2f})"


def bars(results):
    """What is promised of our server."""
    for case in CASES:
        for figure in case.figures:
            if (limit := figure.over_floor) is not None:
                ratios = results.ratios(case, OURS, figure.floor, figure.key)
                yield Bar(f"{figure.name}: at most {limit:g}x the {figure.floor}", in_words(ratios),
                          statistics.median(ratios) <= limit)
            if (limit := figure.under_node) is not None:
                ratios = results.ratios(case, NODE, OURS, figure.key)
                yield Bar(f"{figure.name}: Node's at least {limit:g}x ours", in_words(ratios),
                          statistics.median(ratios) >= limit)
            if (limit := figure.at_most) is not None:
                ours = results.median(case, OURS, figure.key)
                yield Bar(f"{figure.name}: at most {limit:,} {figure.unit}", f"{ours:,.0f} {figure.unit}",
                          ours <= limit)
        if case.load == "relay" and not case.tls:
            allocations = results.allocations(case)
            yield Bar(f"{case.name}: no allocation", f"{allocations:.2f}", allocations < NONE)
    drift = results.drift(NODE)
    yield Bar(f"Node was warm: its second half at least {WARM}x the first", f"{drift:.2f}x", drift >= WARM)
