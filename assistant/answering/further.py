"""The prompt of a further question: the conversation so far, and sentences of its sources that were not given yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.answer import Source
from assistant.answering.packing import PackedEvidence, further_evidence, source_block
from assistant.answering.prompts import Prompt
from assistant.models.base import Message, Quote
from assistant.sentences import Sentence

_QUOTES_OF_ONE = 2


@dataclass(frozen=True, slots=True)
class Further:
    """A further ``question`` as it is put to the model, after a ``conversation`` about ``sources``.

    ``joining`` are further sources that it brings in, ``meant`` those that it is about; ``ranked`` are their sentences,
    best first, by paper id. ``overview`` quotes stand in the place of the best sentences where no detail is asked.
    """

    question: str
    conversation: Sequence[Message]
    sources: Sequence[Source]
    joining: Sequence[Source]
    meant: Sequence[Source]
    ranked: Mapping[str, Sequence[Sentence]]
    overview: tuple[Quote, ...] = ()

    def packed(self, prompt: Prompt, tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
        """The evidence and the messages, for about ``tokens`` of further evidence."""
        further = further_evidence(self.meant, self.ranked, tokens)
        given = {source.number for source in further}
        blocks = sorted((*further, *(s for s in self.joining if s.number not in given)), key=lambda s: s.number)
        more = "\n\n".join(source_block(source) for source in blocks)
        messages = (*self.conversation, *prompt.render(more=more, question=self.question))
        everything = _with_further((*self.sources, *self.joining), further)
        return PackedEvidence(everything, self.overview or self._best_quotes()), messages

    def _best_quotes(self) -> tuple[Quote, ...]:
        """The best sentence of each source, two of a single one, for the extractive model."""
        each = _QUOTES_OF_ONE if len(self.meant) == 1 else 1
        return tuple(
            Quote(source.number, sentence.text)
            for source in self.meant
            for sentence in self.ranked.get(source.paper.paper_id, ())[:each]
        )


def _with_further(sources: Sequence[Source], further: Sequence[Source]) -> tuple[Source, ...]:
    """The sources with the sentences that were given now beside those given before."""
    added = {source.number: source.given for source in further}
    return tuple(
        replace(source, given=tuple(sorted((*source.given, *added.get(source.number, ())), key=lambda s: s.start)))
        for source in sources
    )
