"""Library, sync, assets, configuration, doctor, schedule and references as other programs read them."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal, cast

from assistant.config import LoadedConfig, printable_value
from assistant.export.json.base import Published
from assistant.library import CheckReport, IndexCount, IndexReport, LibraryStats, Removal, StoredPaper, SyncFinished
from assistant.models.assets import AssetKind, AssetState, AssetStatus

ReferenceForm = Literal["bibtex", "ris"]
"""The names of the forms that hold references; a new one changes the published schema."""


class RejectionJson(Published):
    """A record that could not be read."""

    place: str
    """Where it stood: page.txt:12, [3]."""
    reason: str


class IndexCountJson(Published):
    """What one index gained and lost."""

    name: str
    added: int
    removed: int
    pending: int
    """Papers that still wait for it."""


class OriginJson(Published):
    """What one file, or one request to a feed, gave."""

    name: str
    """The file's name, or the feed's with what it was asked for."""
    papers: int
    fields_not_understood: list[str]
    """Names of fields that hold something and mean nothing to this program; the raw record keeps them."""


class SyncJson(Published):
    """What a sync brought: paper ids, each in one of the three lists."""

    new: list[str]
    updated: list[str]
    """Papers that differ in text, fields, counts or listings."""
    unchanged: list[str]
    rejected: list[RejectionJson]
    origins: list[OriginJson]
    index: list[IndexCountJson]


def sync_json(finished: SyncFinished) -> SyncJson:
    """The object of `sync`: ids of what came, and rejections with their places."""
    report = finished.report
    return {
        "new": list(report.new),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "rejected": [{"place": rejection.place, "reason": rejection.reason} for rejection in report.rejections],
        "origins": [
            {"name": origin.origin, "papers": origin.papers, "fields_not_understood": list(origin.unread_fields)}
            for origin in finished.origins
        ],
        "index": index_json(finished.index.counts),
    }


def index_json(counts: Sequence[IndexCount]) -> list[IndexCountJson]:
    """What each index gained and lost."""
    return [
        {"name": count.name, "added": count.added, "removed": count.removed, "pending": count.pending}
        for count in counts
    ]


class LibraryJson(Published):
    """What the library holds; sizes are in bytes."""

    folder: str
    schema_version: int
    papers: int
    provisional: int
    """Papers of which no arXiv id is known."""
    listings: int
    days: int
    first_day: str | None
    last_day: str | None
    snapshots: int
    """Times that the counts of a paper changed."""
    database_bytes: int
    index_bytes: dict[str, int]
    indexed: dict[str, int]
    """Papers in each index."""
    embedder: str | None
    """What its vectors were made with."""
    sample_papers: int
    """Papers with the text of the sample feed, which earlier versions put into an empty library."""


class IndexCheckJson(Published):
    """How one index compares with the database, as paper ids."""

    name: str
    papers: int
    missing: list[str]
    stale: list[str]
    """In the index with another text."""
    extra: list[str]
    """In the index alone."""
    note: str | None
    """Why it was not compared."""


class LibraryCheckJson(Published):
    """Whether the library is sound."""

    papers: int
    damages: list[str]
    indexes: list[IndexCheckJson]
    clean: bool


class RebuildJson(Published):
    """What making the indexes anew did."""

    index: list[IndexCountJson]
    stopped: bool
    """Whether it was stopped before every paper was indexed."""


class RemovedJson(Published):
    """What was taken out of the library: paper ids, and days."""

    removed: list[str]
    delisted: list[str]
    """Papers that stay, since they are listed on another day too."""
    days: list[str]
    """Listing days that were taken out; a sync may bring them back."""
    kept: list[str]
    """Papers with a star or a note that stay."""
    papers: int
    """Papers in the library afterwards."""
    index: list[IndexCountJson]


class ExportJson(Published):
    """What was written by an export of the library."""

    file: str
    lines: int


def library_json(stats: LibraryStats) -> LibraryJson:
    """The object of `library`."""
    return {
        "folder": str(stats.folder),
        "schema_version": stats.schema_version,
        "papers": stats.papers,
        "provisional": stats.provisional,
        "listings": stats.listings,
        "days": stats.days,
        "first_day": stats.first_day.isoformat() if stats.first_day else None,
        "last_day": stats.last_day.isoformat() if stats.last_day else None,
        "snapshots": stats.snapshots,
        "database_bytes": stats.database_bytes,
        "index_bytes": stats.index_bytes,
        "indexed": stats.indexed,
        "embedder": stats.embedder,
        "sample_papers": stats.sample_papers,
    }


def library_check_json(report: CheckReport) -> LibraryCheckJson:
    """The object of `library check`."""
    return {
        "papers": report.papers,
        "damages": list(report.damages),
        "indexes": [
            {
                "name": index.name,
                "papers": index.papers,
                "missing": list(index.missing),
                "stale": list(index.stale),
                "extra": list(index.extra),
                "note": index.note,
            }
            for index in report.indexes
        ],
        "clean": report.clean,
    }


def rebuild_json(report: IndexReport) -> RebuildJson:
    """The object of `library rebuild`."""
    return {"index": index_json(report.counts), "stopped": report.stopped}


def removed_json(removal: Removal, report: IndexReport, papers: int) -> RemovedJson:
    """The object of `library remove`."""
    return {
        "removed": [paper.paper_id for paper in removal.papers],
        "delisted": list(removal.delisted),
        "days": [day.isoformat() for day in removal.days],
        "kept": list(removal.kept),
        "papers": papers,
        "index": index_json(report.counts),
    }


def export_json(file: Path, lines: int) -> ExportJson:
    """The object of `library export`."""
    return {"file": str(file), "lines": lines}


class AssetJson(Published):
    """A file from outside, and its state here."""

    name: str
    kind: AssetKind
    license: str
    size: int | None
    """Its size in bytes; null where the list does not know it."""
    sha256: str | None
    """Null where the list does not know it: it is recorded at the first pull."""
    default: bool
    """Whether `assistant assets pull` fetches it unasked."""
    state: AssetState
    path: str
    """Where it lies, or would lie."""
    sources: list[str]


class AssetsJson(Published):
    """Assets and their states."""

    assets: list[AssetJson]


class PulledJson(AssetsJson):
    """Assets after a pull."""

    fetched: list[str]
    """Names of those that were not here before."""


class AssetPlaceJson(Published):
    """The folder of all assets, or the file of one."""

    name: str | None
    path: str


def assets_json(statuses: Sequence[AssetStatus]) -> AssetsJson:
    """The object of `assets list` and `assets verify`."""
    return {"assets": [_asset_json(status) for status in statuses]}


def pulled_json(statuses: Sequence[AssetStatus], fetched: Collection[str]) -> PulledJson:
    """The object of `assets pull`."""
    names = [status.asset.name for status in statuses if status.asset.name in fetched]
    return {**assets_json(statuses), "fetched": names}


def asset_place_json(name: str | None, path: Path) -> AssetPlaceJson:
    """The object of `assets where`."""
    return {"name": name, "path": str(path)}


def _asset_json(status: AssetStatus) -> AssetJson:
    asset = status.asset
    return {
        "name": asset.name,
        "kind": asset.kind,
        "license": asset.license,
        "size": asset.size or None,
        "sha256": asset.sha256 or None,
        "default": asset.default,
        "state": status.state,
        "path": str(status.path),
        "sources": [source.label for source in asset.sources],
    }


class SettingJson(Published):
    """A setting's value, and where it came from."""

    value: str | int | float | bool
    origin: str
    """The command line, a variable, a file, or default."""


