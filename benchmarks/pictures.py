"""The pictures of the documents, taken from the running application on the sample feed.

``--model`` writes the answer of the chat (an asset, a GGUF path); elsewhere sentences are quoted. The trends need more
than the two days of the sample feed: ``--library`` is a filled library for that picture alone, of which only counts and
names are shown.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from assistant.config import load_config
from assistant.feeds.json_files import sample_batches
from assistant.paths import Folders, default_folders
from assistant.services import AppContainer
from assistant.tui.app import AssistantApp
from assistant.tui.chat.page import ChatPage
from assistant.tui.session import Session
from assistant.tui.ui_state import UiState

PICTURES = Path(__file__).parent / "pictures"
_NOW = datetime(2026, 8, 21, 12, tzinfo=UTC)
_QUESTION = "How do agents improve from their own experience?"
_LONGEST_WAIT_SECONDS = 900.0

Steps = Callable[[Pilot[None]], Awaitable[None]]


async def chat(pilot: Pilot[None]) -> None:
    """An answer, a citation chosen, its evidence in the abstract."""
    page = pilot.app.screen
    assert isinstance(page, ChatPage)
    await page.turns.ask(_QUESTION)
    await _idle(pilot)
    await pilot.press("ctrl+t")
    await pilot.pause()


async def papers(pilot: Pilot[None]) -> None:
    """The newest day, two papers selected."""
    await pilot.press("f3")
    await _idle(pilot)
    await pilot.press("space", "down", "space", "s")
    await _idle(pilot)


async def digest(pilot: Pilot[None]) -> None:
    """The digest of the newest day."""
    await pilot.press("f4")
    await _idle(pilot)
    await pilot.press("b")
    await _idle(pilot)


async def compare(pilot: Pilot[None]) -> None:
    """Two papers of the newest day side by side."""
    await pilot.press("f3")
    await _idle(pilot)
    await pilot.press("space", "down", "space", "c")
    await _idle(pilot)
    await pilot.press("down", "right")
    await pilot.pause()


async def trends(pilot: Pilot[None]) -> None:
    """Papers a week."""
    await pilot.press("f6")
    await _idle(pilot)


async def _idle(pilot: Pilot[None]) -> None:
    """Wait until nothing works any more."""
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.2)


async def take(name: str, steps: Steps, settings: dict[str, str | bool], library: Path | None, theme: str) -> None:
    """Run the application through the steps and keep what its screen shows."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folders = Folders(library or folder / "library", default_folders().assets, folder, folder / "config.toml")
        UiState(introduced=True, theme=theme).write(folder / "state.json")
        async with AppContainer(load_config(None, {}, settings), {}, folders) as container:
            if library is None:
                for batch in sample_batches():
                    container.library.ingest(batch, _NOW)
                container.library.index_pending()
            app = AssistantApp(Session(container, lambda: _NOW), folder / "state.json")
            async with app.run_test(size=(120, 36)) as pilot:
                await _idle(pilot)
                await steps(pilot)
                picture = app.export_screenshot(title="Daily Papers assistant")
    (PICTURES / f"{name}.svg").write_text(picture, encoding="utf-8")
    print(PICTURES / f"{name}.svg", flush=True)


async def take_all(arguments: argparse.Namespace) -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    written: dict[str, str | bool] = {"offline": True, "model": arguments.model}
    quoted: dict[str, str | bool] = {"offline": True, "model": "extractive"}
    await take("chat", chat, written, None, "papers-dark")
    await take("papers", papers, quoted, None, "papers-light")
    await take("digest", digest, quoted, None, "papers-dark")
    await take("compare", compare, quoted, None, "papers-dark")
    if arguments.library:
        await take("trends", trends, quoted, arguments.library, "papers-dark")


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="local", help="who writes")
    parser.add_argument("--library", type=Path, help="folder of a filled library, for the trends")
    asyncio.run(take_all(parser.parse_args()))


if __name__ == "__main__":
    main()
