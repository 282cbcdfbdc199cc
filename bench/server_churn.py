"""Lets clients connect, join /rtc, relay a signal and go, over and over, and fails if the server keeps anything of them.

A quarter begins by polling and goes over to WebSocket; half of all end by a TCP reset. What the server has is looked
at while nobody is there."""

import argparse
import json
import pathlib
import subprocess
import sys

from server_programs import PROGRAMS, running
from shared import fail, table

CYCLES = 1_000_000
# Less than one smallest block of memory (32 bytes) of each client after the first tenth of 10,000; of a million, less
# than one of each hundredth. What a heap takes once for all, it has taken by then.
MAY_GROW = 256 * 1024


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="bench/run churn", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=CYCLES, metavar="N",
                        help=f"how many clients come and go, at least 10,000 (default {CYCLES:,})")
    parser.add_argument("--programs", type=pathlib.Path, default=PROGRAMS, metavar="FOLDER",
                        help="where bench_load and bench_ours are (default: as the preset bench builds them)")
    parser.add_argument("--priority", action="store_true",
                        help="server and clients go before most other programs of the machine; needs the right to that")
    given = parser.parse_args(words)
    if given.cycles < 10_000:
        parser.error("--cycles must be at least 10,000")
    return given


def looks(given, pid, port):
    """What bench_load saw, look by look."""
    command = [given.programs / "bench_load", "churn", f"--port={port}", f"--pid={pid}", f"--cycles={given.cycles}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as load:
        try:
            for line in load.stdout:
                look = json.loads(line)
                print(f"{look['percent']:3.0f} %: {look['count']:,.0f} clients, {look['per_second']:,.0f} a second",
                      file=sys.stderr, flush=True)
                yield look
            if load.wait():
                fail(f"bench_load ended with {load.returncode}")
        finally:
            load.kill()


def rows(seen):
    for look in seen:
        yield [f"{look['percent']:.0f} %", f"{look['count']:,.0f}", f"{look['cpu_us']:.1f}",
               f"{look['own_bytes'] / 1024:,.0f}", f"{look['descriptors']:.0f}", f"{look['threads']:.0f}"]


def faults(seen):
    tenth = next(look for look in seen if look["percent"] == 10)
    last = seen[-1]
    if (grown := last["own_bytes"] - tenth["own_bytes"]) > MAY_GROW:
        yield f"memory grew by {grown:,.0f} bytes after the first tenth; at most {MAY_GROW:,} may"
    for name in ("descriptors", "threads"):
        if last[name] != tenth[name]:
            yield f"{name}: {tenth[name]:.0f} after the first tenth, {last[name]:.0f} at the end"


def main(words):
    given = arguments(words)
    with running(given, "ours", [given.programs / "bench_ours"]) as (pid, port):
        seen = list(looks(given, pid, port))
    if not seen or seen[-1]["percent"] != 100:
        fail("bench_load did not come to its end")
    print(*table(["share", "clients", "CPU of each, µs", "memory, KB", "descriptors", "threads"], rows(seen)), sep="\n")
    if found := list(faults(seen)):
        fail("; ".join(found))
    print("what clients left behind: nothing")
