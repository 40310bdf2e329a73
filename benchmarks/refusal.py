"""Refusal: unanswerable questions against answerable ones, by the cheap stages alone and with a model's judgement.

Answerable are ``known_item.jsonl``, ``multi.jsonl`` and ``compare.jsonl`` of ``--eval``, unanswerable
``unanswerable.jsonl``. Precision and recall are those of refusing, coverage the share of answerable questions that are
answered. Every question takes the way of the application, from its words to the decision; nothing is written. The
constants were fitted on the development half of these files (`sufficiency/calibration.py`): figures on it are not held
out, but for questions about papers whose sha1 begins with 0 to 2, which stand apart.
"""

import argparse
import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.config import load_config
from assistant.errors import NothingFound
from assistant.library.filters import Filters
from assistant.services import AppContainer
from benchmarks.common import read_rows

_UNANSWERABLE = "unanswerable"
_FILES = ("known_item", "multi", "compare", _UNANSWERABLE)
_LEFT_OUT = "012"
"""Papers whose sha1 begins with one of these are never used for fitting."""


@dataclass(frozen=True)
class Decision:
    """What became of one question: its file and kind, and whether it was left out of the fitting."""

    file: str
    kind: str
    refused: bool
    left_out: bool
    seconds: float


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(__file__).parents[2] / "shared"
    parser.add_argument("--library", help="folder of the library (the configuration's by default)")
    parser.add_argument("--eval", type=Path, default=shared / "eval/daily_dev", help="folder of the question files")
    parser.add_argument("--model", default="extractive", help="whose judgement is asked; without it none is")
    arguments = parser.parse_args()
    overrides = {"paths.library": arguments.library} if arguments.library else {}
    asyncio.run(_run(arguments, AppContainer(load_config(None, {}, overrides), {})))


async def _run(arguments: argparse.Namespace, container: AppContainer) -> None:
    files = {name: arguments.eval / f"{name}.jsonl" for name in _FILES}
    rows = [(name, row) for name, file in files.items() if file.exists() for row in read_rows(file)]
    async with container:
        decided = [await _decide(container, arguments.model, name, row) for name, row in rows]
    _print(arguments.model, decided)
    _print("papers left out of the fitting", [decision for decision in decided if decision.left_out])


async def _decide(container: AppContainer, model: str, file: str, row: Mapping[str, str]) -> Decision:
    answerer = container.answerer(container.model(model), refuse=True)
    began = time.perf_counter()
    try:
        refused = await answerer.decide(row["question"], Filters()) is not None
    except NothingFound:
        refused = True
    spent = time.perf_counter() - began
    paper_id = row.get("paper_id", "")
    left_out = bool(paper_id) and hashlib.sha1(paper_id.encode(), usedforsecurity=False).hexdigest()[0] in _LEFT_OUT
    return Decision(file, row.get("kind", file), refused, left_out, spent)


def _print(label: str, decided: Sequence[Decision]) -> None:
    if not decided:
        return
    middle = sorted(decision.seconds for decision in decided)[len(decided) // 2]
    print(f"\n{label}: {len(decided)} questions, median {1000 * middle:.0f} ms from the question to the decision\n")
    right = sum(decision.refused for decision in decided if decision.file == _UNANSWERABLE)
    wrong = sum(decision.refused for decision in decided if decision.file != _UNANSWERABLE)
    unanswerable = sum(decision.file == _UNANSWERABLE for decision in decided)
    answerable = len(decided) - unanswerable
    precision, recall = right / max(right + wrong, 1), right / max(unanswerable, 1)
    print(f"precision {precision:.3f}, recall {recall:.3f}, coverage {1 - wrong / max(answerable, 1):.3f}\n")
    print("| kind | questions | refused |\n|---|---|---|")
    for kind in dict.fromkeys((decision.file, decision.kind) for decision in decided):
        refused = [decision.refused for decision in decided if (decision.file, decision.kind) == kind]
        print(f"| {' '.join(dict.fromkeys(kind))} | {len(refused)} | {sum(refused) / len(refused):.2f} |", flush=True)


if __name__ == "__main__":
    main()
