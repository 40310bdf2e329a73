"""The prompt of a further question: the conversation so far, and sentences of its sources that were not given yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.context_packing import PackedEvidence, further_evidence, source_block
from assistant.answering.prompts import Prompt
from assistant.answering.values import Source
from assistant.models.chat_model import Message, Quote
from assistant.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Further:
    """A further ``question`` as it is put to the model, after a ``conversation`` about ``sources``.

    ``joining`` are further sources that it brings in, ``meant`` those that it is about; ``ranked`` are their sentences,
    best first, by paper id. ``quotes`` answer it without a model. ``block`` is a source as the model is given it.
    """

    question: str
    conversation: Sequence[Message]
    sources: Sequence[Source]
    joining: Sequence[Source]
    meant: Sequence[Source]
    ranked: Mapping[str, Sequence[Sentence]]
    quotes: tuple[Quote, ...]
    block: Callable[[Source], str] = source_block

    def packed(self, prompt: Prompt, tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
        """The evidence and the messages, for about ``tokens`` of further evidence."""
        further = further_evidence(self.meant, self.ranked, tokens)
        given = {source.number for source in further}
        blocks = sorted((*further, *(s for s in self.joining if s.number not in given)), key=lambda s: s.number)
        more = "\n\n".join(map(self.block, blocks))
        messages = (*self.conversation, *prompt.render(more=more, question=self.question))
        everything = _with_further((*self.sources, *self.joining), further)
        return PackedEvidence(everything, self.quotes), messages


def _with_further(sources: Sequence[Source], further: Sequence[Source]) -> tuple[Source, ...]:
    """The sources with the sentences that were given now beside those given before."""
    added = {source.number: source.given for source in further}
    return tuple(
        replace(source, given=tuple(sorted((*source.given, *added.get(source.number, ())), key=lambda s: s.start)))
        for source in sources
    )
