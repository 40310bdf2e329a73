"""What the application remembers between runs beside the library: theme, page, input history; a small JSON file."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Self

_LONGEST_HISTORY = 200


@dataclass(slots=True)
class UiState:
    """Choices of the reader. A file that cannot be read is the same as none; one that cannot be written is no error."""

    theme: str = ""
    page: str = "chat"
    history: list[str] = field(default_factory=list)
    introduced: bool = False
    """Whether the first steps were shown to their end or skipped."""

    @classmethod
    def read(cls, file: Path) -> Self:
        """What the file holds; unknown and unfit values are left out."""
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return cls()
        remembered = cls()
        if isinstance(stored, dict):
            for member in fields(cls):
                value = stored.get(member.name)
                if type(value) is type(getattr(remembered, member.name)):
                    setattr(remembered, member.name, value)
        remembered.history = [entry for entry in remembered.history if isinstance(entry, str)]
        return remembered

    def write(self, file: Path) -> None:
        """Keep it; the file is replaced as a whole, by whichever process writes last."""
        partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")
            partial.replace(file)
        except OSError:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def add_to_history(self, entry: str) -> None:
        """Note an input; the same one twice in a row is kept once, the oldest ones are dropped."""
        if entry.strip() and self.history[-1:] != [entry]:
            self.history = [*self.history, entry][-_LONGEST_HISTORY:]
