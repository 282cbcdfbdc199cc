"""Which files are ours: what git tracks, and what it would track."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]


def ours(*suffixes, root=ROOT):
    """Paths, sorted, of the files whose name ends in one of `suffixes`, or of all."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, check=True, capture_output=True, text=True,
    ).stdout.split("\0")
    paths = (root / name for name in sorted(set(listed)) if name and name.endswith(suffixes or ""))
    return [path for path in paths if path.is_file()]
