"""Saying that the papers do not tell: the decision outside of the writing prompt, and the answer that says so."""

from collections.abc import Sequence

from assistant.answering.answer import Answer, AnswerSentence, Gate, Refusal, Source, Writer
from assistant.answering.sufficiency.closest import closest_papers, refusal_text
from assistant.answering.sufficiency.evidence_gate import evidence_suffices
from assistant.answering.sufficiency.retrieval_gate import before_writing
from assistant.answering.sufficiency.values import Sufficiency
from assistant.models.base import Judge, Message
from assistant.retrieval.search import Hit
from assistant.sentences import split_sentences

_UNKNOWN = 0.5


class Gatekeeper:
    """Decides whether papers are enough for an answer; with a judge where the cheap steps cannot tell."""

    def __init__(self, judge: Judge | None) -> None:
        self._judge = judge

    async def sufficiency(
        self, question: str, hits: Sequence[Hit], sources: Sequence[Source], prompt: Sequence[Message], *, chosen: bool
    ) -> Sufficiency:
        """How well the papers answer; for papers that the reader has ``chosen`` retrieval is not asked.

        ``prompt`` is what the answer would be written from. Raises `ModelError`.
        """
        first = Sufficiency(sufficient=True, probability=_UNKNOWN, gate=Gate.RETRIEVAL, uncertain=True)
        if not chosen:
            first = before_writing(question, hits)
            if not first.sufficient:
                return first
        return await evidence_suffices(question, sources, first, prompt, self._judge)


def refusal_of(question: str, sources: Sequence[Source], sufficiency: Sufficiency) -> Refusal:
    """The refusal that insufficient papers mean."""
    return Refusal(sufficiency.gate, sufficiency.reason, sufficiency.probability, closest_papers(question, sources))


def refused(question: str, sources: tuple[Source, ...], sufficiency: Sufficiency, writer: Writer) -> Answer:
    """The answer that says what the papers do not tell, with the papers that come closest."""
    text = refusal_text(question, sufficiency)
    return Answer(
        question=question,
        sentences=tuple(AnswerSentence(sentence.text) for sentence in split_sentences(text)),
        text=text,
        sources=sources,
        writer=writer,
        refusal=refusal_of(question, sources, sufficiency),
    )
