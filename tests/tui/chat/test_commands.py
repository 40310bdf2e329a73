"""Slash commands: each does what it says, and a wrong one is answered where it was typed."""

import json
from datetime import date
from pathlib import Path

import pytest
from textual.message import Message

from assistant.library.filters import Filters
from assistant.tui.chat.commands import COMMANDS, is_command, parse_command
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.mentions import mention_of, papers_named
from assistant.tui.messages import ComparePapers, ShowDigest, SummarizePapers
from tests.support.chat_pilot import ask, page, remark, send, sources, status, turns
from tests.support.fake_models import ScriptedModel
from tests.tui.conftest import MakeApp, running, settled, wait_until

QUESTION = "How are video models trained?"


def test_every_command_is_named_once_and_says_what_it_does() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert all(command.meaning for command in COMMANDS)
    assert parse_command("/Since  2026-08-21 ")[1] == "2026-08-21"


@pytest.mark.parametrize("text", ["/ is a slash", "//", "1/2", "/2608.1"])
def test_a_slash_alone_makes_no_command(text: str) -> None:
    assert not is_command(text)


@pytest.mark.parametrize(
    ("typed", "message", "remedy"),
    [
        ("/sumarize x", "There is no command /sumarize.", "Did you mean /summarize?"),
        ("/qqqqq", "There is no command /qqqqq.", "Type / alone"),
        ("/since yesterday", "'yesterday' is not a day.", "2026-08-21"),
        ("/upvotes many", "'many' is not a valid number.", "Give a whole number from 0 on."),
        ("/today 2026-99", "is not a month", ""),
        ("/model qwen2.5-codr-1.5b", "There is no model", "Local models"),
        ("/compare 9912.99999 FooNet", "No paper '9912.99999'", "Type @"),
        ("/compare 4DAnyone", "two papers or more", "with @"),
        ("/summarize", "No paper is named.", "with @"),
        ("/fresh", "No question to ask.", "/fresh Which"),
        ("/export pdf", "There is no conversation to export yet.", "Ask something"),
        ("/theme plaid", "There is no theme 'plaid'.", "papers-dark"),
        ("/model", "auto writes now.", "extractive"),
    ],
)
async def test_what_cannot_be_done_is_said_in_place_and_stays_in_the_input(
    make_app: MakeApp, typed: str, message: str, remedy: str
) -> None:
    app = make_app()
    async with running(app) as pilot:
        await send(pilot, typed)
        await settled(pilot)
        assert message in remark(app)
        assert remedy in remark(app)
        assert page(app).query_one(Composer).text.strip() == typed
        assert turns(app) == []


