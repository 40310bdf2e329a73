"""Questions as people ask them: how often is the window of a dated question read exactly?

Files are of the shape of `daily_dev/dated` (question, today, from, to, further windows in ``alt``). An open end counts
as today. Other files (known_item, multi, …) say how many questions without a date are filtered all the same.
"""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.library.filters import Filters
from assistant.retrieval.query.parser import parse_query
from benchmarks.common import read_rows

_EVAL = Path(__file__).parents[2] / "shared/eval/daily_dev"
_UNDATED = ("known_item", "multi", "unanswerable", "compare")

Window = tuple[str | None, str | None]


def main() -> None:
    """Print the tables, then the questions that were read otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=[_EVAL / "dated.jsonl"], help="dated questions")
    parser.add_argument("--undated", nargs="*", type=Path, default=[_EVAL / f"{name}.jsonl" for name in _UNDATED])
    arguments = parser.parse_args()
    missed = []
    print("| dated questions | n | exact window | with alt |\n|---|---|---|---|")
    for file in arguments.files:
        rows = read_rows(file)
        windows = [_window(parse_query(row["question"], today=_today(row)).filters, _today(row)) for row in rows]
        strict = [window == _expected(row) for row, window in zip(rows, windows, strict=True)]
        fair = [window in (_expected(row), *_alternatives(row)) for row, window in zip(rows, windows, strict=True)]
        print(f"| {file.stem} | {len(rows)} | {_share(strict)} | {_share(fair)} |")
        missed += [
            f"{row['question']!r}, {row['today']}: {window}, expected {_expected(row)}"
            for row, window, right in zip(rows, windows, strict, strict=True)
            if not right
        ]
    print("\n| questions without a date | n | filtered or sorted by date |\n|---|---|---|")
    for file in arguments.undated:
        rows = read_rows(file)
        understood = [parse_query(row["question"], today=date(2026, 8, 21)) for row in rows]
        print(f"| {file.stem} | {len(rows)} | {sum(bool(query.found) or query.newest for query in understood)} |")
    print("\n".join(["", *missed]))


def _today(row: dict[str, Any]) -> date:
    return date.fromisoformat(row["today"])


def _window(filters: Filters, today: date) -> Window:
    since, until = filters.since, filters.until or today
    return since.isoformat() if since else None, until.isoformat()


def _expected(row: dict[str, Any]) -> Window:
    return row["from"], row["to"] or row["today"]


def _alternatives(row: dict[str, Any]) -> list[Window]:
    return [(since, until or row["today"]) for since, until in row.get("alt", [])]


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right) / max(1, len(right)):.2f}"


if __name__ == "__main__":
    main()
