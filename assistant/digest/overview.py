"""The overview of a digest: a few sentences, each about two leading papers that have something in common.

Which papers a sentence is about is decided here and not by the model: a small model that is given a whole day writes
a list of titles, given two summaries it writes a true sentence. The prompt stays as short on a day of 200 papers.
"""

from collections.abc import AsyncGenerator, Sequence

from assistant.answering.answer import AnswerSentence
from assistant.answering.generation import CachedGenerator
from assistant.answering.markers import neutralized
from assistant.answering.prompts import Prompt
from assistant.answering.summaries import checked_sentences
from assistant.digest.digest import DigestEntry, OverviewGrew
from assistant.errors import ModelInterrupted
from assistant.retrieval.lexical_overlap import WordWeights

_FEWEST_SENTENCES = 3
_MOST_SENTENCES = 4
_LEADING_PAPERS = 12
_LONGEST_TOKENS = 90


class OverviewWriter:
    """Writes overviews with one model; texts are cached by the summaries they rest on."""

    def __init__(self, generator: CachedGenerator, prompt: Prompt) -> None:
        self._generator = generator
        self._prompt = prompt

    async def write(self, entries: Sequence[DigestEntry]) -> AsyncGenerator[OverviewGrew, None]:
        """Three to four sentences, each cited; a period of one or two papers repeats what its summaries say."""
        if len(entries) < _FEWEST_SENTENCES:
            sentences = [sentence for entry in entries for sentence in entry.summary.sentences][:_MOST_SENTENCES]
            for done, sentence in enumerate(sentences, start=1):
                yield OverviewGrew(sentence, done, len(sentences))
            return
        groups = related_groups(entries[:_LEADING_PAPERS], _MOST_SENTENCES)
        for done, group in enumerate(groups, start=1):
            yield OverviewGrew(await self._sentence(group), done, len(groups))

    async def _sentence(self, group: Sequence[DigestEntry]) -> AnswerSentence:
        """One sentence about a group: the model's when the papers bear it out, else the first paper's summary."""
        leading = group[0].summary.sentences[0]
        if self._generator.extractive:
            return leading
        notes = "\n".join(f"[{entry.source.number}] {_note(entry)}" for entry in group)
        try:
            written = await self._generator.generate(
                self._prompt, max_output_tokens=_LONGEST_TOKENS, sentences=1, notes=notes
            )
        except ModelInterrupted:
            return leading
        checked = checked_sentences(written.text, tuple(entry.source for entry in group))
        return next((sentence for sentence in checked if sentence is not None), leading)


def related_groups(entries: Sequence[DigestEntry], limit: int) -> list[list[DigestEntry]]:
    """At most ``limit`` groups, in the order of their leading papers.

    Each is the first paper that is left and, when there are more papers than groups, the one that shares most with
    it by weighted words.
    """
    weights = WordWeights.from_texts(entry.source.paper.paper.text for entry in entries)
    left = list(entries)
    groups: list[list[DigestEntry]] = []
    while left and len(groups) < limit:
        group = [left.pop(0)]
        if len(left) > limit - len(groups) - 1:
            leading = group[0].source.paper.paper.text
            nearest = max(left, key=lambda entry: weights.similarity(leading, entry.source.paper.paper.text))
            left.remove(nearest)
            group.append(nearest)
        groups.append(group)
    return groups


def _note(entry: DigestEntry) -> str:
    """What the prompt says of one paper: its title, and the first sentence of its summary without the marker."""
    sentence = entry.summary.sentences[0].text.replace(f" [{entry.source.number}]", "")
    return neutralized(f"{entry.source.paper.paper.title}: {sentence}")
