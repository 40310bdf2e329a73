"""One row of a question file: its shape, told by its fields, and its values, each of which must be of its type.

The shapes, with further fields left alone:

- known item: ``question``, ``paper_id`` [, ``kind``, ``answer``, ``gold_quote``, ``also`` (ids that count as well)]
- survey: ``question``, ``paper_ids`` as [{``id``, ``rel`` (2 directly, 1 partly, 0 not)}], or as ids that count alike
- comparison: ``question``, ``paper_ids`` as ids, ``aspects``
- unanswerable: ``question``, ``kind`` near, absent or off [, ``paper_id``], or any kind without a paper
- dated: ``question``, ``today``, ``from``, ``to`` (YYYY-MM-DD; null is open) [, ``alt`` as [[from, to]]]
- claim: ``claim``, ``paper_ids`` as ids, ``label`` supported, partly or unsupported [, ``kind``]
- natural: ``question``, ``type``, ``expected`` [, ``today``, ``turns``] (see `natural_rows`)
"""

from assistant.answering import Verdict
from assistant.evaluation.questions import (
    AnswerableQuestion,
    DatedQuestion,
    Expected,
    ExpectedTable,
    LabelledClaim,
    Listing,
    NaturalQuestion,
    NaturalType,
    Passage,
    Place,
    Question,
    Shape,
    TableKind,
    UnanswerableQuestion,
)
from assistant.evaluation.row_fields import RowFields, RowProblem, ordered, plain_id, type_name
from assistant.periods import Window

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
    paper_id = fields.optional_paper_id("paper_id")
    papers = (paper_id,) if paper_id else fields.paper_ids("paper_ids")
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


UNANSWERABLE_KINDS = ("near", "absent", "off")
_LABELS = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED)
_NAMES = (
    "question", "paper_id", "paper_ids", "kind", "today", "from", "to", "alt", "aspects", "answer", "also",
    "claim", "label", "type", "expected", "turns",
)  # fmt: skip


def parse_row(row: object, place: Place) -> Question:
    """The question of a row.

    Raises:
        RowProblem: a field is missing or of the wrong type.
    """
    if not isinstance(row, dict):
        raise RowProblem(f"{type_name(row)} where an object with a question should be")
    fields = RowFields({str(key): value for key, value in row.items()}, _NAMES)
    name = fields.optional_text("id")
    if fields.has("claim"):
        return _claim(fields, place, name)
    text = fields.text("question")
    if fields.has("type") and fields.names_key("expected"):
        return parse_natural(fields, text, place, name)
    return _question(fields, text, place, name)


def _question(fields: RowFields, text: str, place: Place, name: str | None) -> Question:
    match _shape(fields):
        case Shape.SURVEY:
            return AnswerableQuestion(text, place, name, Shape.SURVEY, fields.grades())
        case Shape.COMPARISON:
            return _comparison(fields, text, place, name)
        case Shape.UNANSWERABLE:
            return UnanswerableQuestion(text, place, name, fields.text("kind"), fields.optional_paper_id("paper_id"))
        case Shape.DATED:
            today, window = fields.day("today"), Window(fields.open_day("from"), fields.open_day("to"))
            if today is None:
                raise RowProblem("today is missing")
            return DatedQuestion(text, place, name, today, ordered(window, "from and to"), fields.windows("alt"))
        case _:
            ids = (fields.paper_id("paper_id"), *fields.texts("also"))
            return AnswerableQuestion(
                text, place, name, Shape.KNOWN_ITEM, {plain_id(paper_id): 1 for paper_id in ids},
                kind=fields.optional_text("kind"), answer=fields.optional_text("answer"),
                gold_quote=fields.optional_text("gold_quote"),
            )  # fmt: skip


def _comparison(fields: RowFields, text: str, place: Place, name: str | None) -> AnswerableQuestion:
    ids, aspects = fields.paper_ids("paper_ids"), fields.texts("aspects")
    if len(ids) < 2:
        raise RowProblem("paper_ids of a comparison need two papers or more")
    answer = fields.optional_text("answer")
    return AnswerableQuestion(
        text, place, name, Shape.COMPARISON, dict.fromkeys(ids, 1), answer=answer, aspects=aspects
    )


def _claim(fields: RowFields, place: Place, name: str | None) -> LabelledClaim:
    papers = fields.paper_ids("paper_ids") if fields.has("paper_ids") else (fields.paper_id("paper_id"),)
    if not papers:
        raise RowProblem("paper_ids names no paper")
    label = fields.choice("label", _LABELS)
    return LabelledClaim(fields.text("claim"), place, name, papers, label, fields.optional_text("kind"))


def _shape(fields: RowFields) -> Shape:
    """The shape that the fields of a question mean."""
    if fields.has("paper_ids"):
        return Shape.COMPARISON if fields.has("aspects") else Shape.SURVEY
    if fields.is_one_of("kind", UNANSWERABLE_KINDS):
        return Shape.UNANSWERABLE
    if fields.has("paper_id"):
        return Shape.KNOWN_ITEM
    if fields.has("today") or fields.names_key("from") or fields.names_key("to"):
        return Shape.DATED
    if fields.has("kind"):
        return Shape.UNANSWERABLE
    raise fields.problem("a question needs paper_id, paper_ids, kind, today with from and to, or type and expected")
