"""A response in chunks of an OpenAI-compatible server, whatever it leaves out or adds; and its judgement of claims."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.models.answer_text import AnswerFilter
from assistant.models.chat_model import TextDelta, TextWithdrawn, Usage
from assistant.models.tokens import TokenCounter

_ESTIMATE_MARGIN = 1.25  # a count that is rather too high must not end answers early
_SETTLING_CHARACTERS = 2000
_THOUGHT_FIELDS = ("reasoning_content", "reasoning", "thinking", "reasoning_details", "thought", "thoughts")
_THOUGHT_PARTS = frozenset(("thinking", "reasoning", "thought", "redacted_thinking"))
LIMIT_REACHED = "length"
_LIMIT_WORDS = frozenset((LIMIT_REACHED, "max_tokens", "model_length", "MAX_TOKENS"))
_UNREPORTED_PROBABILITY = 0.95
"""What a word counts when the server tells no probabilities."""
_LEAST_MASS = 0.01
"""The probability of all choices together from which they count although another word was drawn, as small models do."""
_MARKS = "<|["
"""What the marks of thoughts, channels and turns begin with."""
_DECORATION = " \n\t\"'*_.`“”("
_FIRST_WORD = re.compile(rf"[{re.escape(_DECORATION)}]*([^\W\d_]+)(?![\w'’])")


class StreamedAnswer:
    """What the chunks said so far; ``text`` is the answer without thoughts, ``began`` that there is some.

    Chunks are read with distrust: servers send usage-only chunks, empty choices, null contents, contents as lists of
    parts, whole messages instead of deltas, and JSON that is no chunk at all. ``heard`` is that any choice came,
    ``stray`` the last JSON that had none, ``finish`` the server's word for the end, ``complete`` that the stream told
    its end, ``refusal`` what a model says that refuses.
    """

    def __init__(self, reading: AnswerFilter | None = None) -> None:
        self.reading = reading or AnswerFilter()
        self.text = ""
        self.heard = False
        self.stray: object = None
        self.finish: str | None = None
        self.complete = False
        self.usage = Usage()
        self.reasoning_tokens = 0
        self.refusal = ""
        self.called_tool = False
        self._wrote = False

    @property
    def began(self) -> bool:
        """Whether there is text of an answer."""
        return bool(self.text)

    @property
    def truncated(self) -> bool:
        """Whether the server stopped at the limit."""
        return self.finish in _LIMIT_WORDS

    @property
    def ended_early(self) -> bool:
        """Whether a mark of the template ended the answer, so that the rest of the stream is none of it."""
        return self.reading.ended

    @property
    def ended(self) -> bool:
        """Whether the answer is whole, by the server's word or by a mark of the template in the text."""
        return self.complete or self.finish is not None

    @property
    def thought(self) -> bool:
        """Whether the model surely thought: in the text, beside it, or unseen up to the limit."""
        hidden = self.truncated and not self._wrote
        return self.reading.thought or self.reasoning_tokens > 0 or hidden

    @property
    def only_thought(self) -> bool:
        """Whether there is no answer because the model thought."""
        return not self.began and (self.thought or self.reading.perhaps_thought)

    def used_up(self, limit: int) -> bool:
        """Whether the output limit ended the answer: by the server's word, or by its count of tokens."""
        return self.truncated or self.usage.output_tokens >= limit

    def take(self, chunk: object) -> tuple[TextDelta | TextWithdrawn, ...]:
        """Note one chunk; what it brings of the answer, often nothing."""
        if not isinstance(chunk, Mapping):
            return ()
        self.stray = self.stray if "choices" in chunk else chunk
        self._note_usage(chunk.get("usage"))
        choices = chunk.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(first, Mapping):
            return ()
        self.heard = True
        if isinstance(finish := first.get("finish_reason"), str) and finish:
            self.finish = finish
        delta = first.get("delta") or first.get("message")
        if not isinstance(delta, Mapping):
            delta = {"content": first.get("text")}
        return self._noted(self.reading.feed(self._text_of(delta)))

    def close(self) -> tuple[TextDelta | TextWithdrawn, ...]:
        """The stream is over: what was held back of the answer until now."""
        return self._noted(self.reading.close(truncated=self.truncated or not self.ended))

    def _noted(self, events: Iterable[TextDelta | TextWithdrawn]) -> tuple[TextDelta | TextWithdrawn, ...]:
        noted = tuple(events)
        for event in noted:
            self.text = self.text + event.text if isinstance(event, TextDelta) else ""
        return noted

    def _text_of(self, delta: Mapping[str, Any]) -> str:
        if any(delta.get(name) for name in _THOUGHT_FIELDS):
            self.reading.thinks_elsewhere()
        if delta.get("tool_calls") or delta.get("function_call"):
            self.called_tool = True
        if isinstance(refusal := delta.get("refusal"), str):
            self.refusal += refusal
        text = "".join(map(_whole_characters, self._texts(delta.get("content"))))
        self._wrote = self._wrote or bool(text)
        return text

    def _texts(self, content: object) -> Iterator[str]:
        """The texts of a content: itself, or those of its parts that are answer."""
        match content:
            case str():
                yield content
            case list():
                for part in content:
                    yield from self._texts(part)
            case Mapping() if content.get("type") in _THOUGHT_PARTS or content.get("thought") is True:
                self.reading.thinks_elsewhere()
            case Mapping() if isinstance(refusal := content.get("refusal"), str):
                self.refusal += refusal
            case Mapping() if isinstance(text := content.get("text"), str):
                yield text

    def _note_usage(self, usage: object) -> None:
        if not isinstance(usage, Mapping):
            return
        self.usage = Usage(
            prompt_tokens=_number(usage, "prompt_tokens"),
            output_tokens=_number(usage, "completion_tokens"),
            cached_tokens=_number(usage.get("prompt_tokens_details"), "cached_tokens"),
        )
        self.reasoning_tokens = _number(usage.get("completion_tokens_details"), "reasoning_tokens")


