"""What models say of claims: a reader's probability, a yes or no to one claim, or a review of all claims of an answer.

A model is shown the whole abstracts of the papers that a claim cites. How much its yes means differs from model to
model: one that was never calibrated may doubt a claim, and its yes proves nothing. A hosted model reviews all claims at
once and names the words that are wrong.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answering.calibration import BY_MODEL, CALIBRATED, SUPPORTED, UNSURE_FROM, Logistic, log_odds
from assistant.answering.citation_markers import neutralized
from assistant.answering.context_packing import MOST_JUDGED_TOKENS, delimited_block, planned_tokens
from assistant.answering.prompts import Prompt
from assistant.answering.values import Check, CheckedClaim, DecisionStage, NumberedSource, Verdict
from assistant.answering.verification.checker import UNSURE
from assistant.errors import ModelError
from assistant.models import ChatModel, GenerationRequest, Judge, Judgement, Message, ModelKind, whole_text
from assistant.sentences import split_sentences

UNCALIBRATED = Logistic(0.0, (1.0, 0.0))
"""What holds for a reader that was not calibrated: its own probability of support alone, cut at one half."""
NOT_ALL = "not all of it is in the source"
NOT_SAID = "the source does not say this"
_DOUBTED = "unsure: the model does not find it in the source"
_EVEN = 0.5
_TOKENS_A_CLAIM = 60
_TOKENS_MARGIN = 200
_PROBABILITIES = {Verdict.SUPPORTED: 0.95, Verdict.PARTLY: 0.4, Verdict.UNSUPPORTED: 0.05}
_OFFENDING = "the source does not say “{}”"
_LONGEST_SHOWN = 80
_SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "claims": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "number": {"type": "integer"},
                        "verdict": {"type": "string", "enum": [verdict.value for verdict in _PROBABILITIES]},
                        "words": {"type": "string"},
                    },
                    "required": ["number", "verdict", "words"],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["claims"],
        "additionalProperties": False,
    }
)


class SupportReader(Protocol):
    """What reads a claim together with evidence; any thread may ask it."""

    def support(self, claim: str, evidences: Sequence[str]) -> Sequence[tuple[float, float, float]]:
        """The probabilities that each evidence supports the claim wholly, in part, or not."""
        ...


@dataclass(frozen=True, slots=True)
class CalibratedReader:
    """A reader with the logistic model that joins its log odds and those of the cheap steps."""

    reader: SupportReader
    calibration: Logistic = UNCALIBRATED

    def probability(self, claim: str, evidences: Sequence[str], cheap: float) -> float:
        """The probability of the evidence that supports the claim best."""
        return self.calibration.probability(reader_values(self.reader, claim, evidences, cheap))


def reader_values(reader: SupportReader, claim: str, evidences: Sequence[str], cheap: float) -> tuple[float, float]:
    """What a calibration weighs: the log odds of the reader and of the cheap steps."""
    best = max((supported for supported, _, _ in reader.support(claim, evidences)), default=0.0)
    return log_odds(best), log_odds(cheap)


@dataclass(frozen=True, slots=True)
class Review:
    """What a model says of one claim, with its words that the sources do not say; empty where there are none."""

    verdict: Verdict
    words: str


class ModelVerifier:
    """Asks the model that writes. One that was not calibrated, and is not hosted, only doubts claims."""

    def __init__(self, model: ChatModel, judge: Judge, prompts: Callable[[str], Prompt]) -> None:
        self._model = model
        self._judge = judge
        self._prompts = prompts

    @property
    def vouches(self) -> bool:
        """Whether a claim can be supported by what the model says."""
        return self._model.kind is ModelKind.HOSTED or self._model.name in CALIBRATED

    async def verified(self, claims: Sequence[CheckedClaim], sources: Sequence[NumberedSource]) -> list[CheckedClaim]:
        """The claims with what the model says of them; one that it says nothing of comes back unchanged.

        A hosted model reads all that cite something in one request; where that brings nothing it is asked about them
        one by one, as a local model is. Raises `ModelError`.
        """
        if self._model.kind is ModelKind.HOSTED and (reviews := await self._reviewed(claims, sources)):
            return [_with_review(claim, reviews.get(place)) for place, claim in enumerate(claims, start=1)]
        return await judged(claims, sources, self._judge, self._prompts("judge_support"), vouches=self.vouches)

    async def _reviewed(
        self, claims: Sequence[CheckedClaim], sources: Sequence[NumberedSource]
    ) -> Mapping[int, Review]:
        """Reviews by the claims' places from 1; none when the model cannot give them."""
        places = [place for place, claim in enumerate(claims, start=1) if is_judged(claim)]
        if not places:
            return {}
        messages = self._messages(claims, places, sources)
        longest = _TOKENS_A_CLAIM * len(places) + _TOKENS_MARGIN
        request = GenerationRequest(messages, max_output_tokens=longest, json_schema=_SCHEMA)
        try:
            if await self._model.count_tokens(messages) + longest > self._model.context_tokens:
                return {}
            written, _ = await whole_text(self._model, request)
        except ModelError:
            return {}
        return {place: review for place, review in read_reviews(written) if place in places}

    def _messages(
        self, claims: Sequence[CheckedClaim], places: Sequence[int], sources: Sequence[NumberedSource]
    ) -> tuple[Message, ...]:
        cited = {citation.number for place in places for citation in claims[place - 1].citations}
        blocks = [
            delimited_block(replace(source, given=split_sentences(source.paper.abstract)))
            for source in sources
            if source.number in cited
        ]
        lines = [_line(place, claims[place - 1]) for place in places]
        return self._prompts("review").render(sources="\n\n".join(blocks), claims="\n".join(lines))


