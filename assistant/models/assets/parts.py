"""A file put together from parts in order, so that an interruption costs the unfinished part and nothing more."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from assistant.models.assets.disk import write_atomically
from assistant.models.assets.failures import SourceFailure
from assistant.models.assets.threads import Stop


class PartedFile:
    """The unfinished file and the record of where each of its complete parts ends.

    ``identity`` names the list of parts: a record that was made for another list counts for nothing.
    """

    def __init__(self, path: Path, identity: str) -> None:
        self.path = path
        self._record = path.with_name(f"{path.name}.parts.json")
        self._identity = identity
        self._ends: list[int] = []

    @property
    def completed(self) -> int:
        """How many parts are complete."""
        return len(self._ends)

    @property
    def size(self) -> int:
        """Bytes of the complete parts together."""
        return self._ends[-1] if self._ends else 0

    def resume(self) -> None:
        """Take up what an earlier run left: complete parts are kept, a torn end is cut off."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            length = file.tell()
            self._ends = [end for end in self._recorded() if end <= length]
            file.truncate(self.size)

    def append(self, chunks: Iterable[bytes], limit: int, stop: Stop) -> None:
        """Add the next part and record it once its bytes are on the disk.

        ``limit`` is the size in bytes that the whole file may not exceed (`SourceFailure`).
        """
        size = self.size
        with self.path.open("r+b") as file:
            file.seek(size)
            file.truncate()
            for chunk in chunks:
                stop.check()
                size += len(chunk)
                if size > limit:
                    raise SourceFailure(f"it has more than the {limit} bytes that the list names", wrong_bytes=True)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        self._ends.append(size)
        write_atomically(self._record, json.dumps({"identity": self._identity, "ends": self._ends}))

    def _recorded(self) -> list[int]:
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            if record["identity"] == self._identity:
                return [int(end) for end in record["ends"]]
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            pass
        return []
