"""What the assistant knows about a paper: frozen values and the rules on them, no I/O.

A paper is identified by its arXiv id without version (``2501.01234``). A saved page gives none, so a paper
that is known by its title alone carries a provisional id, made of the normalized title, until a feed names it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import unquote

from assistant.withdrawal import withdrawal_statement

WITHDRAWN = "withdrawn"
"""How a paper is marked that its authors, or arXiv, have taken back."""

_PROVISIONAL_PREFIX = "title:"
_ID_MONTH = re.compile(r"(?:[a-zA-Z.-]+/)?(\d\d)(0[1-9]|1[0-2])", re.ASCII)

# An id is YYMM.number since April 2007, and was archive/YYMMnumber before
# (https://info.arxiv.org/help/arxiv_identifier.html). A month that does not exist makes a decimal, not an id.
_MONTH = r"(?:0[1-9]|1[0-2])"
_NEW_STYLE = rf"(?:0[7-9]|[1-9]\d){_MONTH}\.\d{{4,5}}"
_ARCHIVES = (  # all that took papers before April 2007, those included that were merged into others since
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga"
    "|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph"
    "|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)
_OLD_STYLE = rf"(?:{_ARCHIVES})(?:\.[a-z]{{2}})?/(?:9\d|0[0-7]){_MONTH}\d{{3}}"
_ID = rf"(?P<id>{_NEW_STYLE}|{_OLD_STYLE})(?:\s?v\d{{1,3}})?(?![\w]|\.\d)"

_CATEGORY = r"[a-z]+(?:-[a-z]+)*(?:\.[a-z]{2}|\.[a-z]+(?:-[a-z]+)+)?"
_STAMP = (  # what the page's margin, a listing or a reference manager writes behind an id
    rf"(?:\s*\[{_CATEGORY}(?:[,;]\s*{_CATEGORY})*\]"
    r"(?:\s*\d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{4})?)?"
)
_PREFIX = (
    r"(?:(?:doi\s*:?\s*)?10\.48550/arxiv[.:]|(?:arxiv\s+)?(?:e-?print\s+|preprint\s+)?arxiv(?:\s+id)?\s*[:./_#-]?\s*"
    r"|(?:corr\s+)?(?:abs|pdf|papers?)/)"
)
_NUMBER_SIGNS = "$€£¥+"
_WRITTEN = re.compile(
    rf"(?:(?<![\w.]){_PREFIX}|(?<![\w./{_NUMBER_SIGNS}])(?<!\w@)(?<![\s(]-)(?<!\A-))(?:abs/)?{_ID}(?!\s?[%€£¥°])"
    rf"(?:\.(?:pdf|html?|txt|tex)\b)?{_STAMP}",
    re.ASCII | re.IGNORECASE,
)
_LINK = re.compile(
    r"<?\b(?:https?://|www\.|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,}/)[^\s<>\"“”|]*?(?=[,;]\s*https?://|[\s<>\"“”|]|$)>?",
    re.IGNORECASE,
)
_LINKED_ID = re.compile(rf"(?:(?<![\w.])|(?<=\barxiv[.])){_ID}", re.ASCII | re.IGNORECASE)
_LABELLED_LINK = re.compile(
    r"\[(?P<label>[^\[\]]*)\]\(\s*(?P<target><?[^\s()]+(?:\([^\s()]*\))?>?)(?:\s+\"[^\"]*\")?\s*\)"
)
_FOREIGN_DOI = re.compile(r"\b10\.(?!48550/)\d{4,9}/\S+")
_BEHIND_LINK = re.compile(_STAMP, re.ASCII | re.IGNORECASE)
_LINK_END = ".,;:!?'’*_`~)]}"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_ALIKE = str.maketrans({"：": ":", "．": ".", "／": "/", "‐": "-", "‑": "-"})  # one letter each: offsets stay
_WORD = re.compile(r"\w")
_EMPTY_BRACKETS = re.compile(r"\([\s,;:.]*\)|\[[\s,;:.]*\]|\{\s*\}|<\s*>|“\s*”|\"\s*\"|'\s*'")
_SPACE_BEFORE = re.compile(r"\s+(?=[?.!,;:)\]])|(?<=[(\[])\s+")
_HANGING = re.compile(r"^[\s,;:]+|[,;:(\[][\s,;:(\[]*(?=[?.!]*\s*$)")

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

    ``title`` and ``abstract`` are cleaned by `clean_text` and `plain_text`; offsets of evidence sentences index
    ``abstract``. ``published`` is the arXiv date, not the day of the listing. ``comment`` is what its authors say of
    it on arXiv ("12 pages").
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
class IdMention:
    """An arXiv id where it stands in a text: from ``start`` to ``end`` with the link or reference that holds it.

    ``label`` is what a Markdown link shows to its reader, empty for other links.
    """

    paper_id: str
    start: int
    end: int
    label: str = ""


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


def arxiv_day(paper_id: str, told: date | None) -> date | None:
    """The day of a paper's first version, as far as it is known from the day that a feed told.

    Since April 2026 the hub's ``publishedAt`` is a revision's day for some papers. An id is given out when the first
    version comes in, so no first version is later than the month of its id: a day of a later month is a revision's, and
    the first day of the id's month stands for the day that is not known. A day before that month is right: what is
    submitted on the last days of a month can get an id of the next one.
    """
    month = id_month(paper_id)
    is_revision = told and month and (told.year, told.month) > (month.year, month.month)
    return month if is_revision else told


def parse_paper_id(text: str) -> str | None:
    """The arXiv id without version that a text is: an id, a reference, a DOI or a link; None when it is more or less.

    Brackets, quotation marks and punctuation around it do not matter. A provisional id is one too.
    """
    plain = clean_text(text)
    if is_provisional(plain):
        return plain
    ids = parse_paper_ids(plain)
    return ids[0] if len(ids) == 1 else None


def parse_paper_ids(text: str) -> tuple[str, ...]:
    """The arXiv ids without versions of which a text is a list, each once; none when it has words beside them."""
    mentions = id_mentions(text)
    rest = _cut(text, [(mention.start, mention.end, " ") for mention in mentions])
    return () if _WORD.search(rest) else tuple(dict.fromkeys(mention.paper_id for mention in mentions))


def find_paper_ids(text: str) -> tuple[str, ...]:
    """Every arXiv id that stands in running text, without versions, in order, each once."""
    return tuple(dict.fromkeys(mention.paper_id for mention in id_mentions(text)))


def id_mentions(text: str) -> tuple[IdMention, ...]:
    """Every place of a text that names a paper by its arXiv id, in order; a link with two ids is mentioned twice."""
    alike = text.translate(_ALIKE)
    found = [*_labelled(alike)]
    taken = [(mention.start, mention.end) for mention in found]
    links = [(match.start(), match.end()) for match in _LINK.finditer(alike)]
    for start, end in _free(links, taken):
        found += _linked(alike, start, end)
    taken += links
    taken += [match.span() for match in _FOREIGN_DOI.finditer(alike)]
    for match in _WRITTEN.finditer(alike):
        if next(_free([match.span()], taken), None):
            found.append(IdMention(_canonical(match["id"]), *match.span()))
    return tuple(sorted(found, key=lambda mention: mention.start))


def without_id_mentions(text: str) -> str:
    """The text without ids and their links; what a Markdown link shows stays."""
    return replace_id_mentions(text, lambda mention: mention.label)


def replace_id_mentions(text: str, name_of: Callable[[IdMention], str]) -> str:
    """The text with names in place of ids and their links; where the name is empty no brackets are left."""
    mentions = id_mentions(text)
    if not mentions:
        return text
    rest = _cut(text, [(mention.start, mention.end, f" {name_of(mention)} ") for mention in mentions])
    tidy = _SPACE_BEFORE.sub("", " ".join(_EMPTY_BRACKETS.sub(" ", rest).split()))
    return _HANGING.sub("", tidy).strip()


def _labelled(text: str) -> Iterator[IdMention]:
    for match in _LABELLED_LINK.finditer(text):
        label, (start, end) = match["label"].strip(), match.span("target")
        shown = "" if id_mentions(label) else label
        for paper_id in _ids_in_link(text[start:end]):
            yield IdMention(paper_id, *match.span(), shown)


def _linked(text: str, start: int, end: int) -> list[IdMention]:
    """The ids of a link; punctuation and closing brackets behind it belong to the sentence."""
    link = text[start:end]
    if not link.startswith("<"):
        while link and link[-1] in _LINK_END and not _closes_within(link):
            link = link[:-1]
    behind = _BEHIND_LINK.match(text, start + len(link))
    stop = behind.end() if behind else start + len(link)
    return [IdMention(paper_id, start, stop) for paper_id in _ids_in_link(link)]


def _closes_within(link: str) -> bool:
    """Whether the closing bracket at the end of a link was opened inside of it."""
    opening = _BRACKETS.get(link[-1])
    return opening is not None and link.count(opening) >= link.count(link[-1])


def _ids_in_link(link: str) -> list[str]:
    address = unquote(link)
    if _FOREIGN_DOI.search(address):
        return []
    return list(dict.fromkeys(_canonical(match["id"]) for match in _LINKED_ID.finditer(address)))


def _free(spans: Sequence[tuple[int, int]], taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            yield start, end


def _cut(text: str, pieces: Sequence[tuple[int, int, str]]) -> str:
    """The text with other words in place of some stretches; of the same stretch given twice the first counts."""
    parts: list[str] = []
    last = 0
    for start, end, instead in pieces:
        if start >= last:
            parts += [text[last:start], instead]
            last = end
    return "".join([*parts, text[last:]])


def _canonical(paper_id: str) -> str:
    """The id in arXiv's spelling: the archive in small letters, the subject class in capitals."""
    archive, slash, number = paper_id.partition("/")
    name, dot, subject = archive.lower().partition(".")
    return f"{name}{dot}{subject.upper()}{slash}{number}" if slash else paper_id
