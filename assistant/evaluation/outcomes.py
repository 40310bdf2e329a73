"""Whether what became of a question is right: judged from the values of its answer, never from its rendering."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answering import Answer, Refusal
from assistant.evaluation.measures import mean
from assistant.evaluation.ports import Table
from assistant.evaluation.questions import (
    Expected,
    ExpectedTable,
    Listing,
    NaturalQuestion,
    NaturalType,
    Passage,
    TableKind,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SCRIPTS = (("ja", re.compile(r"[\u3040-\u30ff]")), ("ko", re.compile(r"[\uac00-\ud7af]")),
            ("zh", re.compile(r"[\u4e00-\u9fff]")), ("ru", re.compile(r"[\u0400-\u04ff]")))  # fmt: skip
_LEAST_SHARE = 0.1
_FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    "en": _words("the of and to is are that with for this it not what how from by on which does"),
    "de": _words("der die das und ist ein eine nicht mit wie was von zu den dem für auf wird es sich im"),
    "fr": _words("le la les des et est une pas avec comment que du pour dans qui sur ce par il ne"),
    "es": _words("el los las y es una no con como que del para en por se lo su al"),
    "it": _words("il gli e è una non con come che del per nel di si lo della sono"),
    "pt": _words("o os as e é uma não com como que do da para em por se ao um"),
}
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»")


def language_of(text: str) -> str | None:
    """The language of a text by its script, else by its function words (ISO 639-1); None where neither tells.

    What is quoted counts only where nothing else is written.
    """
    own = _QUOTED.sub(" ", text)
    if not re.search(r"[^\W\d_]{2}", re.sub(r"\[\d+(?:, ?\d+)*\]", " ", own)):
        own = text
    letters = [letter for letter in own if letter.isalpha()]
    for language, script in _SCRIPTS:
        if len(script.findall(own)) > _LEAST_SHARE * len(letters):
            return language
    words = re.findall(r"[^\W\d_]+", own.casefold())
    counts = {
        language: sum(word in function_words for word in words) for language, function_words in _FUNCTION_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else None


_IN_LISTS = frozenset({NaturalType.EXACT_WORD, NaturalType.LIST_TABLE})
_ALL_AMONG_FIRST = NaturalType.OTHER_LANGUAGE
_NOT_WRITTEN = re.compile(r"[\s\u00ad\u200b]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a question.

    ``ranking`` are the papers that retrieval alone finds for it, best first, where that is asked. ``error`` is what
    went wrong in place of an answer.
    """

    answer: Answer | None = None
    refusal: Refusal | None = None
    table: Table | None = None
    ranking: tuple[str, ...] = ()
    error: str | None = None

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The papers that the answer was written from, and those of its table."""
        sources = [source.paper.paper_id for source in self.answer.sources] if self.answer else []
        return tuple(dict.fromkeys((*sources, *(self.table.paper_ids if self.table else ()))))

    @property
    def cited_ids(self) -> frozenset[str]:
        """The papers that the answer cites."""
        return frozenset(source.paper.paper_id for source in self.answer.cited) if self.answer else frozenset()

    @property
    def text(self) -> str:
        """The text of the answer."""
        return self.answer.text if self.answer else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reply stands: ``faults`` make it a wrong one, ``gaps`` are what a right one still lacks.

    ``covered`` is the share of the passages, or of the relevant papers, that are there; None where none is asked for.
    """

    faults: tuple[str, ...]
    gaps: tuple[str, ...] = ()
    covered: float | None = None

    @property
    def right(self) -> bool:
        """Whether the question has the right outcome."""
        return not self.faults


def outcome_of(question: NaturalQuestion, reply: Reply) -> Outcome:
    """Judge a reply."""
    expected = question.expected
    if reply.error is not None:
        return Outcome((f"error: {reply.error}",))
    if expected.refuse:
        return _refused_outcome(expected, reply)
    if reply.refusal is not None and not (expected.table and expected.table.kind is TableKind.NONE):
        return Outcome(("refused",))
    if question.type in _IN_LISTS and expected.table is not None:
        return Outcome(tuple(_table_faults(expected.table, reply)), tuple(_language_gaps(expected, reply)))
    faults = tuple(_paper_faults(question, reply))
    if question.type is NaturalType.NEED:
        return Outcome(faults, tuple(_language_gaps(expected, reply)), _found_share(expected, reply))
    here = [_is_used(passage, expected.paper_ids, reply) for passage in expected.passages]
    lacking = [passage.text for passage, used in zip(expected.passages, here, strict=True) if not used]
    gaps = [f"neither used nor cited: {text}" for text in lacking]
    gaps += [f"does not name {name}" for name in expected.names if not _mentions(name, reply.text)]
    if expected.partly and not (reply.answer and reply.answer.missing):
        gaps.append("does not say what is absent")
    return Outcome(faults, (*gaps, *_language_gaps(expected, reply)), mean(map(float, here)))


def _refused_outcome(expected: Expected, reply: Reply) -> Outcome:
    if reply.refusal is None:
        return Outcome(("answered",))
    sources = {source.number: source.paper.paper_id for source in reply.answer.sources} if reply.answer else {}
    closest = {sources.get(paper.number) for paper in reply.refusal.closest}
    gaps = [f"does not name {expected.closest}"] if expected.closest and expected.closest not in closest else []
    return Outcome((), tuple(gaps))


