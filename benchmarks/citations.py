"""Fabricated citations: over 100 questions, does any answer name a paper that the model was not given?

Questions: `daily_dev/known_item`, then `multi` and `unanswerable`, over the library of ``--library``.
Writers: ``--model FILE`` (a GGUF), and a scripted OpenAI-compatible server on loopback that cites false numbers, ids
and links in every sentence. Counted in the text as the reader gets it; reported beside it are how often a model
tried, how many sentences claim something, and how many of these have a citation that supports them.
"""

import argparse
import asyncio
import json
import sys
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.pipeline import AskSettings
from assistant.answering.values import Answer, Finished
from assistant.config import load_config
from assistant.evaluation.trust import TrustCounts, total, trust_counts
from assistant.library.filters import Filters
from assistant.models.chat_model import ChatModel
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from assistant.models.llama.model import LocalModel
from assistant.services import AppContainer
from tests.support.openai_server import Answer as Scripted
from tests.support.openai_server import ScriptedServer

_EVAL = Path(__file__).parents[2] / "shared/eval/daily_dev"
_LIES = (
    "The first paper proves it [1][17]. ",
    "So does another one [42], see arXiv:2399.12345. ",
    "Read https://elsewhere.example/paper or [this](https://elsewhere.example) [2, 99].",
)


@dataclass
class Tally:
    """What was counted over all answers."""

    counts: list[TrustCounts] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, answer: Answer, seconds: float) -> None:
        """Count one answer."""
        self.counts.append(trust_counts(answer))
        self.seconds.append(seconds)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", help="folder of the library (the configuration's by default)")
    parser.add_argument("--model", type=Path, help="GGUF file")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--output-tokens", type=int, default=120)
    arguments = parser.parse_args()
    overrides = {"paths.library": arguments.library} if arguments.library else {}
    print("| writer | answers | sentences | claims | supported | attempts taken out | fabricated | s per answer |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    asyncio.run(_run(arguments, AppContainer(load_config(None, {}, overrides), {})))


async def _run(arguments: argparse.Namespace, container: AppContainer) -> None:
    files = [_EVAL / f"{name}.jsonl" for name in ("known_item", "multi", "unanswerable")]
    lines = chain.from_iterable(file.read_text().splitlines() for file in files)
    questions = [json.loads(line)["question"] for line in lines][: arguments.questions]
    async with container:
        with ScriptedServer([Scripted(*_LIES)]) as server:
            await _row(
                container,
                HostedModel(HostedModelSettings(base_url=server.base_url, model="scripted")),
                questions,
                arguments,
            )
        if arguments.model:
            await _row(container, LocalModel(arguments.model, threads=arguments.threads), questions, arguments)


async def _row(container: AppContainer, model: ChatModel, questions: list[str], arguments: argparse.Namespace) -> None:
    config = container.config
    settings = AskSettings(
        papers=config.retrieval.papers,
        hosted_evidence_tokens=config.hosted.evidence_tokens,
        local_evidence_tokens=config.local.evidence_tokens,
        max_output_tokens=arguments.output_tokens,
        temperature=0.0,
    )
    answerer = QuestionAnswerer(container.retriever, container.ranker, model, settings, container.prompt)
    tally = Tally()
    for question in questions:
        began = time.perf_counter()
        async with aclosing(answerer.ask(question, Filters())) as events:
            async for event in events:
                if isinstance(event, Finished):
                    tally.add(event.answer, time.perf_counter() - began)
        if sys.stderr.isatty() or len(tally.counts) % 10 == 0:
            print(_line(model, tally), file=sys.stderr, flush=True)
    await model.aclose()
    print(_line(model, tally), flush=True)


def _line(model: ChatModel, tally: Tally) -> str:
    seconds = sorted(tally.seconds)[len(tally.seconds) // 2]
    counts = total(tally.counts)
    return (
        f"| {model.name} | {len(tally.counts)} | {counts.sentences} | {counts.claims} | {counts.claims_with_support} "
        f"| {counts.tried} | {counts.fabricated} | {seconds:.1f} |"
    )


if __name__ == "__main__":
    main()
