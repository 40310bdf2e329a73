"""A record of another tool in, the fields of our own export out, and the names of those that were not understood."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from assistant.arxiv_ids import find_paper_ids
from assistant.feeds.field_names import DATE, NAMES, NOT_KEPT, Meaning, field_key, meaning_of, tells_publication_day
from assistant.feeds.json_values import link_of
from assistant.feeds.person_names import author_names
from assistant.feeds.record_days import Precision, RecordDay, month_number, record_day
from assistant.papers import clean_text, id_month, is_provisional, parse_paper_id

_ID_IN_WORDS = frozenset(
    {"journal", "journaltitle", "publicationtitle", "containertitle", "howpublished", "reportnumber"}
)
_OF_ARXIV = ("arxivid", "arxiv", "eprint")
_LAST_SHORT_ID = 1412  # since 2015 an id has five digits behind its month, and had four before
_ID_ON_A_LINE = frozenset({"extra", "note", "notes", "annote", "number"})
_BIBLIOGRAPHIC = frozenset(
    {"doi", "itemtype", "journal", "publisher", "creators", "year", "publicationtitle", "booktitle", "venue", "issued"}
)
_ARXIV_MARKS = frozenset({"authorsparsed", "versions", "entryid", "primarycategory"})
_HUB_MARKS = frozenset({"aikeywords", "aisummary", "githubrepo", "submittedondailyat", "submittedat", "publishedat"})
_MARKUP = re.compile(r"</?(?:jats:)?[a-z][a-z-]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+", re.ASCII)
_SEPARATOR = re.compile(r"[;|\n]|,\s")

_LONGEST_NAME = 60
_MOST_UNREAD = 200

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Translation:
    """``fields`` as `export_record` reads them; ``unread`` are the names of fields that were not understood.

    ``tells_own_day`` says that the listing day is the hub's ``submittedOnDailyAt``, which can be days late;
    ``is_reference`` that the record is a bibliography's, by fields that only those have.
    """

    fields: dict[str, object]
    unread: tuple[str, ...] = ()
    tells_own_day: bool = False
    is_reference: bool = False


def translated(item: Fields, *, date_is_listing: bool | None = None) -> Translation:
    """Translate a record; ``date_is_listing`` says what its ``date`` is, None decides by the fields beside it."""
    return _Translator(item, date_is_listing).translation()


def unread_names(item: Fields) -> tuple[str, ...]:
    """The names of fields that hold something and mean nothing here."""
    names = (name for name, value in item.items() if not _is_empty(value) and not _is_known(field_key(name)))
    return tuple(cleaned for name in names if (cleaned := clean_text(name)[:_LONGEST_NAME]))[:_MOST_UNREAD]


class _Translator:
    """Reads one record, meaning by meaning."""

    def __init__(self, item: Fields, date_is_listing: bool | None) -> None:
        self._values = {field_key(name): value for name, value in reversed([*item.items()]) if not _is_empty(value)}
        self._spelling = {field_key(name): name for name in item}
        self._unread = list(unread_names(item))
        self._tells_own_day = False
        has_own_dates = any(map(tells_publication_day, self._values))
        is_daily = has_own_dates or bool(self._all(Meaning.UPVOTES)) or _BIBLIOGRAPHIC.isdisjoint(self._values)
        self._date_is_listing = is_daily if date_is_listing is None else date_is_listing

    def translation(self) -> Translation:
        paper_id = self._paper_id()
        fields = {
            "id": paper_id or self._odd_id(),
            "title": self._title(),
            "abstract": self._abstract(),
            "date": self._listed(),
            "published": self._published(paper_id),
            "authors": self._authors(),
            "upvotes": self._count(Meaning.UPVOTES),
            "comments": self._count(Meaning.COMMENTS),
            "organization": self._first(Meaning.ORGANIZATION),
            "ai_keywords": self._keywords(),
            "github_repo": self._link(Meaning.GITHUB),
            "project_page": self._link(Meaning.PROJECT_PAGE) or (None if paper_id else self._own_link()),
            "comment": self._remark(),
            "source": self._source(),
        }
        is_in_collection = self._values.get("type") == "paper"  # of the hub, which lists papers without abstracts
        is_reference = is_in_collection or not _BIBLIOGRAPHIC.isdisjoint(self._values)
        return Translation(fields, tuple(dict.fromkeys(self._unread)), self._tells_own_day, is_reference)

    def _all(self, meaning: Meaning) -> list[tuple[str, object]]:
        return [(name, self._values[name]) for name in NAMES[meaning] if name in self._values]

    def _first(self, meaning: Meaning) -> object:
        return next((value for _, value in self._all(meaning)), None)

    def _note(self, name: str, reason: str) -> None:
        self._unread.append(f"{clean_text(self._spelling.get(name, name))[:_LONGEST_NAME]} ({reason})")

    def _paper_id(self) -> str | None:
        ids = (_id_in(name, value) for name, value in self._all(Meaning.PAPER_ID))
        paper_id = next((paper_id for paper_id in ids if paper_id), None)
        if paper_id is None:
            id_name = next((name for name in (*_OF_ARXIV, "id") if name in self._values), None)
            if id_name and not is_provisional(str(self._values[id_name])):
                self._note(id_name, "not an arXiv id")
        return paper_id

    def _odd_id(self) -> object:
        """An id that a reader should hear of: a number that may have lost its last zeros."""
        value = self._values.get("id")
        return (
            value
            if (isinstance(value, float) and _id_of_number(value) is None)
            or (isinstance(value, str) and is_provisional(value))
            else None
        )

    def _title(self) -> object:
        title = self._first(Meaning.TITLE)
        return title[0] if isinstance(title, list) and title and isinstance(title[0], str) else title

    def _abstract(self) -> object:
        abstract = self._first(Meaning.ABSTRACT)
        if isinstance(abstract, dict):
            return _from_inverted_index(abstract) or abstract
        if isinstance(abstract, str) and abstract.lstrip().startswith("<"):
            return _MARKUP.sub(" ", abstract)
        return abstract

    def _authors(self) -> list[str]:
        for name, value in self._all(Meaning.AUTHORS):
            names = author_names(value)
            if names:
                if any("," in each for each in names):
                    self._note(name, "names that cannot be told apart")
                return list(names)
            if names is None:
                self._note(name, "names in a form that is not known")
        return []

    def _listed(self) -> object:
        named = [(name, value) for name, value in self._all(Meaning.LISTED) if not _is_day_of_month(name, value)]
        for name, value in named:
            record_date = record_day(value)
            if record_date and record_date.precision is Precision.DAY:
                self._tells_own_day = name.startswith("submitted")
                return record_date.day.isoformat()
            self._note(name, "not a day")
        value = self._values.get(DATE) if self._date_is_listing else None
        record_date = record_day(value)
        if record_date and record_date.precision is Precision.DAY:
            return record_date.day.isoformat()
        if value is not None:
            self._note(DATE, "not a day")
        return None

    def _published(self, paper_id: str | None) -> str | None:
        best: RecordDay | None = None
        for name, value in self._publication_dates():
            record_date = record_day(_first_version(value) if name == "versions" else value)
            if record_date is None:
                self._note(name, "not a date")
            elif best is None or record_date.precision > best.precision:
                best = record_date
        month = month_number(str(self._first(Meaning.MONTH) or ""))
        if best and month and best.precision is Precision.YEAR:
            best = RecordDay(best.day.replace(month=month), Precision.MONTH)
        if best and best.precision is Precision.YEAR:
            if month_of_id := id_month(paper_id or ""):  # more exact, and the month of the first version
                return month_of_id.isoformat()
            self._note("year" if "year" in self._values else DATE, "a year alone: 1 January stands for it")
        return best.day.isoformat() if best else None

    def _publication_dates(self) -> Iterator[tuple[str, object]]:
        record_date = record_day(self._values.get(DATE))
        if DATE in self._values and not (
            self._date_is_listing and (record_date is None or record_date.precision is Precision.DAY)
        ):
            yield DATE, self._values[DATE]  # a month or a year is no listing day, whatever stands beside it
        parts = [self._values.get(name) for name in ("year", "month", "day")]
        if all(parts) and _is_day_of_month("day", parts[2]):
            yield "day", parts
        yield from self._all(Meaning.PUBLISHED)

    def _count(self, meaning: Meaning) -> int | None:
        for name, value in self._all(meaning):
            text = str(value).removesuffix(".0").replace(",", "")
            if not isinstance(value, bool) and text.isdecimal() and text.isascii():
                return int(text[:12])
            if meaning is not Meaning.COMMENTS:  # arXiv's comments are words
                self._note(name, "not a count")
        return None

    def _remark(self) -> str | None:
        """What the authors say of the paper ("12 pages"); the hub counts its comments under the same name."""
        for _, value in self._all(Meaning.REMARK):
            text = value[0] if isinstance(value, list) and value else value
            if isinstance(text, str) and not text.strip().isdecimal():
                return text.removeprefix("Comment:").strip()
        return None

    def _keywords(self) -> list[object]:
        value = self._first(Meaning.KEYWORDS)
        if isinstance(value, str):
            return list(_SEPARATOR.split(value))
        entries = value if isinstance(value, list) else []
        return [
            entry.get("name") or entry.get("display_name") if isinstance(entry, dict) else entry for entry in entries
        ]

    def _link(self, meaning: Meaning) -> str | None:
        return next((link for _, value in self._all(meaning) if (link := link_of(value))), None)

    def _own_link(self) -> str | None:
        """Where a paper that arXiv does not have is found."""
        for name in ("url", "urls", "link", "doi"):
            value = self._values.get(name)
            text = value[0] if isinstance(value, list) and value else value
            if link := link_of(text):
                return link
            if name == "doi" and isinstance(text, str) and _DOI.fullmatch(text.strip()):
                return f"https://doi.org/{text.strip()}"
        return None

    def _source(self) -> object:
        """Where the record is from, as far as its fields tell; the hub calls an abstract a summary."""
        if not _ARXIV_MARKS.isdisjoint(self._values):
            return "arxiv"
        is_hub = "abstract" not in self._values and (
            "summary" in self._values or not _HUB_MARKS.isdisjoint(self._values)
        )
        return "huggingface" if is_hub else self._values.get("source")


def _is_known(name: str) -> bool:
    return name in NOT_KEPT or name in {DATE, ""} or meaning_of(name) is not None


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def _is_day_of_month(name: str, value: object) -> bool:
    return name == "day" and str(value).isdecimal() and int(str(value)[:9]) <= 31


def _first_version(versions: object) -> object:
    """When the first version came: arXiv lists them with their times."""
    if not isinstance(versions, list):
        return versions
    entries = [entry for entry in versions if isinstance(entry, dict)]
    first = next((entry for entry in entries if entry.get("version") in {"v1", 1, "1"}), entries[0] if entries else {})
    return next((first[name] for name in ("created", "date", "submitted") if first.get(name)), None)


def _id_in(name: str, value: object) -> str | None:
    """The arXiv id in a field: an id, a DOI, a link; in running text only where it is said to be the paper's own."""
    match value:
        case str() if value.isascii() or name in _ID_IN_WORDS | _ID_ON_A_LINE:
            return _id_in_text(name, value[:4_000])
        case dict():
            arxiv_first = sorted(value.items(), key=lambda entry: "arxiv" not in str(entry[0]).lower())
            ids: Iterable[str | None] = (_id_in(field_key(str(inner)), each) for inner, each in arxiv_first)
        case list():
            ids = (_id_in(name, each) for each in value[:50])
        case float() if name in {*_OF_ARXIV, "id"}:
            return _id_of_number(value)
        case _:
            return None
    return next((paper_id for paper_id in ids if paper_id), None)