def _paper_faults(question: NaturalQuestion, reply: Reply) -> Iterator[str]:
    expected, sources = question.expected, set(reply.source_ids)
    if question.type is NaturalType.NEED:
        if not sources & {*expected.relevant, *expected.may_join}:
            yield "no relevant paper among the sources"
    elif question.type is _ALL_AMONG_FIRST:
        first = sources.union(reply.ranking[: expected.within])
        if lacking := [paper_id for paper_id in expected.paper_ids if paper_id not in first]:
            yield f"not among the first {expected.within}: {', '.join(lacking)}"
    elif lacking := [paper_id for paper_id in expected.paper_ids if paper_id not in sources]:
        yield f"not among the sources: {', '.join(lacking)}"
    if described := sorted(reply.cited_ids & set(expected.confusable)):
        yield f"describes the namesake {', '.join(described)}"


def _found_share(expected: Expected, reply: Reply) -> float:
    """The share of the relevant papers among the first, as far as so many can be there."""
    first = reply.ranking[: expected.within]
    return sum(paper_id in expected.relevant for paper_id in first) / min(len(expected.relevant), expected.within)


def _is_used(passage: Passage, papers: Collection[str], reply: Reply) -> bool:
    """Whether a passage stands in the text, or in a sentence of an abstract that is cited."""
    if _mentions(passage.text, reply.text):
        return True
    if reply.answer is None:
        return False
    for source in reply.answer.sources:
        paper = source.paper.paper
        if paper.paper_id != passage.paper_id if passage.paper_id else paper.paper_id not in papers:
            continue
        start = paper.abstract.find(passage.text)
        cited = reply.answer.evidence_for(source.number)
        if start >= 0 and any(span.start < start + len(passage.text) and start < span.end for span in cited):
            return True
    return False


def _language_gaps(expected: Expected, reply: Reply) -> Iterator[str]:
    if expected.language and reply.text and (language := language_of(reply.text)) != expected.language:
        yield f"in {language or 'no known language'}, not in {expected.language}"


def _table_faults(expected: ExpectedTable, reply: Reply) -> Iterator[str]:
    table = reply.table
    papers = table.paper_ids if table else reply.ranking or reply.source_ids
    match expected.kind:
        case TableKind.NONE:
            if reply.refusal is None and (table is None or table.paper_ids):
                yield "answered where there is none"
        case TableKind.PAPERS:
            if not any(_same_papers(listing, papers) for listing in expected.listings):
                yield _other_papers(expected.listings[0], papers)
        case TableKind.RANKING:
            if not any(_same_ranking(listing, papers) for listing in expected.listings):
                yield _other_papers(expected.listings[0], papers)
        case TableKind.NUMBER:
            if (table.number if table else None) != expected.number and not _number_said(expected.number, reply):
                yield f"another number than {expected.number}"
        case TableKind.LINK:
            link = expected.link or ""
            if not _holds(link.rstrip("/"), [address.rstrip("/") for address in table.links] if table else (), reply):
                yield f"lacks the link {link}"
        case TableKind.AUTHORS | TableKind.ORGANIZATION:
            names = table.names if table else ()
            if lacking := [name for name in expected.names if not _holds(name, names, reply)]:
                yield f"lacks {', '.join(lacking)}"


def _holds(text: str, values: Sequence[str], reply: Reply) -> bool:
    return any(_flat(text) == _flat(value) for value in values) or _mentions(text, reply.text)


def _number_said(number: int | None, reply: Reply) -> bool:
    """Whether a table-less answer that is no refusal has the number as a word of its own."""
    answered = reply.table is None and reply.refusal is None
    return answered and re.search(rf"(?<![\w.,]){number}(?![\w%]|[.,]\d)", reply.text) is not None


def _same_papers(listing: Listing, papers: Sequence[str]) -> bool:
    expected_ids, listed = set(listing.paper_ids), set(papers)
    return expected_ids <= listed and listed - expected_ids <= set(listing.may_join)


def _same_ranking(listing: Listing, papers: Sequence[str]) -> bool:
    """Whether the first papers are those of the listing in its order; papers of equal value in any."""
    values = listing.values or tuple(map(str, range(len(listing.paper_ids))))
    place = 0
    groups = [[paper_id for _, paper_id in group] for _, group in _equal(values, listing.paper_ids)]
    for group in groups:
        here = set(papers[place : place + len(group)])
        place += len(group)
        allowed = {*group, *listing.tied_with_last} if group is groups[-1] else set(group)
        if len(here) < len(group) or not here <= allowed:
            return False
    return True


def _equal(values: Sequence[str], papers: Sequence[str]) -> Iterator[tuple[str, Iterator[tuple[str, str]]]]:
    return groupby(zip(values, papers, strict=True), key=lambda pair: pair[0])


def _other_papers(listing: Listing, papers: Sequence[str]) -> str:
    if not papers:
        return "no list of papers"
    lacking = [paper_id for paper_id in listing.paper_ids if paper_id not in papers]
    joined = [paper_id for paper_id in papers if paper_id not in listing.paper_ids and paper_id not in listing.may_join]
    if not lacking:
        return f"another order, or {len(joined)} too many" if joined else "another order"
    return f"lacks {', '.join(lacking[:3])}{' …' if len(lacking) > 3 else ''}"


def _mentions(text: str, inside: str) -> bool:
    return bool(text) and _flat(text) in _flat(inside)


def _flat(text: str) -> str:
    return _NOT_WRITTEN.sub(" ", text).strip().casefold()
