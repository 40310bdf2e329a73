"""A conversation as Markdown to read and as JSON to work with."""

import json
from typing import Any

from assistant.answering.answer import Answer, AnswerSentence, Citation, Source
from assistant.answering.markdown import escaped
from assistant.conversations.markdown import answer_markdown
from assistant.conversations.values import Conversation, Turn, TurnState
from assistant.library.merging import storable_text
from assistant.sentences import Sentence


def conversation_markdown(conversation: Conversation) -> str:
    """Questions, answers with linked citations, and sources with their evidence; ends with a line break.

    Titles, questions and abstracts cannot add markup to it; of an answer's own markup lists, emphasis and code stay.
    """
    parts = [f"# {escaped(conversation.title)}"]
    for turn in conversation.turns:
        parts.extend(_turn_markdown(turn))
    return storable_text("\n\n".join(parts) + "\n")


def conversation_json(conversation: Conversation) -> str:
    """The conversation as one JSON object, indented."""
    document = {
        "title": conversation.title,
        "turns": [_turn_json(turn) for turn in conversation.turns],
    }
    return storable_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _turn_markdown(turn: Turn) -> list[str]:
    question = " ".join(turn.question.split())
    parts = [f"## {escaped(question)}", f"_{_told(turn)}_"]
    sources = _sources(turn)
    if turn.text.strip():
        parts.append(answer_markdown(turn.text.strip(), {source.number: source.paper.paper.link for source in sources}))
    if note := _ending(turn):
        parts.append(f"_{escaped(note)}_")
    if sources:
        parts.append("**Sources**")
        parts.extend(_source_markdown(source, turn.answer) for source in sources)
    return parts


def _told(turn: Turn) -> str:
    writer = f" · {escaped(turn.packed.writer.name)}" if turn.packed else ""
    return f"{turn.started_at:%Y-%m-%d %H:%M} UTC{writer}"


def _ending(turn: Turn) -> str:
    """Why the answer is not whole; empty when it is."""
    match turn.state:
        case TurnState.STOPPED:
            return "Stopped by the reader."
        case TurnState.INTERRUPTED | TurnState.WRITING:
            return "Interrupted before the end."
        case TurnState.FAILED:
            return f"Failed: {' '.join((turn.failure or '').split())}"
        case TurnState.DONE:
            incomplete = turn.answer.incomplete if turn.answer else None
            return f"Incomplete: {incomplete}." if incomplete else ""


def _source_markdown(source: Source, answer: Answer | None) -> str:
    paper = source.paper.paper
    title = escaped(paper.title)
    linked = f"[{title}]({paper.link})" if paper.link else title
    facts = escaped(source.paper.facts)
    head = f"{source.number}. {linked}" + (f" · {facts}" if facts else "")
    evidence = answer.evidence_for(source.number) if answer else ()
    # Within a list item a quotation is indented by the width of the number before it.
    indent = " " * (len(str(source.number)) + 2)
    quoted = f"\n{indent}>\n".join(f"{indent}> “{escaped(sentence.text)}”" for sentence in evidence)
    return f"{head}\n{quoted}" if quoted else head


def _sources(turn: Turn) -> tuple[Source, ...]:
    if turn.answer is not None:
        return turn.answer.sources
    return turn.packed.sources if turn.packed else ()


def _turn_json(turn: Turn) -> dict[str, Any]:
    answer = turn.answer
    return {
        "question": turn.question,
        "kind": turn.kind.value,
        "state": turn.state.value,
        "asked_at": turn.started_at.isoformat(),
        "seconds": turn.seconds,
        "model": {"name": turn.packed.writer.name, "kind": turn.packed.writer.kind.value} if turn.packed else None,
        "text": turn.text,
        "incomplete": answer.incomplete if answer else None,
        "failure": turn.failure,
        "sentences": [_sentence_json(sentence) for sentence in answer.sentences] if answer else [],
        "sources": [_source_json(source, answer) for source in _sources(turn)],
    }


def _sentence_json(sentence: AnswerSentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "citations": [_citation_json(citation) for citation in sentence.citations],
        "refuted": list(sentence.refuted),
    }


def _citation_json(citation: Citation) -> dict[str, Any]:
    evidence = _span_json(citation.evidence) if citation.evidence else None
    return {"number": citation.number, "by": citation.origin.value, "evidence": evidence}


def _source_json(source: Source, answer: Answer | None) -> dict[str, Any]:
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
        "evidence": [_span_json(sentence) for sentence in evidence],
    }


def _span_json(sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text, "start": sentence.start, "end": sentence.end}
