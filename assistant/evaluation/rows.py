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

from assistant.answering.values import Verdict
from assistant.evaluation.natural_rows import parse_natural
from assistant.evaluation.questions import (
    AnswerableQuestion,
    DatedQuestion,
    LabelledClaim,
    Place,
    Question,
    Shape,
    UnanswerableQuestion,
    Window,
)
from assistant.evaluation.row_fields import RowFields, RowProblem, ordered, plain_id, type_name

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
                text, place, name, Shape.KNOWN_ITEM, {plain_id(one): 1 for one in ids},
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
