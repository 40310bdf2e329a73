"""The file that keeps results, one JSON row each: for a human reading, and so that a run can go on later."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from assistant.errors import InputError
from assistant.evaluation.answers import MeasuredAnswer
from assistant.evaluation.claims import MeasuredClaim
from assistant.evaluation.natural import MeasuredNatural
from assistant.evaluation.questions import AnswerableQuestion, LabelledClaim, NaturalQuestion

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Measured = MeasuredAnswer | MeasuredClaim | MeasuredNatural
Key = tuple[str, str, tuple[str, ...]]

_ROW_START = b'{"file": '


class ResultLog:
    """Results that were measured before and those that are added, each written at once.

    A row belongs to the same question of a file of the same name. The last row may be cut off, by a run that was
    killed while it wrote: it is taken away, and the question asked again. ``checked_by`` is what decides on claims
    beside the cheap checks, as `MeasuredClaim` names it.

    Raises:
        InputError: the file cannot be read or written, holds something else, or results of another model.
    """

    def __init__(self, file: Path, model: str, checked_by: str = "") -> None:
        self._file = file
        self._model = model
        self._checked_by = checked_by
        self._logged = {_key_of_row(row): row for row in self._read()}
        self._append("")  # the file can be written: known before the first question costs anything

    def logged(self, question: AnswerableQuestion | LabelledClaim | NaturalQuestion) -> Measured | None:
        """The result that is there already."""
        papers = question.paper_ids if isinstance(question, LabelledClaim) else ()
        return self._logged.get((question.place.file, question.text, papers))

    def add(self, measured: Measured) -> None:
        """Keep a result."""
        self._logged[_key_of_row(measured)] = measured
        plain = _adapter().dump_python(measured, mode="json")
        self._append(json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")

    def _append(self, text: str) -> None:
        try:
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            raise _refused(self._file, error) from error

    def _read(self) -> Iterator[Measured]:
        if not self._file.exists():
            return
        try:
            content = self._file.read_bytes()
        except OSError as error:
            raise _refused(self._file, error) from error
        whole, _, rest = content.rpartition(b"\n")
        for number, line in enumerate(whole.split(b"\n"), start=1):
            if line.strip():
                yield self._row(line, number)
        if rest and not rest.startswith(_ROW_START) and not _ROW_START.startswith(rest):
            raise self._foreign(whole.count(b"\n") + 1 + bool(whole))
        if rest:
            self._cut(len(content) - len(rest))

    def _row(self, line: bytes, number: int) -> Measured:
        from pydantic import ValidationError

        try:
            measured = _adapter().validate_json(line)
        except ValidationError as error:
            raise self._foreign(number) from error
        if isinstance(measured, MeasuredClaim):
            if measured.checked_by != self._checked_by:
                raise self._of_another(f"claims checked with {measured.checked_by}", f"{self._checked_by} is to check")
        elif measured.model != self._model:
            raise self._of_another(f"answers by {measured.model}", f"{self._model} is to write")
        return measured

    def _of_another(self, held: str, now: str) -> InputError:
        return InputError(
            f"{self._file} holds {held}, and {now}.", "Name another file with --out, or the same --model."
        )

    def _foreign(self, line: int) -> InputError:
        return InputError(
            f"{self._file}:{line} is no answer of an earlier evaluation.", "Name another file with --out."
        )

    def _cut(self, length: int) -> None:
        try:
            with self._file.open("rb+") as stream:
                stream.truncate(length)
        except OSError as error:
            raise _refused(self._file, error) from error


def _key_of_row(measured: Measured) -> Key:
    match measured:
        case MeasuredAnswer() | MeasuredNatural():
            return measured.file, measured.question, ()
        case MeasuredClaim():
            return measured.file, measured.claim, measured.paper_ids
        case _:
            assert_never(measured)


def _refused(file: Path, error: OSError) -> InputError:
    return InputError(f"{file} cannot be read and written: {error.strerror or error}.", "Name another file with --out.")


@cache
def _adapter() -> "TypeAdapter[Measured]":
    from pydantic import TypeAdapter

    return TypeAdapter(Measured)
