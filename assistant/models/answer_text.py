"""The answer in what a model writes: its thoughts and the words of its chat template are taken away as they come.

Every adapter passes its text through an `AnswerFilter`, so that nothing behind it ever sees a thought: answers,
digests, cells, ideas, repairs and judgements alike.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto

from assistant.models import answer_marks as marks
from assistant.models.chat_model import TextDelta, TextWithdrawn

_LONGEST_END = 40  # of harmony's marks, and of the words left of them


class _State(Enum):
    HEAD = auto()
    THOUGHT = auto()
    GUESSED = auto()
    ANSWER = auto()
    ENDED = auto()


class AnswerFilter:
    """Takes pieces of a model's text, gives pieces of its answer; however the text is cut, the answer is the same.

    Text that begins as thoughts do, or of a model ``suspected`` to have its thoughts opened by the prompt, is held back
    until the end of the thoughts, or of the text, tells what it was; ``unmarked`` is for one that surely has. Of other
    models it is held only until it looks like an answer. Where the end of thoughts comes later, what was given is
    withdrawn. ``in_thought`` begins within one.

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
        self._opened = 0  # the length of the opening mark at the beginning of what may be a thought
        self._closing = marks.CLOSING
        self._closings = 0
        self._loose: int | None = None
        self._wrapped = False
        self._tail = ""  # of what was given

    @property
    def has_text(self) -> bool:
        """Whether any of the answer was given, and not withdrawn."""
        return bool(self._tail)

    @property
    def thinking(self) -> bool:
        """Whether the model is within a thought, or within what a mark opens that may be one."""
        return self._state is _State.THOUGHT or (self._state is _State.GUESSED and self._opened > 0)

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
        yield from _joined(self._read_by_characters(text))

    def close(self, *, truncated: bool = False) -> Iterator[TextDelta | TextWithdrawn]:
        """The text is over; ``truncated`` when it was cut, so that thoughts may lack their end."""
        yield from _joined(self._read_end(truncated=truncated))

    def _read_by_characters(self, text: str) -> Iterator[TextDelta | TextWithdrawn]:
        """Decide at every character, so that what came with it in one piece changes nothing."""
        for character in text:
            if self._state is _State.ENDED:
                return
            within_words = (character.isalpha() or character == " ") and self._text[-1:] not in {"", "\n"}
            is_all_read = self._done == len(self._text)
            self._text += character
            if within_words and is_all_read and self._state in {_State.ANSWER, _State.THOUGHT}:  # no mark begins here
                self._done = len(self._text)
                yield from self._give(character if self._state is _State.ANSWER else "")
            else:
                yield from self._read(last=False)

    def _read_end(self, *, truncated: bool) -> Iterator[TextDelta | TextWithdrawn]:
        yield from self._read(last=True)
        while self._state is not _State.ENDED:
            match self._state:
                case _State.THOUGHT if self._loose is not None:
                    rest = self._text[self._loose :]
                    yield from self._rest(self._separator(rest) + rest.lstrip())
                case _State.GUESSED if truncated and self._sounds_cut():
                    self.perhaps_thought = True
                    self._state = _State.ENDED
                case _State.GUESSED:
                    yield from self._rest(self._text)
                case _:
                    self._state = _State.ENDED

    def _sounds_cut(self) -> bool:
        """Whether a cut text that may be thought is one: text that cites is none, unless the model is known for it."""
        if self._surely:
            return True
        cites = marks.CITED.search(self._text) is not None
        if self._opened:
            return not cites
        return marks.begins_aloud(self._text, surely=True) and (self._suspected or not cites)

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
            glued = not text[swallowed.end()].isspace()
            state = _State.THOUGHT if glued else _State.GUESSED
            self._enter(state, text[swallowed.end() :] if glued else text, marks.SWALLOWED_FINAL)
        elif opening := marks.OPENING.match(text):
            self._open(opening, guess=marks.is_prose_opening(text[opening.end() :]))
        elif closing := marks.CLOSING.match(text):
            self.unmarked = self.unmarked or not self.thought
            self.thought = True
            self._enter(_State.HEAD, text[closing.end() :])
        elif not self._read_template(text, last=last):
            if not (self.thought or self._tail) and (self._suspected or marks.begins_aloud(text)):
                self._enter(_State.GUESSED, text)
            else:
                self._enter(_State.ANSWER, self._separator(self._text) + text)

    def _read_template(self, text: str, *, last: bool) -> bool:
        """Whether a text began with words of the template, and was read up to their end."""
        if (leading := marks.LEADING.match(text)) and not marks.is_prose_leading(text[leading.end() :]):
            self._wrapped = self._wrapped or marks.WRAPPER_OPENING.fullmatch(leading[0]) is not None
            self._enter(_State.HEAD, text[leading.end() :])
        elif last and marks.is_cut_opening(text):
            self._enter(_State.THOUGHT, "")
        elif (end := marks.TURN_END.match(text)) and not marks.is_prose_opening(text[end.end() :]):
            self._enter(_State.ENDED, "")
        elif (token := marks.TOKEN.match(text)) and not marks.is_prose_opening(text[token.end() :]):
            self._enter(_State.HEAD, text[token.end() :])
        else:
            return False
        return True

    def _open(self, opening: re.Match[str], *, guess: bool) -> None:
        """Enter what an opening mark begins; as a ``guess`` it is a thought only if it is closed."""
        text, closing = opening.string, marks.closing_of(opening[0])
        if guess:
            self._enter(_State.GUESSED, text[opening.start() :], closing)
            self._opened = self._done = opening.end() - opening.start()
        else:
            self._enter(_State.THOUGHT, text[opening.end() :], closing)

    def _read_thought(self, *, last: bool) -> None:
        """Look for the end of a thought; what stands before it is dropped."""
        for closing in self._closing.finditer(self._text, self._done):
            after = self._text[closing.end() :]
            more = marks.next_words_may_tell(after) if self._opened else len(after) < 2 and "\n" not in after
            if more and not last:
                return
            if self._closing is marks.CLOSING and not self._is_end(self._text[self._opened : closing.start()], after):
                self._done = closing.end()
                self._loose = closing.end() if self._state is _State.THOUGHT else None
                continue
            if self._state is _State.GUESSED and not self._opened:
                self.unmarked = self._closing is marks.CLOSING
            self.thought = True
            self._enter(_State.ENDED if closing[0] == "<|call|>" else _State.HEAD, after)
            return
        if self._closing is marks.CLOSING:
            self._done = max(self._done, marks.unfinished_mark(self._text))
            if self._state is _State.GUESSED and not (self._opened or self._suspected) and marks.is_telling(self._text):
                self._enter(_State.ANSWER, self._text)
        else:
            self._done = max(self._done, len(self._text) - _LONGEST_END)

    def _is_end(self, before: str, after: str) -> bool:
        if not marks.closes_thought(before, after, guessed=self._opened > 0):
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
        for mark in marks.ANY.finditer(text, max(self._done, self._opened)):
            before, after = text[: mark.start()], text[mark.end() :]
            if not last and marks.next_words_may_tell(after):
                end = mark.start()
                break
            match mark.lastgroup:
                case "closing" if marks.ends_unopened_thought(before, after) and not marks.speaks_of_opening(before):
                    self.thought = self.unmarked = True
                    if self._tail:
                        yield TextWithdrawn()
                    self._tail = ""
                    self._enter(_State.HEAD, after)
                    return
                case "opening" if marks.opens_within(before):
                    yield from self._give(before[self._done :])
                    self._open(mark, guess=not marks.is_glued(after))
                    return
                case "wrapper" | "end" if self._ends(mark, before, after):
                    yield from self._give(before[self._done :].rstrip())
                    self._enter(_State.ENDED, "")
                    return
                case "token" if marks.is_stray(mark[0], before, after):
                    yield from self._give(before[self._done :])
                    self._text, self._done = before + after, len(before)
                    return
        if last:
            end = len(marks.without_cut_mark(text)) if end > self._opened else end
        else:
            end = max(min(end, marks.unfinished_mark(text)), self._done)
        yield from self._give(text[self._done : end])
        self._done = max(end, self._done)

    def _ends(self, mark: re.Match[str], before: str, after: str) -> bool:
        return self._wrapped if mark.lastgroup == "wrapper" else marks.ends_turn(mark[0], before, after)

    def _give(self, text: str) -> Iterator[TextDelta]:
        if text:
            self._tail = (self._tail + text)[-2:]
            yield TextDelta(text)

    def _separator(self, text: str) -> str:
        """What parts an answer from its continuation behind another thought: lines, or a blank within one."""
        if not self._tail:
            return ""
        leading = text[: len(text) - len(text.lstrip())]
        if "\n" in self._tail or "\n" in leading:
            return "\n" * (2 - len(self._tail) + len(self._tail.rstrip("\n")))
        return "" if self._tail[-1].isspace() else " "

    def _enter(self, state: _State, text: str, closing: re.Pattern[str] = marks.CLOSING) -> None:
        self._state, self._text, self._done, self._opened = state, text, 0, 0
        self._closing, self._closings, self._loose = closing, 0, None
        self.thought = self.thought or state is _State.THOUGHT

    def _rest(self, text: str) -> Iterator[TextDelta | TextWithdrawn]:
        """What a thought turned out not to be, read as an answer to its end."""
        opened = self._opened
        self._enter(_State.ANSWER, text)
        self._opened = opened
        yield from self._read(last=True)


def _joined(events: Iterable[TextDelta | TextWithdrawn]) -> Iterator[TextDelta | TextWithdrawn]:
    """The events of one piece, with texts that follow each other as one."""
    text = ""
    for event in events:
        if isinstance(event, TextDelta):
            text += event.text
            continue
        if text:
            yield TextDelta(text)
        text = ""
        yield event
    if text:
        yield TextDelta(text)


def is_answer(text: str) -> bool:
    """Whether a whole text is answer alone; what earlier versions kept may have thoughts in it."""
    return answer_in(text) == text.strip()


def answer_in(text: str) -> str:
    """The answer in a whole text; empty when it has none."""
    reading, answer = AnswerFilter(), ""
    for event in (*reading.feed(text), *reading.close()):
        answer = answer + event.text if isinstance(event, TextDelta) else ""
    return answer.strip()
