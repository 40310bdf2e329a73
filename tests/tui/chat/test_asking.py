"""Asking: what shows while an answer is written, when it is there, when it is stopped, and when it fails."""

import asyncio

import pytest
from textual.widgets import Markdown, OptionList, Static

from assistant.errors import ModelInterrupted, ModelUnavailable
from assistant.models.chat_model import GenerationRequest, ModelKind
from assistant.tui.chat.citations import AnswerMarkdown
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.status import StatusLine
from assistant.tui.chat.welcome import Welcome
from assistant.tui.widgets.abstract import AbstractView
from tests.support.chat_pilot import ask, page, remark, said, send, sources, status, turns
from tests.support.fake_models import HeldQuotingModel, ScriptedModel
from tests.tui.conftest import MakeApp, cite_everything, running, settled, wait_until

QUESTION = "How are video models trained?"


async def test_sources_are_there_before_the_first_word(make_app: MakeApp) -> None:
    app = make_app(model := HeldQuotingModel(begins=False))
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: model.asked and sources(app).sources)
        await pilot.pause()
        assert "reading 6 papers" in said(turns(app)[0])
        entry = str(sources(app).query_one(OptionList).get_option_at_index(0).prompt)
        assert "[1] ForgeWM: Progressive Causal Training" in entry
        assert "2026-08-21 · ▲ 12 · ForgeWM" in entry
        abstract = str(sources(app).query_one(AbstractView).query_one(".-abstract").render())
        assert "«ForgeWM converts a bidirectional generator" in abstract
        await pilot.press("escape")


async def test_an_answer_streams_and_ends_with_links(make_app: MakeApp) -> None:
    app = make_app(model := HeldQuotingModel())
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        markdown = turns(app)[0].query_one(AnswerMarkdown)
        assert "cite:" not in markdown.source
        assert page(app).turns.writing
        assert "✎ writing" in status(app)
        model.go_on.set()
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert "[[1]](cite:1.0.1)" in markdown.source
        assert " cited " in str(sources(app).query_one(OptionList).get_option_at_index(0).prompt)
        assert "✎" not in status(app)


async def test_the_status_tells_model_mode_context_and_time(make_app: MakeApp) -> None:
    app = make_app(settings={"answers.check": "repair"})
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        line = status(app)
        assert "scripted · local · 6 papers kept ✕" in line
        assert " of 4,096 tokens" in line
        assert line.endswith(" s")
        assert "$" not in line


async def test_a_hosted_model_tells_its_cost(make_app: MakeApp) -> None:
    model = ScriptedModel(cite_everything, kind=ModelKind.HOSTED)
    model.name = "gpt-5"
    app = make_app(model)
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        assert "hosted" in status(app)
        assert "$0.0001" in status(app)
        await ask(pilot, "And what of games?")
        assert page(app).query_one(StatusLine).status.cost == pytest.approx(3 * (10 * 1.25 + 5 * 10) / 1e6)
        legends = [str(line.content) for line in app.screen.query(".-legend").results(Static)]
        assert "understood as: And what of games of " in legends[-1]


async def test_escape_stops_at_once_and_keeps_what_came(make_app: MakeApp) -> None:
    app = make_app(model := HeldQuotingModel())
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        await pilot.press("escape")
        assert not page(app).turns.writing
        await settled(pilot)
        assert model.closed_early
        assert "Interactive video world models must generate causally" in said(turns(app)[0])
        assert "■ stopped; what came is kept" in said(turns(app)[0])
        assert turns(app)[0].citations


async def test_escape_stops_a_model_that_still_reads_the_prompt(make_app: MakeApp) -> None:
    app = make_app(model := HeldQuotingModel(begins=False))
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: model.asked)
        await pilot.press("escape")
        assert not page(app).turns.writing
        await settled(pilot)
        assert model.closed_early
        assert "■ stopped" in said(turns(app)[0])


