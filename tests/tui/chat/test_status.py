"""The status line: every fact with room, shortened and left out in order without."""

from datetime import date

import pytest
from textual.content import Content

from assistant.library.filters import Filters
from assistant.models.chat_model import ModelKind
from assistant.tui.chat.answer_settings import NextAnswer
from assistant.tui.chat.status import Speed, Status, mode_text, status_content
from tests.support.chat_pilot import page, send, status
from tests.tui.conftest import MakeApp, running, settled

FULL = Status(
    model="qwen2.5-coder-1.5b",
    mode="offline local",
    settings=NextAnswer(Filters(since=date(2026, 8, 1), organizations=("Some Organization with a long name",))),
    kept_papers=6,
    context_used=1234,
    context_size=8192,
    tokens_per_second=12.34,
    cost=0.00123,
    seconds=12.3,
)


def test_with_room_everything_is_told() -> None:
    assert status_content(FULL, 300).plain == (
        "qwen2.5-coder-1.5b · offline local · since 2026-08-01, Some Organization with a long name ✕ · 6 papers kept ✕"
        " · 1,234 of 8,192 tokens · 12.3 tokens/s · $0.0012 · 12.3 s"
    )


@pytest.mark.parametrize("width", [150, 120, 100, 80, 78, 60, 40, 30])
def test_it_fits_its_width_and_names_the_model_and_the_filters(width: int) -> None:
    line = status_content(FULL, width)
    assert line.cell_length <= width
    assert line.plain.startswith("qwen2.5-coder")
    assert width < 60 or "since 2026-08-01" in line.plain


@pytest.mark.parametrize("organization", ["[/x] [red]", "研究所" * 30, "\u05d0\u05d1\u05d2" * 20])
def test_an_organization_of_any_text_does_not_break_it(organization: str) -> None:
    line = status_content(Status(model="m", settings=NextAnswer(Filters(organizations=(organization,)))), 78)
    assert isinstance(line, Content)
    assert organization[:4] in line.plain


def test_nothing_is_told_of_what_is_not_known() -> None:
    assert status_content(Status(), 80).plain == ""
    assert status_content(Status(model="extractive"), 80).plain == "extractive"


def test_the_mode_says_where_the_text_is_written_once() -> None:
    assert mode_text(ModelKind.HOSTED, offline=False) == "hosted"
    assert mode_text(ModelKind.LOCAL, offline=True) == "offline local"
    assert mode_text(ModelKind.EXTRACTIVE, offline=True) == "offline"
    assert mode_text(ModelKind.EXTRACTIVE, offline=False) == ""


def test_speed_is_told_when_there_is_enough_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 10.0, 12.0, 13.0])
    monkeypatch.setattr("assistant.tui.chat.status.monotonic", lambda: next(clock))
    speed = Speed(_began=next(clock))
    assert speed.tokens_per_second() is None
    speed.add("first")
    assert speed.tokens_per_second() is None
    speed.add("x" * 75)
    assert speed.tokens_per_second() == pytest.approx(10.0)
    assert speed.tokens_per_second(40) == pytest.approx(20.0)
    speed.measured = False
    assert speed.tokens_per_second(40) is None


async def test_filters_are_removed_with_a_click(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await send(pilot, "/since 2026-08-20")
        await pilot.pause()
        x = status(app).index("since")
        await pilot.click("StatusLine", offset=(x + 3, 0))
        await settled(pilot)
        assert app.session.filters.is_empty
        assert "since" not in status(app)
        assert page(app).is_current