class VisibleTokens:
    """The limit on text where the server's own limit holds hidden reasoning too; else the server keeps it."""

    def __init__(self, counter: TokenCounter | None, limit: int) -> None:
        self._counter = counter
        self._limit = limit if counter is None or counter.exact else int(limit * _ESTIMATE_MARGIN)
        self._settled = ""
        self._settled_tokens = 0

    def reached(self, text: str) -> bool:
        """Whether the whole text reaches the limit; pieces counted one by one would be rounded up each."""
        if self._counter is None:
            return False
        if not text.startswith(self._settled):
            self._settled, self._settled_tokens = "", 0
        rest = text[len(self._settled) :]
        if len(rest) > _SETTLING_CHARACTERS and (blank := rest.rfind(" ")) > 0:
            self._settled_tokens += self._counter.count(rest[:blank])
            self._settled, rest = self._settled + rest[:blank], rest[blank:]
        return self._settled_tokens + self._counter.count(rest) >= self._limit


def _number(holder: object, name: str) -> int:
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return value if isinstance(value, int) else 0


def _whole_characters(text: str) -> str:
    """JSON may escape half of a surrogate pair; that half becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


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
        others = (1 - _UNREPORTED_PROBABILITY) / max(len(self._choices) - 1, 1)
        return tuple(_UNREPORTED_PROBABILITY if choice == written else others for choice in self._choices)

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
    alternatives: dict[str, float] = {}
    for alternative in [*_list(position, "top_logprobs"), position]:
        token, logarithm = getattr(alternative, "token", None), getattr(alternative, "logprob", None)
        if (
            isinstance(token, str)
            and isinstance(logarithm, int | float)
            and (alternative is not position or not alternatives)
        ):
            word = token.strip().casefold()
            alternatives[word] = alternatives.get(word, 0.0) + math.exp(min(float(logarithm), 0.0))
    return alternatives


def _list(holder: object, name: str) -> list[object]:
    value = getattr(holder, name, None)
    return value if isinstance(value, list) else []
