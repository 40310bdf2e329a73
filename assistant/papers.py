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

from assistant.arxiv_ids import parse_paper_ids
from assistant.withdrawal import withdrawal_statement

WITHDRAWN = "withdrawn"
"""How a paper is marked that its authors, or arXiv, have taken back."""

_PROVISIONAL_PREFIX = "title:"
_ID_MONTH = re.compile(r"(?:[a-zA-Z.-]+/)?(\d\d)(0[1-9]|1[0-2])", re.ASCII)

_ANSI_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"  # control characters but for white space
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # no width, direction overrides
    "\U000e0000-\U000e0fff]"  # tags and further variation selectors, in which text can hide
)


class Provenance(StrEnum):
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

    ``title`` and ``abstract`` are cleaned by `clean_text` and `plain_text`; offsets of evidence sentences index
    ``abstract``. ``published`` is the arXiv date, not the day of the listing. ``comment`` is what its authors say of
    it on arXiv ("12 pages").
    """

    paper_id: str
    title: str
    abstract: str
    source: Provenance
    authors: tuple[Author, ...] = ()
    published: date | None = None
    organization: str | None = None
    keywords: tuple[str, ...] = ()
    github: str | None = None
    project_page: str | None = None
    comment: str | None = None

    @property
    def withdrawn(self) -> bool:
        """Whether its abstract or its comment says that the paper has been withdrawn."""
        return withdrawal_statement(self.abstract, self.comment) is not None

    @property
    def shown_id(self) -> str:
        """Its arXiv id as readers see it; empty while only its title is known, whose id is the program's own."""
        return "" if is_provisional(self.paper_id) else self.paper_id

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
        return text_of(self.title, self.abstract)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of `text`: the version of the paper that summaries and embeddings belong to."""
        return content_hash(self.title, self.abstract)


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
    ``unread_fields`` are the names of fields that were not understood. ``tells_own_day`` says that no day was asked
    for and the listing day is the record's own word, which the feed can give days late; ``own_day`` is that word, also
    where a day was asked for.
    """

    paper: Paper
    listing: Listing | None
    raw: str
    place: str
    unread_fields: tuple[str, ...] = ()
    tells_own_day: bool = False
    own_day: date | None = None


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

    @property
    def unread_fields(self) -> tuple[str, ...]:
        """The names of fields that were not understood, each once, in the order they came."""
        return tuple(dict.fromkeys(name for record in self.records for name in record.unread_fields))


def text_of(title: str, abstract: str) -> str:
    """`Paper.text` of a title and an abstract."""
    return f"{title}\n{abstract}"


def content_hash(title: str, abstract: str) -> str:
    """`Paper.content_hash` of a title and an abstract."""
    return hashlib.sha256(text_of(title, abstract).encode()).hexdigest()


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


def id_month(paper_id: str) -> date | None:
    """The first day of the month in an arXiv id (``2405.01234``, ``hep-th/9901001``); None for a provisional id."""
    digits = _ID_MONTH.match(paper_id)
    if digits is None:
        return None
    year = int(digits[1])
    return date(year + (1900 if year >= 91 else 2000), int(digits[2]), 1)


def arxiv_day(paper_id: str, reported_day: date | None) -> date | None:
    """The day of a paper's first version, as far as it is known from the day that a feed reports.

    Since April 2026 the hub's ``publishedAt`` is a revision's day for some papers. An id is given out when the first
    version comes in, so no first version is later than the month of its id: a day of a later month is a revision's, and
    the first day of the id's month stands for the day that is not known. A day before that month is right: what is
    submitted on the last days of a month can get an id of the next one.
    """
    month = id_month(paper_id)
    is_revision = reported_day and month and (reported_day.year, reported_day.month) > (month.year, month.month)
    return month if is_revision else reported_day


def parse_paper_id(text: str) -> str | None:
    """The arXiv id without version that a text is: an id, a reference, a DOI or a link; None when it is more or less.

    Brackets, quotation marks and punctuation around it do not matter. A provisional id is one too.
    """
    plain = clean_text(text)
    if is_provisional(plain):
        return plain
    ids = parse_paper_ids(plain)
    return ids[0] if len(ids) == 1 else None
