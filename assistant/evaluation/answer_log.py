"""The file that keeps measured answers, one JSON row each: for a human reading, and so that a run can go on later."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.evaluation.answers import MeasuredAnswer
from assistant.evaluation.questions import AnswerableQuestion

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Key = tuple[str, str]

_ROW_START = b'{"file": '


class AnswerLog:
    """Answers that were measured before and those that are added, each written at once.

    A row answers the same question of a file of the same name. The last row may be cut off, by a run that was killed
    while it wrote: it is taken away, and the question asked again.

    Raises:
        InputError: the file cannot be read or written, holds something else, or answers of another model.
    """

    def __init__(self, file: Path, model: str) -> None:
        self._file = file
        self._model = model
        self._kept = {_key(row.file, row.question): row for row in self._read()}
        self._append("")  # the file can be written: known before the first question costs anything

    def kept(self, question: AnswerableQuestion) -> MeasuredAnswer | None:
        """The answer that is there already."""
        return self._kept.get(_key(question.place.file, question.text))

    def add(self, measured: MeasuredAnswer) -> None:
        """Keep an answer."""
        self._kept[_key(measured.file, measured.question)] = measured
        plain = _adapter().dump_python(measured, mode="json")
        self._append(json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")

    def _append(self, text: str) -> None:
        try:
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            raise _refused(self._file, error) from error

    def _read(self) -> Iterator[MeasuredAnswer]:
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

    def _row(self, line: bytes, number: int) -> MeasuredAnswer:
        from pydantic import ValidationError

        try:
            measured = _adapter().validate_json(line)
        except ValidationError as error:
            raise self._foreign(number) from error
        if measured.model != self._model:
            raise InputError(
                f"{self._file} holds answers by {measured.model}, and {self._model} is to write.",
                "Name another file with --out, or the same --model.",
            )
        return measured

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


def _key(file: str, question: str) -> Key:
    return file, question


def _refused(file: Path, error: OSError) -> InputError:
    return InputError(f"{file} cannot be read and written: {error.strerror or error}.", "Name another file with --out.")


@cache
def _adapter() -> "TypeAdapter[MeasuredAnswer]":
    from pydantic import TypeAdapter

    return TypeAdapter(MeasuredAnswer)
