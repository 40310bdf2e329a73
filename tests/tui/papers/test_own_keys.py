"""The reader's own keys hold wherever the cursor is: lists have keys for moving alone."""

from textual.widgets import Static

from assistant.library.repositories.reading_marks import PaperMarks
from assistant.tui.digest.digest_list import DigestList
from assistant.tui.widgets.paper_list import PaperList
from tests.support.digest_pilot import items, listing, open_digest
from tests.support.paper_hosts import opened
from tests.tui.conftest import MakeApp, running, wait_until
from tests.tui.papers.conftest import OpenPage


async def test_a_key_of_ones_own_is_not_taken_by_the_list(open_page: OpenPage) -> None:
    for key in ("space", "enter", "j"):
        async with open_page() as (host, pilot):
            host.set_keymap({"papers.star": key})
            await pilot.press(key)
            await opened(pilot)
            first = host.page.papers.row
            assert first is not None
            library = await host.session.library()
            assert library.marks.of(first.paper_id) == PaperMarks(None, True, "")
            library.marks.set_starred([first.paper_id], False)


async def test_a_list_that_has_the_focus_is_the_one_that_is_chosen_in(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        host.set_keymap({"papers.open_paper": "f8"})
        await pilot.press("f8")
        await opened(pilot)
        similar = host.page.query_one("#similar", PaperList)
        similar.focus()
        await pilot.press("down", "space")
        chosen = similar.rows[1]
        await pilot.press("enter")
        await opened(pilot)
        assert host.page.detail.paper is not None
        assert host.page.detail.paper.paper_id != chosen.paper_id, "Enter is no longer the key"
        await pilot.press("f8")
        await opened(pilot)
        assert host.page.detail.paper.paper_id == chosen.paper_id
        assert host.page.papers.selected_ids == (), "similar papers are not selected, and nothing else for them"


async def test_a_key_of_ones_own_is_not_taken_by_the_digest(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        app.set_keymap({"digest.select": "enter", "digest.choose_item": "j"})
        place = next(place for place, item in enumerate(items(app)) if item.key[0] == "topic")
        listing(app).go_to(items(app)[place].key)
        assert isinstance(app.focused, DigestList)
        await pilot.press("enter")
        await wait_until(pilot, lambda: "selected" in str(page.query_one(".-period", Static).content))
        before = items(app)[place]
        await pilot.press("j")
        await wait_until(pilot, lambda: items(app)[place] != before)
