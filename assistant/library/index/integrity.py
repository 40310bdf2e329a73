"""Holding the indexes against the database, and the database against itself."""

from assistant.errors import LibraryError
from assistant.library.index.index_set import INDEX_NAMES, IndexRegistry
from assistant.library.index.indexer import known_embedder, marked, waits_for_clearing
from assistant.library.records import CheckReport, IndexCheck, LibraryStats
from assistant.library.repositories.papers import days_with_papers
from assistant.library.sqlite.database import DATABASE_NAME, Database, latest_version
from assistant.library.sqlite.errors import translated
from assistant.library.sqlite.rows import first_value
from assistant.papers import Provenance

_MOST_DAMAGES = 20


def check_library(database: Database, registry: IndexRegistry) -> CheckReport:
    """Compare ids and content hashes of every index that can be opened with the database; changes nothing."""
    with database.reading() as connection:
        damages = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_MOST_DAMAGES})") if row[0] != "ok"]
        damages += [
            f"{table} row {row} names no paper" for table, row, *_ in connection.execute("PRAGMA foreign_key_check")
        ]
        truth = dict(connection.execute("SELECT paper_id, content_hash FROM papers").fetchall())
    indexes = []
    for name in INDEX_NAMES:
        try:
            indexes.append(_check_index(database, registry, name, truth))
        except LibraryError as error:
            damages.append(f"{name} index: {error.message}")
    return CheckReport(papers=len(truth), damages=tuple(damages), indexes=tuple(indexes))


def _check_index(database: Database, registry: IndexRegistry, name: str, truth: dict[str, str]) -> IndexCheck:
    if name not in registry.names:
        return IndexCheck(name, note="not compared: its embedder is not here (`assistant assets pull`)")
    if waits_for_clearing(database, name):
        return IndexCheck(name, missing=tuple(truth))
    with translated(database.folder):
        contents = registry.get(name).contents()
    return IndexCheck(
        name,
        papers=len(contents),
        missing=tuple(paper_id for paper_id in truth if paper_id not in contents),
        stale=tuple(
            paper_id for paper_id, content_hash in truth.items() if contents.get(paper_id, content_hash) != content_hash
        ),
        extra=tuple(paper_id for paper_id in contents if paper_id not in truth),
    )


def library_stats(database: Database, registry: IndexRegistry) -> LibraryStats:
    """Figures of the library, read from the database and the file sizes; no index is opened."""
    with database.reading() as connection:
        days = days_with_papers(connection)

        def number_of(statement: str) -> int:
            return int(first_value(connection, statement) or 0)

        return LibraryStats(
            folder=database.folder,
            schema_version=latest_version(),
            papers=number_of("SELECT count(*) FROM papers"),
            provisional=number_of("SELECT count(*) FROM papers WHERE paper_id GLOB 'title:*'"),
            listings=number_of("SELECT count(*) FROM listings"),
            days=len(days),
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            snapshots=number_of("SELECT count(*) FROM snapshots"),
            database_bytes=sum(file.stat().st_size for file in database.folder.glob(f"{DATABASE_NAME}*")),
            index_bytes={name: registry.bytes_of(name) for name in INDEX_NAMES},
            indexed={name: len(marked(connection, name)) for name in INDEX_NAMES},
            embedder=known_embedder(connection),
            sample_papers=number_of(f"SELECT count(*) FROM papers WHERE source = '{Provenance.SAMPLE.value}'"),  # noqa: S608 (fixed text)
        )