def read_reviews(written: str) -> Iterator[tuple[int, Review]]:
    """The reviews in a model's JSON, by the claims' places; what is not of the schema is passed over."""
    try:
        answer = json.loads(written[written.find("{") : written.rfind("}") + 1])
    except ValueError:
        return
    match answer:
        case {"claims": list(reviews)}:
            for review in reviews:
                match review:
                    case {"number": int(number), "verdict": str(verdict), "words": str(words)} if (
                        verdict in _PROBABILITIES
                    ):
                        yield number, Review(Verdict(verdict), " ".join(words.split()))


def _line(place: int, claim: CheckedClaim) -> str:
    numbers = ", ".join(str(citation.number) for citation in claim.citations)
    return f"{place}. (cites {numbers}) {neutralized(' '.join(claim.claim.split()))}"


def _with_review(claim: CheckedClaim, review: Review | None) -> CheckedClaim:
    if review is None:
        return claim
    reason = ""
    if review.verdict is not Verdict.SUPPORTED:
        stands = review.words and review.words.casefold() in " ".join(claim.claim.split()).casefold()
        reason = NOT_ALL if review.verdict is Verdict.PARTLY else NOT_SAID
        if stands:
            cut = review.words[: _LONGEST_SHOWN - 1].rstrip() + "…"
            reason = _OFFENDING.format(review.words if len(review.words) <= _LONGEST_SHOWN else cut)
    check = Check(review.verdict, reason, DecisionStage.MODEL, _PROBABILITIES[review.verdict])
    return replace(claim, check=check, undecided=False)


async def judged(
    claims: Sequence[CheckedClaim], sources: Sequence[NumberedSource], judge: Judge, prompt: Prompt, *, vouches: bool
) -> list[CheckedClaim]:
    """The claims with the model's judgement; those that cite nothing or quote come back unchanged.

    So do those on which the model gave no judgement. Citations stay as they are. A model that ``vouches`` is asked
    about every claim and may support it; another one about the undecided ones alone. Raises `ModelError`.
    """
    places = [place for place, claim in enumerate(claims) if is_judged(claim) and (vouches or claim.undecided)]
    places.sort(key=lambda place: _cited(claims[place]))
    judged_claims = list(claims)
    if places:
        papers = {source.number: source for source in sources}
        answers = await judge.judge([support_judgement(claims[place], papers, prompt) for place in places])
        for place, answer in zip(places, answers, strict=True):
            if answer is not None:
                judged_claims[place] = (_weighed if vouches else _doubted)(claims[place], answer[0])
    return judged_claims


def is_judged(claim: CheckedClaim) -> bool:
    """Whether a model has something to judge: a claim in its own words with sources that may support it."""
    return bool(claim.citations) and claim.check is not None and claim.check.verdict is not Verdict.QUOTED


def support_judgement(claim: CheckedClaim, sources: Mapping[int, NumberedSource], prompt: Prompt) -> Judgement:
    """The question whether the cited papers support a claim, to be answered by yes or no."""
    cited = [sources[number] for number in _cited(claim)]
    if sum(planned_tokens(source.paper.text) for source in cited) <= MOST_JUDGED_TOKENS:
        texts = [source.paper.abstract for source in cited]
    else:
        spans = {citation.number: citation.spans for citation in claim.citations}
        texts = [" ".join(s.text for s in sorted(spans[source.number], key=lambda s: s.start)) for source in cited]
    papers = "\n\n".join(
        f"Title: {neutralized(source.paper.title)}\nAbstract: {neutralized(text)}"
        for source, text in zip(cited, texts, strict=True)
    )
    return Judgement(prompt.render(papers=papers, claim=neutralized(claim.claim)), ("yes", "no"))


def supported_by(yes: float) -> float:
    """The probability that a claim is supported, from that of the model's yes."""
    return BY_MODEL.probability((log_odds(yes),))


def _cited(claim: CheckedClaim) -> tuple[int, ...]:
    return tuple(sorted({citation.number for citation in claim.citations}))


def _weighed(claim: CheckedClaim, yes: float) -> CheckedClaim:
    """A claim after the judgement of a calibrated model; what the cheap steps miss in it stays missing."""
    before = claim.check
    assert before is not None  # noqa: S101  # only such are asked about
    probability = supported_by(yes)
    lacks_part = before.rung is DecisionStage.FACTS or (before.verdict is Verdict.PARTLY and not claim.undecided)
    if probability >= SUPPORTED and not lacks_part:
        return replace(claim, check=Check(Verdict.SUPPORTED, "", DecisionStage.MODEL, probability), undecided=False)
    if probability >= UNSURE_FROM:
        reason = before.reason if lacks_part else UNSURE
        return replace(
            claim, check=Check(Verdict.PARTLY, reason, DecisionStage.MODEL, probability), undecided=not lacks_part
        )
    reason = before.reason if before.reason not in {"", UNSURE} else NOT_SAID
    return replace(claim, check=Check(Verdict.UNSUPPORTED, reason, DecisionStage.MODEL, probability), undecided=False)


def _doubted(claim: CheckedClaim, yes: float) -> CheckedClaim:
    """A claim after the judgement of a model whose yes proves nothing: undecided after a yes, as it was after a no."""
    before = claim.check
    assert before is not None  # noqa: S101  # only such are asked about
    unsure = before.verdict is Verdict.PARTLY
    if yes >= _EVEN:
        reason = before.reason if unsure or before.rung is DecisionStage.FACTS else UNSURE
        return replace(claim, check=Check(Verdict.PARTLY, reason, DecisionStage.MODEL, before.probability))
    probability = min(before.probability, supported_by(yes))
    reason = _DOUBTED if unsure else before.reason or NOT_SAID
    return replace(claim, check=Check(before.verdict, reason, DecisionStage.MODEL, probability), undecided=False)
