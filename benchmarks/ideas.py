"""Whether asking once for several proposals with their probabilities gives more different ones than asking often.

For every topic (survey questions of `eval/daily_dev/multi`) the same papers are given to the model twice: once it is
asked as `assistant ideas` asks ("verbalized"), and as many times as that gave ideas for one proposal, at temperature 1,
with another seed each ("plain"). Both sides then have the same number of ideas, before anything is dropped. Reported
are the mean distance of all pairs of a topic (1 - cosine of the embedder), the share of ideas that repeat an earlier
one of their topic, the share with grounds in the papers, and what was read and written for them.

``--limits`` prints instead the similarities that the limits for "the same" and "close" are taken from, and those of
grounds: over the feed's own summaries (`ai_summary` of the corpus) of papers that one search finds together.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from assistant.answering.citation_markers import allowed_references, clean_markers
from assistant.answering.context_packing import PackedEvidence, numbered_sources
from assistant.answering.prompts import Prompt
from assistant.answering.values import NumberedSource
from assistant.answering.verification.evidence import EvidenceFinder, read_source
from assistant.answering.verification.facts import read_claim
from assistant.config import load_config
from assistant.errors import ModelError
from assistant.library.filters import Filters
from assistant.library.records import StoredPaper
from assistant.models.chat_model import ChatModel, Completed, GenerationRequest, ModelEvent, TextDelta
from assistant.reports.ideas.parser import read_candidates
from assistant.reports.ideas.proposer import IdeaProposer
from assistant.reports.ideas.selection import Grounder, likeness
from assistant.reports.ideas.values import Candidate, IdeaRequest, IdeasStarted
from assistant.retrieval.sentence_ranking import SentenceEmbedder
from assistant.services import AppContainer
from benchmarks import common

_SINGLE_TOKENS = 200
_SINGLE = Prompt(
    "one idea",
    (
        ("system", Template("You are a research advisor. You propose directions that build on the numbered sources.")),
        (
            "user",
            Template(
                "Sources:\n\n$sources\n\nTopic: $topic\n\nPropose one research direction in exactly this form:\n"
                "Title: a few words\nIdea: two sentences. The first says what to do and names the sources that it"
                " builds on, like [1][2]. The second says what is new about it."
            ),
        ),
    ),
)


@dataclass
class Side:
    """What one way of asking gave, over all topics."""

    distances: list[float] = field(default_factory=list)
    ideas: int = 0
    repeated: int = 0
    grounded: int = 0
    calls: int = 0
    read_tokens: int = 0
    written_tokens: int = 0
    seconds: float = 0.0

    def row(self, name: str) -> str:
        """A row of the table."""
        distance = statistics.fmean(self.distances) if self.distances else 0.0
        ideas = max(self.ideas, 1)
        return (
            f"| {name} | {self.ideas} | {distance:.3f} | {self.repeated / ideas:.2f} | {self.grounded / ideas:.2f} "
            f"| {self.calls} | {self.read_tokens} | {self.written_tokens} | {self.seconds:.0f} |"
        )


class RecordingModel:
    """A model that keeps the last text it wrote, and counts what it read and wrote."""

    def __init__(self, model: ChatModel) -> None:
        self.kind, self.name, self.fingerprint = model.kind, model.name, model.fingerprint
        self.context_tokens = model.context_tokens
        self.count_tokens = model.count_tokens
        self.text = ""
        self.side = Side()
        self._model = model

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write, and keep the text."""
        self.text = ""
        self.side.calls += 1
        async with aclosing(self._model.stream(request)) as events:
            async for event in events:
                match event:
                    case TextDelta(piece):
                        self.text += piece
                    case Completed(usage):
                        self.side.read_tokens += usage.prompt_tokens
                        self.side.written_tokens += usage.output_tokens
                yield event

    async def aclose(self) -> None:
        """The container closes it."""


@dataclass(frozen=True)
class Bench:
    """What every topic needs."""

    container: AppContainer
    model: RecordingModel
    number: int


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared", help="evaluation data")
    parser.add_argument("--library", help="folder of the library that holds the corpus (the configured one by default)")
    parser.add_argument("--model", default="auto", help="a GGUF file, an asset's name, hosted …")
    parser.add_argument("--topics", type=int, default=8, metavar="N")
    parser.add_argument("--number", type=int, default=5, metavar="N", help="ideas a topic")
    parser.add_argument("--limits", action="store_true", help="the similarities that the limits are taken from")
    arguments = parser.parse_args()
    overrides = {"paths.library": arguments.library} if arguments.library else {}
    container = AppContainer(load_config(None, {}, overrides), {})
    if arguments.limits:
        asyncio.run(_limits(container, arguments.shared, arguments.topics))
    else:
        asyncio.run(_diversity(container, arguments))


