"""The model that is no model: the best evidence sentences, word for word, with their citations."""

import re
from collections.abc import AsyncGenerator, Sequence

from assistant.models.chat_model import (
    Completed,
    GenerationRequest,
    Message,
    ModelEvent,
    ModelKind,
    Quote,
    TextDelta,
    Usage,
)
from assistant.models.tokens import estimated_tokens
from assistant.sentences import leans_back, split_sentences

_END = re.compile(r"[.!?…]+[\"'”’)\]]*$")
_BRACKETED_NUMBERS = re.compile(r"\[(\d+(?:\s*[,;–-]\s*\d+)*)\]")


class ExtractiveModel:
    """Writes from ``request.quotes`` alone: needs no file, no key and no time.

    It is the baseline that every model must beat and the fallback where there is none. ``max_sentences`` keeps an
    answer short when a request brings many quotes.
    """

    kind = ModelKind.EXTRACTIVE
    name = "extractive"
    fingerprint = "extractive-3"
    context_tokens = 1 << 30

    def __init__(self, max_sentences: int | None = None) -> None:
        self._max_sentences = max_sentences

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """An estimate; this model reads no prompt and every prompt fits."""
        return sum(estimated_tokens(message.content) for message in messages)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """Yield quotes in the order given, each of their sentences cited; nothing but `Completed` without quotes.

        Quotes that would pass ``max_output_tokens`` (as estimated) are left out whole, further sentences of a source
        before the first one of another, and with a quote the next one where that leans on it. What stands is whole, so
        that only an answer without any counts as truncated.
        """
        output_tokens = 0
        written: set[int] = set()
        for place in _first_of_each_source_first(request.quotes):
            quote = request.quotes[place]
            tokens = estimated_tokens(_cited_passage(quote))
            fits = len(written) != self._max_sentences and output_tokens + tokens <= request.max_output_tokens
            lost = bool(place) and request.quotes[place - 1].number == quote.number and place - 1 not in written
            if fits and not (lost and leans_back(quote.text)):
                written.add(place)
                output_tokens += tokens
        for place in sorted(written):
            passage = _cited_passage(request.quotes[place])
            yield TextDelta(passage if place == min(written) else f" {passage}")
        yield Completed(Usage(output_tokens=output_tokens), truncated=bool(request.quotes) and not written)

    async def aclose(self) -> None:
        """Nothing is held."""


def _first_of_each_source_first(quotes: Sequence[Quote]) -> list[int]:
    """The places of the quotes: the first one of each source, then the others, each in their order."""
    first_places = {quote.number: place for place, quote in reversed(list(enumerate(quotes)))}
    return sorted(range(len(quotes)), key=lambda place: place != first_places[quotes[place].number])


def _cited_passage(quote: Quote) -> str:
    return " ".join(cited(sentence.text, quote.number) for sentence in split_sentences(quote.text))


def cited(sentence: str, number: int) -> str:
    """A sentence with its citation before the closing punctuation: "It works." becomes "It works [2].".

    Numbers in brackets that stand in the sentence itself would read as citations; they get round brackets.
    """
    text = _BRACKETED_NUMBERS.sub(r"(\1)", sentence.strip())
    end = _END.search(text)
    closing = end.group() if end else ""
    return f"{text[: len(text) - len(closing)]} [{number}]{closing or '.'}"
