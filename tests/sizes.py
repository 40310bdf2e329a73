"""Holds the sizes: a module has at most 400 lines, a function at most 50."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50


def too_long(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines > LONGEST_MODULE:
        yield f"{path}: {lines} lines, at most {LONGEST_MODULE}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines, at most {LONGEST_FUNCTION}"


def main() -> int:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],  # git from the path
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    violations = [line for name in tracked for line in too_long(Path(name))]
    sys.stderr.write("".join(f"{line}\n" for line in violations))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
