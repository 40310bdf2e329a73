"""The library of papers: one folder with the database (``papers.db``) and the indexes made from it."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from assistant.errors import LibraryError
from assistant.library import removal
from assistant.library.collection import Collection
from assistant.library.filters import Filters, matching_ids
from assistant.library.index.index_set import DENSE, LEXICAL, IndexRegistry
from assistant.library.index.indexer import IndexRun, Progress, ShouldStop, check_embedder, waits_for_clearing
from assistant.library.index.integrity import check_library, library_stats
from assistant.library.index.ports import DensePaperIndex, Embedder, LexicalPaperIndex
from assistant.library.records import CheckReport, IndexReport, IngestReport, LibraryStats, Snapshot, StoredPaper
from assistant.library.removal import MarkedPapers, Removal, RemovalRequest
from assistant.library.repositories import papers as queries
from assistant.library.repositories.conversations import ConversationRepository
from assistant.library.repositories.digest_history import DigestHistory
from assistant.library.repositories.ingest import ingest_batch
from assistant.library.repositories.paper_rows import PaperRowQueries
from assistant.library.repositories.papers import ids_by_title
from assistant.library.repositories.reading_marks import Marks
from assistant.library.repositories.trend_counts import Trends
from assistant.library.sqlite.database import Database
from assistant.library.sqlite.rows import instant_text
from assistant.library.sqlite.writer_lock import WriterLock
from assistant.papers import FeedBatch, Listing, Paper

_EXPORT_PAGE = 500


class Library:
    """Papers on disk, and what is known about them.

    Every method may be called from any thread (``asyncio.to_thread``): one connection serves them all, guarded by
    a lock that is held for a statement or a transaction, never while something is embedded. Methods that write
    papers or indexes take the writer lock for their own duration unless `writing` holds it already; reading
    needs no lock. All raise `LibraryError` when the disk refuses.

    ``browsing`` reads light rows for lists, ``collection`` who wrote them, and ``trends`` counts them; ``marks`` and
    ``conversations`` keep what the reader does, ``digest_history`` what digests have shown.
    """

    def __init__(self, database: Database, registry: IndexRegistry, writer_lock: WriterLock) -> None:
        self._database = database
        self._registry = registry
        self._writer_lock = writer_lock
        self._indexing = Lock()
        self.browsing = PaperRowQueries(database)
        self.collection = Collection(database)
        self.marks = Marks(database)
        self.digest_history = DigestHistory(database)
        self.conversations = ConversationRepository(database)
        self.trends = Trends(database)

    @classmethod
    def open(cls, folder: Path, *, embedder: Embedder | None, registry: IndexRegistry | None = None) -> Self:
        """Open the library in ``folder``; one that is not there yet is made, an older one is brought forward.

        Without an embedder the dense index waits, everything else works. ``registry`` replaces the indexes. Raises
        `LibraryMismatch` for a library of a newer program, `LibraryError` for a damaged or unwritable one.
        """
        writer_lock = WriterLock(folder)
        database = Database.open(folder, writer_lock)
        return cls(database, registry or IndexRegistry(folder, embedder), writer_lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files; the library is not used afterwards."""
        self._registry.close()
        self._database.close()

    @property
    def folder(self) -> Path:
        """Where the library lies."""
        return self._database.folder

    # Writing

    def writing(self, work: str) -> AbstractContextManager[None]:
        """Be the one writer for a block of several steps; ``work`` is what the note for others says ("sync").

        Raises `LibraryLocked`, naming the owner, when there is another writer, in this process or elsewhere.
        """
        return self._writer_lock.held(work)

    def ingest(self, batch: FeedBatch, observed_at: datetime) -> IngestReport:
        """Take a batch in, as a whole; ``observed_at`` (aware) is when its counts were seen."""
        with self._writer_lock.held_or_own("ingest"), self._database.transaction() as connection:
            return ingest_batch(connection, batch, observed_at)

    def planned_removal(self, request: RemovalRequest, marked: MarkedPapers | None = None) -> Removal:
        """What a request would take out; changes nothing."""
        with self._database.reading() as connection:
            return removal.planned(connection, request, marked)

    def remove(self, request: RemovalRequest, marked: MarkedPapers | None = None) -> Removal:
        """Take papers out, as a whole; `index_pending` takes them out of the indexes, after a crash the next one does.

        Raises `UsageError` when papers with a star or a note would go and ``marked`` does not say what becomes of them,
        `LibraryMismatch` before anything is removed when the dense index was made with another embedder.
        """
        self.check_embedder()
        with self._writer_lock.held_or_own("remove"), self._database.transaction() as connection:
            return removal.remove(connection, request, marked)

    def index_pending(self, progress: Progress | None = None, should_stop: ShouldStop | None = None) -> IndexReport:
        """Bring the indexes up to the database; ``should_stop`` is asked between batches of some 128 papers.

        ``progress(done, total)`` counts papers. Raises `LibraryMismatch` when the dense index was made with another
        embedder.
        """
        with self._writer_lock.held_or_own("indexing"), self._indexing:
            return IndexRun(self._database, self._registry, progress, should_stop).catch_up()

    def rebuild(self, progress: Progress | None = None, should_stop: ShouldStop | None = None) -> IndexReport:
        """Make the indexes anew from the database, with the embedder of now; continues a rebuild that was interrupted.

        Without an embedder the lexical index alone is made anew.
        """
        with self._writer_lock.held_or_own("rebuild"), self._indexing:
            return IndexRun(self._database, self._registry, progress, should_stop).rebuild()

    def check_embedder(self) -> None:
        """Raise `LibraryMismatch` when the dense index was made with another embedder than the one at hand."""
        check_embedder(self._database, self._registry.embedder)

    def mark_fetched(self, feed: str, day: date, fetched_at: datetime, records: int) -> None:
        """Note that a day of a feed was fetched completely."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO synced_days (feed, day, fetched_at, records) VALUES (?, ?, ?, ?)",
                (feed, day.isoformat(), instant_text(fetched_at), records),
            )

    def remember_generation(self, key: str, text: str, model: str) -> None:
        """Keep what a model wrote under a key that names everything it depends on; no writer lock is needed."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO generations (key, text, model, created_at) VALUES (?, ?, ?, ?)",
                (key, text, model, instant_text(datetime.now(UTC))),
            )

    # Reading

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
        """The papers in the order of their ids; unknown ids are left out."""
        with self._database.reading() as connection:
            return queries.papers_by_id(connection, paper_ids)

    def listed(self, since: date, until: date) -> list[StoredPaper]:
        """The papers listed from ``since`` to ``until``, both included: by day, then in the order of the feed."""
        with self._database.reading() as connection:
            return queries.papers_by_id(connection, queries.ids_listed(connection, since, until))

    def find_by_title(self, text: str, limit: int = 10) -> list[StoredPaper]:
        """Papers whose title is the text; if there are none those that contain it, else those close to it."""
        with self._database.reading() as connection:
            return queries.papers_by_id(connection, ids_by_title(connection, text, limit))

    def matching_ids(self, filters: Filters) -> frozenset[str] | None:
        """The ids of all papers that pass the filters; None when nothing is filtered."""
        with self._database.reading() as connection:
            return matching_ids(connection, filters)

    def newest_day(self) -> date | None:
        """The last listing day; None in a library without listings."""
        with self._database.reading() as connection:
            return queries.newest_day(connection)

    def days(self) -> dict[date, int]:
        """Every listing day, oldest first, with the number of its papers."""
        with self._database.reading() as connection:
            return queries.days_with_papers(connection)

    def organizations(self) -> dict[str, int]:
        """Every organization with the number of its papers, the largest first."""
        with self._database.reading() as connection:
            return queries.organizations(connection)

    def snapshots(self, paper_id: str) -> list[Snapshot]:
        """The counts of a paper over time, oldest first; one entry for each time they changed."""
        with self._database.reading() as connection:
            return queries.snapshots_of(connection, paper_id)

    def fetched_at(self, feed: str, day: date) -> datetime | None:
        """When a day of a feed was last fetched completely; None when it never was."""
        with self._database.reading() as connection:
            return queries.fetched_at(connection, feed, day)

    def generation(self, key: str) -> str | None:
        """What a model wrote under the key before; None when it has not."""
        with self._database.reading() as connection:
            return queries.generation(connection, key)

    def export(self) -> Iterator[tuple[Paper, Listing | None]]:
        """Every paper once for each of its listings, with its latest counts; once without when it has none."""
        last_row = 0
        while True:
            with self._database.reading() as connection:
                page = queries.page_of_ids(connection, last_row, _EXPORT_PAGE)
                papers = queries.papers_by_id(connection, list(page.values()))
            if not page:
                return
            last_row = max(page)
            for item in papers:
                for day in item.days:
                    yield item.paper, Listing(day, item.upvotes, item.comments)
                if not item.days:
                    yield item.paper, None

    # Indexes and their state

    def lexical_index(self) -> LexicalPaperIndex:
        """The lexical index, opened when it is first asked for; one that an older program made is made again."""
        if waits_for_clearing(self._database, LEXICAL):
            with self._writer_lock.held_or_own("indexing"), self._indexing:
                IndexRun(self._database, self._registry).renew_lexical()
        return self._registry.lexical()

    def dense_index(self) -> DensePaperIndex:
        """The dense index, opened when it is first asked for.

        Raises `AssetMissing` without an embedder, `LibraryMismatch` when it was made with another one.
        """
        self.check_embedder()
        if waits_for_clearing(self._database, DENSE):
            raise LibraryError("the dense index was about to be made anew", "run `assistant library rebuild`")
        return self._registry.dense()

    def require_indexes(self) -> None:
        """Raise `LibraryError` when an index that was made is gone; opens none."""
        counted = self.stats().indexed
        lost = [name for name in self._registry.names if counted.get(name) and not self._registry.exists(name)]
        if lost:
            raise LibraryError(f"the {lost[0]} index of the library is gone", "run `assistant library rebuild`")

    def check(self) -> CheckReport:
        """Compare the indexes with the database and the database with itself; changes nothing."""
        return check_library(self._database, self._registry)

    def stats(self) -> LibraryStats:
        """What is here: papers, listings, days, sizes, embedder. Opens no index."""
        return library_stats(self._database, self._registry)
