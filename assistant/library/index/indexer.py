"""Bringing the indexes up to the database, batch by batch, so that a stop at any point loses one batch at most."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from assistant.errors import LibraryError, LibraryMismatch
from assistant.library.index.index_set import DENSE, INDEX_NAMES, LEXICAL, IndexRegistry
from assistant.library.index.ports import Embedder
from assistant.library.index.tantivy_index import FINGERPRINT as WORDS
from assistant.library.records import IndexCount, IndexReport
from assistant.library.repositories.papers import papers_by_id
from assistant.library.sqlite.database import Database
from assistant.library.sqlite.errors import translated
from assistant.library.sqlite.rows import first_value, json_list
from assistant.papers import Paper

Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]

# Papers per durable write. A lexical commit costs about the same for one paper as for thousands; a stop has to wait
# for the embedder's batch.
_BATCH_SIZES = {LEXICAL: 4096, DENSE: 128}
_EMBEDDER_KEY = "embedder"
_WORDS_KEY = "words"
_TO_CLEAR, _TO_FILL = "clear", "fill"
_ANNOUNCED = ""  # in place of a content hash: the paper may be in the index or not


@dataclass(frozen=True, slots=True)
class _Work:
    """What one index lacks (shortest text first, so that an embedder pads little) and what it holds too much."""

    name: str
    to_add: tuple[str, ...]
    to_remove: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Batch:
    """The papers of one durable write to an index."""

    name: str
    paper_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexRun:
    """One run over the indexes of a library; the caller holds the writer lock.

    ``progress(done, total)`` counts the papers of the index that lacks most; ``should_stop`` is asked between
    batches.
    """

    database: Database
    registry: IndexRegistry
    progress: Progress | None = None
    should_stop: ShouldStop | None = None

    def catch_up(self) -> IndexReport:
        """Add what is new or changed to every index that can be opened, and take out what is gone.

        Raises `LibraryMismatch` when the dense index was made with another embedder.
        """
        check_embedder(self.database, self.registry.embedder)
        counts = self._filled(self.registry.names)
        stopped = any(counted.pending for counted in counts)
        unopened = [self._plan(name) for name in INDEX_NAMES if name not in self.registry.names]
        waiting = [IndexCount(work.name, pending=len(work.to_add)) for work in unopened]
        return IndexReport((*counts, *waiting), stopped)

    def renew_lexical(self) -> None:
        """Make the lexical index again, which takes seconds; the dense index stays as it is."""
        if waits_for_clearing(self.database, LEXICAL):
            self._filled([LEXICAL])

    def rebuild(self) -> IndexReport:
        """Make every index that can be opened anew; one that was interrupted while doing so is continued."""
        for name in self.registry.names:
            if not self._can_continue(name):
                self._order_clearing(name)
        return self.catch_up()

    def _filled(self, names: Sequence[str]) -> list[IndexCount]:
        for name in names:
            self._prepare(name)
        works = [self._plan(name) for name in names]
        longest = max(works, key=lambda work: len(work.to_add))
        return [self._carry_out(work, shows_progress=work is longest) for work in works]

    def _prepare(self, name: str) -> None:
        """Carry out a clearing that is due, and forget what was in an index whose files are gone."""
        is_gone = not self.registry.exists(name)
        if waits_for_clearing(self.database, name):
            with translated(self.database.folder):
                self.registry.get(name).clear()
        elif not is_gone:
            return
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM indexed WHERE index_name = ?", (name,))
            _set_meta(connection, _state_key(name), _TO_FILL)
            if name == LEXICAL:
                _set_meta(connection, _WORDS_KEY, WORDS)

    def _plan(self, name: str) -> _Work:
        with self.database.reading() as connection:
            to_add = connection.execute(
                "SELECT papers.paper_id FROM papers LEFT JOIN indexed"
                " ON indexed.index_name = ? AND indexed.paper_id = papers.paper_id"
                " WHERE indexed.content_hash IS NOT papers.content_hash"
                " ORDER BY length(title) + length(abstract)",
                (name,),
            ).fetchall()
            to_remove = connection.execute(
                "SELECT paper_id FROM indexed WHERE index_name = ? AND paper_id NOT IN (SELECT paper_id FROM papers)",
                (name,),
            ).fetchall()
        return _Work(name, tuple(paper_id for (paper_id,) in to_add), tuple(paper_id for (paper_id,) in to_remove))

    def _carry_out(self, work: _Work, *, shows_progress: bool) -> IndexCount:
        total = len(work.to_add)
        report_progress = self.progress if shows_progress and total else None
        if report_progress is not None:
            report_progress(0, total)
        done = 0
        for written in self._written(work):
            done += written
            if report_progress is not None:
                report_progress(done, total)
        if done < total:
            return IndexCount(work.name, added=done, pending=total - done)
        # Last, so that a paper which got another id can be found all the time.
        self._remove(work)
        self._note_complete(work.name)
        return IndexCount(work.name, added=done, removed=len(work.to_remove))

    def _written(self, work: _Work) -> Iterator[int]:
        """Add batch by batch, giving the size of each when it is on disk.

        A batch is written in a second thread while the next one is being embedded.
        """
        writing: Future[int] | None = None
        size = _BATCH_SIZES[work.name]
        with ThreadPoolExecutor(1, thread_name_prefix="index") as writer:
            for start in range(0, len(work.to_add), size):
                if self.should_stop is not None and self.should_stop():
                    break
                batch = _Batch(work.name, work.to_add[start : start + size])
                papers = self._load(batch)
                put = self._prepared(batch, papers)
                if writing is not None:
                    yield writing.result()
                writing = writer.submit(self._write, batch, papers, put)
            if writing is not None:
                yield writing.result()

    def _load(self, batch: _Batch) -> list[Paper]:
        with self.database.reading() as connection:
            return [stored.paper for stored in papers_by_id(connection, batch.paper_ids)]

    def _prepared(self, batch: _Batch, papers: list[Paper]) -> Callable[[], None]:
        """What puts the papers into the index; vectors are made here and now."""
        embedder = self.registry.embedder
        if batch.name == LEXICAL or embedder is None:
            return partial(self.registry.lexical().add, papers)
        vectors = embedder.embed([paper.text for paper in papers])
        return partial(self.registry.dense().add_vectors, papers, vectors)

    def _write(self, batch: _Batch, papers: list[Paper], put: Callable[[], None]) -> int:
        if batch.name == DENSE and self.registry.embedder is not None:
            self._claim(self.registry.embedder)
        # Announced first: what a crash leaves in the index unmarked is found again, even if its paper is gone by then.
        self._mark(batch.name, [(paper.paper_id, _ANNOUNCED) for paper in papers])
        with translated(self.database.folder):
            put()
        self._mark(batch.name, [(paper.paper_id, paper.content_hash) for paper in papers])
        return len(batch.paper_ids)

    def _remove(self, work: _Work) -> None:
        if not work.to_remove:
            return
        with translated(self.database.folder):
            self.registry.get(work.name).remove(work.to_remove)
        with self.database.transaction() as connection:
            connection.execute(
                "DELETE FROM indexed WHERE index_name = ? AND paper_id IN (SELECT value FROM json_each(?))",
                (work.name, json_list(work.to_remove)),
            )

    def _mark(self, name: str, hashes: list[tuple[str, str]]) -> None:
        with self.database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO indexed (index_name, paper_id, content_hash) VALUES (?, ?, ?)",
                [(name, paper_id, content_hash) for paper_id, content_hash in hashes],
            )

    def _claim(self, embedder: Embedder) -> None:
        with self.database.reading() as connection:
            if known_embedder(connection) is not None:
                return
        with self.database.transaction() as connection:
            _set_meta(connection, _EMBEDDER_KEY, embedder.fingerprint)

    def _note_complete(self, name: str) -> None:
        if _state(self.database, name) is not None:
            with self.database.transaction() as connection:
                connection.execute("DELETE FROM meta WHERE key = ?", (_state_key(name),))

    def _order_clearing(self, name: str) -> None:
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM indexed WHERE index_name = ?", (name,))
            _set_meta(connection, _state_key(name), _TO_CLEAR)
            if name == DENSE and self.registry.embedder is not None:
                _set_meta(connection, _EMBEDDER_KEY, self.registry.embedder.fingerprint)

    def _can_continue(self, name: str) -> bool:
        if _state(self.database, name) != _TO_FILL:
            return False
        try:
            check_embedder(self.database, self.registry.embedder)
            contents = self.registry.get(name).contents()
        except LibraryError:
            return False
        with self.database.reading() as connection:
            return marked(connection, name).items() <= contents.items()


def check_embedder(database: Database, embedder: Embedder | None) -> None:
    """Raise `LibraryMismatch` when the dense index was made with another embedder than this one."""
    with database.reading() as connection:
        fingerprint = known_embedder(connection)
    if embedder is not None and fingerprint not in (None, embedder.fingerprint):
        raise LibraryMismatch(
            f"the library was made with another embedder ({fingerprint}, now {embedder.fingerprint})",
            "run `assistant library rebuild`, or set `embedder.model` back to the former one",
        )


def known_embedder(connection: sqlite3.Connection) -> str | None:
    """The fingerprint of the embedder that made the dense index; None before there is one."""
    fingerprint = first_value(connection, "SELECT value FROM meta WHERE key = ?", _EMBEDDER_KEY)
    return None if fingerprint is None else str(fingerprint)


def marked(connection: sqlite3.Connection, name: str) -> dict[str, str]:
    """What an index is known to hold: content hash by paper id."""
    rows = connection.execute(
        "SELECT paper_id, content_hash FROM indexed WHERE index_name = ? AND content_hash <> ?", (name, _ANNOUNCED)
    )
    return dict(rows.fetchall())


def waits_for_clearing(database: Database, name: str) -> bool:
    """Whether the index holds what must not be read: a rebuild was ordered, or an older program split the words."""
    with database.reading() as connection:
        words = first_value(connection, "SELECT value FROM meta WHERE key = ?", _WORDS_KEY)
    return _state(database, name) == _TO_CLEAR or (name == LEXICAL and words != WORDS)


def _state(database: Database, name: str) -> str | None:
    with database.reading() as connection:
        state = first_value(connection, "SELECT value FROM meta WHERE key = ?", _state_key(name))
    return None if state is None else str(state)


def _state_key(name: str) -> str:
    return f"rebuild {name}"


def _set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))
