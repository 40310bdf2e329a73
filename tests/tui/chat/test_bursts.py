"""Keys that arrive all at once, as over a slow line or from an expander, keep their order."""

from textual.events import Key
from textual.pilot import Pilot

from assistant.tui.chat.composer import Composer
from tests.support.chat_pilot import page
from tests.tui.conftest import MakeApp, running, settled, wait_until


def burst(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))


async def test_letters_do_not_overtake_backspace(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        burst(pilot, *"abcdefghij", "backspace", "backspace", "backspace", *"XYZ")
        await wait_until(pilot, lambda: page(app).query_one(Composer).text.endswith("Z"))
        await settled(pilot)

        assert page(app).query_one(Composer).text == "abcdefgXYZ"


async def test_enter_sends_what_was_typed_before_it_and_no_more(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        burst(pilot, *"agents", "enter", *"next")
        await wait_until(pilot, lambda: page(app).query_one(Composer).text == "next")
        await settled(pilot)

        talk = page(app).turns.talk
        assert talk is not None
        assert [turn.question for turn in talk.turns] == ["agents"]
