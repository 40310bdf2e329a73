"""One paper in one or two sentences, each of which has its evidence in the abstract."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.citation_markers import AllowedReferences, clean_markers, neutralized, with_markers
from assistant.answering.extractive_summary import result_sentences, salient_sentences, tells_result
from assistant.answering.generation_cache import CachedGenerator, Completion, CompletionSpec
from assistant.answering.prompts import Prompt
from assistant.answering.values import (
    AnswerSentence,
    Check,
    Citation,
    CitationOrigin,
    DecisionStage,
    NumberedSource,
    Verdict,
)
from assistant.answering.verification.checker import SupportChecker
from assistant.errors import ModelInterrupted
from assistant.models import Message, Usage
from assistant.retrieval import content_words
from assistant.sentences import Sentence, leans_back, split_sentences

_LONGEST_TOKENS = 130
_MOST_SENTENCES = 2
_WHOLE = (".", "!", "?", '"', "”", ")", "…", "。", "！", "？", "।", "؟")


@dataclass(frozen=True, slots=True)
class Summary:
    """A paper's summary: sentences that each have their evidence in its abstract, and tell the result that it states.

    ``quoted`` when sentences of the abstract stand in for a text of the model that had no evidence.
    """

    sentences: tuple[AnswerSentence, ...]
    cached: bool = False
    quoted: bool = False

    @property
    def text(self) -> str:
        """The sentences as one text, their markers included."""
        return " ".join(sentence.text for sentence in self.sentences)


class PaperSummarizer:
    """Summarizes papers one at a time; what the model wrote is cached before it is checked."""

    def __init__(self, generator: CachedGenerator, prompt: Prompt) -> None:
        self._generator = generator
        self._prompt = prompt

    async def summarize(self, source: NumberedSource) -> Summary:
        """Sentences about one source, cited by its number.

        Raises `ModelError` when the model fails before any text; one that breaks off is replaced by quotes.
        """
        if self._generator.extractive:
            return Summary(quoted_sentences(source))
        try:
            written = await self._generator.generate(self._spec(source))
        except ModelInterrupted:
            return Summary(quoted_sentences(source), quoted=True)
        return _checked(written, source)

    @property
    def used(self) -> Usage:
        """The tokens that its model has taken so far."""
        return self._generator.used

    def prompt_for(self, source: NumberedSource) -> tuple[Message, ...]:
        """What the model is asked for a source."""
        return self._spec(source).messages

    async def expected(self, source: NumberedSource) -> Usage:
        """The most tokens that a summary may take; none when it is kept or nothing is written."""
        return Usage() if self._generator.extractive else await self._generator.expected(self._spec(source))

    def _spec(self, source: NumberedSource) -> CompletionSpec:
        paper = source.paper.paper
        return CompletionSpec.of(
            self._prompt,
            max_output_tokens=_LONGEST_TOKENS,
            sentences=_MOST_SENTENCES,
            title=neutralized(paper.title),
            abstract=neutralized(self._generator.fitting(paper.abstract, _LONGEST_TOKENS)),
            result="".join(
                f"Main result: {neutralized(s.text)}\n" for s in _standing(result_sentences(paper.abstract))[:1]
            ),
        )


def _checked(written: Completion, source: NumberedSource) -> Summary:
    """The supported sentences of a text; where its first one has no evidence, the abstract's own stands in."""
    checked = checked_sentences(written.text, (source,))
    supported = [sentence for sentence in checked if sentence is not None]
    if checked and checked[0] is not None:
        return Summary(_with_result(supported[:_MOST_SENTENCES], source), cached=written.cached)
    evidence = {citation.evidence for sentence in supported for citation in sentence.citations}
    quotes = [quote for quote in quoted_sentences(source) if quote.citations[0].evidence not in evidence]
    quotes = quotes[:1] if supported else quotes
    sentences = [*quotes, *supported][:_MOST_SENTENCES]
    return Summary(_with_result(sentences, source), cached=written.cached, quoted=True)


