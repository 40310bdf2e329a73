"""What tests of an open conversation ask, write and look at."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from assistant.answering.conversation import TalkEvent, Turn, TurnEnded
from assistant.answering.values import Delta, SentenceFinished
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.services.chat_session import ChatSession
from assistant.services.conversations import load_conversation
from tests.support.fake_models import ScriptedModel

QUESTION = "how much memory does FooNet save?"
ANSWER = "FooNet cuts memory by 37% [1]. It keeps accuracy at 81.2% [1]. That is all there is to say."
ALL = Filters()


def answering(text: str = ANSWER) -> ScriptedModel:
    return ScriptedModel(lambda _: text)


async def all_of(events: AsyncGenerator[TalkEvent, None]) -> list[TalkEvent]:
    async with aclosing(events):
        return [event async for event in events]


async def last_turn(events: AsyncGenerator[TalkEvent, None]) -> Turn:
    ended = (await all_of(events))[-1]
    assert isinstance(ended, TurnEnded)
    return ended.turn


async def stopped_after(events: AsyncGenerator[TalkEvent, None], sentences: int) -> str:
    """Close the generator when so many sentences have come; returns the text shown."""
    shown, seen = "", 0
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Delta):
                shown += event.text
            seen += isinstance(event, SentenceFinished)
            if seen == sentences:
                break
    return shown


def given_ids(turn: Turn) -> list[str]:
    assert turn.packed is not None
    return [source.paper.paper_id for source in turn.packed.sources]


def kept_ids(talk: ChatSession) -> list[str]:
    return [source.paper.paper_id for source in talk.kept]


def reloaded(library: Library, talk: ChatSession) -> tuple[Turn, ...]:
    assert talk.conversation is not None
    return load_conversation(library, talk.conversation.conversation_id).turns
