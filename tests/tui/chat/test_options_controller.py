"""The settings of the next answer: one table for commands, completion and the status line."""

from datetime import date

import pytest

from assistant.answering.verification import CheckMode
from assistant.errors import ModelMissing, UsageError
from assistant.library.filters import Filters
from assistant.retrieval.query import FilterKind
from assistant.tui.chat.answer_settings import FILTER_OPTIONS, WRITING_OPTIONS, AnswerOption, NextAnswer
from assistant.tui.chat.commands import COMMANDS
from assistant.tui.chat.completion import completion_request_at
from assistant.tui.chat.options_controller import OptionsController
from assistant.tui.chat.status import Status, StatusLine, status_content
from assistant.tui.widgets.notice import Notice
from tests.support.paper_factory import three_papers
from tests.tui.conftest import MakeSession

OPTIONS = {option.name: option for option in (*FILTER_OPTIONS, *WRITING_OPTIONS)}


def parsed(typed: str, now: NextAnswer | None = None) -> NextAnswer:
    name, _, text = typed.partition(" ")
    option = OPTIONS[name]
    return option.parse(text, now or NextAnswer(), tuple(CheckMode) if name == "check" else ())


def options_of(make_session: MakeSession) -> tuple[OptionsController, StatusLine, Notice]:
    line, notice = StatusLine(), Notice()
    return OptionsController(make_session(settings={"answers.check": "repair"}), line, notice), line, notice


@pytest.mark.parametrize(
    ("typed", "settings", "line"),
    [
        ("since 2026-08-20", NextAnswer(Filters(since=date(2026, 8, 20))), "since 2026-08-20 ✕"),
        ("until 2026-08-21", NextAnswer(Filters(until=date(2026, 8, 21))), "until 2026-08-21 ✕"),
        ("org Ant Research", NextAnswer(Filters(organizations=("Ant Research",))), "Ant Research ✕"),
        ("upvotes 5", NextAnswer(Filters(min_upvotes=5)), "▲ ≥ 5 ✕"),
        ("model local", NextAnswer(model="local"), ""),
        ("check STRICT", NextAnswer(options={"check": CheckMode.STRICT}), "check: strict"),
        ("samples 4", NextAnswer(options={"samples": 4}), "best of 4"),
    ],
)
def test_what_is_typed_is_set_and_shown(typed: str, settings: NextAnswer, line: str) -> None:
    assert parsed(typed) == settings
    assert status_content(Status(settings=settings), 80).plain == line


@pytest.mark.parametrize(
    ("typed", "now", "message"),
    [
        (
            "since 2026-08-22",
            NextAnswer(Filters(until=date(2026, 8, 21))),
            "2026-08-22, is after the last one, 2026-08-21",
        ),
        (
            "until 2026-08-19",
            NextAnswer(Filters(since=date(2026, 8, 20))),
            "2026-08-20, is after the last one, 2026-08-19",
        ),
        ("until soon", NextAnswer(), "'soon' is not a day"),
        ("upvotes -1", NextAnswer(), "'-1' is not a valid number"),
        ("model", NextAnswer(model="local"), "local writes now"),
        ("check loose", NextAnswer(options={"check": CheckMode.MARK}), "mark is how answers are checked now"),
        ("samples 17", NextAnswer(options={"samples": 2}), "2 answers written for a question now"),
    ],
)
def test_what_cannot_be_set_is_said(typed: str, now: NextAnswer, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parsed(typed, now)


@pytest.mark.parametrize("name", ["since", "until", "org", "upvotes"])
def test_a_filter_without_a_value_is_removed(name: str) -> None:
    filters = Filters(date(2026, 8, 20), date(2026, 8, 21), ("Ant Research",), (), 5)
    assert OPTIONS[name].status_text(parsed(name, NextAnswer(filters))) == ""


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda option: option.name)
def test_every_setting_is_a_command_that_completes_what_it_offers(option: AnswerOption) -> None:
    command = next(command for command in COMMANDS if command.name == option.name)
    assert (command.arguments, command.meaning) == (option.arguments, option.meaning)
    assert (completion_request_at(f"/{option.name} x") is not None) == (option.choices is not None)


def test_a_setting_holds_for_the_session_and_says_so(make_session: MakeSession) -> None:
    options, line, notice = options_of(make_session)
    options.set(OPTIONS["samples"], "3")
    assert options.settings.samples == line.status.settings.samples == 3
    assert "3 answers are written" in str(notice.content)
    options.set(OPTIONS["since"], "2026-08-20")
    assert options.settings.samples == 3
    options.clear_filters()
    assert line.status.settings == options.settings == NextAnswer(options={"check": CheckMode.REPAIR, "samples": 3})


def test_the_checks_follow_one_another(make_session: MakeSession) -> None:
    options, line, notice = options_of(make_session)
    modes = []
    for _ in CheckMode:
        options.next_check()
        modes.append(line.status.settings.check)
    assert modes == [CheckMode.STRICT, CheckMode.MARK, CheckMode.REPAIR]
    assert "check: repair." in str(notice.content)


def test_what_holds_for_one_question_is_forgotten(make_session: MakeSession) -> None:
    options, line, notice = options_of(make_session)
    options.ask_about(three_papers() + three_papers()[:1], "x forgets them.")
    options.ignored = frozenset({FilterKind.DATES})
    assert line.status.about_papers == 4
    assert "FooNet: Pruning Heads; BarBench" in str(notice.content)
    assert "and 1 more.\n→ x forgets them." in str(notice.content)
    options.forget_papers()
    assert not options.papers
    assert options.ignored == frozenset({FilterKind.DATES})
    options.forget_question()
    assert not options.ignored
    assert line.status.about_papers == 0


async def test_a_model_is_there_before_it_writes(make_session: MakeSession) -> None:
    session, option = make_session(), OPTIONS["model"]
    assert option.prepare is not None
    assert option.choices is not None
    assert {"auto", "extractive"} < set(option.choices(session))
    await option.prepare(session, NextAnswer(model="extractive"))
    with pytest.raises(ModelMissing):
        await option.prepare(session, NextAnswer(model="qwen2.5-codr-1.5b"))


def test_who_would_write_is_shown(make_session: MakeSession) -> None:
    options, line, _ = options_of(make_session)
    options.set(OPTIONS["model"], "extractive")
    options.show_writer()
    assert line.status.model == "extractive"
    options.set(OPTIONS["model"], "qwen2.5-codr-1.5b")
    options.show_writer()
    assert line.status.model == "extractive"
