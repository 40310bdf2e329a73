"""Atom feeds of digests: one file a profile in a folder, which any web server or feed reader can take."""

import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from itertools import count
from pathlib import Path

from assistant.errors import DeliveryError
from assistant.files import absolute, make_folder, save_bytes
from assistant.papers import WITHDRAWN, Paper, is_provisional
from assistant.reports.digest import SAMPLE_NOTICE, Digest, DigestEntry, links_of, summary_of, why_of

KEPT_ENTRIES = 200
_FIRST_AUTHORS = 5
_ATOM = "{http://www.w3.org/2005/Atom}"
_PROGRAM = "daily-papers-assistant"
_HOME = "https://huggingface.co/papers"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_NAME = re.compile(r"[^\w-]")
_LOCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class FeedWritten:
    """The file of a feed, how many of its entries are new, and where a former file went that could not be read."""

    file: Path
    added: int
    entries: int
    damaged: Path | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """One paper in a feed; ``content`` is HTML. It was ``published`` by the digest that had it first."""

    entry_id: str
    title: str
    link: str | None
    authors: tuple[str, ...]
    content: str
    published: datetime
    updated: datetime


class AtomFolder:
    """A folder with one Atom feed a profile.

    A feed has every entry of its last digest, and the latest of former ones up to ``most_entries`` entries in all.
    """

    def __init__(self, folder: Path, most_entries: int = KEPT_ENTRIES) -> None:
        self._folder = folder
        self._most_entries = most_entries

    def file_of(self, profile: str | None) -> Path:
        """Where the feed of a profile lies; None is the digest without a profile."""
        named = "-" + _NO_NAME.sub("-", profile) if profile else ""
        return absolute(self._folder) / f"daily-papers{named}.atom"

    def add(self, digest: Digest, at: datetime) -> FeedWritten:
        """Add the papers of a digest, made ``at`` (aware), to the feed of its profile, before those that it has.

        A paper that is in the feed already keeps its place and gets its text of now. The folder is made when it is
        not there; runs at the same time take turns. Blocking. Raises `DeliveryError` when the folder cannot be
        written.
        """
        from filelock import FileLock, Timeout

        file = self.file_of(digest.plan.profile)
        make_folder(file.parent)
        try:
            with FileLock(file.with_name(f".{file.name}.lock"), timeout=_LOCK_SECONDS):
                return self._add(file, digest, at.astimezone(UTC).replace(microsecond=0))
        except Timeout as error:
            raise DeliveryError(f"Another process writes {file}.", "Try again when it is done.") from error
        except OSError as error:
            raise DeliveryError(
                f"{file.parent} may not be written to: {error.strerror or error}.", "Name another folder."
            ) from error

    def _add(self, file: Path, digest: Digest, at: datetime) -> FeedWritten:
        former, damaged = _former(file)
        former_ids = {entry.entry_id: entry for entry in former}
        current = {entry.entry_id: entry for entry in (_entry(entry, at) for entry in digest.entries)}
        new = [entry for entry in current.values() if entry.entry_id not in former_ids]
        room = max(self._most_entries - len(current), 0)
        older = {entry.entry_id for entry in [e for e in former if e.entry_id not in current][:room]}
        kept_entries = [
            _renewed(entry, current.get(entry.entry_id))
            for entry in former
            if entry.entry_id in current or entry.entry_id in older
        ]
        entries = [*new, *kept_entries]
        if entries != former or not file.exists():
            save_bytes(file, _written(entries, digest.plan.profile, at))
        return FeedWritten(file, len(new), len(entries), damaged)


def _entry(digest_entry: DigestEntry, at: datetime) -> _Entry:
    paper = digest_entry.source.paper.paper
    entry_id = _urn(paper.paper_id) if is_provisional(paper.paper_id) else f"https://arxiv.org/abs/{paper.paper_id}"
    authors = tuple(author.name for author in paper.authors) or ((paper.organization,) if paper.organization else ())
    return _Entry(
        entry_id,
        _xml_text(paper.title) or entry_id,
        paper.link,
        tuple(_xml_text(name) for name in authors if _xml_text(name)),
        _content(digest_entry),
        at,
        at,
    )


