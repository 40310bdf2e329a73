"""How quick the terminal application answers its reader: keys while a model writes, long lists, long answers, stops.

Everything runs in this process against the real application, without a terminal. ``--library`` is a folder with the
indexed corpus (`python -m benchmarks.retrieval` makes one). Parts:

keys     a key press until it is drawn, while a local model (``--model``) writes and while none does
lists    the page of all papers opened, a page scrolled, and each letter of a filter until its papers are shown
stream   the processor time of this process while an answer of ``--tokens`` comes at 20 tokens a second
stop     Escape until the page and the model are idle: a local model reading its prompt and writing, a hosted one
"""

import argparse
import asyncio
import math
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, Markdown

from assistant.config import load_config
from assistant.library.repositories.paper_rows import PaperRow
from assistant.models.chat_model import (
    ChatModel,
    Completed,
    GenerationRequest,
    Message,
    ModelEvent,
    ModelKind,
    TextDelta,
    Usage,
)
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from assistant.paths import Folders, default_folders
from assistant.services import AppContainer
from assistant.tui.app import AssistantApp
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.page import ChatPage
from assistant.tui.chat.status import StatusLine
from assistant.tui.session import Session
from assistant.tui.ui_state import UiState
from assistant.tui.widgets.paper_list import PaperList
from tests.support.openai_server import ScriptedServer, Stream, chunk, event

_QUESTION = "How do agents learn from their environment, and what limits them?"
_FILTER = "diffusion policies for robots"
_TOKENS_PER_SECOND = 20.0
_MANY = 10_000