@pytest.mark.parametrize("pauses", range(0, 40, 4))
async def test_a_stop_at_any_moment_leaves_a_turn_or_gives_the_question_back(make_app: MakeApp, pauses: int) -> None:
    app = make_app(HeldQuotingModel(begins=False))
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        for _ in range(pauses):
            await asyncio.sleep(0)
        await pilot.press("escape")
        assert not page(app).turns.writing
        await settled(pilot)
        kept = page(app).turns.talk.turns if page(app).turns.talk else ()  # type: ignore[union-attr]
        assert [view.turn_id for view in turns(app)] == [turn.turn_id for turn in kept]
        if kept:
            assert "■ stopped" in said(turns(app)[0])
        else:
            assert page(app).query_one(Composer).text == QUESTION


async def test_an_answer_that_cannot_be_written_again_stands_as_it_was(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)

        def missing(name: str | None = None) -> None:
            raise ModelUnavailable("No file.", "Fetch it.")

        app.session.container.model = missing  # type: ignore[method-assign, assignment]
        await pilot.press("ctrl+r")
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert "ForgeWM converts a bidirectional generator" in said(turns(app)[0])
        assert "No file." in said(turns(app)[0])
        assert turns(app)[0].citations


async def test_a_question_follows_at_once_upon_a_stop(make_app: MakeApp) -> None:
    app = make_app(model := HeldQuotingModel())
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        await pilot.press("escape")
        model.go_on.set()
        await ask(pilot, "And what of games?")
        assert [view.turn_id for view in turns(app)] == [1, 2]
        assert "■ stopped" in said(turns(app)[0])
        assert "■ stopped" not in said(turns(app)[1])
        assert turns(app)[1].answer is not None


async def test_while_an_answer_is_written_another_question_stays_in_the_input(make_app: MakeApp) -> None:
    app = make_app(HeldQuotingModel())
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await send(pilot, "Another one?")
        assert page(app).query_one(Composer).text == "Another one?"
        assert "escape stops it" in remark(app)
        assert len(turns(app)) == 1
        await pilot.press("escape")


async def test_further_questions_keep_the_papers_until_they_are_forgotten(make_app: MakeApp) -> None:
    app = make_app(model := ScriptedModel(cite_everything))
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        first = [source.paper.paper_id for source in sources(app).sources]
        await ask(pilot, "And what about retrosynthesis?")
        assert [source.paper.paper_id for source in sources(app).sources] == first
        assert len(model.requests[1].messages) > len(model.requests[0].messages)
        await pilot.press("ctrl+g")
        assert "kept" not in status(app)
        await ask(pilot, "And what about retrosynthesis?")
        assert [source.paper.paper_id for source in sources(app).sources] != first


