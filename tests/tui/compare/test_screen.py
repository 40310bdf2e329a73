"""The comparison: written as it opens, evidence of the cell in focus, other aspects, stopping, copying, leaving."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Text
from textual.coordinate import Coordinate
from textual.pilot import Pilot
from textual.widgets import Input, Static

from assistant.errors import ModelUnavailable
from assistant.library.records import StoredPaper
from assistant.models.chat_model import GenerationRequest
from assistant.models.extractive import ExtractiveModel
from assistant.tui import messages
from assistant.tui.app import AssistantApp
from assistant.tui.compare.screen import CompareScreen
from assistant.tui.compare.table import ComparisonTable
from tests.support.digest_pilot import abstract_text, add_papers, drawn, heard, notice_text
from tests.support.fake_models import HeldModel, ScriptedModel
from tests.support.paper_factory import HOSTILE_TITLES
from tests.tui.conftest import NOW, MakeApp, running, wait_until

NOT_STATED = "nothing found in the abstract"


def careful(request: GenerationRequest) -> str:
    """The first and the last sentence of the abstract as problem and results, and an invented limitation."""
    abstract = request.messages[-1].content.split("Abstract: ")[-1].splitlines()[0]
    sentences = re.split(r"(?<=\.) ", abstract)
    return f"problem: {sentences[0]}\nmethod: not stated\nresults: {sentences[-1]}\nlimitations: dragons in Iceland"


async def papers_of(app: AssistantApp, number: int) -> list[StoredPaper]:
    library = await app.session.library()
    return library.listed(NOW.date(), NOW.date())[:number]


async def open_comparison(pilot: Pilot[None], app: AssistantApp, number: int = 3) -> CompareScreen:
    app.post_message(messages.ComparePapers(await papers_of(app, number)))
    await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen))
    await pilot.pause()
    assert isinstance(app.screen, CompareScreen)
    return app.screen


def rows(screen: CompareScreen) -> list[list[str]]:
    table = screen.query_one(ComparisonTable)
    return [[cell.plain for cell in table.get_row_at(row)] for row in range(table.row_count)]


def head(screen: CompareScreen) -> str:
    return str(screen.query_one("#compare-head", Static).content)


def said(screen: CompareScreen) -> str:
    return str(screen.query_one("#compare-cell", Static).content)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_table_is_written_as_it_opens(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app(ScriptedModel(careful))
    async with running(app, size) as pilot:
        screen = await open_comparison(pilot, app)
        await drawn(pilot)

        assert head(screen) == "Comparing 3 papers · ✓ written by scripted (local)"
        table = rows(screen)
        assert [row[0] for row in table] == ["problem", "method", "data", "results", "limitations"]
        assert all(cell.endswith(f"[{number}].") for number, cell in enumerate(table[0][1:], start=1))
        assert table[1][1:] == table[2][1:] == table[4][1:] == [NOT_STATED] * 3
        assert screen.query_one(ComparisonTable).fixed_columns == 1


async def test_the_cell_in_focus_shows_its_evidence_in_the_abstract(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(careful))
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        await drawn(pilot)
        await pilot.press("right")
        await pilot.pause()

        assert said(screen).startswith("problem: ")
        assert abstract_text(screen).startswith("[2] ")
        quoted = re.search(r"«(.+?)»", abstract_text(screen))
        assert quoted
        assert quoted[1].rstrip(".") in said(screen)

        await pilot.press("down")
        await pilot.pause()
        assert said(screen) == "method: nothing found: no sentence of this abstract bears out a word on “method”"
        assert "«" not in abstract_text(screen)


async def test_a_click_on_a_cell_puts_the_focus_there(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(careful))
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        await drawn(pilot)
        await pilot.click(ComparisonTable, offset=(60, 4))
        await pilot.pause()

        assert screen.query_one(ComparisonTable).cursor_coordinate == Coordinate(0, 2)
        assert abstract_text(screen).startswith("[2] ")


async def test_columns_come_one_by_one_and_stopping_keeps_them(make_app: MakeApp) -> None:
    model = HeldModel(careful, at_first=1)
    app = make_app(model)
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        await wait_until(pilot, lambda: "writes, 1 of 3" in head(screen))
        await pilot.press("down")
        assert [row[2:] for row in rows(screen)] == [["writing …", "…"]] * 5
        assert rows(screen)[0][1] not in {"…", "writing …"}

        await pilot.press("s")
        await drawn(pilot)
        assert head(screen) == "Comparing 3 papers · stopped at 1 of 3, what came is kept"
        assert screen.query_one(ComparisonTable).cursor_row == 1
        asked = len(model.requests)

        model.go_on.set()
        await pilot.press("r")
        await drawn(pilot)
        assert "✓ written" in head(screen)
        assert len(model.requests) == asked + 2


async def test_other_aspects_make_another_table(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        await drawn(pilot)
        await pilot.press("e")
        aspects = screen.query_one(Input)
        assert aspects.value == "problem, method, data, results, limitations"
        aspects.value = " , "
        await pilot.press("enter")
        await pilot.pause()
        assert "needs an aspect" in notice_text(screen)

        aspects.value = "data, licence"
        await pilot.press("enter")
        await drawn(pilot)
        assert [row[0] for row in rows(screen)] == ["data", "licence"]
        assert notice_text(screen) == ""
        assert not screen.has_class("-editing")


async def test_escape_leaves_the_aspects_first_and_then_the_screen(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        await drawn(pilot)
        await pilot.press("e", "escape")
        assert app.screen is screen
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is not screen


async def test_escape_ends_the_writing_with_the_screen(make_app: MakeApp) -> None:
    model = HeldModel(careful, at_first=1)
    app = make_app(model)
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        await wait_until(pilot, lambda: "1 of 3" in head(screen))
        await pilot.press("escape")
        await drawn(pilot)

        assert app.screen is not screen
        assert not [worker for worker in app.workers if worker.group == "compare"]


@pytest.mark.parametrize(("number", "reason"), [(1, "needs two papers"), (13, "13 papers are too many")])
async def test_a_number_of_papers_that_makes_no_table_is_said(make_app: MakeApp, number: int, reason: str) -> None:
    model = ScriptedModel(careful)
    app = make_app(model)
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app, number)
        await pilot.press("r", "e", "o")
        await drawn(pilot)

        assert reason in notice_text(screen)
        assert "→ Go back" in notice_text(screen)
        assert not model.requests
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is not screen


async def test_a_model_that_does_not_answer_is_shown_in_place_and_tried_again(make_app: MakeApp) -> None:
    failing = [True]

    def write(request: GenerationRequest) -> str:
        if failing:
            raise ModelUnavailable("The server is down.", "Start it.")
        return careful(request)

    app = make_app(ScriptedModel(write))
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        await drawn(pilot)
        assert notice_text(screen) == "✗ The server is down.\n→ Start it."
        assert "not finished, 0 of 3" in head(screen)

        failing.clear()
        await pilot.press("r")
        await drawn(pilot)
        assert notice_text(screen) == ""
        assert "✓ written" in head(screen)


async def test_copied_and_exported_as_markdown_without_writing_over_a_file(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "comparison-2026-08-21.md").write_text("mine", encoding="utf-8")
    app = make_app(ScriptedModel(careful))
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        await drawn(pilot)
        copied = heard(screen, messages.Copy)
        await pilot.press("y", "x")
        await drawn(pilot)

        assert isinstance(copied[0], messages.Copy)
        assert "| problem |" in copied[0].text
        assert (tmp_path / "comparison-2026-08-21.md").read_text(encoding="utf-8") == "mine"
        assert (tmp_path / "comparison-2026-08-21-2.md").read_text(encoding="utf-8") == copied[0].text


async def test_a_folder_that_cannot_be_written_is_an_error_with_a_remedy(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(ScriptedModel(careful))
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        await drawn(pilot)
        monkeypatch.setattr(Path, "cwd", lambda: Path("/proc"))
        failed = heard(screen, messages.Failed)
        await pilot.press("x")
        await drawn(pilot)
        assert isinstance(failed[0], messages.Failed)
        assert "cannot be written" in failed[0].error.message


async def test_nothing_is_copied_before_a_column_is_written(make_app: MakeApp) -> None:
    app = make_app(HeldModel(careful, at_first=0))
    async with running(app) as pilot:
        screen = await open_comparison(pilot, app)
        failed = heard(screen, messages.Failed)
        await pilot.press("y")
        await pilot.pause()
        assert len(failed) == 1
        await pilot.press("escape")


@pytest.mark.parametrize(("key", "mode"), [("o", "papers"), ("a", "chat")])
async def test_the_table_closes_when_a_page_is_gone_to_with_its_papers(make_app: MakeApp, key: str, mode: str) -> None:
    app = make_app(ScriptedModel(careful))
    async with running(app) as pilot:
        await pilot.press("f3")
        screen = await open_comparison(pilot, app)
        await drawn(pilot)
        await pilot.press(key)
        await drawn(pilot)
        assert app.current_mode == mode
        assert app.screen is not screen
        assert not screen.is_attached


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_hostile_papers_are_shown_as_they_are_and_break_nothing(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app(ExtractiveModel(), papers=False)
    async with running(app, size) as pilot:
        abstract = (
            "However, [/b] it [red]lacks[/red] 語 data. We propose a [link=x]framework[/link] " + "x" * 3000 + "."
        )
        add_papers(await app.session.library(), HOSTILE_TITLES, NOW.date(), abstract)
        screen = await open_comparison(pilot, app, 10)
        await drawn(pilot)
        assert "[/b] it [red]lacks[/red]" in rows(screen)[0][1]
        for _ in range(10):
            await pilot.press("right", "down")
        await pilot.press("up", "left", "o")
        await pilot.pause()
        app.export_screenshot()


async def test_the_columns_fit_the_width_again_after_a_resize(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(careful))
    async with running(app, (200, 60)) as pilot:
        screen = await open_comparison(pilot, app)
        await drawn(pilot)
        table = screen.query_one(ComparisonTable)
        wide = [column.width for column in table.ordered_columns]
        await pilot.press("down")
        await pilot.resize_terminal(80, 24)
        await drawn(pilot)

        assert table.ordered_columns[1].width < wide[1]
        assert table.cursor_row == 1
        assert isinstance(table.get_row_at(0)[1], Text)


async def test_a_selection_of_thousands_is_refused_before_an_abstract_is_read(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(careful))
    async with running(app) as pilot:
        (paper,) = await papers_of(app, 1)
        many = [replace(paper, paper=replace(paper.paper, paper_id=f"2601.{number:05}")) for number in range(3000)]
        app.post_message(messages.ComparePapers(many))
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await drawn(pilot)

        assert isinstance(app.screen, CompareScreen)
        assert head(app.screen) == "Comparing 3,000 papers"
        assert "3,000 papers are too many" in notice_text(app.screen)
        assert len(app.screen._sheet.sources) <= 12
