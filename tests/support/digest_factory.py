"""Digests as the engine makes them, put together by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.answering.summaries import Summary, quoted_sentence, quoted_sentences
from assistant.answering.values import AnswerSentence, ModelInfo, NumberedSource
from assistant.library.records import StoredPaper
from assistant.models.chat_model import ModelKind
from assistant.periods import Period, PeriodKind
from assistant.reports.digest.values import Digest, DigestEntry, DigestPlan, Topic
from assistant.reports.digest.week_over_week import Difference
from tests.support.paper_factory import sources, three_papers

DAY = Period(date(2026, 1, 5), date(2026, 1, 5), PeriodKind.DAY)
WEEK = Period(date(2025, 12, 29), date(2026, 1, 4), PeriodKind.WEEK)
HOSTILE = (
    '</p><script>alert("x")</script> [link](javascript:alert(1)) <img src=x onerror=y> &amp; ]]> '
    "**bold** {{ 7 * 7 }} | \\input{x}"
)


def topic_sentence(given: Sequence[NumberedSource], *numbers: int) -> AnswerSentence:
    """A sentence that cites the first sentences of several papers."""
    cited = [quoted_sentence(given[number - 1], given[number - 1].given[0]) for number in numbers]
    markers = "".join(f"[{number}]" for number in numbers)
    return AnswerSentence(
        f"They save memory and time {markers}.", tuple(s.citations[0] for s in cited), check=cited[0].check
    )


def digest_of(
    papers: Sequence[StoredPaper] | None = None, topics: Sequence[Topic] | None = None, **plan: Any
) -> Digest:
    """A digest of these papers, each summarized by its own sentences; without ``topics`` they share none."""
    given = sources(three_papers() if papers is None else papers)
    numbers = tuple(source.number for source in given)
    shown = tuple(topics) if topics is not None else ((Topic("Also today", numbers, is_rest=True),) if given else ())
    planned = DigestPlan(**{"period": DAY, "sources": given, "topics": shown, "listed": len(given), **plan})
    entries = tuple(DigestEntry(s, Summary(quoted_sentences(s)), planned.why.get(s.number, ())) for s in given)
    return Digest(planned, shown, entries, ModelInfo("extractive", ModelKind.EXTRACTIVE))


def digest_by_topic(**plan: Any) -> Digest:
    """Two papers in a topic with a sentence that cites both, one under the rest, and what is different."""
    given = sources(three_papers())
    topics = (
        Topic("pruning of networks", (1, 2), (topic_sentence(given, 1, 2),)),
        Topic("Also today", (3,), is_rest=True),
    )
    different = (Difference("3 papers, 2 more than a week before.", "papers", 3.0, 1.0),)
    values = {"differences": different, "why": {2: ("words: robots", "63 upvotes")}, "profile": "robotics", **plan}
    return digest_of(topics=topics, **values)
