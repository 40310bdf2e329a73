"""What the models are trained on: the corpus, the split, and the texts that are made from them."""

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HELD_BACK = "012"
"""First hex digits of the SHA-1 of an arXiv id: papers that are never used for fitting."""

_CODE_OR_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class CorpusPaper:
    """One record of the corpus; ``summary`` and ``keywords`` are the feed's own, empty where it has none."""

    paper_id: str
    title: str
    abstract: str
    summary: str
    keywords: tuple[str, ...]

    @property
    def text(self) -> str:
        """Title and abstract, as a library embeds them."""
        return f"{self.title}\n{self.abstract}"


def is_held_back(paper_id: str) -> bool:
    """Whether a paper may only be reported on."""
    return hashlib.sha1(paper_id.encode()).hexdigest()[0] in HELD_BACK  # a split, not a secret


def read_corpus(path: Path) -> list[CorpusPaper]:
    """All papers of a corpus file (JSON Lines, gzip), texts cleaned as a library cleans them."""
    from assistant.papers import clean_text
    from assistant.plain_text import plain_text

    def cleaned(text: str) -> str:
        return plain_text(clean_text(text))

    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        CorpusPaper(
            record["id"],
            cleaned(record["title"]),
            cleaned(record["abstract"]),
            cleaned(record.get("ai_summary") or ""),
            tuple(record.get("ai_keywords") or ()),
        )
        for record in records
    ]


def read_rows(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def without_links(text: str) -> str:
    """The text without its web addresses."""
    return _CODE_OR_LINK.sub("", text).strip()


def sample(items: Sequence[str], most: int, chance: random.Random) -> list[str]:
    """At most ``most`` of the items, in random order."""
    return chance.sample(list(items), min(most, len(items)))