async def test_alt_enter_asks_afresh(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        first = [source.paper.paper_id for source in sources(app).sources]
        page(app).query_one(Composer).put("Which work is on retrosynthesis?")
        await pilot.press("alt+enter")
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert [source.paper.paper_id for source in sources(app).sources] != first


async def test_a_question_about_chosen_papers_is_answered_from_these_alone(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        library = await app.session.library()
        chosen = library.listed(*(2 * [library.newest_day()]))[:2]  # type: ignore[arg-type]
        await page(app).ask_about(chosen)
        assert chosen[0].paper.title in remark(app)
        assert "about 2 papers ✕" in status(app)
        await ask(pilot, "What do they have in common?")
        assert {source.paper.paper_id for source in sources(app).sources} == {p.paper.paper_id for p in chosen}
        assert "about" not in status(app)


async def test_papers_are_summarized(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        library = await app.session.library()
        chosen = library.listed(*(2 * [library.newest_day()]))[:3]  # type: ignore[arg-type]
        await page(app).turns.summarize(chosen)
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert len(sources(app).sources) == 3
        assert "❯ Summarize" in said(turns(app)[0])


async def test_again_writes_the_last_answer_once_more_in_its_place(make_app: MakeApp) -> None:
    app = make_app(model := ScriptedModel(cite_everything))
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        await pilot.press("ctrl+r")
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert len(model.requests) == 2
        assert [view.turn_id for view in turns(app)] == [1]
        assert turns(app)[0].answer is not None


async def test_a_model_that_fails_says_so_in_place_and_can_be_tried_again(make_app: MakeApp) -> None:
    model = ScriptedModel(lambda _: "", fails_with=ModelUnavailable("The server is down.", "Start it."))
    app = make_app(model)
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        assert "✗ The server is down." in said(turns(app)[0])
        assert "→ Start it." in said(turns(app)[0])
        assert page(app).query_one(Composer).has_focus
        model._fails_with, model._write = None, cite_everything
        await pilot.press("ctrl+r")
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert "server is down" not in said(turns(app)[0])
        assert turns(app)[0].answer is not None


async def test_a_model_that_breaks_off_leaves_what_came_marked(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(cite_everything, fails_with=ModelInterrupted("The stream broke off.")))
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        assert "ForgeWM converts a bidirectional generator" in said(turns(app)[0])
        assert "✂ incomplete: The stream broke off." in said(turns(app)[0])


async def test_a_model_that_is_not_here_gives_the_question_back(make_app: MakeApp) -> None:
    app = make_app()

    def missing(name: str | None = None) -> None:
        raise ModelUnavailable("No file.", "Fetch it.")

    app.session.container.model = missing  # type: ignore[method-assign, assignment]
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        assert "No file." in remark(app)
        assert "Fetch it." in remark(app)
        assert page(app).query_one(Composer).text == QUESTION
        assert turns(app) == []
        assert page(app).query_one(Welcome).display


async def test_nothing_found_is_said_with_its_remedy(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await send(pilot, "/upvotes 100000")
        await ask(pilot, QUESTION)
        assert "No paper of the library fits" in said(turns(app)[0])
        assert "widen the filters" in said(turns(app)[0])


async def test_an_empty_library_points_to_the_first_steps(make_app: MakeApp) -> None:
    app = make_app(papers=False)
    async with running(app) as pilot:
        assert "f9" in str(page(app).query_one(Welcome).query_one(".-there").render())
        await ask(pilot, QUESTION)
        assert "The library has no papers yet." in remark(app)
        assert page(app).query_one(Composer).text == QUESTION


async def test_the_welcome_offers_questions_that_can_be_asked(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        welcome = page(app).query_one(Welcome)
        assert "31 papers, newest 2026-08-21" in str(welcome.query_one(".-there").render())
        examples = welcome.query_one(OptionList)
        assert examples.option_count == 3
        examples.focus()
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: turns(app) and not page(app).turns.writing)
        conversation = page(app).turns.conversation
        assert conversation is not None
        answer = conversation.turns[0].answer
        assert answer is not None
        assert answer.refusal is None
        assert not welcome.display


async def test_a_new_conversation_begins_empty(make_app: MakeApp) -> None:
    app = make_app(HeldQuotingModel())
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        await pilot.press("ctrl+n")
        await settled(pilot)
        assert turns(app) == []
        assert page(app).query_one(Welcome).display
        assert sources(app).sources == ()
        assert page(app).turns.kept_sources == ()
        assert not page(app).turns.writing


async def test_a_long_answer_is_drawn_in_few_pieces(make_app: MakeApp) -> None:
    words = " ".join(f"word{number}" for number in range(3000))

    def write(request: GenerationRequest) -> str:
        return f"{words}. {request.quotes[0].text}"

    app = make_app(ScriptedModel(write))
    drawn = 0
    async with running(app) as pilot:
        append = Markdown.append

        def counted(self: Markdown, text: str) -> object:
            nonlocal drawn
            drawn += 1
            return append(self, text)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Markdown, "append", counted)
            await ask(pilot, QUESTION)
        assert "word2999" in said(turns(app)[0])
        assert drawn < 1500


async def test_leaving_in_the_middle_of_an_answer_is_clean(make_app: MakeApp) -> None:
    app = make_app(model := HeldQuotingModel())
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
    await asyncio.sleep(0)
    assert model.closed_early
