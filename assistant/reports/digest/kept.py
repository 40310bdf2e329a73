"""A digest from what was written before: the same cache, and no model is asked."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from assistant.errors import ModelUnavailable
from assistant.models.chat_model import ModelEvent, WritingRequest
from assistant.models.wrapping import WrappedModel
from assistant.reports.digest.builder import DigestBuilder
from assistant.reports.digest.values import DigestEvent, DigestPlan, EntryFinished


class NotKept(ModelUnavailable):
    """The text was not written before."""


class KeptTexts(WrappedModel):
    """A model in everything but that it writes nothing new: asking it raises `NotKept`.

    What the model wrote before is found under its fingerprint. Where the model is extractive nothing needs to be kept.
    """

    def stream(self, request: WritingRequest) -> AsyncGenerator[ModelEvent, None]:
        """Raise `NotKept`."""
        del request
        raise NotKept("This was not written before.")


async def recall(builder: DigestBuilder, plan: DigestPlan) -> AsyncGenerator[DigestEvent, None]:
    """The part of a digest that is kept; the builder's model is a `KeptTexts`.

    The topics come when every paper is there; `DigestFinished` is sent only when nothing is missing.
    """
    entries = []
    for source in plan.sources:
        try:
            entry = await builder.entry(plan, source)
        except NotKept:
            continue
        entries.append(entry)
        yield EntryFinished(entry, len(entries), len(plan.sources))
    if len(entries) < len(plan.sources):
        return
    try:
        async with aclosing(builder.finish(plan, entries)) as events:
            async for event in events:
                yield event
    except NotKept:
        return
