"""Running a model over a packed prompt: its raw stream becomes checked sentences and one finished answer."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from assistant.answering.answer import Answer, Delta, Finished, SentenceFinished, Source, Writer
from assistant.answering.attribution import Attributor
from assistant.answering.markers import Allowed
from assistant.answering.stream import CitationStream
from assistant.errors import ModelInterrupted
from assistant.models.base import Completed, TextDelta, Usage, WritingModel, WritingRequest
from assistant.papers import printable

WritingEvent = Delta | SentenceFinished | Finished


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is written about: the question as shown, the sources it rests on, and what did not fit."""

    question: str
    sources: tuple[Source, ...]
    left_out: tuple[str, ...] = ()


async def write_answer(
    model: WritingModel, request: WritingRequest, assignment: Assignment, attributor: Attributor
) -> AsyncGenerator[WritingEvent, None]:
    """Stream an answer; the last event is `Finished`.

    A model that breaks off in the middle gives an answer marked incomplete; one that fails before any text raises
    its `ModelError`. Closing the iterator stops the model.
    """
    stream = CitationStream(attributor.attribute, allowed_in(assignment.sources))
    usage, incomplete, text = Usage(), None, ""
    try:
        async with aclosing(model.stream(request)) as events:
            async for event in events:
                match event:
                    case TextDelta(piece):
                        for shown in stream.feed(printable(piece)):
                            text += shown.text if isinstance(shown, Delta) else ""
                            yield shown
                    case Completed(usage, truncated):
                        incomplete = "the model stopped at its output limit" if truncated else None
    except ModelInterrupted as error:
        incomplete = error.message
    for shown in stream.close():
        text += shown.text if isinstance(shown, Delta) else ""
        yield shown
    yield Finished(_answer(model, assignment, stream, text, usage, incomplete))


def allowed_in(sources: Sequence[Source]) -> Allowed:
    """What a text about these sources may name."""
    return Allowed(
        frozenset(source.number for source in sources),
        frozenset(source.paper.paper.paper_id for source in sources),
        " ".join(source.paper.paper.text for source in sources),
    )


def _answer(
    model: WritingModel,
    assignment: Assignment,
    stream: CitationStream,
    text: str,
    usage: Usage,
    incomplete: str | None,
) -> Answer:
    return Answer(
        question=assignment.question,
        sentences=tuple(stream.sentences),
        text=text,
        sources=assignment.sources,
        writer=Writer(model.name, model.kind),
        usage=usage,
        stripped=tuple(stream.stripped),
        left_out=assignment.left_out,
        incomplete=incomplete,
    )
