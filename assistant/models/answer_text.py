"""The answer in what a model writes: its thoughts and the words of its chat template are taken away as they come.

Every adapter passes its text through an `AnswerFilter`, so that nothing behind it ever sees a thought: answers,
digests, cells, ideas, repairs and judgements alike.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from assistant.models import answer_marks as marks
from assistant.models.base import TextDelta, TextWithdrawn


class _State(Enum):
    HEAD = auto()
    THOUGHT = auto()
    GUESSED = auto()
    ANSWER = auto()
    ENDED = auto()


class AnswerFilter:
    """Takes pieces of a model's text, gives pieces of its answer.

    Text that begins as thoughts do, or of a model ``suspected`` to have its thoughts opened by the prompt, is held back
    until the end of the thoughts, or of the text, tells what it was; ``unmarked`` is for one that surely has. Where the
    end of thoughts comes that did not look like any, what was given is withdrawn. ``in_thought`` begins within one.

    ``thought`` says whether anything was thought, ``perhaps_thought`` that all of a cut text sounds like it,
    ``unmarked`` whether an end of thoughts came without a beginning.
    """

    def __init__(self, *, in_thought: bool = False, unmarked: bool = False, suspected: bool = False) -> None:
        self.thought = in_thought
        self.perhaps_thought = False
        self.unmarked = False
        self._surely = unmarked
        self._suspected = unmarked or suspected
        self._state = _State.THOUGHT if in_thought else _State.HEAD
        self._text = ""  # of the state, from its beginning
        self._done = 0  # how far it is read, and given where it is answer
        self._closing = marks.CLOSING
        self._closings = 0
        self._loose: int | None = None
        self._wrapped = False
        self._given = ""  # the last piece

    @property
    def given(self) -> bool:
        """Whether any of the answer was given, and not withdrawn."""
        return bool(self._given)

    @property
    def thinking(self) -> bool:
        """Whether the model is within a thought."""
        return self._state is _State.THOUGHT

    @property
    def ended(self) -> bool:
        """Whether the text or a mark of the template ended the answer: whatever follows is none of it."""
        return self._state is _State.ENDED

    def thinks_elsewhere(self) -> None:
        """The server tells thoughts apart from the text: nothing needs to be held back on suspicion."""
        self.thought = True
        self._surely = self._suspected = False

    def feed(self, text: str) -> Iterator[TextDelta | TextWithdrawn]:
        """Take the next piece of the model's text."""
        if self._state is not _State.ENDED:
            self._text += text
            yield from self._read(last=False)

    def close(self, *, truncated: bool = False) -> Iterator[TextDelta | TextWithdrawn]:
        """The text is over; ``truncated`` when it was cut, so that thoughts may lack their end."""
        yield from self._read(last=True)
        match self._state:
            case _State.THOUGHT if self._loose is not None:
                yield from self._rest(self._text[self._loose :])
            case _State.GUESSED if truncated and (self._surely or marks.begins_aloud(self._text, surely=True)):
                self.perhaps_thought = True
            case _State.GUESSED:
                yield from self._rest(self._text)
        self._state = _State.ENDED

    def _read(self, *, last: bool) -> Iterator[TextDelta | TextWithdrawn]:
        """Go from state to state until more text is needed."""
        before = None
        while before != (self._state, self._done, len(self._text)):
            before = (self._state, self._done, len(self._text))
            match self._state:
                case _State.HEAD:
                    self._read_head(last=last)
                case _State.THOUGHT | _State.GUESSED:
                    self._read_thought(last=last)
                case _State.ANSWER:
                    yield from self._read_answer(last=last)
                case _State.ENDED:
                    return

    def _read_head(self, *, last: bool) -> None:
        """Before the first word: template words are dropped, thoughts entered."""
        text = self._text.lstrip()
        if not text or (not last and marks.head_may_go_on(text)):
            return
        if header := marks.HARMONY_HEADER.match(text):
            final = header[1].casefold() == "final"
            self._enter(_State.HEAD if final else _State.THOUGHT, text[header.end() :], marks.HARMONY_END)
        elif swallowed := marks.SWALLOWED_HEADER.match(text):
            glued = text[swallowed.end() : swallowed.end() + 1] != "\n"
            state = _State.THOUGHT if glued else _State.GUESSED
            self._enter(state, text[swallowed.end() :] if glued else text, marks.SWALLOWED_FINAL)
        elif opening := marks.OPENING.match(text):
            prose = marks.is_prose_opening(text[opening.end() :])
            self._enter(_State.ANSWER if prose else _State.THOUGHT, text if prose else text[opening.end() :])
        elif closing := marks.CLOSING.match(text):
            self.unmarked = self.unmarked or not self.thought
            self.thought = True
            self._enter(_State.HEAD, text[closing.end() :])
        elif leading := marks.LEADING.match(text):
            self._wrapped = self._wrapped or leading[0].casefold() in marks.WRAPPERS
            self._enter(_State.HEAD, text[leading.end() :])
        elif marks.TURN_END.match(text):
            self._enter(_State.ENDED, "")
        elif last and marks.is_cut_opening(text):
            self._enter(_State.THOUGHT, "")
        elif not (self.thought or self._given) and (self._suspected or marks.begins_aloud(text)):
            self._enter(_State.GUESSED, text)
        else:
            self._enter(_State.ANSWER, self._separator + text)

    def _read_thought(self, *, last: bool) -> None:
        """Look for the end of a thought; what stands before it is dropped."""
        for closing in self._closing.finditer(self._text, self._done):
            after = self._text[closing.end() :]
            if not last and len(after) < 2 and "\n" not in after:
                return
            if self._closing is marks.CLOSING and not self._is_end(self._text[: closing.start()], after):
                self._done = closing.end()
                self._loose = closing.end() if self._state is _State.THOUGHT else None
                continue
            if self._state is _State.GUESSED:
                self.unmarked = self._closing is marks.CLOSING
            self.thought = True
            self._enter(_State.ENDED if closing[0] == "<|call|>" else _State.HEAD, after)
            return
        if self._closing is marks.CLOSING:
            self._done = max(self._done, marks.unfinished_mark(self._text))

    def _is_end(self, before: str, after: str) -> bool:
        if not marks.closes_thought(before, after):
            return False
        if self._state is _State.GUESSED:
            return not marks.speaks_of_opening(before)
        opened = sum(
            1
            for opening in marks.OPENING.finditer(before)
            if not before[: opening.start()].strip() or before[: opening.start()].rstrip(" ").endswith("\n")
        )
        self._closings += 1
        return self._closings > opened

    def _read_answer(self, *, last: bool) -> Iterator[TextDelta | TextWithdrawn]:
        """Give what is surely answer; hold back what may become a mark."""
        text, end = self._text, len(self._text)
        for mark in marks.ANY.finditer(text, self._done):
            before, after = text[: mark.start()], text[mark.end() :]
            if not last and len(after) < 2 and "\n" not in after:
                end = mark.start()
                break
            if marks.CLOSING.fullmatch(mark[0]):
                if marks.ends_unopened_thought(before, after) and not marks.speaks_of_opening(before):
                    self.thought = self.unmarked = True
                    if self._given:
                        yield TextWithdrawn()
                    self._given = ""
                    self._enter(_State.HEAD, after)
                    return
            elif marks.OPENING.fullmatch(mark[0]):
                if marks.opens_within(before, after):
                    yield from self._give(before[self._done :].rstrip())
                    self._enter(_State.THOUGHT, after)
                    return
            elif self._ends(mark[0], before, after):
                yield from self._give(before[self._done :].rstrip())
                self._enter(_State.ENDED, "")
                return
        if not last:
            end = max(min(end, marks.unfinished_mark(text)), self._done)
        yield from self._give(text[self._done : end])
        self._done = end

    def _ends(self, mark: str, before: str, after: str) -> bool:
        if mark in marks.WRAPPERS.values():
            return self._wrapped
        return marks.ends_turn(before, after)

    def _give(self, text: str) -> Iterator[TextDelta]:
        if text:
            self._given = text
            yield TextDelta(text)

    @property
    def _separator(self) -> str:
        """What parts an answer from its continuation behind another thought."""
        return "\n\n" if self._given and not self._given.endswith("\n") else ""

    def _enter(self, state: _State, text: str, closing: re.Pattern[str] = marks.CLOSING) -> None:
        self._state, self._text, self._done = state, text, 0
        self._closing, self._closings, self._loose = closing, 0, None
        self.thought = self.thought or state is _State.THOUGHT

    def _rest(self, text: str) -> Iterator[TextDelta | TextWithdrawn]:
        """What a thought turned out not to be, read as an answer to its end."""
        self._enter(_State.ANSWER, text.lstrip())
        yield from self._read_answer(last=True)


def is_answer(text: str) -> bool:
    """Whether a whole text is answer alone; what earlier versions kept may have thoughts in it."""
    return answer_in(text) == text.strip()


def answer_in(text: str) -> str:
    """The answer in a whole text; empty when it has none."""
    reading, kept = AnswerFilter(), ""
    for event in (*reading.feed(text), *reading.close()):
        kept = kept + event.text if isinstance(event, TextDelta) else ""
    return kept.strip()
