"""A hosted model's judgement: the probabilities of its first word where the server tells them, else the word itself."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SURE = 0.95
"""What a word counts when the server tells no probabilities."""
_LEAST_MASS = 0.01
"""The probability of all choices together from which they count although another word was drawn, as small models do."""
_MARKS = "<|["
"""What the marks of thoughts, channels and turns begin with."""
_DECORATION = " \n\t\"'*_.`“”("
_FIRST_WORD = re.compile(rf"[{re.escape(_DECORATION)}]*([^\W\d_]+)(?![\w'’])")


@dataclass(frozen=True, slots=True)
class ChoiceAnswer:
    """What came of one question: the probability of each choice, None without a choice, and whether it ended."""

    probabilities: tuple[float, ...] | None
    finished: bool

    @property
    def cut(self) -> bool:
        """Whether the stream ended before the choice, as where a server ends one request for the next."""
        return self.probabilities is None and not self.finished


class ChoiceReader:
    """Reads chunks of a streamed answer for one of a few words.

    Format of the probabilities: ``choices[0].logprobs.content[].top_logprobs[]`` of chat completion chunks, OpenAI's
    and llama.cpp's and vLLM's alike. Read with distrust, as servers leave it out. An answer that begins with anything
    but white space, quotation marks or emphasis before the word (``<think>``, ``<|channel|>``) is no choice, whatever
    stands further on or might have stood there with a small probability.
    """

    def __init__(self, choices: Sequence[str]) -> None:
        self._choices = tuple(choices)
        self._reported: tuple[float, ...] | None = None
        self._begun = False
        self._text = ""

    def take(self, chunk: object, text: str) -> None:
        """Note one chunk and the text that it brings."""
        self._text += text
        first = next(iter(_list(chunk, "choices")), None)
        if not getattr(getattr(first, "delta", None), "content", None):
            return  # probabilities of thoughts that the server keeps apart
        for position in _list(getattr(first, "logprobs", None), "content"):
            self._take_position(position)

    @property
    def probabilities(self) -> tuple[float, ...] | None:
        """One a choice, summing to 1; None when the answer was none of them, or did not come."""
        if self._reported is not None:
            return self._reported
        word = _FIRST_WORD.match(self._text)
        if word is None or (written := word.group(1).casefold()) not in self._choices:
            return None
        others = (1 - _SURE) / max(len(self._choices) - 1, 1)
        return tuple(_SURE if choice == written else others for choice in self._choices)

    def _take_position(self, position: object) -> None:
        """Read one token; only the first one that is more than decoration is the choice."""
        token = getattr(position, "token", None)
        written = token.strip().casefold() if isinstance(token, str) else ""
        if self._begun or not written.strip(_DECORATION):
            return
        self._begun = True
        alternatives = _alternatives(position)
        mass = sum(p for token, p in alternatives.items() if self._begins_choice(token))
        if self._begins_choice(written) or (mass >= _LEAST_MASS and written[0] not in _MARKS):
            self._reported = self._shares(alternatives)

    def _begins_choice(self, token: str) -> bool:
        return bool(token) and any(choice.startswith(token) for choice in self._choices)

    def _shares(self, alternatives: Mapping[str, float]) -> tuple[float, ...] | None:
        """The choices' shares at one position; None when no choice stands there."""
        weights = [
            sum(p for token, p in alternatives.items() if token and choice.startswith(token))
            for choice in self._choices
        ]
        total = sum(weights)
        return tuple(weight / total for weight in weights) if total > 0 else None


def _alternatives(position: object) -> dict[str, float]:
    """Probability by token in lower case, blanks aside."""
    found: dict[str, float] = {}
    for one in [*_list(position, "top_logprobs"), position]:
        token, logarithm = getattr(one, "token", None), getattr(one, "logprob", None)
        if isinstance(token, str) and isinstance(logarithm, int | float) and (one is not position or not found):
            word = token.strip().casefold()
            found[word] = found.get(word, 0.0) + math.exp(min(float(logarithm), 0.0))
    return found


def _list(holder: object, name: str) -> list[object]:
    value = getattr(holder, name, None)
    return value if isinstance(value, list) else []
