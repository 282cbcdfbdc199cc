"""check_sizes finds files of more than 400 lines, with or without a suffix."""

import pathlib
import subprocess
import tempfile
import unittest

CHECK = pathlib.Path(__file__).parents[1] / "check_sizes"


class CheckSizes(unittest.TestCase):
    def test_finds_what_is_too_long_and_nothing_else(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["git", "init", "-q", folder], check=True)
            pathlib.Path(folder, "fits.cpp").write_text("\n" * 400)
            pathlib.Path(folder, "long.cpp").write_text("\n" * 401)
            pathlib.Path(folder, "script").write_text("#!/bin/sh\n" * 402)
            pathlib.Path(folder, "data.txt").write_text("\n" * 900)
            done = subprocess.run([CHECK, folder], capture_output=True, text=True, check=False)
        self.assertEqual(
            done.stdout.splitlines(),
            ["long.cpp: 401 lines; 400 at most", "script: 402 lines; 400 at most"],
        )
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
