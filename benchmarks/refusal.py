"""Refusal: unanswerable questions against answerable ones, by the cheap rungs alone and with a model's judgement.

Answerable are ``known_item.jsonl`` of ``--eval``, unanswerable ``unanswerable.jsonl``; ``multi`` and ``compare``, where
they are there, must not be refused and count apart. Coverage is the share of known items that is answered. Precision
and recall are those of refusing. The gates run as they do in a question: search, first gate, evidence packed for a
local model, second gate. The curve moves the last threshold; "as set" is what the application does.

The constants were fitted on the development half of these files (`sufficiency/calibration.py`): figures on it are not
held out.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.packing import pack_evidence
from assistant.answering.prompts import load_prompt
from assistant.answering.sufficiency.evidence_gate import evidence_suffices
from assistant.answering.sufficiency.retrieval_gate import before_writing
from assistant.config import load_config
from assistant.library.filters import Filters
from assistant.models.base import Judge
from assistant.models.local import LocalModel
from assistant.retrieval.lexical_overlap import WordWeights, content_words
from assistant.workspace import Workspace
from benchmarks.common import read_rows

_ANSWERABLE, _UNANSWERABLE = "known_item", "unanswerable"
_THRESHOLDS = (0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)


@dataclass(frozen=True)
class Decision:
    """What became of one question: its file and kind, and what the gates say."""

    file: str
    kind: str
    refused: bool
    probability: float
    seconds: float


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(__file__).parents[2] / "shared"
    parser.add_argument("--library", help="folder of the library (the configuration's by default)")
    parser.add_argument("--eval", type=Path, default=shared / "eval/daily_dev", help="folder of the question files")
    parser.add_argument("--model", type=Path, help="GGUF file for the judgement; without it the cheap rungs decide")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    overrides = {"paths.library": arguments.library} if arguments.library else {}
    asyncio.run(_run(arguments, Workspace(load_config(None, {}, overrides), {})))


async def _run(arguments: argparse.Namespace, workspace: Workspace) -> None:
    names = (_ANSWERABLE, _UNANSWERABLE, "multi", "compare")
    files = {name: arguments.eval / f"{name}.jsonl" for name in names}
    rows = [(name, row) for name, file in files.items() if file.exists() for row in read_rows(file)]
    async with workspace:
        weights = _library_weights(workspace, [row["question"] for _, row in rows])
        decided = [await _decide(workspace, weights, name, row, None) for name, row in rows]
        _print("cheap rungs", decided)
        if arguments.model:
            model = LocalModel(arguments.model, threads=arguments.threads)
            decided = [await _decide(workspace, weights, name, row, model) for name, row in rows]
            await model.aclose()
            _print(model.name, decided)


def _library_weights(workspace: Workspace, questions: Iterable[str]) -> WordWeights:
    """How rare the words of the questions are in the library."""
    wanted = {word for question in questions for word in content_words(question)}
    frequencies: Counter[str] = Counter()
    ids = list(workspace.library.lexical_index().contents())
    for found in workspace.library.get(ids):
        frequencies.update(wanted & set(content_words(found.paper.text)))
    return WordWeights(frequencies, len(ids))


async def _decide(
    workspace: Workspace, weights: WordWeights, file: str, row: Mapping[str, str], judge: Judge | None
) -> Decision:
    question, config = row["question"], workspace.config
    hits = await workspace.search.search_async(question, Filters(), config.retrieval.papers)
    began = time.perf_counter()
    found = before_writing(question, hits, weights)
    spent = time.perf_counter() - began
    if found.sufficient:
        ranked = await workspace.ranker.rank_async(question, [hit.paper.paper for hit in hits])
        sources = pack_evidence(hits, ranked, config.local.evidence_tokens).sources
        template = load_prompt("judge_sufficiency") if judge else None
        began = time.perf_counter()
        found = await evidence_suffices(question, sources, found, judge, weights=weights, prompt=template)
        spent += time.perf_counter() - began
    return Decision(file, row.get("kind", file), not found.sufficient, found.probability, spent)


def _print(label: str, decided: Sequence[Decision]) -> None:
    middle = sorted(one.seconds for one in decided)[len(decided) // 2]
    print(f"\n{label}: median {1000 * middle:.1f} ms a question\n")
    print("| refuse below | coverage | precision | recall |\n|---|---|---|---|")
    print(_row("as set", decided, [one.refused for one in decided]))
    for threshold in _THRESHOLDS:
        print(_row(f"{threshold:.2f}", decided, [one.probability < threshold for one in decided]))
    print("\n| kind | questions | refused |\n|---|---|---|")
    for kind in dict.fromkeys((one.file, one.kind) for one in decided):
        refused = [one.refused for one in decided if (one.file, one.kind) == kind]
        print(f"| {' '.join(dict.fromkeys(kind))} | {len(refused)} | {sum(refused) / len(refused):.2f} |", flush=True)


def _row(label: str, decided: Sequence[Decision], refused: Sequence[bool]) -> str:
    known = [no for one, no in zip(decided, refused, strict=True) if one.file == _ANSWERABLE]
    unknown = [no for one, no in zip(decided, refused, strict=True) if one.file == _UNANSWERABLE]
    coverage = 1 - sum(known) / len(known)
    precision = sum(unknown) / max(sum(unknown) + sum(known), 1)
    return f"| {label} | {coverage:.3f} | {precision:.3f} | {sum(unknown) / len(unknown):.3f} |"


if __name__ == "__main__":
    main()
