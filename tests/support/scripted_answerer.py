"""An engine that answers as a test says, event by event, and keeps what it was asked."""

from collections.abc import AsyncGenerator, Callable, Collection, Sequence

import pytest

from assistant.answering.values import (
    Answer,
    AnswerEvent,
    AnswerSentence,
    Delta,
    Finished,
    Packed,
    Retrieved,
    SentenceFinished,
    SentenceRevised,
)
from assistant.library.filters import Filters
from assistant.models.chat_model import ChatModel, Message
from assistant.retrieval.query.parser import FilterKind
from assistant.tui.app import AssistantApp
from tests.support.checked_answers import WRITER

Revised = tuple[int, AnswerSentence | None]


class ScriptedAnswerer:
    """Gives one answer for every question; ``shown`` comes first and is then ``revised``.

    ``hold``, when it is given, is waited for behind the shown sentences. ``ignored`` and ``refuse`` are what
    it was asked to leave out, and to answer in any case, question by question.
    """

    def __init__(
        self,
        finished: Answer,
        shown: Sequence[AnswerSentence] | None = None,
        revised: Sequence[Revised] = (),
        hold: "Callable[[], object] | None" = None,
    ) -> None:
        self.finished = finished
        self.ignored: list[Collection[FilterKind]] = []
        self.refuse: list[bool | None] = []
        self._shown = finished.sentences if shown is None else shown
        self._revised = revised
        self._hold = hold

    def plan(self, question: str, filters: Filters) -> None:
        """No question is one about the collection."""

    async def ask(
        self, question: str, filters: Filters, *, ignored: Collection[FilterKind] = ()
    ) -> AsyncGenerator[AnswerEvent, None]:
        del question, filters
        self.ignored.append(ignored)
        yield Retrieved((), self.finished.understood)
        if self._shown or not self.finished.refusal:
            yield Packed(self.finished.sources, (), (Message("user", "?"),), 9, WRITER)
        for place, each in enumerate(self._shown):
            yield Delta((" " if place else "") + each.text)
            yield SentenceFinished(each)
        if self._hold is not None:
            awaited = self._hold()
            await awaited  # type: ignore[misc]  # an asyncio.Event's wait
        for place, instead in self._revised:
            yield SentenceRevised(place, instead)
        yield Finished(self.finished)


def answering(app: AssistantApp, monkeypatch: pytest.MonkeyPatch, answerer: ScriptedAnswerer) -> None:
    """Have the application answer with this engine."""

    async def build(model: ChatModel, *, refuse: bool | None = None) -> ScriptedAnswerer:
        del model
        answerer.refuse.append(refuse)
        return answerer

    monkeypatch.setattr(app.session, "answerer", build)
