"""check_docs finds code that nobody builds, tests that nobody wrote, rows without proof and public
names without a row; and nothing where all is well."""

import pathlib
import unittest

import tree

CHECK = pathlib.Path(__file__).parents[1] / "check_docs"

GUIDE = "docs/flow-guide.md"
TABLE = "docs/flow.md"
OTHER_TABLE = "docs/engine-io.md"
THIRD_TABLE = "docs/socket-io.md"
HEADER = "libs/flow/include/parley/flow/task.hpp"
ASIO_HEADER = "libs/flow_asio/include/parley/flow_asio/step.hpp"

CODE = "```cpp\ntask<> both() {\n  co_await one();\n}\n```\n"
NAMES = "\n## All public names\n\n| name | header |\n|---|---|\n"
GOOD = {
    "examples/flow/both.cpp": "// Two.\ntask<> both() { co_await one(); }\n",
    "libs/flow/test/task_test.cpp": "TEST_F(TaskTest,\n       Starts) {}\n",
    "libs/flow_asio/test/step_test.cpp": "TEST(Step, Ends) {}\n",
    TABLE: "| original | tests |\n|---|---|\n"
    "| `a \\| b` | `TaskTest.Starts`, `Step.Ends` |\n| c | no test: it is nothing |\n",
    "libs/engineio/test/packet_test.cpp": "TEST(Packet, IsSmall) {}\n",
    OTHER_TABLE: "| fact | tests |\n|---|---|\n| small | `Packet.IsSmall` |\n",
    THIRD_TABLE: "| fact | tests |\n|---|---|\n| none yet | no test: it is nothing |\n",
    HEADER: "namespace parley::flow {\n\nnamespace detail {\n\nclass Hidden {};\n\n}  // namespace detail\n\n"
    "template <class T>\nclass [[nodiscard]] task {\n  int inner(int);\n};\n\n"
    "template <class T>\nauto attempt(task<T> step) {\n  return inner(step);\n}\n"
    "inline constexpr std::size_t kept_max = 1;\ninline Error::Error(int) {}\n\n}  // namespace parley::flow\n\n"
    "template <>\nstruct std::is_error_code_enum<parley::flow::Errc> : std::true_type {};\n",
    ASIO_HEADER: "namespace parley::flow {\nauto step(int value) {}\n}\n",
    GUIDE: CODE + NAMES + "| `task<T>` | t |\n| `attempt(task)`, `kept_max` | t |\n| `step(s, o)` | s |\n",
}


def check(changes):
    """The lines check_docs prints for the good tree with `changes` made to it."""
    return tree.check(CHECK, {**GOOD, **changes})


class CheckDocs(unittest.TestCase):
    def test_says_nothing_where_all_is_well(self):
        self.assertEqual(check({}), [])

    def test_finds_code_that_stands_nowhere(self):
        guide = GOOD[GUIDE].replace("one()", "two()")
        self.assertEqual(
            check({GUIDE: guide}), [f"{GUIDE}:1: this code stands in no example and no test"]
        )

    def test_finds_a_test_that_nobody_wrote(self):
        table = GOOD[TABLE].replace("Step.Ends", "Step.Begins")
        self.assertEqual(check({TABLE: table}), [f"{TABLE}:3: there is no test Step.Begins"])

    def test_finds_a_test_of_a_room_that_the_page_is_not_about(self):
        table = GOOD[OTHER_TABLE].replace("Packet.IsSmall", "TaskTest.Starts")
        self.assertEqual(
            check({OTHER_TABLE: table}), [f"{OTHER_TABLE}:3: there is no test TaskTest.Starts"]
        )

    def test_finds_a_row_without_a_test_or_a_reason(self):
        table = GOOD[TABLE].replace("no test: it is nothing", "it is nothing")
        self.assertEqual(
            check({TABLE: table}), [f"{TABLE}:4: names no test, and no reason why there is none"]
        )

    def test_finds_a_public_name_without_a_row(self):
        for name in ("task", "attempt", "kept_max", "step"):
            guide = GOOD[GUIDE].replace(f"`{name}", f"{name}`")
            self.assertEqual(
                check({GUIDE: guide}), [f"{GUIDE}: the table of public names leaves out {name}"]
            )

    def test_finds_a_row_about_a_name_that_is_none(self):
        guide = GOOD[GUIDE] + "| `Hidden` | t |\n"
        self.assertEqual(
            check({GUIDE: guide}),
            [f"{GUIDE}: the table of public names lists Hidden, which is none"],
        )


if __name__ == "__main__":
    unittest.main()
