"""Runs the engine of a conversation in a worker: one turn after the other, everything that happens as messages."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from textual.message import Message

from assistant.answering import Packed, TalkEvent, TurnStarted
from assistant.errors import AssistantError, NothingFound
from assistant.models import ModelKind
from assistant.sentences import Sentence
from assistant.services import ChatSession, closest_sentences
from assistant.tui.session import Session

if TYPE_CHECKING:
    from assistant.answering import QuestionAnswerer

Begin: TypeAlias = "Callable[[ChatSession, QuestionAnswerer], AsyncGenerator[TalkEvent, None]]"
"""Asks something of an open conversation. Called in a thread: it may look into the library."""


@dataclass
class TurnMessage(Message):
    """Something happened in a run, which is named by its number."""

    run: int


@dataclass
class ModelReady(TurnMessage):
    """The model that writes this run is there."""

    name: str
    kind: ModelKind
    context_tokens: int


@dataclass
class TalkProgress(TurnMessage):
    """An event of the engine."""

    event: TalkEvent


@dataclass
class SourcesReady(TurnMessage):
    """The prompt is ready; ``closest`` has the sentence of each abstract that is closest to the question, by id."""

    packed: Packed
    closest: Mapping[str, Sentence]


@dataclass
class WritingEnded(TurnMessage):
    """Nothing more comes of this run; what came is kept. ``error`` says why it failed, None when it did not."""

    error: AssistantError | None


class TurnWorker:
    """Writes the turns of one conversation; ``post`` hands messages to the page.

    ``first_steps`` tells a reader whose library is empty how papers come into it.
    """

    def __init__(
        self, session: Session, post: Callable[[Message], object], first_steps: str, talk: ChatSession | None = None
    ) -> None:
        self.talk = talk
        self._first_steps = first_steps
        self._session = session
        self._post = post
        self._lock = asyncio.Lock()

    async def write(self, run: int, begin: Begin, *, refuse: bool | None = None) -> None:
        """Write one turn; cancelling stops the model. A run waits until the one before it has let go.

        ``refuse`` None leaves it to the configuration whether the question may be refused.
        """
        error: AssistantError | None = None
        try:
            async with self._lock:
                await self._write(run, begin, refuse)
        except AssistantError as caught:
            error = caught
        finally:
            self._post(WritingEnded(run, error))

    async def rest(self) -> None:
        """Wait until nothing is written and everything is kept; for who has stopped it."""
        async with self._lock:
            pass

    async def _write(self, run: int, begin: Begin, refuse: bool | None) -> None:
        library = await self._session.library()
        if not await asyncio.to_thread(lambda: library.stats().papers):
            raise NothingFound("The library has no papers yet.", self._first_steps)
        model = await self._session.model()
        self._post(ModelReady(run, model.name, model.kind, model.context_tokens))
        answerer = await self._session.answerer(model, refuse=refuse)
        talk = self.talk = self.talk or ChatSession(library)
        question = ""
        async with aclosing(await asyncio.to_thread(begin, talk, answerer)) as events:
            async for event in events:
                if isinstance(event, TurnStarted):
                    question = event.question
                if isinstance(event, Packed):
                    papers = [source.paper for source in event.sources]
                    closest = await asyncio.to_thread(closest_sentences, question, papers)
                    self._post(SourcesReady(run, event, closest))
                else:
                    self._post(TalkProgress(run, event))
