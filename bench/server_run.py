"""Measures what the Socket.IO server costs beside a bare relay on epoll and the official server.

Each case of each round is given a fresh server, and the servers take turns, so that a busy minute of the
machine strikes all of them. Nothing is built here: see the last lines of docs/performance.md."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import server_cases
import server_threads
from server_cases import AT_ONCE, CASES, FLOOR, NODE, OURS, Results
from server_page import page, tables
from server_programs import PROGRAMS, load, running
from shared import ROOT, machine, node_version

COUNTED = "allocations"  # the file in which ours counts them
RELAY = ROOT / "bench" / "server" / "node" / "relay.mjs"
QUICK = {"rounds": 1, "seconds": 0.05}
FULL = {"rounds": 3, "seconds": 0.5}  # eight minutes in all
# Seconds before what is measured. Node's compiler is not through before.
WARM_UP = {FLOOR: 0.3, AT_ONCE: 0.3, OURS: 0.3, NODE: 3.0}


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="bench/run server", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, default=PROGRAMS, metavar="FOLDER",
                        help="where bench_load, bench_floor and bench_ours are (default: as the preset bench builds them)")
    parser.add_argument("--node", default="node", metavar="PATH", help="which Node (default: the one in PATH)")
    parser.add_argument("--rounds", type=int, metavar="N", help=f"default {FULL['rounds']}")
    parser.add_argument("--seconds", type=float, metavar="S",
                        help=f"how long each case is measured in each round (default {FULL['seconds']})")
    parser.add_argument("--case", action="append", metavar="NAME", choices=[case.name for case in CASES],
                        help="only this one; may be repeated. Shows what was measured and no promises")
    parser.add_argument("--quick", action="store_true",
                        help="one short round: shows that everything works, and measures nothing worth reading")
    parser.add_argument("--priority", action="store_true",
                        help="servers and clients go before most other programs of the machine; needs the right to that")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE", help="write the page of results there")
    given = parser.parse_args(words)
    for name, value in (QUICK if given.quick else FULL).items():
        if getattr(given, name) is None:
            setattr(given, name, value)
    if given.rounds < 1 or not 0 < given.seconds <= 30:
        parser.error("--rounds must be at least 1, and --seconds more than 0 and at most 30")
    if given.write and given.case:
        parser.error("a page has all cases: --write goes without --case")
    return given


def targets(given, folder):
    """How to start each server, which prints its port; ours counts its allocations. And how with TLS."""
    floor, ours, node = [given.programs / "bench_floor"], [given.programs / "bench_ours"], [given.node, RELAY]
    ours.append(f"--allocations={folder / COUNTED}")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=localhost", "-days", "2", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    plain = {FLOOR: floor, AT_ONCE: [*floor, "at-once"], OURS: ours, NODE: node}
    return plain, {OURS: [*ours, f"--certificate={certificate}", f"--key={key}"], NODE: [*node, certificate, key]}


def for_target(case, target, results, counted):
    """Options of bench_load that depend on the server."""
    options = {"warm-up": WARM_UP[target]}
    if target == OURS:
        options["allocations"] = counted
    if case.half_load:
        # Of ours, for the floor as well, so that the two can be compared.
        of = NODE if target == NODE else OURS
        options["rate"] = 0.5e6 / results.latest(case.half_load, of, "cpu_us")
    return options


def with_needed(names):
    """The cases of these names, and before them those that they need."""
    if not names:
        return CASES
    needed = set(names) | {case.half_load for case in CASES if case.name in names}
    return tuple(case for case in CASES if case.name in needed)


def in_turn(case, turn):
    """The servers of a case. Nobody is always measured after the same one. The floor has no TLS."""
    names = [OURS, NODE] if case.tls else [FLOOR, *case.also, OURS, NODE]
    first = turn % len(names)
    return names[first:] + names[:first]


def measure(given, cases, folder):
    results = Results()
    plain, by_tls = targets(given, folder)
    for turn in range(given.rounds):
        print(f"round {turn + 1} of {given.rounds}", file=sys.stderr, flush=True)
        for case in cases:
            if case.rounds is not None and turn >= case.rounds:
                continue
            turns = range(turn, turn + 1 + (0 if given.quick else case.again))
            for target in (target for each in turns for target in in_turn(case, each)):
                with running(given, target, (by_tls if case.tls else plain)[target]) as (pid, port):
                    line = load(given, case, pid, port, for_target(case, target, results, folder / COUNTED))
                results.add(case, target, line)
                print(f"  {case.name}, {target}: {json.dumps(line)}", file=sys.stderr, flush=True)
    return results


def facts(given, load_before, results):
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True,
                            check=False).stdout.strip()
    changed = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no"], cwd=ROOT,
                             capture_output=True, text=True, check=False).stdout.strip()
    return [
        machine(load_before),
        f"commit {commit or 'unknown'}{' and changes' if changed else ''}; Node {node_version(given.node)}",
        f"{given.rounds} rounds of {given.seconds:g} s each, medians{'; at the highest niceness' if given.priority else ''}",
        f"ours was kept waiting by other programs for {results.waited():.0%} of the time",
    ]


def main(words):
    given = arguments(words)
    load_before = os.getloadavg()[0]
    cases = with_needed(given.case)
    with tempfile.TemporaryDirectory() as folder:
        results = measure(given, cases, pathlib.Path(folder))
    promised = list(server_cases.bars(results)) if cases == CASES else []
    print(*tables(results, cases, promised), sep="\n")
    if cases != CASES:
        return
    on_threads = server_threads.lines(server_threads.measure(given))
    print("", *on_threads, sep="\n")
    if given.write:
        given.write.write_text(page(results, promised, on_threads, facts(given, load_before, results)))