def _with_result(sentences: Sequence[AnswerSentence], source: NumberedSource) -> tuple[AnswerSentence, ...]:
    """The sentences, and where they tell no result that the abstract states, its own sentence for the last one."""
    results = result_sentences(source.paper.abstract)
    if not results or any(map(_tells_result, sentences)):
        return tuple(sentences)
    return (*sentences[: _MOST_SENTENCES - 1], quoted_sentence(source, _standing(results)[0]))


def _tells_result(sentence: AnswerSentence) -> bool:
    """Whether a sentence tells a result: it reads like one, and so does what it rests on."""
    spans = [span for citation in sentence.citations for span in citation.spans]
    return tells_result(sentence.text) and any(tells_result(span.text) for span in spans)


def _standing(results: Sequence[Sentence]) -> Sequence[Sentence]:
    """Those that stand alone, or all where none does."""
    return [sentence for sentence in results if not leans_back(sentence.text)] or results


def checked_sentences(written: str, sources: tuple[NumberedSource, ...]) -> tuple[AnswerSentence | None, ...]:
    """Each sentence of a model's text with its citations and its check.

    None for one that is not supported, is cut, or says no more than a title does.
    The model's own markers are not asked: with so few sources each sentence is held against all of them.
    """
    checker = SupportChecker(sources)
    allowed = AllowedReferences(frozenset(), frozenset(), " ".join(source.paper.text for source in sources))
    pieces = split_sentences(" ".join(written.split()))
    return tuple(
        None if _is_title(piece.text, sources) else _with_evidence(piece.text, checker, allowed) for piece in pieces
    )


def _is_title(sentence: str, sources: tuple[NumberedSource, ...]) -> bool:
    """Whether a sentence only repeats a title of the form "Name: what it is"."""
    words = content_words(sentence)
    return ": " in sentence and any(set(content_words(source.paper.title)).issuperset(words) for source in sources)


def surely_supported(claim: str, sources: tuple[NumberedSource, ...]) -> bool:
    """Whether the cheap checks call a claim supported without a doubt that a model would have to decide."""
    checked = SupportChecker(sources).check(claim)
    return checked.check is not None and checked.check.verdict.holds and not checked.undecided


def _with_evidence(sentence: str, checker: SupportChecker, allowed: AllowedReferences) -> AnswerSentence | None:
    claim = clean_markers(sentence, allowed).text.strip()
    return _supported(claim, checker) if claim.endswith(_WHOLE) else None


def _supported(claim: str, checker: SupportChecker) -> AnswerSentence | None:
    """The claim as a cited sentence when its sources support it, or may do so."""
    checked = checker.check(claim)
    unsure = checked.undecided and checked.check is not None and checked.check.verdict is Verdict.PARTLY
    if checked.check is None or not (checked.check.verdict.holds or unsure):
        return None
    text = with_markers(claim, [citation.number for citation in checked.citations])
    return AnswerSentence(text, checked.citations, check=checked.check)


def supported_cell(written: str, source: NumberedSource) -> AnswerSentence | None:
    """A phrase about one source with its citation, when the abstract bears it out; no whole sentence is asked for."""
    text = clean_markers(" ".join(written.split()), AllowedReferences(frozenset(), frozenset(), source.paper.text)).text
    return _supported(text.strip(), SupportChecker((source,)))


def quoted_sentences(source: NumberedSource, limit: int = _MOST_SENTENCES) -> tuple[AnswerSentence, ...]:
    """The sentences of the abstract that summarize it best, as they stand there."""
    return tuple(
        quoted_sentence(source, s) for s in salient_sentences(source.paper.title, source.paper.abstract, limit)
    )


def quoted_sentence(source: NumberedSource, sentence: Sentence) -> AnswerSentence:
    """A sentence of the abstract as a sentence of an answer, citing itself."""
    citation = Citation(source.number, sentence, CitationOrigin.ATTRIBUTED)
    text = with_markers(neutralized(sentence.text), [source.number])
    return AnswerSentence(text, (citation,), check=Check(Verdict.QUOTED, "", DecisionStage.FACTS, 1.0))
