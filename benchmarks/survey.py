"""How well survey questions are told from others, and how many of the listed papers are gathered: Markdown tables.

Detection runs over every file of `eval/daily_dev`; a question of `multi` is a survey, dated ones are left out: they ask
for papers of some days. The subjects of the kind `absent` that are typed like a search are counted apart, since a
survey is what they would be. Gathering runs over `multi`: one hybrid search, then each round on top of it, with the
searches and seconds that it takes. Needs a library (``--library``) that holds the listed papers, with both indexes.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.answering.survey.gathering import gather
from assistant.config import load_config
from assistant.evaluation.measures import ndcg, recall
from assistant.library.filters import Filters
from assistant.retrieval.query.intent import is_survey
from assistant.retrieval.search import HybridSearch
from assistant.services import AppContainer
from benchmarks import common
from benchmarks.common import Question

_LIMIT = 20
_ROUNDS = (1, 2, 3)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared", help="evaluation data")
    parser.add_argument("--library", help="folder of the library (the configured one by default)")
    arguments = parser.parse_args()
    _detection_table(arguments.shared)
    overrides = {"paths.library": arguments.library} if arguments.library else {}
    asyncio.run(_gathering_table(arguments.shared, AppContainer(load_config(None, {}, overrides), {})))


def _detection_table(shared: Path) -> None:
    print("| questions | taken for surveys | of |\n|---|---|---|")
    counts: dict[str, int] = {}
    for name in ("multi", "known_item", "compare", "unanswerable"):
        rows = common.read_rows(shared / f"eval/daily_dev/{name}.jsonl")
        for kind in sorted({str(row.get("kind", "")) for row in rows}):
            questions = [row["question"] for row in rows if str(row.get("kind", "")) == kind]
            label = f"{name} {kind}".strip()
            counts[label] = sum(map(is_survey, questions))
            print(f"| {label} | {counts[label]} | {len(questions)} |")
            if label == "multi":
                recall = counts[label] / len(questions)
    false = sum(count for label, count in counts.items() if label not in {"multi", "unanswerable absent"})
    everything = sum(counts.values())
    print(
        f"\nrecall {recall:.3f}, precision {counts['multi'] / (counts['multi'] + false):.3f}"
        f" without the absent subjects, {counts['multi'] / everything:.3f} with them\n"
    )


async def _gathering_table(shared: Path, container: AppContainer) -> None:
    questions = common.survey_questions(shared)
    async with container:
        search = container.search
        await search.search_async("warm up", Filters(), 1)
        print(f"{len(questions)} surveys\n\n| gathered by | recall@{_LIMIT} | nDCG@10 | searches | seconds |")
        print("|---|---|---|---|---|")
        await _single_search(search, questions)
        for rounds in _ROUNDS:
            await _rounds(search, questions, rounds)


async def _single_search(search: HybridSearch, questions: Sequence[Question]) -> None:
    rankings: list[list[str]] = []
    started = time.perf_counter()
    for question in questions:
        hits = await search.search_async(question.text, Filters(), _LIMIT)
        rankings.append([hit.paper.paper_id for hit in hits])
    _print_row("one search", questions, rankings, 1.0, time.perf_counter() - started)


async def _rounds(search: HybridSearch, questions: Sequence[Question], rounds: int) -> None:
    rankings: list[list[str]] = []
    searches = 0
    started = time.perf_counter()
    for question in questions:
        gathered = await gather(search, question.text, Filters(), limit=_LIMIT, rounds=rounds)
        rankings.append([hit.paper.paper_id for hit in gathered.hits])
        searches += len(gathered.queries)
    name = f"{rounds} round{'s' if rounds > 1 else ''} at most"
    _print_row(name, questions, rankings, searches / len(questions), time.perf_counter() - started)


def _print_row(
    name: str, questions: Sequence[Question], rankings: Sequence[Sequence[str]], searches: float, seconds: float
) -> None:
    pairs = list(zip(questions, rankings, strict=True))
    mean_recall = statistics.mean(recall(ranking, question.grades, _LIMIT) for question, ranking in pairs)
    gain = statistics.mean(ndcg(ranking, question.grades) for question, ranking in pairs)
    each = seconds / len(questions)
    print(f"| {name} | {mean_recall:.3f} | {gain:.3f} | {searches:.1f} | {each:.2f} |", flush=True)


if __name__ == "__main__":
    main()