async def test_filters_are_set_shown_and_removed(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        for command in ("/since 2026-08-20", "/until 2026-08-21", "/org Ant Research", "/upvotes 5"):
            await send(pilot, command)
        assert app.session.filters == Filters(date(2026, 8, 20), date(2026, 8, 21), ("Ant Research",), (), 5)
        assert "since 2026-08-20, until 2026-08-21, Ant Research, ▲ ≥ 5 ✕" in status(app)
        await ask(pilot, QUESTION)
        assert {source.paper.paper.organization for source in sources(app).sources} == {"Ant Research"}
        await send(pilot, "/until 2026-08-01")
        assert "The first day, 2026-08-20, is after the last one, 2026-08-01." in remark(app)
        assert "/since or /until" in remark(app)
        await send(pilot, "/org")
        assert app.session.filters.organizations == ()
        await send(pilot, "/clear")
        assert app.session.filters.is_empty
        assert "since" not in status(app)


async def test_the_model_is_changed(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await send(pilot, "/model extractive")
        await settled(pilot)
        assert app.session.model_name == "extractive"
        assert "extractive writes from now on." in remark(app)


async def test_fresh_searches_again(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        first = [source.paper for source in sources(app).sources]
        await ask(pilot, "/fresh Which work is on retrosynthesis?")
        assert [source.paper for source in sources(app).sources] != first


async def test_papers_are_summarized_by_title_and_mention(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        library = await app.session.library()
        other = library.browsing.complete("ForgeWM")[0]
        await send(pilot, f"/summarize 4DAnyone, {mention_of(other.paper_id, other.title)}")
        await wait_until(pilot, lambda: turns(app) and not page(app).turns.writing)
        await settled(pilot)
        assert {source.paper.title[:7] for source in sources(app).sources} == {"4DAnyon", "ForgeWM"}


async def test_compare_and_today_are_asked_of_the_application(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    posted: list[Message] = []
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        monkeypatch.setattr(page(app), "post_message", posted.append)
        for command in ('/compare "4DAnyone" ForgeWM', "/compare", "/today", "/today 2026-W34"):
            arguments = parse_command(command)
            await arguments[0].handler(page(app), arguments[1])
            await pilot.app.workers.wait_for_complete()
        asked = [m for m in posted if isinstance(m, (ComparePapers, ShowDigest, SummarizePapers))]
        monkeypatch.undo()
    named, kept, today, week = asked
    assert isinstance(named, ComparePapers)
    assert [paper.title[:7] for paper in named.papers] == ["4DAnyon", "ForgeWM"]
    assert isinstance(kept, ComparePapers)
    assert len(kept.papers) == 6
    assert today == ShowDigest(None) or (isinstance(today, ShowDigest) and today.period is None)
    assert isinstance(week, ShowDigest)
    assert week.period == "2026-W34"


@pytest.mark.parametrize("form", ["md", "json"])
async def test_export_writes_a_file_of_its_own(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        await send(pilot, f"/export {form}")
        await settled(pilot)
        first = tmp_path / f"how-are-video-models-trained.{form}"
        assert str(first) in remark(app)
        before = first.read_text(encoding="utf-8")
        await send(pilot, f"/export {form}")
        await settled(pilot)
        second = tmp_path / f"how-are-video-models-trained-2.{form}"
        assert str(second) in remark(app)
        assert first.read_text(encoding="utf-8") == before
        assert QUESTION in before
        if form == "json":
            assert json.loads(before)["turns"]
        await send(pilot, f"/export {form} {tmp_path / 'named.txt'}")
        await settled(pilot)
        assert (tmp_path / "named.txt").exists()
        await send(pilot, f"/export {form} {tmp_path / 'no' / 'folder.md'}")
        await settled(pilot)
        assert "cannot be written" in remark(app)


@pytest.mark.parametrize(("command", "mode"), [("/papers", "papers"), ("/trends", "trends")])
async def test_commands_lead_to_the_other_pages(make_app: MakeApp, command: str, mode: str) -> None:
    app = make_app()
    async with running(app) as pilot:
        await send(pilot, command)
        await settled(pilot)
        assert app.current_mode == mode


async def test_theme_new_and_again(make_app: MakeApp) -> None:
    app = make_app(model := ScriptedModel(lambda request: request.quotes[0].text))
    async with running(app) as pilot:
        await send(pilot, "/theme papers-light")
        assert app.theme == "papers-light"
        await send(pilot, "/theme")
        await pilot.pause()
        assert app.theme == "papers-dark"
        await ask(pilot, QUESTION)
        await ask(pilot, "/again")
        assert len(model.requests) == 2
        await send(pilot, "/new")
        await settled(pilot)
        assert turns(app) == []
        await send(pilot, "/again")
        assert "no answer to write again" in remark(app)


async def test_papers_are_named_by_id_link_title_and_mention(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app):
        library = await app.session.library()
        one, two, three = library.browsing.recent(3)
        text = f'{one.paper_id} https://huggingface.co/papers/{two.paper_id} "{three.title}" @[{one.paper_id} X]'
        named = papers_named(library, text)
        assert sorted(paper.paper_id for paper in named) == sorted(r.paper_id for r in (one, two, three))
