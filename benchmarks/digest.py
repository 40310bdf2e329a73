"""What a digest takes: tokens and seconds against a plain loop, the second run, and the memory of a month.

Over the library in the folder ``--library``, with the papers of the days that are asked for; it is copied, and the
copy's cached texts are deleted. Parts:

- ``day``: the ``--papers`` of most upvotes of ``--date``, in blocks of ten: a plain loop (one call a paper, "Summarize
  this paper in one or two sentences", title and abstract, nothing else) and ours, in turn, in one process; then our
  topics. Reports tokens, seconds, and the sentences with their verdicts (``--out`` keeps them for a reader).
- ``again``: `assistant today` of the same day as a process, twice; the second asks no model.
- ``month``: `assistant today --month` as a process with the model at ``--context`` tokens: papers, coverage and peak
  memory beside a process that loads the model and writes one summary.
"""

import argparse
import asyncio
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assistant.answering.generation_cache import CachedGenerator
from assistant.answering.summaries import PaperSummarizer
from assistant.answering.values import NumberedSource
from assistant.config import load_config
from assistant.config.settings import SettingValue
from assistant.models.chat_model import ChatModel, Completed, GenerationRequest, Message, Usage
from assistant.periods import parse_period
from assistant.reports.digest.builder import DigestBuilder
from assistant.reports.digest.selection import Order, PeriodPapers, choose_papers
from assistant.reports.digest.topic_writer import TopicWriter
from assistant.reports.digest.values import Digest, DigestEntry, DigestFinished, DigestPlan
from assistant.services import AppContainer
from benchmarks.common import ForgettingCache

_BLOCK = 10
_LONGEST_PLAIN = 400


