"""What commands about a topic share: its words, and what is said when nothing is known of it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.cli import console
from assistant.errors import UsageError
from assistant.papers import clean_text

if TYPE_CHECKING:
    from assistant.answering.values import Answer, AnswerEvent


def topic_of(words: Sequence[str]) -> str:
    """The words of a command line as one topic. Raises `UsageError` when nothing is left of them."""
    topic = clean_text(" ".join(words))
    if not any(map(str.isalnum, topic)):
        raise UsageError("The topic is empty.", 'Write it behind the command, such as "speculative decoding".')
    return topic


async def refused_topic(answer: "Answer", as_json: Mapping[str, object] | None) -> int:
    """Say why there is nothing, as `ask` does, with the papers that come closest; return the exit code."""
    from assistant.cli.render.answer import end_of, show_answer

    if as_json is not None:
        console.write_json(as_json)
    else:
        await show_answer(_finished(answer), as_json=False)
    return end_of(answer)


async def _finished(answer: "Answer") -> "AsyncGenerator[AnswerEvent, None]":
    from assistant.answering.values import Finished

    yield Finished(answer)
