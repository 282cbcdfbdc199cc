"""What tools/stages reads from the output of ctest: how many cases there were, and what to show."""

import importlib.machinery
import importlib.util
import pathlib
import unittest

PATH = pathlib.Path(__file__).parents[1] / "stages"
LOADER = importlib.machinery.SourceFileLoader("stages", str(PATH))
stages = importlib.util.module_from_spec(importlib.util.spec_from_loader("stages", LOADER))
LOADER.exec_module(stages)

# Two programs of GoogleTest and one of another kind, as `ctest --verbose` shows them with GTEST_BRIEF.
PASSED = """test 1
    Start 1: base_test
test 2
    Start 2: flow_test
1: Test command: build/base_test
2: Running main() from gtest_main.cc
1: Running main() from gtest_main.cc
2: [==========] 328 tests from 36 test suites ran. (3351 ms total)
1: [==========] 1 test from 1 test suite ran. (3 ms total)
2: [  PASSED  ] 328 tests.
1/3 Test #2: flow_test ........................   Passed    4.10 sec
1: [  PASSED  ] 1 test.
2/3 Test #1: base_test ........................   Passed    5.10 sec
test 3
    Start 3: input_http
3: ok 1 - a header that drips in is not waited for
3/3 Test #3: input_http .......................   Passed   12.10 sec

100% tests passed, 0 tests failed out of 3
"""
FAILED = (
    PASSED.replace(
        "2: [====",
        "2: task_test.cpp:9: Failure\n2: [  FAILED  ] Task.One (0 ms)\n2: [  FAILED  ] Task.Two, where it is 2 (7 ms)\n2: [====",
    )
    .replace("PASSED  ] 328", "PASSED  ] 326")
    .replace("flow_test ........................   Passed ", "flow_test ........................***Failed ")
    .replace("100% tests passed, 0 tests", "67% tests passed, 1 tests")
)


class Count(unittest.TestCase):
    def test_adds_up_the_cases_of_programs(self):
        self.assertEqual(stages.ctest_count(PASSED, 0), (330, 0))

    def test_tells_how_many_cases_failed(self):
        self.assertEqual(stages.ctest_count(FAILED, 8), (328, 2))

    def test_takes_a_program_that_crashed_for_one_failure(self):
        crashed = "\n".join(line for line in FAILED.splitlines() if not line.startswith("2: ["))
        self.assertEqual(stages.ctest_count(crashed, 8), (2, 1))

    def test_takes_tests_that_are_one_case_each_as_they_are(self):
        log = "100% tests passed, 0 tests failed out of 822\n"
        self.assertEqual(stages.ctest_count(log, 0), (822, 0))

    def test_counts_a_build_that_broke_as_one_failure(self):
        self.assertEqual(stages.ctest_count("ninja: build stopped\n", 1), (0, 1))


class Shown(unittest.TestCase):
    def test_leaves_out_what_passed(self):
        shown = "\n".join(stages.worth_showing(FAILED))
        self.assertIn("2: task_test.cpp:9: Failure", shown)
        self.assertIn("***Failed", shown)
        self.assertNotIn("Passed", shown)
        self.assertNotIn("drips in", shown)
        self.assertNotIn("base_test", shown)


if __name__ == "__main__":
    unittest.main()
