"""Writing the digest: when it begins, what is seen of it, stopping, going on, failing."""

import re

import pytest

from assistant.config.user_tables import Price
from assistant.errors import ModelMissing, ModelUnavailable
from assistant.models.chat_model import GenerationRequest, ModelKind
from assistant.models.extractive import ExtractiveModel
from assistant.reports.digest.values import LEADING, OTHERS
from assistant.tui import messages
from assistant.tui.digest.items import PaperItem, SentenceItem, StatusItem, TopicItem, TopicSentenceItem
from assistant.tui.digest.page import DigestPage
from tests.support.applications import with_keys, with_prices
from tests.support.digest_pilot import (
    add_papers,
    drawn,
    head_text,
    honest,
    items,
    listed_text,
    notes_of,
    notice_text,
    open_digest,
    status_text,
)
from tests.support.fake_models import HeldModel, ScriptedModel
from tests.tui.conftest import MakeApp, running, wait_until


async def test_first_the_papers_of_the_newest_day_stand_by_topic_and_nothing_is_written(make_app: MakeApp) -> None:
    model = ScriptedModel(honest)
    app = make_app(model)
    async with running(app) as pilot:
        await open_digest(pilot, app)

        assert head_text(app) == "Friday 2026-08-21 · 17 papers"
        assert "▶ enter writes the digest of 17 papers with" in status_text(app)
        assert sum(isinstance(item, TopicItem) for item in items(app)) > 2
        assert "4DAnyone" in listed_text(app)
        assert "▲ 163" in listed_text(app)
        assert not model.requests


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("key", ["enter", "b"])
async def test_a_key_writes_topics_and_summaries(make_app: MakeApp, key: str, size: tuple[int, int]) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app, size) as pilot:
        await open_digest(pilot, app)
        await pilot.press(key)
        await drawn(pilot)

        assert "✓ 17 of 17 papers; summaries by scripted" in status_text(app)
        places = {item.name: item.place for item in items(app) if isinstance(item, TopicItem)}
        told = {item.topic for item in items(app) if isinstance(item, TopicSentenceItem)}
        assert told == {place for name, place in places.items() if name not in {LEADING, OTHERS}} != set()
        assert sum(isinstance(item, SentenceItem) for item in items(app)) == 34
        assert app.activity == ""


