"""What a question asks of papers that it names: which of them are meant, and part by part what is wanted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.answerability.question_features import Aim, Aims, asks, parts_of
from assistant.arxiv_ids import IdMention, replace_id_mentions, without_id_mentions
from assistant.language import ENGLISH, in_english
from assistant.library import StoredPaper
from assistant.papers import normalized_title
from assistant.retrieval import Hit, Mention, beside_names, mentions
from assistant.retrieval.query import short_name

_CLEARLY_NEARER = 0.04  # of cosine: what sets a namesake apart
_LETTERS = "ABCDEFGH"
_WORD = re.compile(r"\w")
_NAME = "\x00"
_SEVERAL = 2
_CLAUSE_END = re.compile(r"(?<=[:?!;])\s+|(?<=[^\W\d_]{2})(?<!\bvs)\.\s+")


@dataclass(frozen=True, slots=True)
class AskedPart:
    """One thing that is asked: in the question's own words, and in English with "it" for the papers."""

    text: str
    english: str
    aim: Aim


@dataclass(frozen=True, slots=True)
class NamedQuestion:
    """A question about the ``papers`` that it names, best first.

    ``namesakes`` have the same name as one of them; with ``told_apart`` the question fits another one clearly better,
    else they are among the papers. ``comparing``: it asks how the papers compare.
    """

    papers: tuple[StoredPaper, ...]
    parts: tuple[AskedPart, ...]
    comparing: bool = False
    namesakes: tuple[StoredPaper, ...] = ()
    told_apart: bool = False

    @property
    def is_overview(self) -> bool:
        """Whether nothing is asked that an abstract could leave out."""
        return all(part.aim is Aim.WHOLE for part in self.parts)


def read_named(
    question: str, language: str, hits: Sequence[Hit], aims: Aims, beside: Sequence[Hit] = ()
) -> NamedQuestion:
    """Read a question about these papers, which it names or the reader chose. May embed: not in the event loop.

    ``beside`` are others that were found, among which a namesake may be.
    """
    hit_ids = {hit.paper.paper_id for hit in hits}
    everything = [*hits, *(hit for hit in beside if hit.paper.paper_id not in hit_ids)]
    alike = mentions(question, [hit.paper.paper for hit in everything])
    places = tuple(
        Mention(mention.start, mention.end, tuple(place for place in mention.papers if place < len(hits)))
        for mention in alike
    )
    places = tuple(place for place in places if place.papers)
    hits = everything[: len(hits)]
    namesakes = _namesakes(alike, everything, len(hits))
    meant, told_apart = _told_apart(places, hits)
    comparing = len(meant) > 1 and len(places) != 1 and _compares(question, language, places, hits, meant, aims)
    parts = _parts(_beside(question, places, comparing), language, aims)
    papers = tuple(hit.paper for hit in meant)
    told_apart = told_apart or len(namesakes) > len(meant)
    return NamedQuestion(papers, parts, comparing, namesakes, told_apart)


def wants_others(question: str, hits: Sequence[Hit], aims: Aims) -> bool:
    """Whether a part of an English question that names these papers asks for others like them. May embed."""
    places = mentions(question, [hit.paper.paper for hit in hits])
    if len(places) > 1 and _compares(question, ENGLISH, places, hits, hits, aims):
        return False
    parts = [part for part in parts_of(beside_names(question, places, lambda _: "it")) if asks(part)]
    return any(map(aims.wants_others, parts or [beside_names(question, places, lambda _: "it")]))


def _namesakes(alike: Sequence[Mention], everything: Sequence[Hit], meant: int) -> tuple[StoredPaper, ...]:
    """The papers of a name that several have, one of those that are meant among them."""
    shared = [mention.papers for mention in alike if len(mention.papers) > 1 and min(mention.papers) < meant]
    return tuple(everything[place].paper for place in sorted({place for places in shared for place in places}))


def _beside(question: str, places: Sequence[Mention], comparing: bool) -> str:
    """What is asked beside the names; of a comparison what is asked beside comparing, if anything."""
    if not comparing:
        return beside_names(question, places, lambda _: "it")
    marked = beside_names(question, places, lambda _: _NAME)
    clauses = [clause.strip() for clause in _CLAUSE_END.split(marked)]
    further = [clause.replace(_NAME, "it") for clause in clauses if clause.count(_NAME) < _SEVERAL and clause]
    return " ".join(further)


def _told_apart(places: Sequence[Mention], hits: Sequence[Hit]) -> tuple[list[Hit], bool]:
    """The hits that are meant, in the order of the question, and whether it tells them from others of their name."""
    dropped: set[int] = set()
    for mention in places:
        alike = sorted(mention.papers, key=lambda place: -(hits[place].dense or 0.0))
        best = hits[alike[0]].dense or 0.0
        dropped |= {place for place in alike[1:] if best - (hits[place].dense or 0.0) >= _CLEARLY_NEARER}
    order = dict.fromkeys([place for mention in places for place in mention.papers])
    order |= dict.fromkeys(range(len(hits)))
    return [hits[place] for place in order if place not in dropped], bool(dropped)


def _parts(question: str, language: str, aims: Aims) -> tuple[AskedPart, ...]:
    """The parts that ask; what only says what the question is about ("it is a small dataset.") is none."""
    pieces = [(piece, in_english(piece, language)) for piece in parts_of(question, language)]
    asking = [piece for piece in pieces if asks(piece[1])] or pieces[:1]
    part_aims = aims.aims_of([_standing(english) for _, english in asking])
    return tuple(AskedPart(text, english, aim) for (text, english), aim in zip(asking, part_aims, strict=True))


def _standing(english: str) -> str:
    return english if _WORD.search(english) else "it"


def _compares(
    question: str, language: str, places: Sequence[Mention], hits: Sequence[Hit], meant: Sequence[Hit], aims: Aims
) -> bool:
    """Whether it asks how they compare; papers that it does not name are spoken of together."""
    letters = {id(hit): _LETTERS[number % len(_LETTERS)] for number, hit in enumerate(meant)}

    def letter(mention: Mention) -> str:
        return next((letters[id(hits[place])] for place in mention.papers if id(hits[place]) in letters), "it")

    english = (
        in_english(beside_names(question, places, letter), language)
        if language != ENGLISH
        else beside_names(question, places, letter)
    )
    named = {place for mention in places for place in mention.papers}
    return aims.is_comparing(english if len(named) > 1 else f"{english} (A and B)")


def with_names(question: str, papers: Sequence[StoredPaper]) -> str:
    """The question with the papers' names in place of their ids and links.

    Where the question says the name itself nothing stands in its place; the id of another paper stays.
    """
    names = {paper.paper_id: short_name(paper.title) for paper in papers}
    normalized_question = normalized_title(without_id_mentions(question))

    def name_of(mention: IdMention) -> str:
        name = names.get(mention.paper_id)
        if name is None:
            return question[mention.start : mention.end]
        if mention.label:
            return mention.label
        return "" if normalized_title(name) in normalized_question else f"“{name}”"

    return replace_id_mentions(question, name_of)
