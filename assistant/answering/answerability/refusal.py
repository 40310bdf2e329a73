"""Saying that the papers do not tell: the decision outside of the writing prompt, and the answer that says so."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.answerability.gates import (
    DETAIL_BY_JUDGEMENT,
    OPEN_TO_JUDGEMENT,
    REFUSED_BY_RETRIEVAL,
    RETRIEVAL_BY_JUDGEMENT,
    DetailGate,
    NamedLogistic,
    Sufficiency,
    before_writing,
    details_sufficiency,
    logit,
)
from assistant.answering.answerability.question_features import aims_with
from assistant.answering.asked import NamedQuestion
from assistant.answering.citation_markers import neutralized
from assistant.answering.context_packing import MOST_JUDGED_TOKENS, planned_tokens
from assistant.answering.prompts import Prompt
from assistant.answering.values import (
    Answer,
    AnswerSentence,
    ClosePaper,
    Delta,
    Finished,
    Gate,
    ModelInfo,
    NumberedSource,
    Refusal,
    SentenceFinished,
)
from assistant.errors import ModelError
from assistant.language import ENGLISH, listed, say
from assistant.library import StoredPaper
from assistant.models import Judge, Judgement, ModelKind
from assistant.papers import clean_text
from assistant.retrieval import Hit, IdfWeights, SentenceEmbedder, rank_evidence
from assistant.retrieval.query import short_name
from assistant.sentences import split_sentences

_NEAR_ENOUGH = 0.06
"""The probability of an answer below which a question is of another world, and no paper is near it."""
_LONGEST_QUOTE = 160
_JUDGED_SENTENCES = 12


def closest_papers(
    question: str, sources: Sequence[NumberedSource], sufficiency: Sufficiency, limit: int = 3
) -> tuple[ClosePaper, ...]:
    """The first sources, in the order of retrieval; of a question that names its paper that one alone.

    None for a question of another world.
    """
    if sufficiency.gate is Gate.RETRIEVAL and sufficiency.probability < _NEAR_ENOUGH:
        return ()
    near = [source for source in sources if source.number in sufficiency.about] or sources[:limit]
    return tuple(ClosePaper(source.number, _why(question, source)) for source in near)


def reason_text(sources: Sequence[NumberedSource], sufficiency: Sufficiency, language: str = ENGLISH) -> str:
    """Why the papers do not answer, in a sentence; it names the papers that the question is about."""
    if sufficiency.gate is Gate.RETRIEVAL:
        absent = listed(list(sufficiency.missing), language, last="or")
        return say("not_of", language, names=absent) if absent else say("not_about", language)
    about = [source for source in sources if source.number in sufficiency.about] or list(sources[:1])
    names = [short_name(source.paper.title) for source in about]
    if len(names) == 1:
        return say("not_in_abstract", language, paper=names[0])
    return say("not_in_abstracts", language, papers=listed([f"“{name}”" for name in names], language))


def refusal_text(
    question: str, sources: Sequence[NumberedSource], sufficiency: Sufficiency, language: str = ENGLISH
) -> str:
    """One or two sentences: why the papers do not answer, and what was asked."""
    reason = sufficiency.reason or reason_text(sources, sufficiency, language)
    return f"{reason} {say('asked', language, question=_question_text(question))}"


def _question_text(question: str) -> str:
    text = _shortened(question)
    return text if text.endswith("…") else f"{text}."


def _why(question: str, source: NumberedSource) -> str:
    """What the paper says that comes nearest."""
    best = rank_evidence(question, [source.paper.paper])[:1]
    return f"it says: “{_shortened(best[0].sentence.text)}”" if best else "it has no abstract"


def _shortened(text: str) -> str:
    text = clean_text(text).rstrip(" ?.,;:")
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE].rsplit(' ', 1)[0]} …"


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    """What retrieval brought for a question: ``query`` is what was searched, ``weights`` how rare its words are.

    Papers that are ``user_selected`` are not doubted; only what they say is. Where the question ``names`` its papers,
    what it asks of them decides; ``sufficiency`` is that decision where it is made already.
    """

    query: str
    hits: tuple[Hit, ...] = ()
    weights: IdfWeights | None = None
    user_selected: bool = False
    names: NamedQuestion | None = None
    sufficiency: Sufficiency | None = None


class AnswerabilityGate:
    """Decides whether papers are enough for an answer; with a judge where the cheap steps cannot tell.

    A judge that fails or leaves it open changes nothing.
    """

    def __init__(
        self,
        judge: Judge | None,
        prompts: Callable[[str], Prompt],
        embedder: SentenceEmbedder | None = None,
    ) -> None:
        self._judge = judge
        self._embedder = embedder
        self._prompts = prompts
        self._details = DetailGate(embedder, aims_with(embedder))

    async def sufficiency(self, retrieval: RetrievalResult, sources: Sequence[NumberedSource]) -> Sufficiency:
        """How well the sources, taken from what was found, answer."""
        if retrieval.names is not None:
            named = {paper.paper_id for paper in retrieval.names.papers}
            about = tuple(source.number for source in sources if source.paper.paper_id in named)
            return replace(retrieval.sufficiency or await self.details_sufficiency(retrieval), about=about)
        if retrieval.user_selected:
            return Sufficiency(sufficient=True, probability=1.0, gate=Gate.RETRIEVAL)
        first = await self.retrieval_sufficiency(retrieval)
        if not first.uncertain or not sources:
            return first
        nearest = [(retrieval.query, sources[0].paper)]
        (chance,) = await self._judged([first.probability], nearest, RETRIEVAL_BY_JUDGEMENT)
        return replace(first, sufficient=chance >= REFUSED_BY_RETRIEVAL, probability=chance, uncertain=False)

    async def retrieval_sufficiency(self, retrieval: RetrievalResult) -> Sufficiency:
        """Whether the papers found are about what is asked, without a judge."""
        return await asyncio.to_thread(
            before_writing, retrieval.query, retrieval.hits, retrieval.weights, self._embedder
        )

    async def details_sufficiency(self, retrieval: RetrievalResult) -> Sufficiency:
        """Whether the papers that a question names tell what it asks of them."""
        question = retrieval.names
        assert question is not None  # noqa: S101  # of such a question alone
        chances = await asyncio.to_thread(self._details.chances, question, retrieval.weights)
        parts = [(part.english, question.papers[0]) for part in question.parts]
        return details_sufficiency(question, await self._judged(chances, parts, DETAIL_BY_JUDGEMENT))

    async def _judged(
        self, chances: Sequence[float], questions: Sequence[tuple[str, StoredPaper]], weighing: NamedLogistic
    ) -> Sequence[float]:
        """The chances, with the judge's word where they leave a question open."""
        low, high = OPEN_TO_JUDGEMENT
        unsure = [place for place, chance in enumerate(chances) if low <= chance < high]
        if self._judge is None or not unsure:
            return chances
        prompt = self._prompts("judge_sufficiency")
        judgements = [_judgement(question, paper, prompt) for question, paper in (questions[place] for place in unsure)]
        try:
            answers = await self._judge.judge(judgements)
        except ModelError:  # a model that cannot judge may still write
            return chances
        judged = list(chances)
        for place, answer in zip(unsure, answers, strict=True):
            if answer:
                signs = {"evidence": logit(chances[place]), "judged": logit(answer[0])}
                judged[place] = weighing.probability(signs)
        return judged


