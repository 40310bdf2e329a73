"""Exported conversations as other programs read them."""

from assistant.export.json.answers import SentenceJson, TrustJson
from assistant.export.json.base import Published
from assistant.export.json.papers import ModelJson, SpanJson


class TurnSourceJson(Published):
    """A paper that was given to the model."""

    number: int
    id: str
    title: str
    link: str | None
    day: str | None
    upvotes: int | None
    organization: str | None
    authors: list[str]
    withdrawn: bool
    evidence: list[SpanJson]


class TurnJson(TrustJson):
    """A question and what came of it."""

    question: str
    kind: str
    state: str
    """How far it came: writing, done, stopped, interrupted or failed."""
    asked_at: str
    seconds: float | None
    model: ModelJson | None
    text: str
    incomplete: str | None
    failure: str | None
    sentences: list[SentenceJson]
    sources: list[TurnSourceJson]


class ConversationJson(Published):
    """A conversation with its turns, oldest first."""

    title: str
    turns: list[TurnJson]