async def _diversity(container: AppContainer, arguments: argparse.Namespace) -> None:
    topics = [question.text for question in common.survey_questions(arguments.shared)][: arguments.topics]
    verbalized, plain, failed = Side(), Side(), 0
    async with container:
        model = RecordingModel(container.model(arguments.model))
        bench = Bench(container, model, arguments.number)
        for topic in topics:
            try:
                sources, ideas = await _verbalized(bench, topic, verbalized)
            except ModelError as error:
                failed += 1
                print(f"{topic}: {error.message}")
                continue
            _measure(bench, sources, ideas, verbalized)
            _measure(bench, sources, await _plain(bench, topic, sources, len(ideas), plain), plain)
    print(f"\n{model.name}, {len(topics)} topics, {arguments.number} ideas wanted of each, {failed} topics failed\n")
    print("| asked | ideas | mean distance | repeated | grounded | calls | tokens read | tokens written | seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    print(verbalized.row("once, with probabilities"))
    print(plain.row("one by one"))


async def _verbalized(bench: Bench, topic: str, side: Side) -> tuple[tuple[NumberedSource, ...], list[Candidate]]:
    """The sources of a topic and the unlikeliest candidates of one call, as they were written."""
    proposer = IdeaProposer(
        bench.container.retriever, bench.container.ranker, bench.model, bench.container.prompt, refuse=False
    )
    sources: tuple[NumberedSource, ...] = ()
    bench.model.side, started = side, time.perf_counter()
    async with aclosing(proposer.propose(IdeaRequest(topic, number=bench.number))) as events:
        async for event in events:
            if isinstance(event, IdeasStarted):
                sources, started = event.sources, time.perf_counter()
    side.seconds += time.perf_counter() - started
    candidates = read_candidates(bench.model.text)
    return sources, sorted(
        candidates, key=lambda candidate: 1.0 if candidate.probability is None else candidate.probability
    )[: bench.number]


async def _plain(
    bench: Bench, topic: str, sources: tuple[NumberedSource, ...], number: int, side: Side
) -> list[Candidate]:
    """As many candidates from calls that ask for one."""
    bench.model.side, started = side, time.perf_counter()
    messages = _SINGLE.render(sources=PackedEvidence(sources, ()).text, topic=topic)
    candidates: list[Candidate] = []
    for seed in range(number):
        request = GenerationRequest(messages, max_output_tokens=_SINGLE_TOKENS, temperature=1.0, seed=seed)
        async with aclosing(bench.model.stream(request)) as events:
            async for _ in events:
                pass
        candidates += read_candidates(f"1. {bench.model.text}", whole=False)[:1]
    side.seconds += time.perf_counter() - started
    return candidates


def _measure(bench: Bench, sources: Sequence[NumberedSource], ideas: Sequence[Candidate], side: Side) -> None:
    embedder = bench.container.ranker.embedder
    alike = likeness([f"{idea.title}. {idea.text}" for idea in ideas], embedder)
    places = range(len(ideas))
    if len(ideas) > 1:
        side.distances.append(alike.mean_distance(places))
    side.ideas += len(ideas)
    side.repeated += len(ideas) - len(alike.distinct(places))
    grounder, allowed = Grounder(sources, embedder), allowed_references(sources)
    for idea in ideas:
        cleaned = clean_markers(idea.text, allowed)
        side.grounded += bool(grounder.grounds(idea.title, cleaned.text, cleaned.numbers))


async def _limits(container: AppContainer, shared: Path, topics: int) -> None:
    rows = common.read_rows(shared / "corpus/daily_papers.jsonl.gz")
    summary_of = {row["id"]: str(row["ai_summary"]) for row in map(_paper_of, rows) if row.get("ai_summary")}
    titles = {row["id"]: str(row["title"]) for row in map(_paper_of, rows)}
    ids = random.Random(3).sample(sorted(summary_of), topics)  # fixed: the limits are those of these topics
    figures: defaultdict[str, list[float]] = defaultdict(list)
    async with container:
        for place, paper_id in enumerate(ids):
            hits = await container.search.search_async(titles[paper_id], Filters(), 9)
            papers = [hit.paper for hit in hits if hit.paper.paper_id in summary_of]
            unrelated = summary_of[ids[place - 1]]
            for name, embedder in (("meaning", container.ranker.embedder), ("words", None)):
                _similarities(papers, summary_of, embedder, name, figures)
                _grounds(papers, summary_of, unrelated, embedder, name, figures)
    print("| similarity | pairs | 1 % | 10 % | 50 % | 90 % | 99 % |\n|---|---|---|---|---|---|---|")
    for name, values in figures.items():
        quantiles = " | ".join(f"{value:.2f}" for value in np.quantile(values, (0.01, 0.1, 0.5, 0.9, 0.99)))
        print(f"| {name} | {len(values)} | {quantiles} |")


def _paper_of(row: dict[str, Any]) -> dict[str, Any]:
    paper: dict[str, Any] = row.get("paper", row)
    return paper


def _similarities(
    papers: Sequence[StoredPaper],
    summary_of: Mapping[str, str],
    embedder: SentenceEmbedder | None,
    name: str,
    figures: defaultdict[str, list[float]],
) -> None:
    summaries = [summary_of[paper.paper_id] for paper in papers]
    alike = likeness([*summaries, *(paper.text for paper in papers)], embedder)
    places = range(len(papers))
    figures[f"{name}: summaries of two papers"] += [alike.between(a, b) for a in places for b in places if a < b]
    figures[f"{name}: summary and its paper"] += [alike.between(a, len(papers) + a) for a in places]
    figures[f"{name}: summary and another paper"] += [
        alike.between(a, len(papers) + b) for a in places for b in places if a != b
    ]


def _grounds(
    papers: Sequence[StoredPaper],
    summary_of: Mapping[str, str],
    unrelated: str,
    embedder: SentenceEmbedder | None,
    name: str,
    figures: defaultdict[str, list[float]],
) -> None:
    retriever = EvidenceFinder([read_source(source) for source in numbered_sources(papers)], embedder)
    own = retriever.matches(read_claim(summary_of[papers[0].paper.paper_id]))
    figures[f"{name}: match of a summary in its paper"].append(max(m.match for m in own if m.sentence.number == 1))
    others = retriever.matches(read_claim(unrelated))
    figures[f"{name}: match of a summary of another subject"].append(max(m.match for m in others))


if __name__ == "__main__":
    main()