@dataclass
class Cost:
    """Tokens and seconds."""

    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Read and written."""
        return self.usage.prompt_tokens + self.usage.output_tokens


async def plain_call(model: ChatModel, source: NumberedSource) -> Usage:
    """What a loop over a command-line tool does for one paper."""
    paper = source.paper.paper
    messages = (
        Message("system", "Summarize this paper in one or two sentences."),
        Message("user", f"{paper.title}\n\n{paper.abstract}"),
    )
    usage = Usage()
    async for event in model.stream(GenerationRequest(messages, max_output_tokens=_LONGEST_PLAIN)):
        if isinstance(event, Completed):
            usage = event.usage
    return usage


async def day(container: AppContainer, model: ChatModel, plan: DigestPlan) -> Digest:
    """Both ways in turn, then the topics; prints the table."""
    generator = CachedGenerator(model, ForgettingCache())
    builder = DigestBuilder(
        generator,
        PaperSummarizer(generator, container.prompt("paper")),
        TopicWriter(generator, container.prompt("topic"), container.prompt("topic_name")),
    )
    plain, summaries = Cost(), Cost()
    entries: list[DigestEntry] = []
    for start in range(0, len(plan.sources), _BLOCK):
        block = plan.sources[start : start + _BLOCK]
        began = time.perf_counter()
        for source in block:
            plain.usage += await plain_call(model, source)
        middle = time.perf_counter()
        entries += [await builder.entry(plan, source) for source in block]
        plain.seconds += middle - began
        summaries.seconds += time.perf_counter() - middle
        print(f"\r{len(entries)}/{len(plan.sources)}", end="", flush=True)
    summaries.usage = generator.used
    began = time.perf_counter()
    last = [event async for event in builder.finish(plan, entries)][-1]
    assert isinstance(last, DigestFinished)
    whole = Cost(generator.used, summaries.seconds + time.perf_counter() - began)
    print("\n| | prompt | output | tokens | to our summaries | seconds | to the plain loop |")
    print("|---|---|---|---|---|---|---|")
    for name, cost in (("plain loop", plain), ("our summaries", summaries), ("our digest", whole)):
        tokens, seconds = cost.tokens / summaries.tokens, cost.seconds / plain.seconds
        print(
            f"| {name} | {cost.usage.prompt_tokens} | {cost.usage.output_tokens} | {cost.tokens} | {tokens:.2f}"
            f" | {cost.seconds:.0f} | {seconds:.2f} |"
        )
    return last.digest


def report_support(digest: Digest, out: Path | None) -> None:
    """How many sentences the check calls supported; ``out`` gets them with their evidence, one a line."""
    labelled = [("topic", sentence) for topic in digest.topics for sentence in topic.sentences]
    labelled += [("paper", sentence) for entry in digest.entries for sentence in entry.summary.sentences]
    supported = sum(sentence.verdict == "supported" for _, sentence in labelled)
    several = sum(len(sentence.citations) > 1 for kind, sentence in labelled if kind == "topic")
    topics = sum(kind == "topic" for kind, _ in labelled)
    quoted = sum(entry.summary.quoted for entry in digest.entries)
    print(
        f"\n{supported} of {len(labelled)} sentences supported by the check; {several} of {topics} sentences of topics"
    )
    print(f"cite several papers; {quoted} of {len(digest.entries)} summaries quoted for want of evidence")
    if out:
        with out.open("w") as file:
            for kind, sentence in labelled:
                evidence = [span.text for citation in sentence.citations for span in citation.spans]
                row: dict[str, Any] = {"kind": kind, "text": sentence.text, "evidence": evidence}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def run_process(arguments: Sequence[str], library: Path) -> tuple[float, float, str]:
    """Seconds, peak memory in MB and output of one `assistant` process."""
    command = [sys.executable, "-m", "assistant", *arguments, "--offline", "--set", f"paths.library={library}"]
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = os.posix_spawn(
            sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1)]
        )
        _, status, usage = os.wait4(process, 0)
        seconds = time.perf_counter() - began
        output.seek(0)
        text = output.read().decode()
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024, text


def again(library: Path, day_text: str, model: str) -> None:
    """The same day twice."""
    for name in ("first", "second", "third"):
        seconds, memory, text = run_process(["today", "--date", day_text, "--model", model, "--json"], library)
        cached = sum(paper["cached"] for paper in json.loads(text)["papers"])
        print(f"{name} run: {seconds:.2f} s, {memory:.0f} MB, {cached} of {len(json.loads(text)['papers'])} kept")


def month(library: Path, arguments: argparse.Namespace) -> None:
    """A month within a small context, and the memory of the model alone."""
    context = f"local.context_tokens={arguments.context}"
    command = ["today", "--date", arguments.date, "--top", "1", "--model", arguments.model, "--set", context, "--json"]
    _, alone, _ = run_process(command, library)
    whole = ["today", "--month", arguments.month, "--model", arguments.model, "--set", context, "--json"]
    seconds, memory, text = run_process(whole, library)
    digest = json.loads(text)
    numbers = [number for topic in digest["topics"] for number in topic["numbers"]]
    papers = len(digest["papers"])
    print(f"{arguments.month}: {papers} of {digest['coverage']['listed']} papers in {len(digest['topics'])} topics,")
    print(f"each number once: {sorted(numbers) == list(range(1, papers + 1))}; {seconds:.0f} s,")
    print(f"peak memory {memory:.0f} MB, {alone:.0f} MB for one paper: {memory - alone:.0f} MB more")


def main() -> None:
    """Run the parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", choices=["day", "again", "month"])
    parser.add_argument("--library", type=Path, required=True, help="folder of a library that holds these days")
    parser.add_argument("--model", default="local")
    parser.add_argument("--date", default="2026-06-09")
    parser.add_argument("--papers", type=int, default=40)
    parser.add_argument("--month", default="2026-02")
    parser.add_argument("--context", type=int, default=8192)
    parser.add_argument("--out", type=Path, help="file for the sentences")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        shutil.copytree(arguments.library, library)
        with sqlite3.connect(library / "papers.db") as connection:
            connection.execute("DELETE FROM generations")
        if "day" in arguments.parts:
            asyncio.run(_day(arguments, library))
        if "again" in arguments.parts:
            again(library, arguments.date, arguments.model)
        if "month" in arguments.parts:
            month(library, arguments)


async def _day(arguments: argparse.Namespace, library: Path) -> None:
    overrides: dict[str, SettingValue] = {"paths.library": str(library), "offline": True}
    async with AppContainer(load_config(None, {}, overrides), {}) as container:
        period = parse_period(arguments.date, date.today())
        listed = container.library.listed(period.first, period.last)
        papers = choose_papers(listed, Order.UPVOTES, arguments.papers)
        plan = await container.digest_planner().plan(PeriodPapers(period, tuple(papers), len(listed)))
        report_support(await day(container, container.model(arguments.model), plan), arguments.out)


if __name__ == "__main__":
    main()
