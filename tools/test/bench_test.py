"""bench/run, with programs that print what a test wants instead of measuring."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUN = ROOT / "bench" / "run"
CASES = ["steps", "gate2", "gate8", "gate100", "limit", "cancelled_race", "caller", "receiver"]
# Prints the outputs one after another, one each time that it is called to measure.
PRINTER = """#!{python}
import pathlib, sys
if "--version" in sys.argv:
    sys.exit(print("v20.0.0"))
mine = pathlib.Path(__file__)
turns = mine.with_suffix(".turns")
turn = len(turns.read_text()) if turns.exists() else 0
turns.write_text("x" * (turn + 1))
print({outputs!r}[turn])
"""


def native(allocations=1, **times):
    """As Google Benchmark prints them; each case takes 100 ns unless `times` says otherwise for peer_case."""
    entries = [
        {
            "name": f"{peer}/{case}",
            "run_type": "iteration",
            "cpu_time": times.get(f"{peer}_{case}", 100),
            "time_unit": "ns",
            "allocations": allocations,
        }
        for peer in ("raw", "flow", "awaitable")
        for case in CASES
    ]
    return json.dumps({"context": {}, "benchmarks": entries}, indent=1)


def node(at_once=5_000, **times):
    lines = []
    for peer in ("promises", "asynquence"):
        for case in CASES:
            line = {"peer": peer, "case": case, "ns": times.get(f"{peer}_{case}", 20_000)}
            lines.append(line | ({"ns_at_once": at_once} if case in ("caller", "receiver") else {}))
    return "\n".join(map(json.dumps, lines))


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def program(self, name, *outputs):
        path = self.folder / name
        path.write_text(PRINTER.format(python=sys.executable, outputs=outputs))
        path.chmod(0o755)
        path.with_suffix(".turns").unlink(missing_ok=True)
        return path

    def run_with(self, natives, nodes=None, *more):
        nodes = nodes or [node()] * len(natives)
        command = [RUN, "--rounds", str(len(natives)), "--program", f"here={self.program('bench_flow', *natives)}",
                   "--node", self.program("node", *nodes), *more]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def rows(self, natives, nodes=None, code=0):
        """The rows of all tables: by their first cell, the others of each row that begins with it."""
        done = self.run_with(natives, nodes)
        self.assertEqual(done.returncode, code, done.stderr)
        rows = {}
        for line in done.stdout.splitlines():
            if line.startswith("|"):
                first, *others = [cell.strip() for cell in line.strip("|").split("|")]
                rows.setdefault(first.strip("`"), []).append(others)
        return rows

    def test_takes_the_least_and_the_median_of_the_rounds(self):
        rounds = [native(flow_caller=time) for time in (150, 400, 130)]
        self.assertEqual(self.rows(rounds)["caller"][0], ["100 / 100", "130 / 150", "1.30", "100 / 100", "1.00"])

    def test_takes_every_repetition_and_not_what_the_program_made_of_them(self):
        repeated = json.loads(native(flow_caller=150))
        entry = next(entry for entry in repeated["benchmarks"] if entry["name"] == "flow/caller")
        mean = entry | {"name": "flow/caller_mean", "run_type": "aggregate", "cpu_time": 1}
        repeated["benchmarks"] += [entry | {"cpu_time": 120}, mean]
        self.assertEqual(self.rows([json.dumps(repeated, indent=1)])["caller"][0][1:3], ["120 / 135", "1.20"])

    def test_compares_node_with_raw_callbacks(self):
        rows = self.rows([native()], [node(promises_gate8=350)])
        self.assertEqual(rows["gate8"][1], ["350 / 350", "3.50", "20,000 / 20,000", "200"])

    def test_shows_one_of_the_ten_steps(self):
        rows = self.rows([native(allocations=10, raw_steps=55)], code=1)
        self.assertEqual(rows["steps"][0][0], "5.5 / 5.5")
        self.assertEqual(rows["steps"][2], ["1", "1", "1"])

    def test_says_which_promises_are_kept(self):
        rows = self.rows([native(flow_caller=131, flow_receiver=130, awaitable_caller=524, awaitable_receiver=519)])
        kept = {promise: cells for promise, (cells, *_) in rows.items() if promise.startswith("here, ")}
        self.assertEqual(kept, {
            "here, caller: at most 1.3x raw callbacks": ["1.31x", "NOT MET"],
            "here, caller: awaitable costs at least 4x ours": ["4.00x", "met"],
            "here, caller: asynquence costs at least 100x ours": ["152.67x", "met"],
            "here, caller: one allocation or none": ["1.00 allocations", "met"],
            "here, receiver: at most 1.3x raw callbacks": ["1.30x", "met"],
            "here, receiver: awaitable costs at least 4x ours": ["3.99x", "NOT MET"],
            "here, receiver: asynquence costs at least 100x ours": ["153.85x", "met"],
            "here, receiver: one allocation or none": ["1.00 allocations", "met"],
            "here, a segment of a gate of 100: at most 1.5x one of a gate of 2": ["0.02x", "met"],
        })

    def test_compares_a_segment_of_gates_of_100_and_of_2(self):
        rows = self.rows([native(flow_gate2=100, flow_gate100=8_000)])
        promise = "here, a segment of a gate of 100: at most 1.5x one of a gate of 2"
        self.assertEqual(rows[promise], [["1.60x", "NOT MET"]])

    def test_counts_the_round_that_allocated_most(self):
        rows = self.rows([native(allocations=1), native(allocations=2), native(allocations=0)], code=1)
        self.assertEqual(rows["here, caller: one allocation or none"], [["2.00 allocations", "NOT MET"]])

    def test_fails_if_a_call_flow_allocates_more_than_promised(self):
        done = self.run_with([native(allocations=2)])
        self.assertEqual(done.returncode, 1)
        self.assertIn("here, caller: one allocation or none: there were 2.00", done.stderr)

    def test_writes_a_page_with_the_tables_and_no_path(self):
        path = self.folder / "page.md"
        done = self.run_with([native()], [node(at_once=4_321)], "--write", path)
        page = path.read_text()
        self.assertIn(done.stdout.strip(), page)
        self.assertIn("4,321 ns (caller)", page)
        self.assertNotIn(str(self.folder), page)
        self.assertNotIn(str(ROOT), page)

    def fault(self, *outputs):
        done = self.run_with(*outputs)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        return done.stderr

    def test_names_what_a_program_did_not_measure(self):
        without = json.loads(native())
        without["benchmarks"] = [entry for entry in without["benchmarks"] if entry["name"] != "flow/limit"]
        self.assertIn("here did not measure flow/limit", self.fault([json.dumps(without, indent=1)]))

    def test_refuses_what_is_not_a_measurement(self):
        self.assertIn("here: not what a benchmark prints", self.fault(["hello"]))
        self.assertIn("node: not what a benchmark prints", self.fault([native()], ["[1]"]))

    def test_shows_what_a_program_that_failed_said(self):
        done = self.run_with([], [node()], "--rounds", "1")  # the program has nothing to print
        self.assertEqual(done.returncode, 1)
        self.assertIn("here ended with 1:", done.stderr)
        self.assertIn("IndexError", done.stderr)

    def test_says_how_to_install_the_npm_packages(self):
        path = self.program("node")
        path.write_text("#!/bin/sh\necho ERR_MODULE_NOT_FOUND >&2; exit 1\n")
        done = subprocess.run(
            [RUN, "--program", f"here={path}", "--node", path], capture_output=True, text=True, check=False)
        self.assertIn("run tools/setup test", done.stderr)

    def test_says_how_to_build_what_is_missing(self):
        done = subprocess.run(
            [RUN, "--program", "here=/nowhere/bench_flow"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cmake --workflow --preset bench", done.stderr)


if __name__ == "__main__":
    unittest.main()
