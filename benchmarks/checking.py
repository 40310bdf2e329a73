"""What the check of answers costs, and what writing several of them gains: two Markdown tables.

Questions of `daily_dev/known_item`, over the library of ``--library``, answered by ``--model FILE`` (a GGUF).
Cost: seconds of the cheap steps (all sentences against all sources, the embedding of the sources included) and of the
model's judgements and repairs, as shares of the seconds of writing, in the same run. Samples: the share of claims
that are supported by the whole check when the best supported of N answers is taken, and the seconds of all N.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.values import Answer, Delta, Finished, Packed, Verdict
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.revision import CheckMode
from assistant.config import load_config
from assistant.evaluation.reading import read_questions
from assistant.library.filters import Filters
from assistant.models.llama.model import LocalModel
from assistant.services import AppContainer

_QUESTIONS = Path(__file__).parents[2] / "shared/eval/daily_dev/known_item.jsonl"


@dataclass
class Tally:
    """What was counted over all answers, in seconds and claims."""

    answers: int = 0
    writing: float = 0.0
    cheap: float = 0.0
    model: float = 0.0
    claims: int = 0
    supported: int = 0
    mended: int = 0
    tokens: int = 0
    per_answer: list[float] = field(default_factory=list)

    def add(self, answer: Answer, writing: float, later: float, cheap: float) -> None:
        """Count one answer; ``later`` are the seconds after its last word."""
        checks = [sentence.check for sentence in answer.sentences if sentence.check is not None]
        self.answers += 1
        self.writing += writing - cheap
        self.cheap += cheap
        self.model += later
        self.claims += len(checks)
        self.supported += sum(check.verdict is Verdict.SUPPORTED for check in checks)
        self.mended += sum(sentence.mending is not None for sentence in answer.sentences)
        self.tokens += answer.usage.output_tokens
        self.per_answer.append(writing + later)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", help="folder of the library (the configuration's by default)")
    parser.add_argument("--model", type=Path, required=True, help="GGUF file")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--samples", type=int, nargs="*", default=[1, 4, 8])
    arguments = parser.parse_args()
    overrides = {"paths.library": arguments.library} if arguments.library else {}
    asyncio.run(_run(arguments, AppContainer(load_config(None, {}, overrides), {})))


async def _run(arguments: argparse.Namespace, container: AppContainer) -> None:
    questions = [question.text for question in read_questions([_QUESTIONS]).questions][: arguments.questions]
    model = LocalModel(arguments.model, threads=arguments.threads)
    async with container:
        repairing = await _tally(container, container.answerer(model, check=CheckMode.REPAIR, refuse=False), questions)
        print("| answers | writing | cheap check, of writing | judgement and repair, of writing | mended |")
        print("|---|---|---|---|---|")
        print(
            f"| {repairing.answers} | {repairing.writing:.1f} s | {repairing.cheap / repairing.writing:.1%} "
            f"| {repairing.model / repairing.writing:.1%} | {repairing.mended} of {repairing.claims} sentences |\n",
            flush=True,
        )
        print("| samples | claims supported | of | median seconds an answer | tokens written |")
        print("|---|---|---|---|---|", flush=True)
        for samples in arguments.samples:
            answerer = container.answerer(model, check=CheckMode.MARK, samples=samples, refuse=False)
            tally = await _tally(container, answerer, questions)
            median = sorted(tally.per_answer)[len(tally.per_answer) // 2]
            share = tally.supported / max(tally.claims, 1)
            print(f"| {samples} | {share:.3f} | {tally.claims} | {median:.1f} | {tally.tokens} |", flush=True)
        await model.aclose()


async def _tally(container: AppContainer, answerer: QuestionAnswerer, questions: Sequence[str]) -> Tally:
    tally = Tally()
    for question in questions:
        started = last_word = time.perf_counter()
        async with aclosing(answerer.ask(question, Filters())) as events:
            async for event in events:
                match event:
                    case Packed():
                        started = time.perf_counter()
                    case Delta():
                        last_word = time.perf_counter()
                    case Finished(answer):
                        later = time.perf_counter() - last_word
                        tally.add(answer, last_word - started, later, _cheap_seconds(container, answer))
    return tally


def _cheap_seconds(container: AppContainer, answer: Answer) -> float:
    """Seconds that the cheap steps take for this answer, done over again."""
    began = time.perf_counter()
    checker = SupportChecker(answer.sources, container.embedder.embedder)
    for sentence in answer.sentences:
        checker.check(sentence.original or sentence.text)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