async def test_a_click_on_the_offer_writes(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.click("DigestList", offset=(10, 0))
        await drawn(pilot)

        assert status_text(app).startswith("✓ 17 of 17")


async def test_what_is_cached_appears_at_once_and_asks_no_model(make_app: MakeApp) -> None:
    model = ScriptedModel(honest)
    first = make_app(model)
    async with running(first) as pilot:
        await open_digest(pilot, first)
        await pilot.press("b")
        await drawn(pilot)
    asked = len(model.requests)

    again = make_app(model)
    async with running(again) as pilot:
        await open_digest(pilot, again)

        assert "17 from the cache" in status_text(again)
        assert len(model.requests) == asked


async def test_a_model_that_only_quotes_begins_by_itself(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        await open_digest(pilot, app)

        assert "✓ 17 of 17 papers; summaries by extractive" in status_text(app)


async def test_parts_come_while_others_are_written_also_on_another_page(make_app: MakeApp) -> None:
    model = HeldModel(honest, at_first=3)
    app = make_app(model)
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        await pilot.press("b")
        await wait_until(pilot, lambda: "3 of 17" in status_text(app))
        assert "scripted writes · escape stops" in status_text(app)
        assert sum(isinstance(item, SentenceItem) for item in items(app)) == 6
        assert app.activity == "digest 2026-08-21: 3 of 17"

        await pilot.press("f3")
        assert not isinstance(app.screen, DigestPage)
        model.go_on.set()
        await wait_until(pilot, lambda: app.activity == "")
        await pilot.press("f4")
        await drawn(pilot)

        assert app.screen is page
        assert status_text(app).startswith("✓ 17 of 17")


async def test_escape_stops_at_once_and_enter_goes_on_without_writing_anything_twice(make_app: MakeApp) -> None:
    model = HeldModel(honest, at_first=3)
    app = make_app(model)
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press("b")
        await wait_until(pilot, lambda: "3 of 17" in status_text(app))
        await pilot.press("escape")
        await drawn(pilot)

        assert "▶ Stopped at 3 of 17 papers" in status_text(app)
        assert sum(isinstance(item, SentenceItem) for item in items(app)) == 6
        assert app.activity == ""

        asked = len(model.requests)
        model.go_on.set()
        await pilot.press("enter")
        await drawn(pilot)
        assert status_text(app).startswith("✓ 17 of 17")
        prompts = [request.messages[-1].content for request in model.requests]
        assert sum("Abstract: " in prompt for prompt in prompts[asked:]) == 14
        assert len(set(prompts[asked:])) == len(prompts[asked:])


async def test_what_a_stopped_run_kept_is_offered_as_kept_later(make_app: MakeApp) -> None:
    model = HeldModel(honest, at_first=3)
    first = make_app(model)
    async with running(first) as pilot:
        await open_digest(pilot, first)
        await pilot.press("b")
        await wait_until(pilot, lambda: "3 of 17" in status_text(first))
        await pilot.press("escape")

    again = make_app(model)
    async with running(again) as pilot:
        await open_digest(pilot, again)
        assert "3 are here from before" in status_text(again)


async def test_a_model_that_does_not_answer_is_shown_in_place_and_can_be_tried_again(make_app: MakeApp) -> None:
    failing = [True]

    def write(request: GenerationRequest) -> str:
        if failing:
            raise ModelUnavailable("The server is down.", "Start it.")
        return honest(request)

    app = make_app(ScriptedModel(write, kind=ModelKind.HOSTED))
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        await pilot.press("b")
        await drawn(pilot)
        assert notice_text(page) == "✗ The server is down.\n→ Start it."
        assert "▶ Not finished: 0 of 17 papers" in status_text(app)

        failing.clear()
        await pilot.press("enter")
        await drawn(pilot)
        assert notice_text(page) == ""
        assert status_text(app).startswith("✓ 17 of 17")


async def test_without_a_model_the_papers_are_there_and_the_remedy_is_said(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()

    def missing(name: str | None = None) -> ScriptedModel:
        raise ModelMissing("There is no key.", "Set one.")

    monkeypatch.setattr(app.session.container, "model", missing)
    async with running(app) as pilot:
        page = await open_digest(pilot, app)

        assert notice_text(page) == "✗ There is no key.\n→ Set one."
        assert "4DAnyone" in listed_text(app)


async def test_another_period_stops_the_writing_of_this_one(make_app: MakeApp) -> None:
    model = HeldModel(honest, at_first=3)
    app = make_app(model)
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press("b")
        await wait_until(pilot, lambda: "3 of 17" in status_text(app))
        await pilot.press("p")
        await drawn(pilot)

        assert head_text(app) == "Thursday 2026-08-20 · 14 papers"
        assert app.activity == ""
        assert len(model.requests) == 3


async def test_papers_that_come_while_writing_are_shown_when_it_is_done(make_app: MakeApp) -> None:
    model = HeldModel(honest, at_first=3)
    app = make_app(model)
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        await pilot.press("b")
        await wait_until(pilot, lambda: "3 of 17" in status_text(app))
        library = await app.session.library()
        add_papers(library, ["A late paper"], app.session.clock().date())
        page.papers_changed()
        assert "17 papers" in head_text(app)

        model.go_on.set()
        await wait_until(pilot, lambda: "18 papers" in head_text(app))
        await drawn(pilot)
        assert "17 are here from before" in status_text(app)


async def test_another_model_is_looked_up_when_the_reader_comes_back(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press("f3")
        app.session.model_name = "local"
        await pilot.press("f4")
        await drawn(pilot)

        offered = next(item for item in items(app) if isinstance(item, StatusItem))
        assert "(local)" in offered.text


@pytest.mark.parametrize("ends", ["stop", "failure"])
async def test_papers_that_came_are_shown_also_when_the_writing_is_stopped_or_fails(
    make_app: MakeApp, ends: str
) -> None:
    def write(request: GenerationRequest) -> str:
        if model.go_on.is_set():
            raise ModelUnavailable("The server is down.", "Start it.")
        return honest(request)

    model = HeldModel(write, at_first=3)
    app = make_app(model)
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        await pilot.press("b")
        await wait_until(pilot, lambda: "3 of 17" in status_text(app))
        add_papers(await app.session.library(), ["A late paper"], app.session.clock().date())
        page.papers_changed()
        if ends == "stop":
            await pilot.press("escape")
        else:
            model.go_on.set()

        await wait_until(pilot, lambda: "18 papers" in head_text(app))
        await drawn(pilot)
        said = [notice.title for notice in app._notifications]
        assert ("The server is down." in said) == (ends == "failure"), "its place is gone, so it is said elsewhere"


async def test_a_key_that_came_changes_the_writer_that_is_offered(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press("f3")
        app.session.container.models.use_key("sk-for-this-session")
        await pilot.press("f4")
        await drawn(pilot)

        offered = next(item for item in items(app) if isinstance(item, StatusItem))
        assert "(hosted)" in offered.text


async def test_stars_given_on_another_page_are_shown(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        paper = next(item for item in items(app) if isinstance(item, PaperItem))
        assert page.view_model is not None
        paper_id = page.view_model.sources[paper.number].paper.paper_id
        (await app.session.library()).marks.set_starred([paper_id], True)
        page.post_message(messages.PaperMarksChanged([paper_id]))
        await drawn(pilot)

        starred = [item.number for item in items(app) if isinstance(item, PaperItem) and item.starred]
        assert starred == [paper.number]


async def test_the_keys_in_force_are_named(make_app: MakeApp) -> None:
    model = HeldModel(honest, at_first=3)
    app = with_keys(make_app(model), {"digest.stop": "ctrl+t"})
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press("b")
        await wait_until(pilot, lambda: "3 of 17" in status_text(app))
        assert status_text(app).endswith("^t stops")


async def test_topics_get_their_names_and_sentences_as_they_come(make_app: MakeApp) -> None:
    def write(request: GenerationRequest) -> str:
        return honest(request) if notes_of(request) or "Abstract: " in request.messages[-1].content else "Feedback"

    model = HeldModel(write, at_first=17 + 2 + 1)
    app = make_app(model)
    async with running(app) as pilot:
        await open_digest(pilot, app)
        planned = [item.name for item in items(app) if isinstance(item, TopicItem)]
        await pilot.press("b")
        await wait_until(pilot, lambda: "topics 2 of" in status_text(app))
        assert {item.topic for item in items(app) if isinstance(item, TopicSentenceItem)} == {1}

        model.go_on.set()
        await wait_until(pilot, lambda: status_text(app).startswith("✓"))
        named = [item.name for item in items(app) if isinstance(item, TopicItem)]
        assert named[:2] == [LEADING, "Feedback"]
        assert "Feedback" not in planned


async def test_a_hosted_model_is_offered_with_what_it_may_cost(make_app: MakeApp) -> None:
    model = ScriptedModel(honest, kind=ModelKind.HOSTED)
    app = with_prices(make_app(model), {model.name: Price(2.0, 8.0)})
    async with running(app) as pilot:
        await open_digest(pilot, app)
        assert re.search(r"· about \d+,\d{3} tokens, at most \$0\.\d\d$", status_text(app))
        assert not model.requests
        await pilot.press("b")
        await drawn(pilot)
        assert status_text(app).startswith("✓ 17 of 17")


async def test_a_hosted_model_without_a_price_is_offered_with_its_tokens(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(honest, kind=ModelKind.HOSTED))
    async with running(app) as pilot:
        await open_digest(pilot, app)
        assert status_text(app).endswith(" tokens, price unknown")


async def test_a_digest_that_may_cost_more_than_is_allowed_is_not_begun(make_app: MakeApp) -> None:
    model = ScriptedModel(honest, kind=ModelKind.HOSTED)
    app = with_prices(make_app(model), {model.name: Price(2000.0, 8000.0)})
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        await pilot.press("b")
        await drawn(pilot)
        assert "more than $1.00" in notice_text(page)
        assert "digest.max_cost_dollars" in notice_text(page)
        assert "▶ Not finished" in status_text(app)
        assert not model.requests
