"""From candidates to ideas: those without grounds and those that repeat another one go, the unlikely ones stay."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.citation_markers import Allowed, allowed_in, clean_markers, with_markers
from assistant.answering.values import Citation, Source
from assistant.reports.ideas.diversity import Likeness, likeness
from assistant.reports.ideas.grounding import Grounder
from assistant.reports.ideas.values import Candidate, Dropped, Idea, Nearest
from assistant.retrieval.sentence_ranking import SentenceEmbedder
from assistant.sentences import split_sentences

_NOT_STATED = 0.25
"""What a candidate without a stated probability counts as: behind the tail that the prompt asks for."""


@dataclass(frozen=True, slots=True)
class _Grounded:
    title: str
    text: str
    probability: float | None
    grounds: tuple[Citation, ...]
    doubts: tuple[str, ...]

    @property
    def likely(self) -> float:
        """By which the candidates are ordered."""
        return _NOT_STATED if self.probability is None else self.probability


def chosen_ideas(
    candidates: Sequence[Candidate], sources: Sequence[Source], embedder: SentenceEmbedder | None, number: int
) -> tuple[tuple[Idea, ...], Dropped]:
    """At most ``number`` ideas, the unlikely ones first, and what was dropped. Blocking.

    Likely candidates come in only where there are not enough unlikely ones.
    """
    grounder, allowed = Grounder(sources, embedder), allowed_in(sources)
    read = [_grounded(candidate, grounder, allowed) for candidate in candidates]
    grounded = sorted((one for one in read if one.grounds), key=lambda one: one.likely)
    texts = [f"{one.title}. {one.text}" for one in grounded] + [source.paper.paper.text for source in sources]
    alike = likeness(texts, embedder)
    distinct = alike.distinct(range(len(grounded)))
    ideas = []
    for place in distinct[:number]:
        one, nearest = grounded[place], _nearest(alike, place, len(grounded), sources)
        ideas.append(Idea(one.title, one.text, one.probability, one.grounds, nearest, one.doubts))
    dropped = Dropped(
        ungrounded=len(read) - len(grounded),
        duplicates=len(grounded) - len(distinct),
        likelier=len(distinct) - len(ideas),
    )
    return tuple(ideas), dropped


def _nearest(alike: Likeness, place: int, first: int, sources: Sequence[Source]) -> Nearest | None:
    """The source most like the text at ``place``; the sources' texts begin at ``first``."""
    similarities = [alike.between(place, first + row) for row in range(len(sources))]
    if not similarities:
        return None
    best = max(range(len(sources)), key=similarities.__getitem__)
    return Nearest(sources[best].number, similarities[best], similarities[best] >= alike.close)


def _grounded(candidate: Candidate, grounder: Grounder, allowed: Allowed) -> _Grounded:
    """The candidate with the markers of its grounds alone: those that the model put stay where they hold."""
    title = clean_markers(candidate.title, allowed).text.strip()
    sentences = _without_markers(candidate.text, allowed)
    plain = " ".join(text for text, _ in sentences)
    named = tuple(dict.fromkeys(number for _, numbers in sentences for number in numbers))
    grounds = grounder.grounds(title, plain, named)
    holding = {citation.number for citation in grounds}
    marked = (with_markers(text, [number for number in numbers if number in holding]) for text, numbers in sentences)
    return _Grounded(title, " ".join(marked), candidate.probability, grounds, grounder.doubts(plain))


def _without_markers(text: str, allowed: Allowed) -> list[tuple[str, tuple[int, ...]]]:
    """The sentences and the sources that each names; markers that stand by themselves belong to the one before."""
    found: list[tuple[str, tuple[int, ...]]] = []
    for sentence in split_sentences(text):
        cleaned = clean_markers(sentence.text, allowed)
        plain = cleaned.text.strip()
        if any(map(str.isalnum, plain)):
            found.append((plain, cleaned.numbers))
        elif found:
            before, numbers = found[-1]
            found[-1] = (before, tuple(dict.fromkeys((*numbers, *cleaned.numbers))))
    return found
