"""The text of a topic: its name, and a few sentences that each tell of two leading papers.

Which papers a sentence is about is decided here and not by the model: a small model that is given a whole topic writes
a list of titles, given two summaries it writes a true sentence. The prompts stay as short for a topic of 50 papers.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering import (
    AnswerSentence,
    CachedGenerator,
    CompletionSpec,
    NumberedSource,
    Prompt,
    checked_sentences,
    neutralized,
    quoted_sentence,
    salient_sentences,
    surely_supported,
)
from assistant.errors import ModelInterrupted
from assistant.models import Usage
from assistant.reports.digest.planner import is_shared, words_of
from assistant.reports.digest.values import DigestEntry, Topic
from assistant.retrieval import IdfWeights, content_words
from assistant.sentences import leans_back

_PAPERS_A_SENTENCE = 2
_PAIRS, _PAIRS_OF_MANY, _MANY_PAPERS = 2, 3, 12
_MOST_SENTENCES = 3
_LONGEST_TOKENS = 90
_NOTE_TOKENS = 160
_NAME_TOKENS = 14
_LONGEST_NAME_WORDS = 6
_TITLES = 4
_SALIENT = 4
_JOINT = re.compile(r",? while ")
_MARKERS = re.compile(r" ?\[\d+\]")
_NAMED = re.compile(r"[^:]{2,40}(?=: )")
_LINK = "://"
"""Is in a sentence that tells where the code is, and nothing about the topic."""


class TopicWriter:
    """Writes topics with one model; texts are cached by the summaries they rest on."""

    def __init__(self, generator: CachedGenerator, sentence_prompt: Prompt, name_prompt: Prompt) -> None:
        self._generator = generator
        self._sentence_prompt = sentence_prompt
        self._name_prompt = name_prompt

    async def write(self, topic: Topic, entries: Sequence[DigestEntry]) -> Topic:
        """The topic with its sentences, and the model's name for it where its papers bear that out.

        ``entries`` are those of the topic, in their order. Raises `ModelError`.
        """
        if topic.is_rest or len(entries) < _PAPERS_A_SENTENCE:
            return topic
        sentences: dict[AnswerSentence, None] = {}
        for pair in related_pairs(entries, _pairs_of(entries)):
            sentences |= dict.fromkeys(await self._sentences(pair, entries))
        return replace(topic, name=await self._name(topic, entries), sentences=tuple(sentences)[:_MOST_SENTENCES])

    async def expected(self, topic: Topic, entries: Sequence[DigestEntry] | None = None) -> Usage:
        """The most tokens that a topic may take; without its ``entries`` as much as such a topic ever does."""
        if topic.is_rest or len(topic.numbers) < _PAPERS_A_SENTENCE or self._generator.extractive:
            return Usage()
        if entries is not None:
            return sum([await self._generator.expected(spec) for spec in self._specs(entries)], Usage())
        messages = self._sentence_prompt.render(notes="")
        prompt_tokens = await self._generator.model.count_tokens(messages) + _PAPERS_A_SENTENCE * _NOTE_TOKENS
        pairs = _pairs_of(topic.numbers)
        hidden = (pairs + 1) * self._generator.hidden_tokens
        return Usage((pairs + 1) * prompt_tokens, pairs * _LONGEST_TOKENS + _NAME_TOKENS + hidden)

    async def _sentences(
        self, pair: Sequence[DigestEntry], entries: Sequence[DigestEntry]
    ) -> tuple[AnswerSentence, ...]:
        """One sentence about a pair, or one each: the model's when the papers bear it out, else one of the abstract.

        The notes bear no numbers: models copy them, and attribution is ours anyway.
        """
        if self._generator.extractive or len(pair) < _PAPERS_A_SENTENCE:
            return _quoted(pair[0], entries)
        try:
            written = await self._generator.generate(self._sentence_spec(pair))
        except ModelInterrupted:
            return _quoted(pair[0], entries)
        sources = tuple(entry.source for entry in pair)
        checked = checked_sentences(written.text, sources)
        supported = (sentence for sentence in checked if sentence is not None and _holds_in_parts(sentence, sources))
        return tuple(supported) or _quoted(pair[0], entries)

    async def _name(self, topic: Topic, entries: Sequence[DigestEntry]) -> str:
        if self._generator.extractive:
            return topic.name
        try:
            written = await self._generator.generate(self._name_spec(entries))
        except ModelInterrupted:
            return topic.name
        return shared_name(written.text, [words_of(entry.source.paper.paper) for entry in entries]) or topic.name

    def _specs(self, entries: Sequence[DigestEntry]) -> list[CompletionSpec]:
        """Everything that a model is asked for a topic."""
        pairs = related_pairs(entries, _pairs_of(entries))
        whole = [self._sentence_spec(pair) for pair in pairs if len(pair) == _PAPERS_A_SENTENCE]
        return [*whole, self._name_spec(entries)]

    def _sentence_spec(self, pair: Sequence[DigestEntry]) -> CompletionSpec:
        notes = "\n".join(map(_note, pair))
        return CompletionSpec.of(
            self._sentence_prompt, max_output_tokens=_LONGEST_TOKENS, sentences=_PAPERS_A_SENTENCE, notes=notes
        )

    def _name_spec(self, entries: Sequence[DigestEntry]) -> CompletionSpec:
        titles = "\n".join(neutralized(entry.source.paper.title) for entry in entries[:_TITLES])
        return CompletionSpec.of(self._name_prompt, max_output_tokens=_NAME_TOKENS, titles=titles)


def _holds_in_parts(sentence: AnswerSentence, sources: tuple[NumberedSource, ...]) -> bool:
    """Whether each half of a joined sentence is supported by one paper: words of the other must not help it out."""
    halves = _JOINT.split(_MARKERS.sub("", sentence.text))
    return len(halves) == 1 or all(
        any(surely_supported(f"{half.strip(' .')}.", (source,)) for source in sources) for half in halves
    )


def shared_name(name: str, texts: Sequence[str]) -> str | None:
    """A model's name for a topic, cleaned; None when it is no name or has a word that too few papers share."""
    lines = name.strip().splitlines()
    cleaned = " ".join(re.sub(r"[*_`\"“”.]+", " ", lines[0]).split()).rstrip(",;:") if lines else ""
    name_words = set(content_words(cleaned))
    if not name_words or len(cleaned.split()) > _LONGEST_NAME_WORDS:
        return None
    spoken = Counter(word for text in texts for word in name_words.intersection(content_words(text)))
    if not all(is_shared(spoken[word], len(texts)) for word in name_words):
        return None
    return cleaned[:1].upper() + cleaned[1:]


