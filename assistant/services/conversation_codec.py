"""What a turn holds beside its text, as JSON and back."""

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from assistant.answering.values import Answer, Packed
from assistant.library.repositories.merging import storable_text

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """The prompt with its sources, and the answer."""

    packed: Packed | None = None
    answer: Answer | None = None


def encoded(record: TurnRecord) -> str | None:
    """The record as JSON text; None for an empty one. Lone surrogates, which JSON cannot hold, become U+FFFD."""
    if record == TurnRecord():
        return None
    plain = _adapter().dump_python(record, mode="json")
    return storable_text(json.dumps(plain, ensure_ascii=False))


def decoded(text: str | None) -> TurnRecord:
    """The record of a JSON text; an empty one when the text is not such a record: the turn's own text still stands."""
    if text is None:
        return TurnRecord()
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(text)
    except ValidationError:
        return TurnRecord()


@cache
def _adapter() -> "TypeAdapter[TurnRecord]":
    from pydantic import TypeAdapter

    return TypeAdapter(TurnRecord)
