"""A conversation as other programs read it."""

from assistant.answering import Answer, Conversation, NumberedSource, Turn
from assistant.export.json.answers import SentenceJson, TrustJson, sentence_json, trust_json
from assistant.export.json.base import Published, json_text
from assistant.export.json.papers import ModelJson, SpanJson, model_json, span_json
from assistant.library import storable_text


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


def conversation_json(conversation: Conversation) -> ConversationJson:
    """The object that the application exports."""
    return {"title": conversation.title, "turns": [_turn_json(turn) for turn in conversation.turns]}


def conversation_json_file(conversation: Conversation) -> str:
    """The object as the text of a file."""
    return storable_text(json_text(conversation_json(conversation)) + "\n")


def _turn_json(turn: Turn) -> TurnJson:
    answer = turn.answer
    return {
        "question": turn.question,
        "kind": turn.kind,
        "state": turn.state,
        "asked_at": turn.started_at.isoformat(),
        "seconds": turn.seconds,
        "model": model_json(turn.packed.writer) if turn.packed else None,
        "text": turn.text,
        "incomplete": answer.incomplete if answer else None,
        "failure": turn.failure,
        "sentences": [sentence_json(sentence) for sentence in answer.sentences] if answer else [],
        "sources": [_source_json(source, answer) for source in turn.sources],
        **trust_json(answer),
    }


def _source_json(source: NumberedSource, answer: Answer | None) -> TurnSourceJson:
    paper = source.paper.paper
    evidence = answer.evidence_for(source.number) if answer else ()
    return {
        "number": source.number,
        "id": paper.paper_id,
        "title": paper.title,
        "link": paper.link,
        "day": source.paper.day_text or None,
        "upvotes": source.paper.upvotes,
        "organization": paper.organization,
        "authors": [author.name for author in paper.authors],
        "withdrawn": paper.withdrawn,
        "evidence": [span_json(sentence) for sentence in evidence],
    }
