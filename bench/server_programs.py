"""Starts servers and bench_load, each on its processor."""

import contextlib
import json
import os
import pathlib
import subprocess

from shared import ROOT, fail

PROGRAMS = ROOT / "build" / "bench" / "bench" / "server"
LATEST_END = 150  # seconds, of one case


def go_first():
    """The highest niceness, also among the groups of processes (see "autogroup" in sched(7)), which are sessions.

    Not a real-time policy: the kernel stops those for a twentieth of each second, so that one signal in twenty would
    seem to be late."""
    os.setsid()
    os.setpriority(os.PRIO_PROCESS, 0, -20)
    group = pathlib.Path("/proc/self/autogroup")
    if group.exists():
        group.write_text("-20")


def placed(given, number):
    """What a child process does first: it stays on that processor, if it has a number and there are two, and goes
    before others."""
    processors = sorted(os.sched_getaffinity(0))

    def place():
        if len(processors) > 1 and number is not None:
            os.sched_setaffinity(0, {processors[number]})
        if given.priority:
            go_first()

    return place


@contextlib.contextmanager
def running(given, name, command, processor=0):
    """A server, its process id and port; it ends with the block."""
    try:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  stdin=subprocess.DEVNULL, preexec_fn=placed(given, processor))
    except OSError as fault:
        fail(f"cannot run {command[0]}: {fault.strerror}; build it: cmake --workflow --preset bench")
    except subprocess.SubprocessError:
        fail("this user may not use --priority")
    with server:
        try:
            port = server.stdout.readline().strip()
            if not port:
                said = server.stderr.read()
                if "ERR_MODULE_NOT_FOUND" in said:
                    fail("the npm packages are missing: run tools/setup test")
                fail(f"{name} did not start:\n{said}")
            yield server.pid, port
        finally:
            server.kill()


def load(given, case, pid, port, more, processor=1):
    """Runs bench_load once; the line that it printed."""
    options = {"port": port, "pid": pid, "seconds": given.seconds, **more, **case.options}
    if given.quick:
        options |= {"connections": 20, "warm-up": 0.05, "settle": 0.05, **case.quick}
    command = [given.programs / "bench_load", case.load, *(f"--{name}={value}" for name, value in options.items())]
    try:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
                              timeout=LATEST_END, preexec_fn=placed(given, processor))
    except OSError as fault:
        fail(f"cannot run {command[0]}: {fault.strerror}; build it: cmake --workflow --preset bench")
    if done.returncode:
        fail(f"{case.name}: bench_load ended with {done.returncode}: {done.stderr.strip()}")
    try:
        line = json.loads(done.stdout)
        if lacking := [figure.key for figure in case.figures if figure.key not in line]:
            fail(f"{case.name}: bench_load did not print {', '.join(lacking)}")
    except (ValueError, TypeError):
        fail(f"{case.name}: not what bench_load prints: {done.stdout[:200]!r}")
    return line
