"""Questions about a paper by name: who wrote it, where its code is, how many upvotes it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library import LinkKind
from assistant.retrieval.query.boilerplate import REMOVED
from assistant.retrieval.query_plan.names import NameResolver
from assistant.retrieval.query_plan.plan import Asks, NameKind, QueryPlan, UnclearName
from assistant.retrieval.query_plan.vocabulary import Token, Word

_BESIDE = {
    Word.FILLER, Word.PAPER, Word.FROM, Word.FOR, Word.BY, Word.HAVE, Word.AUXILIARY, Word.YES_NO, Word.LIST,
}  # fmt: skip
_OWN = {
    Asks.AUTHORS: {Word.WHO, Word.WROTE, Word.AUTHORS, Word.HOW_MANY},
    Asks.ORGANIZATION: {Word.ORGANIZATION, Word.WROTE, Word.WHO},
    Asks.DAY: {Word.WHEN, Word.WROTE, Word.NEW},
    Asks.LINKS: {Word.CODE, Word.PROJECT, Word.LINK, Word.AND, Word.OR, Word.WROTE},
    Asks.UPVOTES: {Word.HOW_MANY, Word.UPVOTES},
    Asks.COMMENTS: {Word.HOW_MANY, Word.COMMENTS},
}
_MOST_EXTENDED = 8
_MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class _Span:
    text: str
    asks: Asks
    words: frozenset[Word]


def plan_of_papers(text: str, tokens: Sequence[Token], resolver: NameResolver, *, certain: bool) -> QueryPlan | None:
    """What is asked of a paper by its name; ``certain`` False takes a name that no paper of the library has."""
    spans = _spans(text, tokens)
    if not spans:
        return None
    if not certain:
        return _of_unknown(spans[-1], resolver)
    match = resolver.paper_spans([span.text for span in spans])
    if match is None:
        return None
    name, paper_ids = match
    span = next(span for span in spans if span.text == name)
    return QueryPlan(span.asks, link=_link(span.words), named=paper_ids, name=name)


def _spans(text: str, tokens: Sequence[Token]) -> list[_Span]:
    """Runs of the question that may be the name while all other words ask something of it, the longest first.

    Every run holds the words that mean nothing by themselves; words beside them may belong to the name as well.
    """
    names = [place for place, token in enumerate(tokens) if token.is_name]
    if not names:
        return []
    spans: list[_Span] = []
    quoted = [place for place in names if tokens[place].quoted]
    first, last = names[0], names[-1]
    begins = [first] if quoted else range(max(first - _MOST_EXTENDED, 0), first + 1)
    ends = [last] if quoted else range(min(last + _MOST_EXTENDED, len(tokens) - 1), last - 1, -1)
    for begin in begins:
        for end in ends:
            others = (*tokens[:begin], *tokens[end + 1 :])
            words = frozenset(token.word for token in others if token.word)
            written = _written(text, tokens[begin : end + 1])
            asks = _asks(words)
            if asks and REMOVED not in written and not any(token.is_name or token.number for token in others):
                spans.append(_Span(written, asks, words))
    return sorted(spans, key=lambda span: -len(span.text))


def _written(text: str, tokens: Sequence[Token]) -> str:
    return tokens[0].text if len(tokens) == 1 else text[tokens[0].start : tokens[-1].end]


def _asks(words: frozenset[Word]) -> Asks | None:
    """What the words around a name ask of it; None when one of them does not belong to such a question."""
    asks = _core(words)
    if asks is None or words - _BESIDE - _OWN[asks]:
        return None
    if Word.AUXILIARY in words and not words & {Word.HAVE, Word.WROTE}:
        return None
    return asks


def _core(words: frozenset[Word]) -> Asks | None:
    if Word.HOW_MANY in words and Word.AUTHORS not in words:
        counted = {Word.UPVOTES: Asks.UPVOTES, Word.COMMENTS: Asks.COMMENTS}
        return next((asks for word, asks in counted.items() if word in words), None)
    if Word.ORGANIZATION in words:
        return Asks.ORGANIZATION
    if Word.AUTHORS in words or (Word.WHO in words and words & {Word.WROTE, Word.BY, Word.FROM}):
        return Asks.AUTHORS
    if Word.WHEN in words and words & {Word.WROTE, Word.NEW}:
        return Asks.DAY
    return Asks.LINKS if words & {Word.CODE, Word.PROJECT, Word.LINK} else None


def _link(words: frozenset[Word]) -> LinkKind | None:
    """The one kind of link that is wanted; None for all of them."""
    code, project = Word.CODE in words, Word.PROJECT in words
    if code == project:
        return None
    return LinkKind.CODE if code else LinkKind.PROJECT


def _of_unknown(span: _Span, resolver: NameResolver) -> QueryPlan | None:
    """The plan of a name that is spelled as one and that no paper has."""
    parts = span.text.split()
    if len(parts) > _MOST_PARTS or not all(part[0].isupper() or any(map(str.isdigit, part)) for part in parts):
        return None
    if resolver.is_common(span.text):
        return None
    nearest = tuple(paper.title for paper in resolver.library.find_by_title(span.text, limit=3))
    unclear = UnclearName(NameKind.PAPER, span.text, nearest)
    return QueryPlan(span.asks, link=_link(span.words), name=span.text, unclear=(unclear,))
