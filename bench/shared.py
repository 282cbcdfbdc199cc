"""What the benchmarks of flow and of the server have in common."""

import datetime
import os
import pathlib
import platform
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def fail(why):
    sys.exit(f"bench: {why}")


def processor():
    """Its name where the system tells it, else its architecture."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def machine(load):
    today = datetime.date.today().isoformat()
    return f"{today}, {os.cpu_count()} CPUs, {processor()}; load before it began: {load:.1f}"


def node_version(node):
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip().removeprefix("v")


def table(head, rows):
    """The first column is text, the others are figures."""
    cells = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]

    def line(row):
        sides = [cell.ljust(width) if not index else cell.rjust(width)
                 for index, (cell, width) in enumerate(zip(row, widths))]
        return "| " + " | ".join(sides) + " |"

    rule = "|" + "|".join("-" * (width + 1) + (":" if index else "-") for index, width in enumerate(widths)) + "|"
    return [line(cells[0]), rule, *map(line, cells[1:])]