def _judgement(question: str, paper: StoredPaper, prompt: Prompt) -> Judgement:
    """The question whether a paper's abstract, the whole of it unless it is long, states an answer."""
    text = paper.abstract
    if planned_tokens(text) > MOST_JUDGED_TOKENS:
        best = [evidence.sentence for evidence in rank_evidence(question, [paper.paper])[:_JUDGED_SENTENCES]]
        text = " … ".join(sentence.text for sentence in sorted(best, key=lambda sentence: sentence.start))
    messages = prompt.render(title=neutralized(paper.title), text=neutralized(text), question=neutralized(question))
    return Judgement(messages, ("yes", "no"))


def about_topic(retrieval: RetrievalResult) -> Sufficiency:
    """Whether the papers found are about a topic, told from retrieval alone.

    A topic asks for no detail that an abstract could leave out.
    """
    if retrieval.user_selected or not retrieval.query.strip():
        return Sufficiency(sufficient=True, probability=1.0, gate=Gate.RETRIEVAL)
    return before_writing(retrieval.query, retrieval.hits, retrieval.weights)


def refusal_of(
    question: str, sources: Sequence[NumberedSource], sufficiency: Sufficiency, language: str = ENGLISH
) -> Refusal:
    """The refusal that insufficient papers mean."""
    reason = sufficiency.reason or reason_text(sources, sufficiency, language)
    closest = closest_papers(question, sources, sufficiency)
    return Refusal(sufficiency.gate, reason, sufficiency.probability, closest)


def refused(
    question: str,
    sources: tuple[NumberedSource, ...],
    sufficiency: Sufficiency,
    writer: ModelInfo,
    language: str = ENGLISH,
) -> Answer:
    """The answer that says what the papers do not tell, with the papers that come closest.

    A question of another language that no model could translate may have been misread, and is told so.
    """
    text = refusal_text(question, sources, sufficiency, language)
    if language != ENGLISH and writer.kind is ModelKind.EXTRACTIVE and sufficiency.gate is Gate.RETRIEVAL:
        text += f"\n\n{say('unread', language)}"
    return Answer(
        question=question,
        sentences=tuple(AnswerSentence(sentence.text) for sentence in split_sentences(text)),
        text=text,
        sources=sources,
        writer=writer,
        refusal=refusal_of(question, sources, sufficiency, language),
        language=language,
    )


def refusal_events(answer: Answer) -> Iterator[Delta | SentenceFinished | Finished]:
    """A refusal as it is written."""
    yield Delta(answer.text)
    yield from map(SentenceFinished, answer.sentences)
    yield Finished(answer)
