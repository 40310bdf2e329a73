"""One-sentence summaries against those of people: ROUGE of ours and of what costs nothing.

Data: SciTLDR dev (619 papers: sentences of the abstract, title, one-sentence targets). ROUGE-1/2/L as F1 with stemming
by `rouge_score`, for each measure the best of a paper's targets. With ``--model FILE`` the digest's own summarizer
writes summaries of the first ``--papers``, checks and quotes included, with a cache that ends with the run.
"""

import argparse
import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rouge_score.rouge_scorer import RougeScorer

from assistant.answering.context_packing import numbered_sources
from assistant.answering.extractive_summary import salient_sentences
from assistant.answering.generation_cache import CachedGenerator
from assistant.answering.prompts import load_prompt
from assistant.answering.summaries import PaperSummarizer, Summary
from assistant.config import load_config
from assistant.library.records import StoredPaper
from assistant.papers import Paper, Provenance
from assistant.services import AppContainer
from benchmarks.common import ForgettingCache

Row = dict[str, Any]
_MEASURES = ("rouge1", "rouge2", "rougeL")
_SCORER = RougeScorer(list(_MEASURES), use_stemmer=True)


def best_scores(summary: str, targets: Sequence[str]) -> Mapping[str, float]:
    """F1 of each measure against the target that fits best."""
    scores = [_SCORER.score(target, summary) for target in targets]
    return {measure: max(score[measure].fmeasure for score in scores) for measure in _MEASURES}


def line(name: str, rows: Sequence[Row], summaries: Sequence[str]) -> str:
    """A line of the table: means over the papers, and the mean number of words."""
    scores = [best_scores(summary, row["target"]) for row, summary in zip(rows, summaries, strict=True)]
    cells = [f"{100 * sum(score[measure] for score in scores) / len(scores):.1f}" for measure in _MEASURES]
    words = sum(len(summary.split()) for summary in summaries) / len(summaries)
    return f"| {name} | {' | '.join(cells)} | {words:.0f} |"


def oracle(row: Row) -> str:
    """The sentence of the abstract that the targets like best."""
    sentences: list[str] = row["source"]
    return max(sentences, key=lambda sentence: best_scores(sentence, row["target"])["rouge1"])


async def written(rows: Sequence[Row], model_file: str) -> list[Summary]:
    """The digest's summaries of the papers."""
    papers = [
        StoredPaper(Paper(f"0000.{place:05}", row["title"], " ".join(row["source"]), Provenance.EXPORT))
        for place, row in enumerate(rows)
    ]
    async with AppContainer(load_config(None, {}), {}) as container:
        generator = CachedGenerator(container.model(model_file), ForgettingCache())
        summarizer = PaperSummarizer(generator, load_prompt("paper"))
        summaries = []
        for source in numbered_sources(papers):
            summaries.append(await summarizer.summarize(source))
            print(f"\r{len(summaries)}/{len(rows)}", end="", flush=True)
        print(f"\n{generator.used}")
    return summaries


def without_markers(summary: Summary, place: int, sentences: int) -> str:
    """The first sentences of a summary as plain text."""
    text = " ".join(sentence.text for sentence in summary.sentences[:sentences])
    return text.replace(f" [{place + 1}]", "")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).parents[2] / "shared/eval/scitldr/dev.jsonl"
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--model", help="a GGUF file or an asset's name")
    parser.add_argument("--papers", type=int, default=100, help="how many a model writes about")
    arguments = parser.parse_args()
    rows: list[Row] = [json.loads(text) for text in arguments.data.read_text().splitlines()]
    if arguments.model:
        rows = rows[: arguments.papers]

    def salient(limit: int) -> Callable[[Row], str]:
        return lambda row: " ".join(s.text for s in salient_sentences(row["title"], " ".join(row["source"]), limit))

    cheap: dict[str, Callable[[Row], str]] = {
        "title": lambda row: str(row["title"]),
        "first sentence": lambda row: str(row["source"][0]),
        "our extractive sentence": salient(1),
        "our two extractive sentences": salient(2),
        "best single sentence (oracle)": oracle,
    }
    our_summaries = asyncio.run(written(rows, arguments.model)) if arguments.model else []
    print(f"SciTLDR dev, {len(rows)} papers\n\n| summary | R1 | R2 | RL | words |\n|---|---|---|---|---|")
    for name, summary in cheap.items():
        print(line(name, rows, [summary(row) for row in rows]))
    if our_summaries:
        print(
            line(
                "ours, whole", rows, [without_markers(summary, place, 2) for place, summary in enumerate(our_summaries)]
            )
        )
        print(
            line(
                "ours, first sentence",
                rows,
                [without_markers(summary, place, 1) for place, summary in enumerate(our_summaries)],
            )
        )
        print(f"\n{sum(one.quoted for one in our_summaries)} of {len(our_summaries)} quoted for want of evidence")


if __name__ == "__main__":
    main()
