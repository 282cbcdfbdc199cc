"""Measures what a flow costs beside raw callbacks, asio::awaitable, promises and asynquence.

The programs take turns, round by round, so that a busy minute of the machine strikes all of them.
Nothing is built here: see the last lines of docs/flow-costs.md."""

import argparse
import os
import pathlib
import subprocess
import sys

import flow_figures as figures
from flow_page import page, tables
from shared import ROOT, fail, machine, node_version

NODE_PROGRAM = ROOT / "bench" / "flow" / "node.mjs"
PRESETS = {"clang 19": "bench", "g++ 12": "gcc-bench"}
QUICK = {"rounds": 1, "seconds": 0.002}
FULL = {"rounds": 5, "seconds": 0.2}
# Short ones, so that on a busy machine some are over before anything else is given the processor.
REPETITIONS = 10


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="bench/run flow", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", action="append", metavar="NAME=PATH",
                        help="a bench_flow and the name of its compiler; may be repeated (default: those of the "
                             "presets bench and gcc-bench)")
    parser.add_argument("--node", default="node", metavar="PATH", help="which Node (default: the one in PATH)")
    parser.add_argument("--rounds", type=int, metavar="N", help=f"default {FULL['rounds']}")
    parser.add_argument("--seconds", type=float, metavar="S",
                        help=f"about how long each case runs in each round (default {FULL['seconds']})")
    parser.add_argument("--quick", action="store_true",
                        help="one short round: shows that everything works, and measures nothing worth reading")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE", help="write the page of results there")
    given = parser.parse_args(words)
    for name, value in (QUICK if given.quick else FULL).items():
        if getattr(given, name) is None:
            setattr(given, name, value)
    if given.rounds < 1 or not 0 < given.seconds <= 10:
        parser.error("--rounds must be at least 1, and --seconds more than 0 and at most 10")
    return given


def chosen_programs(given):
    """Paths of the C++ programs by the name of their compiler."""
    if not given:
        return {name: ROOT / "build" / preset / "bench" / "flow" / "bench_flow" for name, preset in PRESETS.items()}
    pairs = [program.partition("=") for program in given]
    if wrong := [name for name, sign, _ in pairs if not (name and sign)]:
        fail(f"--program {wrong[0]}: should be NAME=PATH")
    return {name: pathlib.Path(path) for name, _, path in pairs}


def check_present(programs):
    for name, path in programs.items():
        if not os.access(path, os.X_OK):
            preset = PRESETS.get(name, "bench")
            fail(f"there is no {path}; build it: cmake --workflow --preset {preset}")


def measured(name, command, peers):
    """Runs one program once; its measurements."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    except OSError as fault:
        fail(f"cannot run {command[0]}: {fault.strerror}")
    if "ERR_MODULE_NOT_FOUND" in done.stderr:
        fail("the npm packages are missing: run tools/setup test")
    if done.returncode:
        fail(f"{name} ended with {done.returncode}:\n{done.stderr}")
    try:
        run = figures.parse(done.stdout)
    except figures.Unusable as fault:
        fail(f"{name}: {fault}")
    if lacking := figures.missing(run, peers):
        fail(f"{name} did not measure {', '.join(lacking)}")
    return run


def measure(programs, node, rounds, seconds):
    """Figures by the name of the program; Node's is `node`."""
    each = seconds / REPETITIONS
    node_command = [node, str(NODE_PROGRAM), f"--seconds={each}", f"--repetitions={REPETITIONS}"]
    commands = {"node": (node_command, figures.NODE_PEERS)}
    for name, path in programs.items():
        command = [str(path), "--benchmark_format=json", f"--benchmark_min_time={each}",
                   f"--benchmark_repetitions={REPETITIONS}"]
        commands[name] = (command, figures.NATIVE_PEERS)
    runs = {name: [] for name in commands}
    for turn in range(1, rounds + 1):
        for name, (command, peers) in commands.items():
            print(f"round {turn} of {rounds}: {name}", file=sys.stderr, flush=True)
            runs[name].append(measured(name, command, peers))
    return {name: figures.summed_up(of_program) for name, of_program in runs.items()}


def machine_facts(given, programs, load):
    return [
        machine(load),
        f"built with {' and '.join(programs)}; Node {node_version(given.node)}",
        f"{given.rounds} rounds; in each, every case {REPETITIONS} times for about {given.seconds / REPETITIONS:g} s",
    ]


def main(words):
    given = arguments(words)
    programs = chosen_programs(given.program)
    check_present(programs)
    load = os.getloadavg()[0]
    results = measure(programs, given.node, given.rounds, given.seconds)
    node = results.pop("node")
    print(*tables(results, node), sep="\n")
    if given.write:
        given.write.write_text(page(results, node, machine_facts(given, programs, load)))
    # A time depends on the machine; what is allocated does not.
    for name, native in results.items():
        for bar in figures.bars(native, node):
            if bar.unit == figures.ALLOCATIONS and not bar.met:
                fail(f"{name}, {bar.promise}: there were {bar.figure:.2f}")

