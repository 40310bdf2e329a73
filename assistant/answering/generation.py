"""Running a model over a packed prompt: its raw stream becomes checked sentences and one finished answer."""

import statistics
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from assistant.answering.answerability.gates import Sufficiency
from assistant.answering.answerability.refusal import refusal_events, refused
from assistant.answering.citation_markers import allowed_references
from assistant.answering.citation_stream import CitationStream, Draft, PriorKnowledge
from assistant.answering.missing import MissingLines, joined_parts
from assistant.answering.values import (
    Answer,
    AnswerSentence,
    CheckedClaim,
    Delta,
    Finished,
    Gate,
    ModelInfo,
    NumberedSource,
    SentenceFinished,
    SentenceRevised,
)
from assistant.answering.verdict_text import missing_text
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.revision import AnswerDraft, AnswerReviser, quotation
from assistant.errors import ModelError, ModelInterrupted
from assistant.language import ENGLISH
from assistant.models import ChatModel, Completed, GenerationRequest, ModelKind, TextDelta, TextWithdrawn, Usage
from assistant.papers import printable
from assistant.sentences import split_sentences

WritingEvent = Delta | SentenceFinished | SentenceRevised | Finished
_Shown = Delta | SentenceFinished | SentenceRevised

_QUOTES_INSTEAD = 2
"""Small models sometimes end before the first word; then so many of the best evidence sentences are the answer."""
_SAMPLING_TEMPERATURE = 0.7
"""Of further samples, where the request itself is greedy."""
_TOLD_AFTER_ALL = 0.05
"""How probable it is that the papers answer when a hosted model has read them and says that they do not."""
_SOURCES_OF_A_REFUSAL = 3


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What is written about: the question as shown, the sources it rests on, and what did not fit.

    ``missing`` are parts of the question that the sources do not tell; the answer ends with them, and with the
    ``remarks`` of the program, all in the ``language`` of the question. With ``refuse`` a question of which the model
    says that nothing is told gets no answer; ``about`` are the numbers of the sources that it names.
    """

    question: str
    sources: tuple[NumberedSource, ...]
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    language: str = ENGLISH
    refuse: bool = False
    about: tuple[int, ...] = ()


@dataclass(slots=True)
class _Sample:
    """One text of the model as it comes, checked sentence by sentence; a hosted one says in it what is missing."""

    stream: CitationStream
    missing: MissingLines = field(default_factory=MissingLines)
    usage: Usage = field(default_factory=Usage)
    incomplete: str | None = None

    async def write(self, model: ChatModel, request: GenerationRequest) -> AsyncGenerator[_Shown, None]:
        reads_missing = model.kind is ModelKind.HOSTED
        try:
            async with aclosing(model.stream(request)) as events:
                async for event in events:
                    match event:
                        case TextDelta(piece):
                            text = printable(piece)
                            for shown_event in self.stream.feed(self.missing.feed(text) if reads_missing else text):
                                yield shown_event
                        case TextWithdrawn():
                            self.missing = MissingLines()
                            for taken_back in self.stream.withdraw():
                                yield taken_back
                        case Completed(usage, truncated):
                            self.usage = usage
                            self.incomplete = "the model stopped at its output limit" if truncated else None
        except ModelInterrupted as error:
            self.incomplete = error.message
        for shown_event in (*self.stream.feed(self.missing.close()), *self.stream.close()):
            yield shown_event

    @property
    def refuses(self) -> bool:
        """Whether the text says that nothing is told, and nothing else."""
        return bool(self.missing.parts) and not self.stream.standing and self.incomplete is None

    @property
    def support(self) -> float:
        """How well the text is supported: the mean over its claims; 0 for one that claims nothing."""
        checks = [draft.sentence.check for draft in self.stream.standing]
        probabilities = [check.probability for check in checks if check is not None]
        return statistics.fmean(probabilities) if probabilities else 0.0


async def write_answer(
    model: ChatModel,
    request: GenerationRequest,
    assignment: AnswerContext,
    checker: SupportChecker,
    reviser: AnswerReviser | None = None,
    *,
    samples: int = 1,
) -> AsyncGenerator[WritingEvent, None]:
    """Stream an answer; the last event is `Finished`.

    Of several ``samples`` the one is shown whose claims are best supported, once all are written. Without a
    ``reviser`` the sentences stay as the cheap check has them. A model that breaks off in the middle gives an answer
    marked incomplete; one that fails before any text raises its `ModelError`. Closing the iterator stops the model.
    """
    if samples > 1:
        sample, sample_events = await _best_sample(model, request, assignment, checker, samples)
        for event in sample_events:
            yield event
    else:
        sample = _new_sample(assignment, checker)
        async with aclosing(sample.write(model, request)) as events:
            async for event in events:
                yield event
    if sample.refuses and assignment.refuse:
        for refusal in refusal_events(_refused(model, assignment, sample)):
            yield refusal
        return
    assignment = replace(assignment, missing=joined_parts(assignment.missing, sample.missing.parts))
    for added in _added(sample, request, assignment):
        sample.stream.drafts.append(added)
        yield Delta(added.separator + added.sentence.text)
        yield SentenceFinished(added.sentence)
    revision = AnswerDraft(sample.stream.drafts)
    if reviser is not None:
        revising = reviser.revise(
            revision, assignment.sources, checker, request.messages, model_answers=sample.incomplete is None
        )
        async with aclosing(revising) as changes:
            async for change in changes:
                yield change
    assignment = replace(assignment, left_out=_left_out(model, request, assignment, sample.stream.drafts))
    yield Finished(_answer(model, assignment, sample, revision))


def _left_out(
    model: ChatModel, request: GenerationRequest, assignment: AnswerContext, drafts: Sequence[Draft]
) -> tuple[str, ...]:
    """The titles of papers that found no room: in the prompt, and with a model that only quotes in the text itself."""
    if model.kind is not ModelKind.EXTRACTIVE:
        return assignment.left_out
    cited = {citation.number for draft in drafts for citation in draft.sentence.citations}
    silent = {quote.number for quote in request.quotes} - cited
    return (*assignment.left_out, *(s.paper.title for s in assignment.sources if s.number in silent))


def _answer(model: ChatModel, assignment: AnswerContext, sample: _Sample, revision: AnswerDraft) -> Answer:
    return Answer(
        question=assignment.question,
        sentences=revision.sentences,
        text=revision.text,
        sources=assignment.sources,
        writer=ModelInfo(model.name, model.kind),
        usage=sample.usage,
        stripped=tuple(sample.stream.stripped),
        left_out=assignment.left_out,
        incomplete=sample.incomplete,
        missing=assignment.missing,
        language=assignment.language,
        withheld=tuple(revision.withheld),
    )


def _refused(model: ChatModel, assignment: AnswerContext, sample: _Sample) -> Answer:
    about = assignment.about or tuple(source.number for source in assignment.sources[:_SOURCES_OF_A_REFUSAL])
    sufficiency = Sufficiency(sufficient=False, probability=_TOLD_AFTER_ALL, gate=Gate.EVIDENCE, about=about)
    writer = ModelInfo(model.name, model.kind)
    answer = refused(assignment.question, assignment.sources, sufficiency, writer, assignment.language)
    return replace(answer, usage=sample.usage, left_out=assignment.left_out)


def _new_sample(assignment: AnswerContext, checker: SupportChecker) -> _Sample:
    prior = PriorKnowledge(assignment.question, [source.paper.title for source in assignment.sources])
    return _Sample(CitationStream(checker.check, allowed_references(assignment.sources), prior))


def _added(sample: _Sample, request: GenerationRequest, assignment: AnswerContext) -> Iterator[Draft]:
    """What the program puts behind the model's text: quotes where it wrote nothing, and what the papers do not say."""
    if not sample.stream.standing and sample.incomplete is None:
        for place, quote in enumerate(request.quotes[:_QUOTES_INSTEAD]):
            source = next(source for source in assignment.sources if source.number == quote.number)
            abstract = source.paper.abstract
            start = abstract.index(quote.text)
            passage = [s for s in split_sentences(abstract) if start <= s.start < start + len(quote.text)]
            yield Draft(quotation(source, passage), CheckedClaim(quote.text), " " if place else "")
    own = [missing_text(assignment.missing, assignment.language)] if assignment.missing else []
    for text in (*own, *assignment.remarks):
        yield Draft(AnswerSentence(text), CheckedClaim(text), "\n\n" if sample.stream.standing else "")


async def _best_sample(
    model: ChatModel, request: GenerationRequest, assignment: AnswerContext, checker: SupportChecker, samples: int
) -> tuple[_Sample, list[_Shown]]:
    """The best supported of several texts with its events; its usage is that of all. The first is as asked for."""
    written: list[tuple[_Sample, list[_Shown]]] = []
    for seed in range(samples):
        drawn = replace(request, temperature=request.temperature or _SAMPLING_TEMPERATURE, seed=request.seed + seed)
        sample = _new_sample(assignment, checker)
        try:
            async with aclosing(sample.write(model, drawn if seed else request)) as events:
                written.append((sample, [event async for event in events]))
        except ModelError:
            if not written:
                raise
            break  # what is written already is an answer
    best, sample_events = max(written, key=lambda scored: (scored[0].incomplete is None, scored[0].support))
    best.usage = sum((sample.usage for sample, _ in written), Usage())
    return best, sample_events
