"""The tables of bench/run flow as Markdown that is also laid out for a terminal."""

from flow_figures import CASES, NATIVE_PEERS, NODE_PEERS, bars
from shared import table

SAID = {
    "steps": "one of ten steps in a row that complete at once",
    "gate2": "a gate of 2 operations, which the host completes one after another",
    "gate8": "a gate of 8",
    "gate100": "a gate of 100",
    "limit": "an operation under a limit of 30 s, completed before it",
    "cancelled_race": "a race of 8 operations: the first completes, the others are given up",
    "caller": "media, then the offer, then the remote description: three operations in a row",
    "receiver": "a gate of the remote description and media, then the answer",
}


def nanoseconds(value):
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def times(figures, peers, raw):
    """Least and median time of each peer, and how many times raw's least."""
    for case in CASES:
        cells = []
        for peer in peers:
            figure = figures[peer, case]
            ratio = figure.least / raw["raw", case].least
            cells += [f"{nanoseconds(figure.least)} / {nanoseconds(figure.median)}"]
            if peer != "raw":
                cells += [f"{ratio:,.2f}" if ratio < 10 else f"{ratio:,.0f}"]
        yield [f"`{case}`", *cells]


def time_table(figures, peers, raw):
    head = ["ns, least / median"]
    for peer in peers:
        head += [peer] if peer == "raw" else [peer, "x raw"]
    return table(head, times(figures, peers, raw))


def allocation_table(natives):
    head = ["allocations", *(f"{peer}, {name}" for name in natives for peer in NATIVE_PEERS)]
    rows = [
        [f"`{case}`", *(f"{figures[peer, case].allocations:.2f}".rstrip("0").rstrip(".")
                        for figures in natives.values() for peer in NATIVE_PEERS)]
        for case in CASES
    ]
    return table(head, rows)


def bar_table(natives, node):
    rows = [
        [f"{name}, {bar.promise}", f"{bar.figure:,.2f}{bar.unit}", "met" if bar.met else "NOT MET"]
        for name, figures in natives.items()
        for bar in bars(figures, node)
    ]
    return table(["promise", "measured", ""], rows)


def at_once(node):
    """What asynquence costs where many flows share its turns of the event loop."""
    shares = " and ".join(
        f"{nanoseconds(node['asynquence', case].least_at_once)} ns ({case})" for case in ("caller", "receiver"))
    return ["asynquence waits for a turn of Node's event loop at each step. Where 200 flows run at once and share",
            f"those turns, a flow's share is {shares}."]


def tables(natives, node):
    """`natives`: figures by the name of the compiler. The first is what Node's are compared with."""
    first, raw = next(iter(natives.items()))
    for name, figures in natives.items():
        yield from (f"### {name}", "", *time_table(figures, NATIVE_PEERS, figures), "")
    yield from ("### Node", "", f"Compared with raw callbacks as {first} built them.", "")
    yield from (*time_table(node, NODE_PEERS, raw), "", *at_once(node), "")
    yield from ("### Allocations", "", "Of each flow but the first, whose memory may be used again.", "")
    yield from (*allocation_table(natives), "")
    yield from ("### What is promised", "", *bar_table(natives, node))


def page(natives, node, facts):
    """docs/flow-costs.md as a whole."""
    lines = [
        "# What a flow costs",
        "",
        "`bench/run flow --write` writes this page; nothing in it is written by hand. Beside the library stand:",
        "",
        "- **raw**: callbacks in templates, kept in place, on the same scheduler and the same queues as ours: what one",
        "  would write by hand for just this flow, and so that destroying it half way leaks nothing;",
        "- **awaitable**: `boost::asio::awaitable` with its operators, on an `io_context`;",
        "- **promises**: native promises and async functions;",
        "- **asynquence**: the original, with its contributed plugins.",
        "",
        "Every operation is completed by the host from outside, without I/O. In Node that is as soon as the call",
        "that began it has returned, which is kinder than real events would be. Each flow begins when the one",
        "before has ended. Times are the processor's, and ratios are of the least: what else the machine does only",
        "adds.",
        "The cases:",
        "",
        *(f"- `{case}`: {SAID[case]}{';' if case != CASES[-1] else '.'}" for case in CASES),
        "",
        "What is given up in `cancelled_race` is really stopped by ours and by `AbortController` in promises;",
        "asynquence lets it go on and ignores it, nor can it cancel the timer of `limit`.",
        "",
        "## Figures",
        "",
        *tables(natives, node),
        "",
        "## Where and how",
        "",
        *(f"- {fact}" for fact in facts),
        "",
        "Once more, after `tools/setup test`:",
        "",
        "    cmake --workflow --preset bench && cmake --workflow --preset gcc-bench",
        "    bench/run flow --write docs/flow-costs.md",
        "",
    ]
    return "\n".join(lines)
