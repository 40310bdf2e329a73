"""What a refusal tells the reader: what the papers do not say, which of them come closest, and why they do."""

from collections.abc import Sequence

from assistant.answering.answer import ClosePaper, Gate, Source
from assistant.answering.sufficiency.values import Sufficiency
from assistant.answering.sufficiency.wording import absent_phrases, listed, shared_phrases, wording
from assistant.papers import clean_text
from assistant.retrieval.lexical_overlap import WordWeights, content_words

_NEAR_ENOUGH = 0.15
"""The weighted share of the question's words from which on a paper is near it at all."""
_LONGEST_QUOTE = 160
_SHOWN = 3


def closest_papers(question: str, sources: Sequence[Source], limit: int = 3) -> tuple[ClosePaper, ...]:
    """The sources that come nearest, best first; none for a question of another world."""
    weights = WordWeights.from_texts(source.paper.paper.text for source in sources)
    asked = frozenset(content_words(question))
    nearness = {
        source.number: weights.share(asked, wording(source.paper.paper.text).words, of_none=1.0) for source in sources
    }
    near = sorted(sources, key=lambda source: -nearness[source.number])[:limit]
    return tuple(
        ClosePaper(source.number, _why(question, source))
        for source in near
        if asked and nearness[source.number] >= _NEAR_ENOUGH
    )


def refusal_text(question: str, sufficiency: Sufficiency) -> str:
    """One or two sentences that say what the papers do not tell, in the words of the question."""
    missing = [_shortened(part) for part in sufficiency.missing if part.strip()]
    match sufficiency.gate:
        case Gate.RETRIEVAL if missing:
            return f"The papers do not answer this: none of those found speaks of {listed(missing[:_SHOWN])}."
        case Gate.RETRIEVAL:
            return f"The papers do not answer “{_shortened(question)}”: none of those found is about it."
        case Gate.EVIDENCE:
            return f"The papers do not say {listed(missing or [_shortened(question)])}."


def _why(question: str, source: Source) -> str:
    text = source.paper.paper.text
    shared, absent = shared_phrases(question, text)[:_SHOWN], absent_phrases(question, text)[:_SHOWN]
    about = f"has {listed(shared, 'and')}" if shared else "is on a related subject"
    return f"{about}; the abstract does not mention {listed(absent)}" if absent else about


def _shortened(text: str) -> str:
    text = clean_text(text).rstrip(" ?.,;:")
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
