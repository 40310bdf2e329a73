"""What a model says of the claims of an answer: a hosted one of all at once, with the words that are wrong."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.calibration import CALIBRATED
from assistant.answering.citation_markers import neutralized
from assistant.answering.context_packing import delimited_block
from assistant.answering.prompts import Prompt
from assistant.answering.values import Check, DecisionStage, NumberedSource, Verdict
from assistant.answering.verification.claims import CheckedClaim
from assistant.answering.verification.judge import NOT_ALL, NOT_SAID, is_judged, judged
from assistant.errors import ModelError
from assistant.models import ChatModel, GenerationRequest, Judge, Message, ModelKind, whole_text
from assistant.sentences import split_sentences

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
        asked = [place for place, claim in enumerate(claims, start=1) if is_judged(claim)]
        if not asked:
            return {}
        messages = self._messages(claims, asked, sources)
        longest = _TOKENS_A_CLAIM * len(asked) + _TOKENS_MARGIN
        request = GenerationRequest(messages, max_output_tokens=longest, json_schema=_SCHEMA)
        try:
            if await self._model.count_tokens(messages) + longest > self._model.context_tokens:
                return {}
            written, _ = await whole_text(self._model, request)
        except ModelError:
            return {}
        return {place: review for place, review in read_reviews(written) if place in asked}

    def _messages(
        self, claims: Sequence[CheckedClaim], asked: Sequence[int], sources: Sequence[NumberedSource]
    ) -> tuple[Message, ...]:
        cited = {citation.number for place in asked for citation in claims[place - 1].citations}
        blocks = [
            delimited_block(replace(source, given=split_sentences(source.paper.abstract)))
            for source in sources
            if source.number in cited
        ]
        lines = [_line(place, claims[place - 1]) for place in asked]
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
