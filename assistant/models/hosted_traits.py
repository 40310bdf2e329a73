"""What was found out about a server's model by asking it: kept for the process, and for the next one in a file."""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_MOST_ENTRIES = 500


@dataclass(slots=True)
class ServerTraits:
    """``refused`` are the parts of a request that the server does not take; they are tried again in a new process.

    ``thinks`` says that the model needs room to think in its limit, ``unmarked`` that its thoughts come within its text
    and have an end mark alone. Both hold for good and are kept in ``file`` under ``name``, which holds no secret.
    """

    name: str
    file: Path | None = None
    refused: set[str] = field(default_factory=set)
    thinks: bool = False
    unmarked: bool = False

    def __post_init__(self) -> None:
        kept = _entries(self.file).get(self.name, [])
        self.thinks, self.unmarked = "thinks" in kept, "unmarked" in kept

    def learn(self, *, thinks: bool = False, unmarked: bool = False) -> None:
        """Note what an answer showed; a file that cannot be written is no failure."""
        if (thinks and not self.thinks) or (unmarked and not self.unmarked):
            self.thinks, self.unmarked = self.thinks or thinks, self.unmarked or unmarked
            with suppress(OSError):
                self._keep()

    def _keep(self) -> None:
        if self.file is None:
            return
        entries = _entries(self.file)
        entries.pop(self.name, None)
        entries[self.name] = [name for name in ("thinks", "unmarked") if getattr(self, name)]
        text = json.dumps(dict(list(entries.items())[-_MOST_ENTRIES:]), indent=1)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=self.file.name)
        with os.fdopen(handle, "w", encoding="utf-8") as temporary:
            temporary.write(text)
        Path(name).replace(self.file)


def _entries(file: Path | None) -> dict[str, list[str]]:
    """What the file holds; nothing when it is not there or damaged."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    entries = kept.items() if isinstance(kept, dict) else ()
    return {name: [one for one in value if isinstance(one, str)] for name, value in entries if isinstance(value, list)}
