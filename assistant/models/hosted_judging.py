"""A hosted model's judgement: the probabilities of its first word where the server tells them, else the word itself."""

import math
from collections.abc import Mapping, Sequence

_SURE = 0.95
"""What a word counts when the server tells no probabilities."""


class ChoiceReader:
    """Reads chunks of a streamed answer for one of a few words.

    Format of the probabilities: ``choices[0].logprobs.content[].top_logprobs[]`` of chat completion chunks, OpenAI's
    and llama.cpp's and vLLM's alike. Read with distrust, as servers leave it out.
    """

    def __init__(self, choices: Sequence[str]) -> None:
        self._choices = tuple(choices)
        self._told: tuple[float, ...] | None = None
        self._text = ""

    def take(self, chunk: object, text: str) -> None:
        """Note one chunk and the text that it brings."""
        self._text += text
        first = next(iter(_list(chunk, "choices")), None)
        for position in _list(getattr(first, "logprobs", None), "content"):
            self._told = self._told or self._shares(_alternatives(position))

    @property
    def probabilities(self) -> tuple[float, ...]:
        """One a choice, summing to 1; all alike when the answer was none of them."""
        if self._told is not None:
            return self._told
        said = self._text.casefold().strip(" \n\t\"'*.")
        others = (1 - _SURE) / max(len(self._choices) - 1, 1)
        if not any(said.startswith(choice) for choice in self._choices):
            return (1 / len(self._choices),) * len(self._choices)
        return tuple(_SURE if said.startswith(choice) else others for choice in self._choices)

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