def _id_of_number(value: float) -> str | None:
    """An id that a table kept as a number; None where zeros at its end are lost, for they may be rounded away."""
    month, _, number = repr(value).partition(".")
    if not (month.isdecimal() and len(number) == (4 if int(month) <= _LAST_SHORT_ID else 5)):
        return None
    return parse_paper_id(f"{month:0>4}.{number}")


def _id_in_text(name: str, text: str) -> str | None:
    if name == "volume" and not text.strip().lower().startswith("abs/"):  # as DBLP writes it, of the journal CoRR
        return None
    if name in _ID_IN_WORDS:
        return next(iter(find_paper_ids(text)), None) if "arxiv" in text.lower() else None
    if name in _ID_ON_A_LINE:
        stated = (line.strip() for line in text.splitlines() if line.strip().lower().startswith(("arxiv", "eprint")))
        paper_ids = chain.from_iterable(find_paper_ids(line) for line in stated)
        return next(paper_ids, None)
    paper_id = parse_paper_id(text)
    return None if paper_id is None or is_provisional(paper_id) else paper_id


def _from_inverted_index(index: Fields) -> str | None:
    """The text of OpenAlex's ``{"word": [positions]}``."""
    if not all(isinstance(positions, list) for positions in index.values()):
        return None
    placed = [
        (place, word)
        for word, positions in index.items()
        if isinstance(positions, list)
        for place in positions
        if isinstance(place, int)
    ]
    return " ".join(word for _, word in sorted(placed))
