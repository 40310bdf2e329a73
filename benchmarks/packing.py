"""What packing costs and saves: is the answering sentence still in the prompt, and how soon does a model start?

Two parts, on ``--questions`` (`daily_dev/known_item`) over a library that holds their papers (``--library``;
`assistant sync FILE` fills one): retention, for every question whose paper is among the papers retrieved; and with
``--model FILE`` the seconds to the first token for six whole abstracts, for the packed prompt, and for a further
question on the same papers, in turn.
"""

import argparse
import asyncio
import json
import statistics
import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.context_packing import (
    PackedEvidence,
    pack_evidence,
    planned_tokens,
    source_block,
    whole_evidence,
)
from assistant.answering.pipeline import AskSettings
from assistant.answering.prompts import load_prompt
from assistant.config import load_config
from assistant.library.filters import Filters
from assistant.models.chat_model import GenerationRequest, Message, TextDelta
from assistant.models.llama.model import LocalModel
from assistant.retrieval.search import Hit
from assistant.services import AppContainer

Question = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A question whose paper was retrieved: its hits and its evidence ranking are made once."""

    question: Question
    hits: list[Hit]
    ranked: dict[str, Any]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).parents[2] / "shared/eval/daily_dev/known_item.jsonl"
    parser.add_argument("--questions", type=Path, default=default)
    parser.add_argument("--library", help="folder of the library (the configuration's by default)")
    parser.add_argument("--papers", type=int, default=6)
    parser.add_argument("--tokens", type=int, nargs="+", default=[450, 500, 550, 600, 650, 700])
    parser.add_argument("--model", type=Path, help="GGUF file; times the first token")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--timed", type=int, default=8, help="questions to time")
    arguments = parser.parse_args()
    overrides = {"paths.library": arguments.library} if arguments.library else {}
    asyncio.run(_run(arguments, AppContainer(load_config(None, {}, overrides), {})))


async def _run(arguments: argparse.Namespace, container: AppContainer) -> None:
    async with container:
        questions = [json.loads(line) for line in arguments.questions.read_text().splitlines()]
        cases = [case for case in (_case(container, q, arguments.papers) for q in questions) if case]
        print(f"{len(cases)} of {len(questions)} questions have their paper among {arguments.papers}\n")
        print(
            "| tokens | gold sentence in the prompt | tokens of the sources, mean | share of whole |\n|---|---|---|---|"
        )
        whole = statistics.mean(_size(whole_evidence([hit.paper for hit in c.hits], 10**6)) for c in cases)
        for tokens in arguments.tokens:
            packed = [pack_evidence(case.hits, case.ranked, tokens) for case in cases]
            gold_share = statistics.mean(
                _holds(case.question, evidence) for case, evidence in zip(cases, packed, strict=True)
            )
            size = statistics.mean(map(_size, packed))
            print(f"| {tokens} | {gold_share:.3f} | {size:.0f} | {size / whole:.2f} |")
        if arguments.model:
            await _time(arguments, container, cases[: arguments.timed])


def _case(container: AppContainer, question: Question, papers: int) -> Case | None:
    hits = container.search.search(question["question"], Filters(), papers)
    if question["paper_id"] not in {hit.paper.paper_id for hit in hits}:
        return None
    return Case(question, hits, container.ranker.rank(question["question"], [hit.paper.paper for hit in hits]))


def _holds(question: Question, evidence: PackedEvidence) -> bool:
    """Whether every sentence of the gold quote is in the prompt."""
    for source in evidence.sources:
        paper = source.paper.paper
        if paper.paper_id != question["paper_id"]:
            continue
        start = paper.abstract.find(" ".join(question["gold_quote"].split()))
        end = start + len(question["gold_quote"])
        covered = sum(min(s.end, end) - max(s.start, start) for s in source.given if s.start < end and s.end > start)
        return start >= 0 and covered >= 0.9 * (end - start)
    return False


def _size(evidence: PackedEvidence) -> int:
    return sum(planned_tokens(source_block(source)) for source in evidence.sources)


async def _time(arguments: argparse.Namespace, container: AppContainer, cases: list[Case]) -> None:
    model = LocalModel(arguments.model, threads=arguments.threads)
    prompt = load_prompt("ask")
    settings = container.config
    answerer = QuestionAnswerer(
        container.retriever,
        container.ranker,
        model,
        AskSettings(6, 0, settings.local.evidence_tokens, 64, 0.0),
        load_prompt,
    )
    rows: list[tuple[float, float, float]] = []
    try:
        await _first_token(model, prompt.render(sources="[1] Warm up", question="?"))
        for case in cases:
            question = case.question["question"]
            whole = whole_evidence([hit.paper for hit in case.hits], 10**6)
            in_full = await _first_token(model, prompt.render(sources=whole.text, question=question))
            packed = pack_evidence(case.hits, case.ranked, settings.local.evidence_tokens)
            messages = prompt.render(sources=packed.text, question=question)
            start = await _first_token(model, messages)
            conversation = (*messages, Message("assistant", await _answer(model, messages)))
            began = time.perf_counter()
            async with aclosing(answerer.follow_up("And what are its limits?", conversation, packed.sources)) as events:
                async for event in events:
                    if type(event).__name__ == "Delta":
                        break
            rows.append((in_full, start, time.perf_counter() - began))
    finally:
        await model.aclose()
    columns = list(zip(*rows, strict=True))
    print(f"\nFirst token, {arguments.model.name}, {arguments.threads} threads, medians of {len(rows)} questions\n")
    print("| prompt | seconds | whole / this | packed / this |\n|---|---|---|---|")
    for name, seconds in zip(("six whole abstracts", "packed", "further question"), columns, strict=True):
        against_whole = statistics.median(a / b for a, b in zip(columns[0], seconds, strict=True))
        against_packed = statistics.median(a / b for a, b in zip(columns[1], seconds, strict=True))
        print(f"| {name} | {statistics.median(seconds):.2f} | {against_whole:.1f} | {against_packed:.1f} |")


async def _first_token(model: LocalModel, messages: tuple[Message, ...]) -> float:
    began = time.perf_counter()
    async with aclosing(model.stream(GenerationRequest(messages, max_output_tokens=4))) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    return time.perf_counter() - began


async def _answer(model: LocalModel, messages: tuple[Message, ...]) -> str:
    text = ""
    async with aclosing(model.stream(GenerationRequest(messages, max_output_tokens=48))) as events:
        async for event in events:
            text += event.text if isinstance(event, TextDelta) else ""
    return text


if __name__ == "__main__":
    main()
