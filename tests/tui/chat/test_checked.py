"""Checked answers in the chat: marks and their reasons, what is mended while it is shown, refusals, found filters."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from assistant.answering.values import AnswerSentence
from assistant.answering.verification import CheckMode
from assistant.retrieval.query.parser import FilterKind
from assistant.tui.chat.anchors import CitationPlace, ClosePlace, MarkPlace, place_of
from assistant.tui.chat.answer_settings import NextAnswer
from assistant.tui.chat.citations import (
    AnswerMarkdown,
    CitationBar,
    answer_markdown,
    answer_text,
    sentence_markdown,
    stops_of,
)
from assistant.tui.chat.sources import SourceList
from assistant.tui.chat.status import Status, status_content
from assistant.tui.chat.transcript import Transcript
from tests.support.chat_pilot import ask, page, remark, said, send, sources, status, turns
from tests.support.checked_answers import (
    CHECKED,
    FROM_GOOGLE,
    LAST_WEEK,
    OPENING,
    PARTLY_SOUND,
    QUOTE,
    SOUND,
    WRONG,
    answer,
    refused,
)
from tests.support.scripted_answerer import ScriptedAnswerer, answering
from tests.tui.conftest import MakeApp, running, settled, wait_until


@pytest.fixture
def make_app(make_app: MakeApp) -> MakeApp:
    """Applications that refuse and repair, as the default configuration does."""
    return partial(make_app, settings={"answers.refuse": True, "answers.check": "repair"})


LEGEND = "✓ 1 supported · ~ 1 partly supported or unsure · ✗ 1 not supported"


def shown(pilot: Pilot[None]) -> str:
    """The last answer as it is drawn."""
    return "\n".join(str(part.content) for part in pilot.app.screen.query(AnswerMarkdown).last().query(Static))


def bar(pilot: Pilot[None]) -> str:
    """What the line below the transcript says."""
    line = pilot.app.screen.query_one(CitationBar)
    return str(line.content) if line.display else ""


@pytest.mark.parametrize(
    ("sentence", "markdown"),
    [
        (OPENING, OPENING.text),
        (SOUND, "It cuts memory by 37%. [[1]](cite:3.0.1) ✓"),
        (WRONG, "Its FID is 2.78. [[1]](cite:3.0.1) [✗](mark:3.0)"),
        (QUOTE, "“It cuts memory by 37%.” [[1]](cite:3.0.1) [❝ quote](mark:3.0)"),
        (replace(WRONG, text="| FID | 2.78 [1] |"), "| FID | 2.78 [[1]](cite:3.0.1) [✗](mark:3.0) |"),
    ],
)
def test_a_sentence_carries_its_mark_and_a_link_when_there_is_more_to_say(
    sentence: AnswerSentence, markdown: str
) -> None:
    assert sentence_markdown(sentence, 3, 0) == markdown


def test_places_are_read_from_their_addresses_and_no_other() -> None:
    for place in (CitationPlace(1, 2, 3), MarkPlace(1, 2), ClosePlace(1, 2)):
        assert place_of(place.href) == place
    assert {place_of(href) for href in ("mark:1", "mark:1.2.3", "close:x.1", "https://mark:1.2")} == {None}


def test_citations_and_marks_are_walked_as_they_are_read() -> None:
    assert [stop.place.href for stop in stops_of(answer(*CHECKED), 5)] == [
        "cite:5.1.1", "cite:5.2.1", "mark:5.2", "cite:5.3.1", "mark:5.3",
    ]  # fmt: skip
    assert [stop.place.href for stop in stops_of(refused(), 5)] == ["close:5.2", "close:5.1"]


def test_titles_and_reasons_of_close_papers_add_no_markup() -> None:
    hostile = refused()
    assert hostile.refusal is not None
    close = replace(hostile.refusal.closest[0], why="[x](https://evil.example)\n# no")
    hostile = replace(hostile, refusal=replace(hostile.refusal, closest=(close,)))
    assert "\\[x\\](https://evil.example) \\# no" in answer_markdown(hostile, 1)


def test_an_answer_is_copied_with_its_marks_and_reasons() -> None:
    copied = answer_text(answer(SOUND, WRONG))
    assert copied.startswith("It cuts memory by 37%. ✓ Its FID is 2.78. [1] ✗\n\n✗ sentence 2: the number 2.78")
    assert "[2] BarBench: Agents in Kitchens, https://huggingface.co/papers/2601.00002: it is" in answer_text(refused())


async def test_marks_are_shown_with_what_they_mean(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    async with running(app) as pilot:
        answering(app, monkeypatch, ScriptedAnswerer(answer(*CHECKED, missing=("the licence",))))
        await ask(pilot, "?")
        assert "It cuts memory by 37%. [1] ✓ It was tried on ImageNet-21k. [1] ~" in shown(pilot)
        assert f"{LEGEND}\nNot in the abstract (the paper itself may say it): the licence." in said(turns(app)[0])


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_reason_of_a_mark_is_reached_with_the_keyboard(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    app = make_app()
    async with running(app, size) as pilot:
        answering(app, monkeypatch, ScriptedAnswerer(answer(SOUND, WRONG, QUOTE)))
        await ask(pilot, "?")
        await pilot.press("ctrl+t", "right")
        await pilot.pause()
        assert bar(pilot).startswith("citation 2 of 3 ✗ · [1] FooNet")
        await pilot.press("right")
        await pilot.pause()
        assert bar(pilot) == "✗ sentence 2: the number 2.78 is not in the source"
        assert bar(pilot) in str(sources(app).query_one(".-what", Static).content)
        await pilot.press("right", "right")
        await pilot.pause()
        assert "replaced by the words of its source · the model wrote: “It halves memory.”" in bar(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert page(app).query_one(SourceList).has_focus
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert bar(pilot) == ""


async def test_a_click_on_a_mark_shows_its_reason(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    async with running(app) as pilot:
        answering(app, monkeypatch, ScriptedAnswerer(answer(WRONG)))
        await ask(pilot, "?")
        place = next(
            (x, y)
            for y in range(40)
            for x in range(120)
            if "mark:1.0" in str(app.screen.get_style_at(x, y).meta.get("@click", ""))
        )
        await pilot.click(offset=place)
        await pilot.pause()
        assert bar(pilot).startswith("✗ sentence 1: the number 2.78")
        assert not page(app).query_one(SourceList).has_focus


async def test_a_sentence_that_fails_a_later_check_is_changed_where_it_stands(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, checked = make_app(), asyncio.Event()
    shown_first = (SOUND, WRONG, PARTLY_SOUND)
    revised = ((1, QUOTE), (2, None))
    answerer = ScriptedAnswerer(answer(SOUND, QUOTE), shown_first, revised, checked.wait)
    async with running(app) as pilot:
        answering(app, monkeypatch, answerer)
        await send(pilot, "?")
        await wait_until(pilot, lambda: LEGEND in said(turns(app)[0]))
        await wait_until(pilot, lambda: "Its FID is 2.78. [1] ✗" in shown(pilot))
        checked.set()
        await settled(pilot)
        assert "2.78" not in shown(pilot)
        assert "ImageNet-21k" not in shown(pilot)
        assert "“It cuts memory by 37%.” [1] ❝ quote" in shown(pilot)
        assert "✓ 1 supported · ❝ 1 quoted" in said(turns(app)[0])


async def test_strict_shows_a_sentence_only_when_it_is_supported(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, checked = make_app(), asyncio.Event()
    kept = replace(answer(SOUND, withheld=(WRONG,)), text=f"{SOUND.text}")
    answerer = ScriptedAnswerer(kept, (SOUND, WRONG), ((1, None),), checked.wait)
    async with running(app) as pilot:
        answering(app, monkeypatch, answerer)
        await send(pilot, "/check strict")
        await send(pilot, "?")
        await wait_until(pilot, lambda: "It cuts memory" in shown(pilot))
        assert "2.78" not in shown(pilot)
        checked.set()
        await settled(pilot)
        assert "2.78" not in shown(pilot)
        assert "1 sentence withheld: not supported by the papers" in said(turns(app)[0])


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_refusal_lists_the_closest_papers_which_can_be_opened(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    app = make_app()
    async with running(app, size) as pilot:
        answering(app, monkeypatch, ScriptedAnswerer(refused()))
        await ask(pilot, "?")
        assert "The papers do not say which licence FooNet has." in shown(pilot)
        assert "[2] BarBench: Agents in Kitchens — it is about robots too" in shown(pilot)
        assert "Not answered; 2 papers close" in str(sources(app).query_one(".-head", Static).content)
        await pilot.press("ctrl+t", "right")
        await pilot.pause()
        assert bar(pilot).startswith("close [1] FooNet")
        assert "it names the same data set" in bar(pilot)
        await pilot.press("enter")
        await pilot.pause()
        chosen = sources(app).expanded_source
        assert chosen is not None
        assert chosen.number == 1
        assert page(app).query_one(SourceList).has_focus


async def test_a_refused_question_is_answered_all_the_same_when_the_reader_wants_it(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, answerer = make_app(), ScriptedAnswerer(refused())
    async with running(app) as pilot:
        answering(app, monkeypatch, answerer)
        await ask(pilot, "?")
        assert "/anyway has it answered all the same" in said(turns(app)[-1])
        answerer.finished = answer(SOUND)
        await ask(pilot, "/anyway")
        assert answerer.refuse == [None, False]
        assert len(turns(app)) == 1
        assert "/anyway" not in said(turns(app)[-1])
        await send(pilot, "/anyway")
        assert "The last question was not refused." in remark(app)


async def test_filters_of_the_question_are_shown_and_removed_one_by_one(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    answerer = ScriptedAnswerer(answer(SOUND, filters=(LAST_WEEK, FROM_GOOGLE)))
    async with running(app) as pilot:
        answering(app, monkeypatch, answerer)
        await ask(pilot, "?")
        assert "2026-08-10 to 2026-08-16 (from the question) ✕ · Google (from the question) ✕" in status(app)
        answerer.finished = answer(SOUND, filters=(FROM_GOOGLE,))
        await ask(pilot, "/ignore dates")
        assert answerer.ignored[-1] == {FilterKind.DATES}
        assert "2026-08-10" not in status(app)
        answerer.finished = answer(SOUND)
        await pilot.press("escape", "ctrl+t")
        await pilot.press("X")
        await settled(pilot)
        assert answerer.ignored[-1] == {FilterKind.DATES, FilterKind.ORGANIZATIONS}
        assert "from the question" not in status(app)
        await send(pilot, "/ignore")
        assert "The question made no such filter." in remark(app)
        await page(app).run_action("again")
        await settled(pilot)
        assert answerer.ignored[-1] == {FilterKind.DATES, FilterKind.ORGANIZATIONS}
        await ask(pilot, "/fresh Which papers prune heads?")
        assert not answerer.ignored[-1]


async def test_a_found_filter_is_removed_with_a_click(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    answerer = ScriptedAnswerer(answer(SOUND, filters=(LAST_WEEK,)))
    async with running(app, (80, 24)) as pilot:
        answering(app, monkeypatch, answerer)
        await ask(pilot, "?")
        at = status(app, 78).index("2026-08-10")
        await pilot.click("StatusLine", offset=(at + 3, 0))
        await settled(pilot)
        assert answerer.ignored[-1] == {FilterKind.DATES}


async def test_check_and_samples_hold_for_this_run(make_app: MakeApp) -> None:
    app = make_app(settings={"answers.check": "mark"})
    async with running(app) as pilot:
        assert "check: mark" in status(app)
        await send(pilot, "/check repair")
        assert app.session.answer_options["check"] == "repair"
        assert "check:" not in status(app)
        await send(pilot, "/samples 4")
        assert app.session.answer_options["samples"] == 4
        assert "best of 4" in status(app)
        page(app).query_one(Transcript).focus()
        await page(app).run_action("next_check")
        assert app.session.answer_options["check"] == "strict"
        assert "Only supported sentences are shown." in remark(app)
        for wrong in ("/check", "/check loose", "/samples 0", "/samples many", "/ignore colours"):
            await send(pilot, wrong)
            await settled(pilot)
            assert wrong.split()[0] in remark(app)


@pytest.mark.parametrize("width", [80, 60, 40])
def test_the_status_line_fits_with_filters_of_the_question(width: int) -> None:
    settings = NextAnswer(options={"check": CheckMode.STRICT, "samples": 8})
    line = status_content(Status(model="m", settings=settings, question_filters=(LAST_WEEK, FROM_GOOGLE)), width)
    assert line.cell_length <= width
    assert width < 60 or "2026-08-10 to 2026-08-16 asked ✕" in line.plain