class TypingModel:
    """Writes Markdown of so many tokens at a steady speed, each sentence citing a source."""

    name = "typing"
    fingerprint = "typing"
    kind = ModelKind.HOSTED
    context_tokens = 128_000

    def __init__(self, tokens: int, tokens_per_second: float) -> None:
        self._tokens = tokens
        self._tokens_per_second = tokens_per_second

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Four characters a token."""
        return sum(len(message.content) // 4 for message in messages)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """The words of the quotes, again and again, in paragraphs and lists."""
        words = " ".join(f"{quote.text} [{quote.number}]" for quote in request.quotes).split()
        began = time.monotonic()
        for token in range(self._tokens):
            end = "\n\n" if token % 90 == 89 else "\n- " if token % 45 == 44 else " "
            yield TextDelta(words[token % len(words)] + end)
            await asyncio.sleep(max(0.0, began + (token + 1) / self._tokens_per_second - time.monotonic()))
        yield Completed(Usage(1000, self._tokens))

    async def aclose(self) -> None:
        """Nothing is open."""


class BenchContainer(AppContainer):
    """A container that writes with a given model when there is one."""

    scripted: ChatModel | None = None

    def model(self, name: str | None = None) -> ChatModel:
        """The scripted model, else the one of that name."""
        return self.scripted or super().model(name)


@asynccontextmanager
async def running(
    arguments: argparse.Namespace, *, scripted: ChatModel | None = None
) -> AsyncGenerator[Pilot[None], None]:
    """The application on the library, warm."""
    usual = default_folders()
    with tempfile.TemporaryDirectory() as scratch:
        library = shutil.copytree(arguments.library, Path(scratch) / "library")  # conversations are kept in it
        folders = Folders(library, usual.assets, Path(scratch), Path(scratch) / "config.toml")
        state = Path(scratch) / "state.json"
        UiState(introduced=True).write(state)
        settings = {"offline": True, "model": arguments.model, "answers.max_output_tokens": max(400, arguments.tokens)}
        async with BenchContainer(load_config(None, {}, settings), {}, folders) as container:
            container.scripted = scripted
            app = AssistantApp(Session(container), state)
            async with app.run_test(size=(120, 40)) as pilot:
                await app.workers.wait_for_complete()
                yield pilot


async def until(
    condition: Callable[[], object], limit_seconds: float = 600.0, look_after_seconds: float = 0.002
) -> None:
    """Wait until something holds, looking every two milliseconds unless told otherwise."""
    async with asyncio.timeout(limit_seconds):
        while not condition():  # noqa: ASYNC110  # what is looked at tells nobody when it changes
            await asyncio.sleep(look_after_seconds)


async def drawn(pilot: Pilot[None]) -> None:
    """Wait until what was changed is on the screen."""
    done = asyncio.Event()
    pilot.app.screen.call_after_refresh(done.set)
    await done.wait()


def chat(pilot: Pilot[None]) -> ChatPage:
    """The chat, which is open."""
    page = pilot.app.screen
    assert isinstance(page, ChatPage)
    return page


async def ask(pilot: Pilot[None]) -> None:
    """Type the question and send it."""
    composer = chat(pilot).query_one(Composer)
    composer.text = _QUESTION
    composer.move_cursor(composer.document.end)
    await pilot.press("enter")
    await until(lambda: chat(pilot).turns.writing)


def text_came(pilot: Pilot[None]) -> bool:
    """Whether the first words of the answer are shown."""
    return any(answer.source for answer in chat(pilot).query(Markdown))


async def echo_milliseconds(pilot: Pilot[None], keys: int, goes_on: Callable[[], object]) -> list[float]:
    """From key press to drawn letter, one after the other, as long as something goes on."""
    composer, milliseconds = chat(pilot).query_one(Composer), []
    for _ in range(keys):
        if not goes_on():
            break
        began = time.perf_counter()
        length = len(composer.text)
        pilot.app.post_message(Key("a", "a"))
        await until(lambda: len(composer.text) > length)  # noqa: B023  # awaited within the turn
        await drawn(pilot)
        milliseconds.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.1)
    return milliseconds


async def keys(arguments: argparse.Namespace) -> None:
    """Print how soon a key shows."""
    print("| key press until drawn | keys | p50 ms | p95 ms | max ms |\n|---|---|---|---|---|")
    async with running(arguments) as pilot:
        _row("nothing else runs", await echo_milliseconds(pilot, arguments.keys, lambda: True))
        chat(pilot).query_one(Composer).text = ""
        while_reading, while_writing = [], []
        for _ in range(arguments.answers):
            await ask(pilot)
            while_reading += await echo_milliseconds(
                pilot, arguments.keys, lambda: chat(pilot).turns.writing and not text_came(pilot)
            )
            while_writing += await echo_milliseconds(pilot, arguments.keys, lambda: chat(pilot).turns.writing)
            await until(lambda: not chat(pilot).turns.writing)
            chat(pilot).query_one(Composer).text = ""
            await pilot.press("ctrl+n")
        _row("the model reads its prompt", while_reading)
        _row("the model writes", while_writing)


async def lists(arguments: argparse.Namespace) -> None:
    """Print how quick the list of all papers is."""
    async with running(arguments) as pilot:
        began = time.perf_counter()
        await pilot.press("f3")
        await until(lambda: pilot.app.screen.query(PaperList) and shown_rows(pilot))
        await drawn(pilot)
        opened = (time.perf_counter() - began) * 1000
        began = time.perf_counter()
        await pilot.press("A")
        await until(lambda: len(shown_rows(pilot)) > _MANY)
        await drawn(pilot)
        every = (time.perf_counter() - began) * 1000
        paged = []
        for _ in range(20):
            began = time.perf_counter()
            await pilot.press("pagedown")
            await drawn(pilot)
            paged.append((time.perf_counter() - began) * 1000)
        print(f"the page first opened: {opened:.0f} ms; all {len(shown_rows(pilot))} papers: {every:.0f} ms\n")
        print("| list of all papers | n | p50 ms | p95 ms | max ms |\n|---|---|---|---|---|")
        _row("a page scrolled", paged)
        await pilot.press("slash")
        typed = []
        for letter in _FILTER:
            before = shown_rows(pilot)
            began = time.perf_counter()
            pilot.app.screen.query_one(Input).insert_text_at_cursor(letter)
            await until(lambda: shown_rows(pilot) is not before, 20)  # noqa: B023  # awaited within the turn
            await drawn(pilot)
            typed.append((time.perf_counter() - began) * 1000)
        _row("a letter of the filter until its papers are shown", typed)


def shown_rows(pilot: Pilot[None]) -> Sequence[PaperRow]:
    """The rows of the list that is open."""
    return pilot.app.screen.query_one(PaperList).rows


async def stream(arguments: argparse.Namespace) -> None:
    """Print the processor time that a long answer takes."""
    async with running(arguments, scripted=TypingModel(arguments.tokens, _TOKENS_PER_SECOND)) as pilot:
        began, used = time.perf_counter(), time.process_time()
        await ask(pilot)
        await until(lambda: not chat(pilot).turns.writing, 3600, look_after_seconds=0.25)
        await drawn(pilot)
        seconds, processor = time.perf_counter() - began, time.process_time() - used
        model = arguments.tokens / _TOKENS_PER_SECOND
        print(f"{arguments.tokens} tokens at {_TOKENS_PER_SECOND:.0f} a second: {seconds:.1f} s")
        print(f"processor time of the application: {processor:.1f} s, {processor / model:.1%} of the model's")


async def stop(arguments: argparse.Namespace) -> None:
    """Print how soon everything is idle after Escape."""
    print("| Escape until idle | stops | median ms | max ms |\n|---|---|---|---|")
    async with running(arguments) as pilot:
        for name, ready in (("local model, reading its prompt", prompt_ready), ("local model, writing", text_came)):
            milliseconds = [await _stop_milliseconds(pilot, number, ready) for number in range(arguments.answers)]
            _stops_row(name, milliseconds)
    milliseconds = []
    for number in range(arguments.answers):
        with ScriptedServer([Stream((event(chunk({"content": "Agents learn from it. "})),) * 3, "hang")]) as server:
            hosted = HostedModel(HostedModelSettings(base_url=server.base_url, model="scripted"))
            async with running(arguments, scripted=hosted) as pilot:
                milliseconds.append(await _stop_milliseconds(pilot, number, text_came))
                await until(server.disconnected.is_set)
            await hosted.aclose()
    _stops_row("hosted model, in the middle of its answer", milliseconds)


async def _stop_milliseconds(pilot: Pilot[None], number: int, ready: Callable[[Pilot[None]], bool]) -> float:
    """From Escape until the page is idle and the model's stream is closed; each stop comes a little later."""
    await ask(pilot)
    await until(lambda: ready(pilot))
    await asyncio.sleep(0.3 + 0.1 * number)
    began = time.perf_counter()
    await pilot.press("escape")
    await until(lambda: not chat(pilot).turns.writing and all(worker.is_finished for worker in pilot.app.workers))
    elapsed = (time.perf_counter() - began) * 1000
    await pilot.press("ctrl+n")
    return elapsed


