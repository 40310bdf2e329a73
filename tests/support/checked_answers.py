"""Answers whose sentences were checked, and questions that were refused, as the engine gives them."""

from datetime import date

from assistant.answering.values import (
    Answer,
    AnswerSentence,
    Check,
    Citation,
    CitationOrigin,
    ClosePaper,
    DecisionStage,
    Gate,
    ModelInfo,
    NumberedSource,
    Refusal,
    Repair,
    Verdict,
)
from assistant.library.filters import Filters
from assistant.models.chat_model import ModelKind
from assistant.retrieval.query.parser import ExtractedFilter, FilterKind, ParsedQuery
from tests.support.paper_factory import sources

WRITER = ModelInfo("tiny", ModelKind.LOCAL)
QUESTION = "How much memory does FooNet save, as of last week?"
SUPPORTED = Check(Verdict.SUPPORTED, "", DecisionStage.WORDS, 0.93)
PARTLY = Check(Verdict.PARTLY, "“ImageNet-21k” is not in the source", DecisionStage.FACTS, 0.4)
QUOTED = Check(Verdict.QUOTED, "", DecisionStage.FACTS, 1.0)
UNSUPPORTED = Check(Verdict.UNSUPPORTED, "the number 2.78 is not in the source", DecisionStage.FACTS, 0.02)


def cited(text: str, number: int = 1, *, place: int = 1, further: int | None = None) -> AnswerSentence:
    """A sentence that cites one of `paper_factory.sources`, and with ``further`` another one beside it."""
    sentences = sources()[number - 1].given
    more = () if further is None else (sentences[further],)
    return AnswerSentence(f"{text} [{number}]", (Citation(number, sentences[place], CitationOrigin.ATTRIBUTED, more),))


def sentence(text: str, check: Check | None, *, mending: Repair | None = None, original: str | None = None,
             further: int | None = None) -> AnswerSentence:  # fmt: skip
    """A cited sentence with its verdict."""
    plain = cited(text, further=further)
    return AnswerSentence(plain.text, plain.citations, (), check, mending, original)


OPENING = AnswerSentence("There is one paper on this:")
SOUND = sentence("It cuts memory by 37%.", SUPPORTED, further=2)
PARTLY_SOUND = sentence("It was tried on ImageNet-21k.", PARTLY)
WRONG = sentence("Its FID is 2.78.", UNSUPPORTED)
QUOTE = sentence("“It cuts memory by 37%.”", QUOTED, mending=Repair.QUOTED, original="It halves memory.")
REWRITTEN = sentence("It saves 37%.", SUPPORTED, mending=Repair.REWRITTEN, original="It saves 73%.")

LAST_WEEK = ExtractedFilter(FilterKind.DATES, "last week", "2026-08-10 to 2026-08-16")
FROM_GOOGLE = ExtractedFilter(FilterKind.ORGANIZATIONS, "by Google", "Google")


def understood(*filters: ExtractedFilter) -> ParsedQuery:
    """A question whose own words made these filters."""
    return ParsedQuery(QUESTION, "memory FooNet", Filters(since=date(2026, 8, 10), until=date(2026, 8, 16)), filters)


def answer(*sentences: AnswerSentence, withheld: tuple[AnswerSentence, ...] = (), missing: tuple[str, ...] = (),
           filters: tuple[ExtractedFilter, ...] = (),
           numbered: tuple[NumberedSource, ...] | None = None) -> Answer:  # fmt: skip
    """An answer of these sentences, one behind the other."""
    return Answer(
        QUESTION, sentences, " ".join(each.text for each in sentences), numbered or sources(), WRITER,
        withheld=withheld, missing=missing, understood=understood(*filters) if filters else None,
    )  # fmt: skip


CHECKED = (OPENING, SOUND, PARTLY_SOUND, WRONG)
"""A sentence that claims nothing, and one of each verdict."""

REFUSAL = Refusal(
    Gate.EVIDENCE,
    "no sentence tells the licence",
    0.12,
    (ClosePaper(2, "it is about robots too"), ClosePaper(1, "it names the same data set")),
)


def refused(text: str = "The papers do not say which licence FooNet has.") -> Answer:
    """A question that is not answered."""
    return Answer(QUESTION, (), text, sources(), WRITER, refusal=REFUSAL)
