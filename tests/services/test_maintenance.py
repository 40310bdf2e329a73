"""Papers written to files and taken out of the library."""

import gzip
from pathlib import Path

import pytest

from assistant.errors import NothingFound, UsageError
from assistant.library import MarkedPapers, SyncFinished
from assistant.services import AppContainer, export_papers, plan_removal, removal_request, remove_papers, sync_files
from tests.services.conftest import DAY, NOW, container_in


@pytest.mark.parametrize("name", ["papers.jsonl", "papers.jsonl.gz"])
async def test_an_export_brings_every_paper_into_another_library(
    container: AppContainer, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    assert export_papers(container.library, file) == 4
    assert (file.read_bytes()[:2] == gzip.compress(b"")[:2]) is name.endswith(".gz")
    async with container_in(tmp_path / "other") as other:
        *_, last = [event async for event in sync_files(other, [str(file)], NOW)]
        assert isinstance(last, SyncFinished)
        assert len(last.report.new) == 4
        assert other.library.days() == {DAY: 4}


def test_a_paper_goes_by_id_or_whole_title(container: AppContainer) -> None:
    request = removal_request(container.library, ["zebra", "2601.00003", "Zebra"])
    assert request.paper_ids == ("2601.00004", "2601.00003")
    removed = remove_papers(container.library, request, None)
    assert len(removed.removal.papers) == 2
    assert removed.papers_left == 2
    assert container.library.check().clean


def test_nothing_is_guessed_where_something_is_removed(container: AppContainer) -> None:
    with pytest.raises(NothingFound, match="'Kitchen'"):
        removal_request(container.library, ["Kitchen"])
    with pytest.raises(UsageError, match="Nothing to remove"):
        removal_request(container.library, [])
    with pytest.raises(UsageError, match="is after"):
        removal_request(container.library, [], since=NOW.date(), until=DAY)


def test_what_the_reader_marked_is_asked_about(container: AppContainer) -> None:
    container.library.marks.set_starred(["2601.00004"], True)
    request = removal_request(container.library, ["2601.00004"])
    with pytest.raises(UsageError):
        plan_removal(container.library, request, None)
    with pytest.raises(NothingFound, match="1 with a star or a note stay"):
        plan_removal(container.library, request, MarkedPapers.KEEP)
    assert len(plan_removal(container.library, request, MarkedPapers.REMOVE).papers) == 1