def prompt_ready(pilot: Pilot[None]) -> bool:
    """Whether the model has its prompt."""
    return chat(pilot).query_one(StatusLine).status.context_used is not None


def _stops_row(name: str, milliseconds: Sequence[float]) -> None:
    middle, longest = statistics.median(milliseconds), max(milliseconds)
    print(f"| {name} | {len(milliseconds)} | {middle:.0f} | {longest:.0f} |", flush=True)


def _row(name: str, milliseconds: Sequence[float]) -> None:
    ordered = sorted(milliseconds)
    if not ordered:
        print(f"| {name} | 0 | – | – | – |", flush=True)
        return
    p95 = ordered[math.ceil(len(ordered) * 0.95) - 1]
    print(f"| {name} | {len(ordered)} | {statistics.median(ordered):.1f} | {p95:.1f} | {ordered[-1]:.1f} |", flush=True)


_PARTS = {"keys": keys, "lists": lists, "stream": stream, "stop": stop}


def main() -> None:
    """Run the parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", required=True, help="folder of the indexed corpus")
    parser.add_argument("--model", default="local", help="the local model: an asset or a GGUF file")
    parser.add_argument("--only", nargs="*", choices=_PARTS, default=list(_PARTS), help="parts to run")
    parser.add_argument("--keys", type=int, default=60, help="keys pressed in each state")
    parser.add_argument("--answers", type=int, default=5, help="answers that keys and stops are tried on")
    parser.add_argument("--tokens", type=int, default=6000, help="length of the streamed answer")
    arguments = parser.parse_args()
    for part in arguments.only:
        print(f"\n## {part}\n", flush=True)
        asyncio.run(_PARTS[part](arguments))


if __name__ == "__main__":
    main()
