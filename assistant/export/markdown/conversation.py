"""A conversation as Markdown; of markup that is not its own only an answer's lists, emphasis and code stay."""

import re
from collections.abc import Mapping, Sequence

from assistant.answering import (
    Answer,
    Conversation,
    NumberedSource,
    Turn,
    TurnState,
    closest_papers,
    collection_text,
    extracted_filters,
    interpretation,
    legend,
    reasons,
    refusal_text,
    unanswered_notes,
    with_sentences,
)
from assistant.library import storable_text
from assistant.text import escaped

_STRUCTURE = re.compile(r"([\[\]<&!|])")
_HEADING = re.compile(r"^(\s*)(#+(?=\s|$)|=+\s*$|-+\s*$)", re.MULTILINE)
_ESCAPED_MARKER = re.compile(r"\\\[(\d+)\\\]")


def answer_markdown(text: str, links: Mapping[int, str | None]) -> str:
    """An answer, which is Markdown already, with its citations as links by number.

    Its lists, emphasis and code stay; links, pictures, tables, HTML and headings of its own become plain text.
    """
    plain = _HEADING.sub(r"\1\\\2", _STRUCTURE.sub(r"\\\1", text))
    return _ESCAPED_MARKER.sub(lambda marker: _citation(marker, links), plain)


def _citation(marker: re.Match[str], links: Mapping[int, str | None]) -> str:
    link = links.get(int(marker.group(1)))
    return f"[{marker.group()}]({link})" if link else marker.group()


def conversation_markdown(conversation: Conversation) -> str:
    """Questions, answers with linked citations, and sources with their evidence; ends with a line break.

    Titles, questions and abstracts cannot add markup to it; of an answer's own markup lists, emphasis and code stay.
    """
    parts = [f"# {escaped(conversation.title)}"]
    for turn in conversation.turns:
        parts.extend(_turn_markdown(turn))
    return storable_text("\n\n".join(parts) + "\n")


def _turn_markdown(turn: Turn) -> list[str]:
    question = " ".join(turn.question.split())
    parts = [f"## {escaped(question)}", f"_{_byline(turn)}_"]
    sources, answer = turn.sources, turn.answer
    text = turn.text.strip() or (refusal_text(answer) if answer else "")
    if answer and answer.collection:
        return [*parts, collection_text(answer.collection, markdown=True), *_check_markdown(answer)]
    if text:
        marked = with_sentences(text, answer.sentences) if answer else text
        parts.append(answer_markdown(marked, {source.number: source.paper.link for source in sources}))
    if answer:
        parts.extend(_check_markdown(answer))
    if note := _ending(turn):
        parts.append(f"_{escaped(note)}_")
    return [*parts, *_sources_markdown(sources, answer)]


def _check_markdown(answer: Answer) -> list[str]:
    """What the signs mean, why a sentence is not simply supported, and what the answer does not hold."""
    notes = [*interpretation(answer.understood), *extracted_filters(answer.understood), legend(answer.sentences)]
    parts = [f"_{escaped(note)}_" for note in notes if note]
    if remarks := [*reasons(answer.sentences), *unanswered_notes(answer)]:
        parts.append("\n".join(f"- {escaped(' '.join(line.split()))}" for line in remarks))
    return parts


def _sources_markdown(sources: Sequence[NumberedSource], answer: Answer | None) -> list[str]:
    """The sources with their evidence; of a refused question the closest papers with why, then the others."""
    close = closest_papers(answer) if answer else []
    parts = ["**Closest papers**"] if close else []
    for source, why in close:
        indent = " " * (len(str(source.number)) + 2)
        parts.append(f"{_source_markdown(source, None)}\n{indent}close: {escaped(' '.join(why.split()))}")
    others = [source for source in sources if source.number not in {each.number for each, _ in close}]
    if others:
        parts.append("**Papers found**" if answer and answer.refusal else "**Sources**")
        parts.extend(_source_markdown(source, answer) for source in others)
    return parts


def _byline(turn: Turn) -> str:
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


def _source_markdown(source: NumberedSource, answer: Answer | None) -> str:
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
