"""Rows of questions as people type them: what is expected, by type.

``expected`` holds, by the row's ``type`` (the fields of any type: ``must_contain``, ``language``, ``confusable``):

- about_named: ``paper_id``, ``answerable`` true or "partly"
- need: ``relevant`` [{``id``, ``rel``}] [, ``within``, ``more_ok``]
- exact_word: ``paper_ids`` [, ``inside_longer_word``]
- list_table: ``kind`` papers, ranking, number, authors, link, organization or none, with ``ids``, ``number``,
  ``authors``, ``link``, ``organization`` [, ``tied_with_last``, ``alt``, ``spelled_otherwise``,
  ``link_only_in_abstract``]
- compare_named: ``paper_ids``
- follow_up: ``paper_ids``, ``answerable`` [, ``closest``, ``authors``], and the row's ``turns``
- unanswerable: [``closest``]
- other_language: ``language``, ``paper_ids`` [, ``within``, ``more_ok``]
"""

from assistant.evaluation.questions import (
    Expected,
    ExpectedTable,
    Listing,
    NaturalQuestion,
    NaturalType,
    Passage,
    Place,
    TableKind,
)
from assistant.evaluation.row_fields import RowFields, RowProblem

_WITHIN = 10
_MAY_JOIN = ("spelled_otherwise", "link_only_in_abstract", "more_ok")
_ORDERED_BY = ("upvotes", "comments", "date")
_NEEDS_PAPERS = frozenset(
    {NaturalType.ABOUT_NAMED, NaturalType.EXACT_WORD, NaturalType.COMPARE_NAMED, NaturalType.OTHER_LANGUAGE}
)


def parse_natural(fields: RowFields, text: str, place: Place, name: str | None) -> NaturalQuestion:
    """The question of a row with ``type`` and ``expected``. Raises `RowProblem`."""
    kind = fields.choice("type", NaturalType)
    expected = _expected(kind, fields.inner("expected"))
    before = tuple(turn.text("question") for turn in fields.inners("turns"))
    if kind is NaturalType.FOLLOW_UP and len(before) < 2:
        raise RowProblem("turns of a follow-up need the questions before it and itself")
    return NaturalQuestion(text, place, name, kind, expected, fields.day("today"), before[:-1])


def _expected(kind: NaturalType, fields: RowFields) -> Expected:
    papers = _papers(kind, fields)
    partly = fields.is_one_of("answerable", ("partly",))
    answerable = partly or fields.flag("answerable", default=kind is not NaturalType.UNANSWERABLE)
    table = _table(fields) if kind is NaturalType.LIST_TABLE else None
    if kind is NaturalType.EXACT_WORD:
        table = ExpectedTable(TableKind.RANKING, (Listing(papers, ("",) * len(papers)),))
    return Expected(
        refuse=not answerable,
        partly=partly,
        paper_ids=papers,
        relevant=fields.grades("relevant") if kind is NaturalType.NEED else {},
        may_join=fields.paper_ids("more_ok"),
        within=fields.number("within") if fields.has("within") else _WITHIN,
        passages=_passages(fields),
        names=fields.texts("authors"),
        closest=fields.optional_paper_id("closest"),
        confusable=fields.paper_ids("confusable"),
        language=fields.optional_text("language"),
        table=table,
    )


def _papers(kind: NaturalType, fields: RowFields) -> tuple[str, ...]:
    one = fields.optional_paper_id("paper_id")
    papers = (one,) if one else fields.paper_ids("paper_ids")
    if not papers and kind in _NEEDS_PAPERS:
        raise fields.problem("expected names no paper", "paper_id")
    if kind is NaturalType.COMPARE_NAMED and len(papers) < 2:
        raise RowProblem("expected.paper_ids of a comparison need two papers or more")
    return papers


def _passages(fields: RowFields) -> tuple[Passage, ...]:
    if fields.is_object("must_contain"):
        lists = fields.lists("must_contain")
        return tuple(Passage(paper_id, text) for paper_id, texts in lists.items() for text in texts)
    return tuple(Passage(None, text) for text in fields.texts("must_contain"))


def _table(fields: RowFields) -> ExpectedTable:
    kind = fields.choice("kind", TableKind)
    listings = [_listing(fields)] if fields.has("ids") else []
    if listings and fields.has("alt"):
        listings.append(_listing(fields.inner("alt")))
    if not listings and kind in {TableKind.PAPERS, TableKind.RANKING}:
        raise fields.problem("expected.ids is missing", "ids")
    organization = fields.optional_text("organization")
    return ExpectedTable(
        kind,
        tuple(listings),
        number=fields.number("number") if kind is TableKind.NUMBER else None,
        names=fields.texts("authors") or ((organization,) if organization else ()),
        link=fields.text("link") if kind is TableKind.LINK else None,
    )


def _listing(fields: RowFields) -> Listing:
    ids = fields.paper_ids("ids")
    values = next((fields.values(key) for key in _ORDERED_BY if fields.is_list(key)), ())
    if values and len(values) != len(ids):
        raise RowProblem("expected has not one value for each of its ids")
    joining = tuple(paper_id for key in _MAY_JOIN if fields.has(key) for paper_id in fields.paper_ids(key))
    return Listing(ids, values, joining, fields.paper_ids("tied_with_last"))