def related_pairs(entries: Sequence[DigestEntry], limit: int) -> list[list[DigestEntry]]:
    """At most ``limit`` groups of one or two papers, in the order of their leading papers.

    Each is the first paper that is left with the one that shares most weighted words with it.
    """
    weights = IdfWeights.from_texts(entry.source.paper.text for entry in entries)
    remaining = list(entries)
    pairs: list[list[DigestEntry]] = []
    while remaining and len(pairs) < limit:
        pair = [remaining.pop(0)]
        if remaining:
            leading = pair[0].source.paper.text
            nearest = max(remaining, key=lambda entry: weights.similarity(leading, entry.source.paper.text))
            remaining.remove(nearest)
            pair.append(nearest)
        pairs.append(pair)
    return pairs


def _pairs_of(papers: Sequence[object]) -> int:
    return _PAIRS_OF_MANY if len(papers) >= _MANY_PAPERS else _PAIRS


def _quoted(entry: DigestEntry, entries: Sequence[DigestEntry]) -> tuple[AnswerSentence, ...]:
    """What a paper says itself of what it shares with its topic, beside its summary."""
    cited_texts = {span.text for s in entry.summary.sentences for citation in s.citations for span in citation.spans}
    weights = IdfWeights.from_texts(entry.source.paper.text for entry in entries)
    others = " ".join(other.source.paper.text for other in entries if other is not entry)
    paper = entry.source.paper.paper
    further = [s for s in salient_sentences(paper.title, paper.abstract, _SALIENT) if s.text not in cited_texts]
    standing = [sentence for sentence in further if not leans_back(sentence.text) and _LINK not in sentence.text]
    best = max(standing, key=lambda sentence: weights.similarity(sentence.text, others), default=None)
    return (quoted_sentence(entry.source, best),) if best else ()


def _note(entry: DigestEntry) -> str:
    """What the prompt says of one paper: its name, and the first sentence of its summary without the marker."""
    title = entry.source.paper.title
    named = _NAMED.match(title)
    first = entry.summary.sentences[0].text if entry.summary.sentences else ""
    return neutralized(f"{named[0] if named else title}: {first.replace(f' [{entry.source.number}]', '')}")
