"""The tables of bench/run server as Markdown that is also laid out for a terminal, and docs/performance.md."""

import pathlib

from server_cases import AT_ONCE, CASES, FLOOR, NODE, OURS
from shared import table

TEMPLATE = pathlib.Path(__file__).with_name("performance.md")


def number(value):
    return f"{value:,.1f}" if abs(value) < 100 else f"{value:,.0f}"


def times(value):
    return "" if value == float("inf") else f"{value:.2f}"


def rows(results, cases):
    for case in cases:
        for figure in case.figures:
            ours, node = (number(results.median(case, target, figure.key)) for target in (OURS, NODE))
            floor = over_floor = ""
            if results.has(case, FLOOR):
                floor = number(results.median(case, FLOOR, figure.key))
                over_floor = times(results.ratio(case, OURS, FLOOR, figure.key))
            spread = results.spread(case, OURS, figure.key)
            yield [f"{figure.name}, {figure.unit}", floor, ours, f"{spread:.0%}", node, over_floor,
                   times(results.ratio(case, NODE, OURS, figure.key))]


def at_once(results, cases):
    """What the cases with a second floor say about it."""
    shares = [f"{number(results.median(case, AT_ONCE, figure.key))} {figure.unit} ({figure.name})"
              for case in cases if AT_ONCE in case.also for figure in case.figures]
    if shares:
        yield from ("", "The floor that sends at once sends each signal by itself, as soon as it has come, instead of all of",
                    f"one sender that came in one read: {' and '.join(shares)}. What a bare relay promises is",
                    "held against that one; to send together is what a relay can win beyond.")


def tables(results, cases, promised):
    head = ["median", "floor", "ours", "spread", "Node", "ours / floor", "Node / ours"]
    yield from table(head, rows(results, cases))
    yield from at_once(results, cases)
    if promised:
        lines = [[bar.promise, bar.measured, "met" if bar.met else "NOT MET"] for bar in promised]
        yield from ("", *table(["promise", "measured", ""], lines))


def page(results, promised, on_threads, facts):
    """docs/performance.md as a whole: bench/performance.md with what was measured."""
    said = [f"- `{figure.name}`: {figure.said};" for case in CASES for figure in case.figures]
    filled = {
        "cases": "\n".join(said)[:-1] + ".",
        "figures": "\n".join(tables(results, CASES, promised)),
        "threads": "\n".join(on_threads),
        "facts": "\n".join(f"- {fact}" for fact in facts),
    }
    text = TEMPLATE.read_text()
    for name, value in filled.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text
