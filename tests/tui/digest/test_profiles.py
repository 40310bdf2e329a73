"""Digests for profiles: choosing one, why a paper is shown, what is left out, what is new."""

import pytest
from textual.command import CommandPalette

from assistant.config.profiles import Profile
from assistant.models.extractive import ExtractiveModel
from assistant.tui import messages
from assistant.tui.digest.items import PaperItem
from tests.support.applications import with_profiles
from tests.support.digest_pilot import (
    drawn,
    for_whom,
    head_text,
    heard,
    items,
    listed_text,
    notice_text,
    open_digest,
    status_text,
)
from tests.tui.conftest import NOW, MakeApp, running, wait_until

VIDEO = Profile(name="video", words=("video",), top=3)
QUIET = Profile(name="quiet", words=("a word of no paper",))


async def test_without_profiles_nothing_is_said_of_them_and_the_key_tells_how_to_have_some(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        refused = heard(page, messages.Failed)
        await pilot.press("f")
        await pilot.pause()

        assert for_whom(app) == ""
        assert isinstance(refused[0], messages.Failed)
        assert "[profiles.robotics]" in (refused[0].error.remedy or "")


async def test_a_key_goes_through_the_profiles_and_back_to_everything(make_app: MakeApp) -> None:
    app = with_profiles(make_app(ExtractiveModel()), VIDEO, QUIET)
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        assert for_whom(app) == "everything"

        await pilot.press("f")
        await drawn(pilot)
        assert head_text(app) == "Friday 2026-08-21 · 3 of 17 papers"
        assert for_whom(app).startswith("for video · ")
        assert "outside the profile" in for_whom(app)
        assert "why: video in the " in listed_text(app)
        assert "✓ 3 of 17 papers; " in status_text(app)

        await pilot.press("f")
        await drawn(pilot)
        assert "None of the 17 papers of 2026-08-21 fits the profile quiet" in notice_text(page)
        assert "Widen its words in the configuration" in notice_text(page)
        assert for_whom(app) == "for quiet"

        await pilot.press("f")
        await drawn(pilot)
        assert head_text(app) == "Friday 2026-08-21 · 17 papers"
        assert "why:" not in listed_text(app)
        assert notice_text(page) == ""


async def test_the_profile_of_the_configuration_is_taken_first_and_holds_for_other_days(make_app: MakeApp) -> None:
    app = with_profiles(make_app(), VIDEO, used="video")
    async with running(app) as pilot:
        await open_digest(pilot, app)
        assert for_whom(app).startswith("for video")
        assert listed_text(app).count("why: ") == 3, "also before anything is written"
        await pilot.press("w")
        await drawn(pilot)
        assert for_whom(app).startswith("for video")
        assert head_text(app) == "Week 2026-W34 · 3 of 31 papers"


async def test_a_profile_that_there_is_not_is_refused_and_left_by_the_key(make_app: MakeApp) -> None:
    app = with_profiles(make_app(), VIDEO, used="vido")
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        assert "There is no profile 'vido'" in notice_text(page)
        await pilot.press("f")
        await drawn(pilot)
        assert for_whom(app) == "everything"
        assert "17 papers" in head_text(app)


@pytest.mark.parametrize(("typed", "said"), [("profile video", "for video"), ("of everything", "everything")])
async def test_the_palette_offers_every_profile_on_every_page(make_app: MakeApp, typed: str, said: str) -> None:
    app = with_profiles(make_app(), VIDEO, QUIET, used="quiet")
    async with running(app) as pilot:
        await pilot.press("ctrl+p")
        await wait_until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*typed)
        await wait_until(pilot, lambda: app.screen.has_class("-ready"))
        await drawn(pilot)
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.current_mode == "digest")
        await drawn(pilot)
        assert for_whom(app).startswith(said)


async def test_papers_that_no_digest_has_shown_are_marked_where_others_were(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        assert not any(isinstance(item, PaperItem) and item.is_new for item in items(app)), "nothing to tell apart"
        assert page.view_model is not None
        *shown, new = page.view_model.paper_ids
        (await app.session.library()).digest_history.remember("", shown, NOW)
        page.papers_changed()
        await drawn(pilot)

        marked = [item.number for item in items(app) if isinstance(item, PaperItem) and item.is_new]
        assert [page.view_model.sources[number].paper.paper_id for number in marked] == [new]
        assert f"[{marked[0]}] new " in listed_text(app)


async def test_an_example_that_the_library_does_not_have_is_named(make_app: MakeApp) -> None:
    profile = Profile(name="mine", words=("video",), papers=("2608.19880", "2001.00001"))
    app = with_profiles(make_app(), profile, used="mine")
    async with running(app) as pilot:
        await open_digest(pilot, app)
        assert for_whom(app).endswith("not in the library: 2001.00001")
        assert "why: " in listed_text(app)
