"""What a relay costs on one and on two threads of ours: for two clients on the same thread and on different ones, with
all threads on one processor, which shows what threads cost, and on as many as there are, where they compete with
bench_load for them."""

import json
import sys

from server_cases import OURS, SMALL, Case, Figure, Results
from server_programs import load, running
from shared import table

NAME = "threads"
WAYS = {"1 thread": (1, 1), "2 threads, together": (2, 2), "2 threads, apart": (2, 1)}
PINNED, FREE = "one processor", "all"


def case(name):
    _, apart = WAYS[name]
    figure = Figure(name, "cpu_us", "µs", "")
    return Case(name, "relay", (figure,), {"bytes": SMALL, "apart": apart})


def measure(given):
    results = Results()
    for turn in range(given.rounds):
        for name, (threads, _) in WAYS.items():
            for place in (PINNED, FREE):
                server_on, load_on = (0, 1) if place == PINNED else (None, None)
                command = [given.programs / "bench_ours", f"--threads={threads}"]
                with running(given, OURS, command, server_on) as (pid, port):
                    line = load(given, case(name), pid, port, {}, load_on)
                results.add(case(name), place, line)
                print(f"  {name}, {place}, round {turn + 1}: {json.dumps(line)}", file=sys.stderr, flush=True)
    return results


def rows(results):
    for name in WAYS:
        median = lambda place, key: results.median(case(name), place, key)
        yield [name, f"{median(PINNED, 'same_thread'):.0%}", f"{median(PINNED, 'cpu_us'):.1f}",
               f"{median(PINNED, 'per_second'):,.0f}", f"{median(FREE, 'cpu_us'):.1f}",
               f"{median(FREE, 'per_second'):,.0f}"]


def lines(results):
    head = ["relay 200 B, 1 in flight", "pairs on the same thread", "one processor, µs", "a second", "all, µs", "a second"]
    return table(head, rows(results))