def _content(digest_entry: DigestEntry) -> str:
    """Who wrote it and when, why it is shown, its summary: HTML. Upvotes drift, and would renew the entry each day."""
    stored = digest_entry.source.paper
    paper = stored.paper
    stated = (paper.withdrawn * WITHDRAWN, stored.day_text, paper.organization, _first_authors(paper))
    facts = " · ".join(part for part in stated if part)
    sample = SAMPLE_NOTICE if paper.source == "sample" else ""
    # Numbers of papers mean nothing outside their digest.
    summary = summary_of(digest_entry).replace(f" [{digest_entry.source.number}]", "")
    parts = [
        f"<p>{escape(text)}</p>" for text in map(_xml_text, (summary, facts, why_of(digest_entry), sample)) if text
    ]
    links = [f'<a href="{escape(_xml_text(address))}">{name}</a>' for name, address in links_of(stored)]
    return "".join([*parts, *([f"<p>{' · '.join(links)}</p>"] if links else [])]) or "<p></p>"


def _first_authors(paper: Paper) -> str:
    """Who wrote it, as far as a line goes: many readers show one author of an entry, or none."""
    names = [author.name for author in paper.authors]
    more = len(names) - _FIRST_AUTHORS
    return ", ".join(names[:_FIRST_AUTHORS]) + (f" and {more} more" if more > 0 else "")


def _renewed(former: _Entry, current: _Entry | None) -> _Entry:
    """An entry with its text of now; it is updated only when something of it changed."""
    if current is None or replace(current, published=former.published, updated=former.updated) == former:
        return former
    return replace(current, published=former.published)


def _written(entries: Sequence[_Entry], profile: str | None, at: datetime) -> bytes:
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.id(_urn(f"{_PROGRAM}/{profile or ''}"))
    feed.title(_xml_text(f"Daily Papers · {profile}" if profile else "Daily Papers"))
    feed.author({"name": _PROGRAM})
    feed.generator(_PROGRAM)
    feed.link(href=_HOME, rel="alternate")
    feed.updated(at)
    for entry in entries:
        feed_entry = feed.add_entry(order="append")
        feed_entry.id(entry.entry_id)
        feed_entry.title(entry.title)
        if entry.link:
            feed_entry.link(href=entry.link, rel="alternate")
        for name in entry.authors:
            feed_entry.author({"name": name})
        feed_entry.content(entry.content, type="html")
        feed_entry.published(entry.published)
        feed_entry.updated(entry.updated)
    written: bytes = feed.atom_str(pretty=True)
    return written


def _former(file: Path) -> tuple[list[_Entry], Path | None]:
    """The entries of the file as it is, and where it went when it could not be read; none when there is no file."""
    try:
        root = ET.fromstring(file.read_bytes())  # noqa: S314  # our own file; expat limits what entities may grow to
        if root.tag != f"{_ATOM}feed":
            raise ValueError("not a feed")
        return [_read(element) for element in root.iter(f"{_ATOM}entry")], None
    except FileNotFoundError:
        return [], None
    except (ET.ParseError, ValueError, LookupError):
        return [], _set_aside(file)


def _read(element: ET.Element) -> _Entry:
    """An entry as it was written. Raises `ValueError` for one that lacks what every entry has."""

    def text(name: str) -> str:
        content = element.findtext(f"{_ATOM}{name}")
        if not content:
            raise ValueError(f"an entry without {name}")
        return content

    def time(name: str) -> datetime:
        return datetime.fromisoformat(text(name)).astimezone(UTC)

    link = element.find(f"{_ATOM}link")
    return _Entry(
        text("id"),
        text("title"),
        None if link is None else link.get("href"),
        tuple(name.text or "" for name in element.findall(f"{_ATOM}author/{_ATOM}name")),
        text("content"),
        time("published"),
        time("updated"),
    )


def _set_aside(file: Path) -> Path:
    """Rename a file that cannot be read to a name in ``.bad`` that is free."""
    names = (f"{file.name}.bad{number if number > 1 else ''}" for number in count(1))
    return file.rename(next(aside for name in names if not (aside := file.with_name(name)).exists()))


def _urn(name: str) -> str:
    """An id that is the same for the same name."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _xml_text(text: str) -> str:
    """Text in one line without the characters that XML cannot hold."""
    return " ".join(_NOT_XML.sub("", text).split())
