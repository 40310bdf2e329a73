"""What the assistant knows about a paper: frozen values and the rules on them, no I/O.

A paper is identified by its arXiv id without version (``2501.01234``). A saved page gives none, so a paper
that is known by its title alone carries a provisional id, made of the normalized title, until a feed names it.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_NEW_STYLE = r"\d{4}\.\d{4,5}"
_OLD_STYLE = r"[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7}"
_ARXIV_ID = re.compile(rf"(?<![\w.])({_NEW_STYLE}|{_OLD_STYLE})(?:v\d+)?(?!\w|\.\d)", re.ASCII)
_PAPER_LINK = re.compile(rf"/(?:abs|pdf|html|papers)/({_NEW_STYLE}|{_OLD_STYLE})(?:v\d+)?", re.ASCII)
_PROVISIONAL_PREFIX = "title:"

_ANSI_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"  # control characters but for white space
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # no width, direction overrides
    "\U000e0000-\U000e0fff]"  # tags and further variation selectors, in which text can hide
)


class Source(StrEnum):
    """Where the text of a paper came from; a later member never replaces the text of an earlier one."""

    HUGGINGFACE = "huggingface"
    ARXIV = "arxiv"
    EXPORT = "export"
    SAVED_PAGE = "saved_page"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Author:
    """One author, by the name the feed gives."""

    name: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper's own facts; what a day's listing adds (upvotes, comments) is a `Listing`.

    ``title`` and ``abstract`` are cleaned by `clean_text`; offsets of evidence sentences index ``abstract``.
    ``published`` is the arXiv date, not the day of the listing.
    """

    paper_id: str
    title: str
    abstract: str
    source: Source
    authors: tuple[Author, ...] = ()
    published: date | None = None
    organization: str | None = None
    keywords: tuple[str, ...] = ()
    github: str | None = None
    project_page: str | None = None

    @property
    def link(self) -> str | None:
        """The paper's page on Hugging Face; None while only its title is known."""
        if is_provisional(self.paper_id):
            return None
        return f"https://huggingface.co/papers/{self.paper_id}"

    @property
    def byline(self) -> str:
        """The organization, or else the first authors; empty when the feed names neither."""
        if self.organization:
            return self.organization
        names = [author.name for author in self.authors[:3]]
        return ", ".join(names) + (" et al." if len(self.authors) > len(names) else "")

    @property
    def text(self) -> str:
        """Title and abstract as one text: what is embedded and what a content hash is made of."""
        return f"{self.title}\n{self.abstract}"

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of `text`: the version of the paper that summaries and embeddings belong to."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Listing:
    """A paper on one day's page: the listing day (UTC) and the counts seen when it was fetched."""

    day: date
    upvotes: int | None = None
    comments: int | None = None


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """One paper as a feed gave it.

    ``listing`` is None where the source has no daily page (an arXiv query). ``raw`` is the record as JSON text,
    kept for fields that are not read yet. ``place`` says where it stood, for messages: ``page.txt:12``, ``[3]``.
    """

    paper: Paper
    listing: Listing | None
    raw: str
    place: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """One record that could not be read: where it stood and why, in words for the reader."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """What one request or one file gave: the records that can be kept and those that cannot.

    ``origin`` names it for the reader ("Hugging Face 2025-10-15", "page.txt"). ``day`` is the listing day when
    the whole batch belongs to one.
    """

    origin: str
    records: tuple[FeedRecord, ...]
    rejections: tuple[Rejection, ...] = ()
    day: date | None = None


def clean_text(text: str) -> str:
    """Return feed text in one line, safe to print: no escapes, control or hidden characters, single spaces.

    Right-to-left text, emoji (with their joiners) and LaTeX stay; lone surrogates become U+FFFD.
    """
    printable = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    visible = _HIDDEN.sub("", _ANSI_ESCAPE.sub("", printable))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def printable(text: str) -> str:
    """A piece of text from outside without control and hidden characters; lines stay. Safe for pieces of a stream."""
    return _HIDDEN.sub("", text.replace("\r", ""))


def normalized_title(title: str) -> str:
    """The letters and digits of a title, case folded: equal for the same paper from different feeds."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(character for character in folded if character.isalnum()) or folded.strip()


def provisional_id(title: str) -> str:
    """The id of a paper of which only the title is known."""
    return _PROVISIONAL_PREFIX + hashlib.sha256(normalized_title(title).encode()).hexdigest()[:12]


def is_provisional(paper_id: str) -> bool:
    """Whether the id was made from the title and waits for a feed to name the paper."""
    return paper_id.startswith(_PROVISIONAL_PREFIX)


def parse_paper_id(text: str) -> str | None:
    """The arXiv id without version in an id, ``arXiv:`` reference or link; None when the text is none of these."""
    stripped = text.strip()
    if is_provisional(stripped):
        return stripped
    if "/" in stripped and (linked := _PAPER_LINK.search(stripped)):
        return linked.group(1)
    bare = stripped.removeprefix("arXiv:").removeprefix("arxiv:").strip()
    matched = _ARXIV_ID.fullmatch(bare)
    return matched.group(1) if matched else None


def find_paper_ids(text: str) -> tuple[str, ...]:
    """Every arXiv id that stands in running text, without versions, in order, each once."""
    found = [*_PAPER_LINK.findall(text), *_ARXIV_ID.findall(text)]
    return tuple(dict.fromkeys(found))
