"""Answers on the terminal, as they are written, or as JSON."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import assert_never

from assistant.answering import (
    Answer,
    AnswerEvent,
    AnswerSentence,
    Delta,
    Finished,
    Packed,
    Retrieved,
    SentenceFinished,
    SentenceRevised,
    extracted_filters,
    legend,
    mark_of,
    marked_sentence,
    reasons,
    refusal_text,
    unanswered_notes,
    with_sentences,
)
from assistant.cli import console
from assistant.cli.render.sources import source_lines
from assistant.errors import ModelInterrupted, NothingFound
from assistant.export.json import answer_json
from assistant.text import counted

_COLOURS = {"✓": "green", "❝": "cyan", "~": "yellow", "✗": "red"}


async def show_answer(events: AsyncGenerator[AnswerEvent, None], *, as_json: bool, strict: bool = False) -> Answer:
    """Print an answer while it comes, what was checked and its sources after it; as JSON only once it is whole.

    In a pipe, and when ``strict``, the text is held back until its last check: what a pipe was given cannot be
    corrected below it, and what is not supported is not to be shown at all.
    """
    printer = _Printer(streams=console.is_terminal() and not as_json and not strict)
    async with aclosing(events) as stream:
        async for event in stream:
            printer.take(event)
    answer = printer.answer
    assert answer is not None  # noqa: S101  # the last event of every answer
    if as_json:
        console.write_json(answer_json(answer))
        return answer
    printer.finish(answer)
    for line in () if answer.collection else source_lines(answer):
        console.write(line)
    for remark in remarks(answer):
        console.note(remark)
    return answer


def end_of(answer: Answer) -> int:
    """The exit code of a command that showed this answer: `NothingFound`'s when the papers do not answer.

    Raises `ModelInterrupted` for an answer that is not whole; a script sees it by the code.
    """
    if answer.incomplete:
        raise ModelInterrupted(f"The answer is incomplete: {answer.incomplete}", "Ask again, or raise the limits.")
    if answer.refusal or (answer.collection and not answer.collection.answers):
        return NothingFound.exit_code
    if not answer.text.strip():
        if answer.withheld:
            return NothingFound.exit_code
        raise ModelInterrupted(f"{answer.writer.name} wrote nothing.", "Ask in other words, or take another --model.")
    return 0


def remarks(answer: Answer) -> list[str]:
    """What the reader should know about how the answer came about."""
    notes = []
    if answer.stripped:
        notes.append(f"taken out, not among the sources: {', '.join(answer.stripped)}")
    if answer.left_out:
        notes.append(f"left out, over the token budget: {'; '.join(answer.left_out)}")
    return notes


def check_lines(answer: Answer) -> list[str]:
    """Below an answer: what its signs mean, the reason of each that is not ✓, and what the answer does not hold."""
    lines = [*([legend(answer.sentences)] if legend(answer.sentences) else []), *reasons(answer.sentences)]
    return [
        *(console.wrapped(_coloured(line)) for line in lines),
        *(console.wrapped(line) for line in unanswered_notes(answer)),
    ]


@dataclass(slots=True)
class _Printer:
    """Prints an answer as it comes when it ``streams``, else whole; keeps what was shown and changed afterwards."""

    streams: bool
    answer: Answer | None = None
    _shown_sentences: list[AnswerSentence] = field(default_factory=list)
    _revised: dict[int, AnswerSentence | None] = field(default_factory=dict)
    _wrote: bool = False

    def take(self, event: AnswerEvent) -> None:
        match event:
            case Retrieved():
                for line in extracted_filters(event.understood):
                    console.note(f"{line} (--ignore {line.partition(' ')[0]} leaves them out)")
            case Packed() if event.prompt_tokens == 0:
                pass  # the tables answer: nothing is read by a model
            case Packed():
                papers = counted(len(event.sources), "paper")
                console.note(f"{event.writer.name} ({event.writer.kind}) writes from {papers} …")
            case Delta(text):
                self._write(text)
            case SentenceFinished(sentence):
                self._shown_sentences.append(sentence)
                if mark := mark_of(sentence):
                    self._write(f" {_coloured(mark)}")
            case SentenceRevised(place, sentence):
                self._revised[place] = sentence
            case Finished(answer):
                self.answer = answer
            case _:
                assert_never(event)

    def finish(self, answer: Answer) -> None:
        """What is left to print: the text when it was held back or came whole, then what the check found."""
        if not self._wrote:
            # A refusal says what it is also where its text is not printed.
            console.write(refusal_text(answer) or with_sentences(answer.text.strip(), answer.sentences))
        else:
            console.write()
            self._after_checking()
        lines = check_lines(answer)
        if lines:
            console.write()
        for line in lines:
            console.write(line)

    def _write(self, text: str) -> None:
        if self.streams:
            self._wrote = True
            console.write(text, newline=False)

    def _after_checking(self) -> None:
        if not self._revised:
            return
        console.write("\n" + console.strong("After checking:"))
        for place, sentence in sorted(self._revised.items()):
            if place < len(self._shown_sentences):
                for line in _change(place + 1, self._shown_sentences[place], sentence):
                    console.write(line)


def _change(number: int, former: AnswerSentence, now: AnswerSentence | None) -> list[str]:
    """What became of a sentence that was shown already; of one whose sign alone changed, only that."""
    if now is not None and now.text == former.text:
        return [f"  sentence {number}: {_coloured(mark_of(former))} → {_coloured(mark_of(now))}"]
    instead = "(taken out)" if now is None else _coloured_end(marked_sentence(now), mark_of(now))
    before = console.dim(console.wrapped(f"- {former.text.strip()}", "  "))
    return [before, console.wrapped(f"+ {instead}", "  ")]


def _coloured(line: str) -> str:
    """A line that begins with a sign, the sign in its colour on a terminal; in a pipe the sign alone."""
    import click

    sign, rest = line[:1], line[1:]
    return click.style(sign, fg=_COLOURS[sign], bold=True) + rest if sign in _COLOURS else line


def _coloured_end(text: str, mark: str) -> str:
    bare = text.rstrip()
    return bare.removesuffix(mark) + _coloured(mark) if mark and bare.endswith(mark) else text
