"""The digest as a file: its forms, the references of selected papers, what cannot be written."""

import json
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from assistant.models.extractive import ExtractiveModel
from assistant.tui.app import AssistantApp
from assistant.tui.digest.items import PaperItem
from assistant.tui.exporting import write_new
from assistant.tui.widgets.dialog import ExportDialog
from assistant.tui.widgets.notice import Notice
from tests.support.applications import notices
from tests.support.digest_pilot import drawn, honest, items, listing, open_digest, status_text
from tests.support.fake_models import HeldModel, ScriptedModel
from tests.tui.conftest import MakeApp, running, wait_until


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to export to, which is the current one."""
    made = tmp_path / "exports"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


async def ask_for_file(pilot: Pilot[None], app: AssistantApp) -> Input:
    """Open the dialog and return its line."""
    await pilot.press("x")
    await wait_until(pilot, lambda: isinstance(app.screen, ExportDialog) and app.screen.query("#file"))
    return app.screen.query_one("#file", Input)


async def export(pilot: Pilot[None], app: AssistantApp, name: str | None = None) -> None:
    """Export under a name, or the one that is proposed."""
    file = await ask_for_file(pilot, app)
    if name is not None:
        file.value = name
    await pilot.press("enter")
    await wait_until(pilot, lambda: not isinstance(app.screen, ExportDialog))


def files_in(folder: Path) -> list[str]:
    """The names of the files there."""
    return sorted(file.name for file in folder.iterdir())


def _said(app: AssistantApp, text: str) -> bool:
    return text in str(app.screen.query_one(Notice).content)


async def test_a_digest_is_written_in_every_form_and_nothing_is_written_over(make_app: MakeApp, folder: Path) -> None:
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        await open_digest(pilot, app)
        for name in (None, None, "digest.md", "digest.json"):
            await export(pilot, app, name)

        page = (folder / "daily-papers-2026-08-21.html").read_text()
        assert page.startswith("<!doctype html>")
        assert page == (folder / "daily-papers-2026-08-21-2.html").read_text()
        assert (folder / "digest.md").read_text().startswith("# Daily Papers, 2026-08-21")
        assert len(json.loads((folder / "digest.json").read_text())["papers"]) == 17
        assert ("Exported", str(folder / "digest.json")) in notices(app)


async def test_selected_papers_are_written_as_references_before_anything_is_written(
    make_app: MakeApp, folder: Path
) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await export(pilot, app)
        assert (folder / "daily-papers-2026-08-21.bib").read_text().count("@misc{") == 17

        listing(app).go_to(next(item for item in items(app) if isinstance(item, PaperItem)).key)
        await pilot.press("space")
        await export(pilot, app, "chosen.RIS")
        assert (folder / "chosen.RIS").read_text().count("TY  - ") == 1


async def test_what_cannot_be_written_is_said_and_another_name_can_be_given(make_app: MakeApp, folder: Path) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app) as pilot:
        await open_digest(pilot, app)
        file = await ask_for_file(pilot, app)
        for wrong, said in (
            ("[/x].doc", ".html a page"),
            ("digest.md", "Nothing is written yet"),
            ("no/such.bib", "No such file"),
        ):
            file.value = wrong
            await pilot.press("enter")
            await wait_until(pilot, partial(_said, app, said))
        file.value = "digest.bib"
        await pilot.press("enter")
        await wait_until(pilot, lambda: not isinstance(app.screen, ExportDialog))
        assert files_in(folder) == ["digest.bib"]


async def test_a_part_of_a_digest_is_written_as_a_part(make_app: MakeApp, folder: Path) -> None:
    app = make_app(HeldModel(honest, at_first=3))
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press("b")
        await wait_until(pilot, lambda: "3 of 17" in status_text(app))
        await pilot.press("escape")
        await drawn(pilot)
        for name in ("part.md", "part.html", "part.json"):
            await export(pilot, app, name)

        assert "3 of 17 papers" in (folder / "part.md").read_text()
        assert len(json.loads((folder / "part.json").read_text())["papers"]) == 3


async def test_a_dialog_that_is_closed_while_it_writes_harms_nothing_and_says_where_the_file_is(
    make_app: MakeApp, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = Event(), Event()

    def slowly(target: Path, name: str, content: bytes) -> Path:
        begun.set()
        go_on.wait(60)
        return write_new(target, name, content)

    monkeypatch.setattr("assistant.tui.exporting.write_new", slowly)
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        await open_digest(pilot, app)
        file = await ask_for_file(pilot, app)
        file.value = "digest.md"
        await pilot.press("enter", "enter")
        await wait_until(pilot, begun.is_set)
        await pilot.press("escape")
        await wait_until(pilot, lambda: not isinstance(app.screen, ExportDialog))
        go_on.set()
        await wait_until(pilot, lambda: any("digest.md" in message for _, message in notices(app)))
        assert files_in(folder) == ["digest.md"]
