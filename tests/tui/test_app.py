"""The application as a whole: its pages, palette, help, themes, keys, and where failures end."""

from tests.tui.conftest import MakeApp, running


async def test_every_page_opens(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        for key, mode in (
            ("f3", "papers"),
            ("f4", "digest"),
            ("f6", "trends"),
            ("f7", "conversations"),
            ("f2", "chat"),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert app.current_mode == mode