class ConfigJson(Published):
    """The effective configuration."""

    file: str | None
    """The file that was read."""
    settings: dict[str, SettingJson]
    """By dotted key, such as local.threads."""
    secrets: dict[str, str]
    """Variables that hold secrets: "set" or "not set", never the value."""


def config_json(loaded: LoadedConfig, secrets: dict[str, str]) -> ConfigJson:
    """The object of `config`; ``secrets`` says by variable whether it is set."""
    return {
        "file": str(loaded.file) if loaded.file else None,
        "settings": {
            key: {"value": printable_value(value), "origin": loaded.origins[key].name}
            for key, value in loaded.values.items()
        },
        "secrets": secrets,
    }


class FindingJson(Published):
    """One part that was checked; a "note" costs something but nothing is broken."""

    part: str
    state: Literal["ok", "note", "wrong"]
    message: str
    remedy: str | None


class DoctorJson(Published):
    """Everything that was checked."""

    findings: list[FindingJson]


class SystemdJson(Published):
    """A service and its timer, to be written into the folder."""

    folder: str
    name: str
    service: str
    """The text of NAME.service."""
    timer: str
    """The text of NAME.timer."""


class ScheduleJson(Published):
    """What runs a digest every day; nothing of it is installed."""

    command: list[str]
    first_run: str
    """The next run of this day, with its offset from UTC (ISO 8601)."""
    environment_file: str
    """Where the variables are read from."""
    variables: list[str]
    """Names of the variables that the command needs; their values are yours to write."""
    cron: str
    """The line of the crontab."""
    systemd: SystemdJson
    here: list[str]
    """Which of "cron" and "systemd" this machine has."""


class CitedPaperJson(Published):
    """A paper that a reference is for."""

    id: str
    title: str


class ReferencesJson(Published):
    """References of papers, as one text."""

    format: ReferenceForm
    papers: list[CitedPaperJson]
    """In the order of the text."""
    text: str


def references_json(form: str, papers: Sequence[StoredPaper], text: str) -> ReferencesJson:
    """The object of `cite`."""
    cited: list[CitedPaperJson] = [{"id": paper.paper_id, "title": paper.title} for paper in papers]
    return {"format": cast("ReferenceForm", form), "papers": cited, "text": text}
