"""Answers on the terminal, as they are written, and as JSON."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from assistant.answering.answer import Answer, AnswerEvent, Delta, Finished, Packed, Retrieved, SentenceFinished
from assistant.cli import console
from assistant.cli.render.sources import sentence_json, source_json, source_lines
from assistant.errors import ModelInterrupted


async def show_answer(events: AsyncGenerator[AnswerEvent, None], *, as_json: bool) -> Answer:
    """Print an answer while it comes, its sources after it; as JSON only once it is whole."""
    answer: Answer | None = None
    async with aclosing(events) as stream:
        async for event in stream:
            match event:
                case Delta() if not as_json:
                    console.write(event.text, newline=False)
                case Packed():
                    console.note(f"{event.writer.name} ({event.writer.kind}) writes from {len(event.sources)} papers …")
                case Finished():
                    answer = event.answer
                case Retrieved() | SentenceFinished() | Delta():
                    pass
    assert answer is not None  # noqa: S101  # the last event of every answer
    if as_json:
        console.write_json(answer_json(answer))
        return answer
    console.write()
    for line in source_lines(answer):
        console.write(line)
    for remark in remarks(answer):
        console.note(remark)
    return answer


def end_of(answer: Answer) -> None:
    """Raise `ModelInterrupted` for an answer that is not whole, after it was shown; a script sees it by the code."""
    if answer.incomplete:
        raise ModelInterrupted(f"The answer is incomplete: {answer.incomplete}", "Ask again, or raise the limits.")
    if not answer.text.strip():
        raise ModelInterrupted(f"{answer.writer.name} wrote nothing.", "Ask in other words, or take another --model.")


def remarks(answer: Answer) -> list[str]:
    """What the reader should know about how the answer came about."""
    found = []
    if answer.stripped:
        found.append(f"taken out, not among the sources: {', '.join(answer.stripped)}")
    if answer.left_out:
        found.append(f"left out, over the token budget: {'; '.join(answer.left_out)}")
    return found


def answer_json(answer: Answer) -> dict[str, Any]:
    """The documented object of `ask` and `summarize`."""
    return {
        "question": answer.question,
        "text": answer.text.strip(),
        "sentences": [sentence_json(sentence) for sentence in answer.sentences],
        "sources": [source_json(source, answer.evidence_for(source.number)) for source in answer.sources],
        "model": {"name": answer.writer.name, "kind": answer.writer.kind.value},
        "usage": {
            "prompt_tokens": answer.usage.prompt_tokens,
            "cached_tokens": answer.usage.cached_tokens,
            "output_tokens": answer.usage.output_tokens,
        },
        "stripped": list(answer.stripped),
        "left_out": list(answer.left_out),
        "incomplete": answer.incomplete,
    }
