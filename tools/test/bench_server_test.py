"""bench/run server, with a bench_load and servers that print what a test wants instead of measuring."""

import json
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUN = ROOT / "bench" / "run"
# Shell, because a measurement starts many of them. A server's port says which one it is.
SERVER = """#!/bin/sh
case "$1" in --version) echo v20.0.0; exit ;; at-once) echo {at_once}; exec sleep 60 ;; esac
echo {port}
exec sleep 60
"""
# Notes what it is asked, and prints the lines for that port one after another.
LOAD = """#!/bin/sh
cd {folder} || exit
echo "$*" >>asked
for word; do case $word in --port=*) port=$word ;; esac; done
turn=$(grep -c -- "$port " asked)
lines=$(grep -c . "line$port")
sed -n "$(((turn - 1) % lines + 1))p" "line$port"
"""
FLOOR, AT_ONCE, OURS, NODE = "1", "2", "3", "4"
LINE = {
    "cpu_us": 10, "p50_us": 10, "p99_us": 10, "idle_bytes": 10, "relayed_bytes": 10, "ping_late_ms": 1,
    "waited": 0.25, "allocations": 0, "drift": 1, "same_thread": 1, "per_second": 1,
}


class BenchServer(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, port in (("bench_floor", FLOOR), ("bench_ours", OURS), ("node", NODE)):
            self.write(name, SERVER.format(port=port, at_once=AT_ONCE))
        self.write("bench_load", LOAD.format(folder=self.folder))
        self.load()

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o755)

    def load(self, **changed):
        """What is measured of each server; a list is of as many measurements."""
        for name, port in (("floor", FLOOR), ("at_once", AT_ONCE), ("ours", OURS), ("node", NODE)):
            lines = changed.get(name, {})
            lines = lines if isinstance(lines, list) else [lines]
            text = "".join(json.dumps(LINE | line) + "\n" for line in lines)
            (self.folder / f"line--port={port}").write_text(text)

    def run_server(self, *more):
        command = [RUN, "server", "--programs", self.folder, "--node", self.folder / "node", "--rounds", "1", *more]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def rows(self, *more):
        """The rows of all tables, by their first cell."""
        done = self.run_server(*more)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [line for line in done.stdout.splitlines() if line.startswith("|")]
        cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
        return {first: others for first, *others in cells}

    def asked(self):
        """Each call of bench_load: its case and its options."""
        for line in (self.folder / "asked").read_text().splitlines():
            case, *words = line.split()
            yield case, dict(word.removeprefix("--").split("=", 1) for word in words)

    def test_compares_the_medians_of_the_three(self):
        self.load(floor={"cpu_us": 8}, ours=[{"cpu_us": us} for us in (10, 30, 12)], node={"cpu_us": 50})
        rows = self.rows("--rounds", "3", "--case", "connect")
        self.assertEqual(rows["connect, µs"], ["8.0", "12.0", "167%", "50.0", "1.50", "4.17"])

    def test_says_which_promises_are_kept(self):
        ours = {"cpu_us": 10, "relayed_bytes": 2_501, "allocations": 0.01}
        self.load(floor={"cpu_us": 8}, ours=ours, node={"cpu_us": 45})
        rows = self.rows()
        self.assertEqual(rows["relay 200 B, 1 in flight: at most 1.25x the floor"], ["1.25x", "met"])
        self.assertEqual(rows["relay 4 KB, 1 in flight: at most 1.15x the floor"], ["1.25x", "NOT MET"])
        self.assertEqual(rows["relay 200 B, 1 in flight: Node's at least 4x ours"], ["4.50x", "met"])
        self.assertEqual(rows["relay 4 KB, 1 in flight: Node's at least 5x ours"], ["4.50x", "NOT MET"])
        self.assertEqual(rows["idle, after 4 KB: at most 2,500 B"], ["2,501 B", "NOT MET"])
        self.assertEqual(rows["relay 200 B, 1 in flight: no allocation"], ["0.01", "NOT MET"])

    def test_asks_latency_of_ours_and_the_floor_at_one_rate(self):
        self.load(ours={"cpu_us": 10}, node={"cpu_us": 50})
        self.rows("--case", "latency")
        rates = {options["port"]: float(options["rate"]) for case, options in self.asked() if case == "latency"}
        self.assertEqual(rates, {FLOOR: 50_000, OURS: 50_000, NODE: 10_000})

    def test_measures_the_second_floor_where_many_are_in_flight(self):
        self.load(at_once={"cpu_us": 17})
        done = self.run_server("--case", "relay 200 B, 1 in flight", "--case", "relay 200 B, 8 in flight")
        self.assertIn("17.0 µs (relay 200 B, 8 in flight).", done.stdout)
        of = [options["in-flight"] for _, options in self.asked() if options["port"] == AT_ONCE]
        self.assertEqual(of, ["8"])

    def test_measures_what_is_long_once(self):
        self.rows("--rounds", "2", "--case", "held", "--case", "idle")
        seconds = [options["seconds"] for _, options in self.asked()]
        self.assertEqual((seconds.count("30"), len(seconds)), (3, 9))

    def test_writes_a_page_with_the_tables_and_no_path(self):
        path = self.folder / "page.md"
        done = self.run_server("--write", path)
        page = path.read_text()
        for part in done.stdout.strip().split("\n\n"):
            self.assertIn(part, page)
        self.assertIn("for 25% of the time", page)
        self.assertNotIn("{{", page)
        self.assertNotIn(str(self.folder), page)
        self.assertNotIn(str(ROOT), page)

    def fault(self, *more):
        done = self.run_server(*more)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        return done.stderr

    def test_refuses_what_is_not_a_measurement(self):
        self.write("bench_load", "#!/bin/sh\necho hello\n")
        self.assertIn("relay 200 B, 1 in flight: not what bench_load prints: 'hello", self.fault())
        self.write("bench_load", "#!/bin/sh\necho '{}'\n")
        self.assertIn("bench_load did not print cpu_us", self.fault())

    def test_shows_what_bench_load_that_failed_said(self):
        self.write("bench_load", "#!/bin/sh\necho not the next signal >&2; exit 1\n")
        self.assertIn("bench_load ended with 1: not the next signal", self.fault())

    def test_shows_what_a_server_that_did_not_start_said(self):
        self.write("bench_ours", "#!/bin/sh\necho cannot listen >&2; exit 1\n")
        self.assertIn("ours did not start:\ncannot listen", self.fault())

    def test_says_how_to_install_the_npm_packages(self):
        self.write("node", "#!/bin/sh\necho ERR_MODULE_NOT_FOUND >&2; exit 1\n")
        self.assertIn("run tools/setup test", self.fault())

    def test_says_how_to_build_what_is_missing(self):
        (self.folder / "bench_floor").unlink()
        self.assertIn("cmake --workflow --preset bench", self.fault())


if __name__ == "__main__":
    unittest.main()
