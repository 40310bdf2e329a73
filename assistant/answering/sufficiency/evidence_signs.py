"""What tells, without a model, whether sources state what is asked: words, names and figures in the right place."""

import re
from collections.abc import Mapping, Sequence

from assistant.answering.answer import Source
from assistant.answering.sufficiency.wording import asking_clause, asking_words, names_in, wording
from assistant.retrieval.lexical_overlap import WordWeights, content_words
from assistant.retrieval.question import asked_for

_FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|half|twice|double|triple"
    r"|(?:dozen|hundred|thousand|million|billion)s?)\b",
    re.IGNORECASE,
)
_RARE = 0.45  # of the weight of a word that no paper has: in a library of 11,000, below some hundred papers


def given_text(source: Source) -> str:
    """What the prompt shows of a source."""
    return "\n".join([source.paper.paper.title, *(sentence.text for sentence in source.given)])


def nearest_source(question: str, sources: Sequence[Source], weights: WordWeights) -> Source:
    """The source that has most of the question's words by weight; the earlier one of equals."""
    asked = frozenset(content_words(question))
    return max(
        sources,
        key=lambda source: (weights.share(asked, wording(given_text(source)).words, of_none=1.0), -source.number),
    )


def evidence_signs(
    question: str, sources: Sequence[Source], weights: WordWeights, part: str | None = None
) -> Mapping[str, float]:
    """What the gate weighs for a question or one ``part`` of it, each 0..1.

    The subject is the nearest source and others that the question names too. ``fitting``: the most that
    one sentence of the subject has of the asking clause, beyond titles and words of asking; where a figure is wanted
    only sentences with a figure count. ``unfit_named``: what is lacking to that when a title is named.
    ``lacking``: the share of the question's names that the subject does not have, when a title is named.
    ``strange``: the share that no source has.
    """
    named_papers = names_in(question)
    subject = _subject(question, named_papers, sources, weights)
    titles = wording("\n".join(source.paper.paper.title for source in subject))
    detail = frozenset(content_words(asking_clause(part or question))) - titles.words - asking_words()
    fitting = _best_share(detail, subject, weights, with_figure=asked_for(part or question).wants_figure)
    named = float(any(titles.has_name(name) for name in named_papers))
    names = names_in(part or question)
    return {
        "fitting": fitting,
        "unfit_named": named * (1 - fitting),
        "lacking": named * _share_lacking(names, subject),
        "strange": _share_lacking(names, sources),
    }


def _subject(
    question: str, names: Sequence[str], sources: Sequence[Source], weights: WordWeights
) -> tuple[Source, ...]:
    """A rare name that the title of the nearest source does not have brings in the sources that it names."""
    nearest = nearest_source(question, sources, weights)
    title = wording(nearest.paper.paper.title)
    others = [name for name in names if _is_rare(name, weights) and not title.has_name(name)]
    titles = {source.number: wording(source.paper.paper.title) for source in sources}
    return tuple(
        source
        for source in sources
        if source == nearest or any(titles[source.number].has_name(name) for name in others)
    )


def _is_rare(name: str, weights: WordWeights) -> bool:
    """Unlike "LLM" or "RL", which name no paper."""
    return max(map(weights.weight, content_words(name)), default=0.0) >= _RARE * weights.weight("")


def _best_share(detail: frozenset[str], subject: Sequence[Source], weights: WordWeights, *, with_figure: bool) -> float:
    sentences = [sentence.text for source in subject for sentence in source.given]
    counting = [text for text in sentences if not with_figure or _FIGURE.search(text)]
    return max((weights.share(detail, wording(text).words, of_none=1.0) for text in counting), default=0.0)


def _share_lacking(names: Sequence[str], sources: Sequence[Source]) -> float:
    text = wording("\n".join(map(given_text, sources)))
    return sum(not text.has_name(name) for name in names) / len(names) if names else 0.0
