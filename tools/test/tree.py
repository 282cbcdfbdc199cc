"""A tree of files for the tests of the checks."""

import pathlib
import subprocess
import tempfile


def check(command, files):
    """The lines that a check prints about `files`, texts by path; it fails exactly if there are any."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([command, folder], capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        assert bool(lines) == bool(done.returncode), done
        return lines
