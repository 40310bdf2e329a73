"""What a refusal tells the reader: what the papers do not say, which of them come closest, and what these do say."""

from collections.abc import Sequence

from assistant.answering.answerability.values import Sufficiency
from assistant.answering.values import ClosePaper, Gate, Source
from assistant.language.known import ENGLISH, listed, say
from assistant.papers import clean_text
from assistant.retrieval.query.follow_up import short_name
from assistant.retrieval.sentence_ranking import rank_evidence

_NEAR_ENOUGH = 0.06
"""The probability of an answer below which a question is of another world, and no paper is near it."""
_LONGEST_QUOTE = 160


def closest_papers(
    question: str, sources: Sequence[Source], sufficiency: Sufficiency, limit: int = 3
) -> tuple[ClosePaper, ...]:
    """The first sources, in the order of retrieval; of a question that names its paper that one alone.

    None for a question of another world.
    """
    if sufficiency.gate is Gate.RETRIEVAL and sufficiency.probability < _NEAR_ENOUGH:
        return ()
    near = [source for source in sources if source.number in sufficiency.about] or sources[:limit]
    return tuple(ClosePaper(source.number, _why(question, source)) for source in near)


def reason_text(sources: Sequence[Source], sufficiency: Sufficiency, language: str = ENGLISH) -> str:
    """Why the papers do not answer, in a sentence; it names the papers that the question is about."""
    if sufficiency.gate is Gate.RETRIEVAL:
        absent = listed(list(sufficiency.missing), language, last="or")
        return say("not_of", language, names=absent) if absent else say("not_about", language)
    about = [source for source in sources if source.number in sufficiency.about] or list(sources[:1])
    names = [short_name(source.paper.paper.title) for source in about]
    if len(names) == 1:
        return say("not_in_abstract", language, paper=names[0])
    return say("not_in_abstracts", language, papers=listed([f"“{name}”" for name in names], language))


def refusal_text(question: str, sources: Sequence[Source], sufficiency: Sufficiency, language: str = ENGLISH) -> str:
    """One or two sentences: why the papers do not answer, and what was asked."""
    reason = sufficiency.reason or reason_text(sources, sufficiency, language)
    return f"{reason} {say('asked', language, question=_asked(question))}"


def _asked(question: str) -> str:
    text = _shortened(question)
    return text if text.endswith("…") else f"{text}."


def _why(question: str, source: Source) -> str:
    """What the paper says that comes nearest."""
    best = rank_evidence(question, [source.paper.paper])[:1]
    return f"it says: “{_shortened(best[0].sentence.text)}”" if best else "it has no abstract"


def _shortened(text: str) -> str:
    text = clean_text(text).rstrip(" ?.,;:")
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
