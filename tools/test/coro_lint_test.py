"""coro_lint finds the uses of co_await that g++ 12.2 miscompiles and lets their safe forms pass."""

import json
import pathlib
import subprocess
import tempfile
import unittest

LINT = pathlib.Path(__file__).parents[1] / "coro_lint"

TASK = """#pragma once
#include <coroutine>
#include <string>
#include <utility>
struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  int await_resume() { return 1; }
};
struct Aggregate {
  std::string text;
  int number;
};
Task take(Aggregate);
Task make();
"""


def lint(body, headers=None, sources=None):
    """Exit code and output of coro_lint over a tree with one source, the header above and others; the
    further `sources` are compiled as the first one is."""
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        subprocess.run(["git", "init", "-q", name], check=True)
        source = root / "libs" / "room" / "a.cpp"
        commands = root / "build" / "dev" / "compile_commands.json"
        source.parent.mkdir(parents=True)
        commands.parent.mkdir(parents=True)
        (source.parent / "task.hpp").write_text(TASK)
        for header, text in (headers or {}).items():
            (source.parent / header).write_text(f'#pragma once\n#include "task.hpp"\n{text}\n')
        entries = []
        for path, text in [(source, body), *((source.parent / more, text) for more, text in (sources or {}).items())]:
            path.write_text(f'#include "task.hpp"\n{text}\n')
            command = f"ccache clang++-19 -std=c++23 -Werror -o a.o -c {path}"
            entries.append({"directory": name, "file": str(path), "command": command})
        commands.write_text(json.dumps(entries))
        done = subprocess.run([LINT, name], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


class CoroLint(unittest.TestCase):
    def test_finds_what_is_miscompiled(self):
        for expression in (
            'co_await take(Aggregate{"a", 1});',
            'co_await take({.text = "a", .number = 1});',
            'Aggregate whole{"a", co_await make()};',
            'std::string kept; co_await [kept]() -> Task { co_return; }();',
            "while (co_await make()) {}",
            "do {} while (!co_await make());",
        ):
            with self.subTest(expression):
                code, output = lint(f"Task flow() {{ {expression} }}")
                self.assertEqual(code, 1, output)
                self.assertIn("a.cpp:2:", output)

    def test_lets_a_named_and_moved_value_pass(self):
        code, output = lint(
            'Task flow() { Aggregate named{"a", 1}; co_await take(std::move(named));'
            " const int got = co_await make(); while (got) co_await make(); }"
        )
        self.assertEqual((code, output), (0, "1 files with coroutines read\n"))

    def test_reads_every_header_of_a_folder(self):
        headers = {
            "one.hpp": "inline Task one() { co_await make(); }",
            "two.hpp": "inline Task two() { while (co_await make()) {} }",
            "tri.hpp": "inline Task tri() { do {} while (co_await make()); }",
        }
        code, output = lint("Task flow() { co_await make(); }", headers)
        self.assertEqual(code, 1, output)
        self.assertIn("two.hpp:3:", output)
        self.assertIn("tri.hpp:3:", output)
        self.assertNotIn("one.hpp:", output)

    def test_reads_every_source_of_a_folder(self):
        flow = "namespace {\nTask flow() { %s }\n}  // namespace\nint main() { flow(); }"
        sources = {
            "two.cpp": flow % "while (co_await make()) {}",
            "tri.cpp": flow % "co_await make();",
        }
        code, output = lint(flow % "do {} while (co_await make());", sources=sources)
        self.assertEqual(code, 1, output)
        self.assertIn("a.cpp:3:", output)
        self.assertIn("two.cpp:3:", output)
        self.assertNotIn("tri.cpp:", output)

    def test_reads_sources_that_cannot_be_read_together(self):
        one_name = "Task flow() { while (co_await make()) {} }"
        code, output = lint(one_name, sources={"two.cpp": one_name})
        self.assertEqual(code, 1, output)
        self.assertIn("a.cpp:2:", output)
        self.assertIn("two.cpp:2:", output)
        self.assertNotIn("could not read", output)

    def test_fails_on_what_it_cannot_read(self):
        code, output = lint("Task flow() { co_await nobody_knows(); }")
        self.assertEqual(code, 1)
        self.assertIn("could not read", output)


if __name__ == "__main__":
    unittest.main()
