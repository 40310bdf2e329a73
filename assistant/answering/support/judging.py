"""The last step of the support check where a model is asked claim by claim, about those that are left undecided.

Of eleven claims that the 1.5B said yes to eight were wrong (claims_dev): a local model may doubt a claim, and its yes
leaves the claim undecided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answering.answer import Check, Citation, Rung, Source, Verdict
from assistant.answering.markers import neutralized
from assistant.answering.prompts import Prompt
from assistant.answering.support.checked import UNSURE, CheckedClaim
from assistant.answering.support.weights import PARTLY, SUPPORTED, WITH_MODEL, log_odds
from assistant.models.base import Judge, Judgement

NOT_ALL = "not all of it is in the source"
NOT_SAID = "the source does not say this"
_DOUBTED = "unsure: the model does not find it in the source"
_EVEN = 0.5


async def judged(
    claims: Sequence[CheckedClaim], sources: Sequence[Source], judge: Judge, prompt: Prompt, *, vouches: bool
) -> list[CheckedClaim]:
    """The claims with the model's judgement on those that are undecided; the others come back unchanged.

    So do those on which the model gave no judgement. Citations stay as they are. The yes of a model that ``vouches``
    supports a claim. Raises `ModelError`.
    """
    by_number = {source.number: source for source in sources}
    places = [place for place, claim in enumerate(claims) if claim.undecided and claim.citations and claim.check]
    found = list(claims)
    if places:
        answers = await judge.judge([support_judgement(claims[place], by_number, prompt) for place in places])
        for place, answer in zip(places, answers, strict=True):
            if answer is not None:
                found[place] = (_judged if vouches else _doubted)(claims[place], answer[0])
    return found


def support_judgement(claim: CheckedClaim, sources: Mapping[int, Source], prompt: Prompt) -> Judgement:
    """The question whether the cited sentences bear a claim out, to be answered by yes or no."""
    evidence = "\n".join(_evidence(citation, sources) for citation in claim.citations)
    return Judgement(prompt.render(evidence=evidence, claim=neutralized(claim.claim)), ("yes", "no"))


def with_judgement(probability: float, yes: float) -> float:
    """The probability of the cheap steps and that of the model's yes as one."""
    return WITH_MODEL.probability((log_odds(probability), log_odds(yes)))


def _evidence(citation: Citation, sources: Mapping[int, Source]) -> str:
    """Under the title of the paper, which says what "it" is, the cited sentences in their order."""
    title = sources[citation.number].paper.paper.title.rstrip(". ")
    spans = " ".join(span.text for span in sorted(citation.spans, key=lambda span: span.start))
    return neutralized(f"{title}. {spans}" if title else spans)


def _judged(claim: CheckedClaim, yes: float) -> CheckedClaim:
    before = claim.check
    assert before is not None  # noqa: S101  # only such are asked about
    probability = with_judgement(before.probability, yes)
    if probability >= SUPPORTED:
        verdict, reason = Verdict.SUPPORTED, ""
    elif probability >= PARTLY:
        verdict, reason = Verdict.PARTLY, NOT_ALL
    else:
        verdict, reason = Verdict.UNSUPPORTED, before.reason or NOT_SAID
    return replace(claim, check=Check(verdict, reason, Rung.MODEL, probability), undecided=False)


def _doubted(claim: CheckedClaim, yes: float) -> CheckedClaim:
    """A claim after the judgement of a model whose yes proves nothing: undecided after a yes, as it was after a no."""
    before = claim.check
    assert before is not None  # noqa: S101  # only such are asked about
    unsure = before.verdict is Verdict.PARTLY
    if yes >= _EVEN:
        reason = before.reason if unsure or before.rung is Rung.FACTS else UNSURE
        return replace(claim, check=Check(Verdict.PARTLY, reason, Rung.MODEL, before.probability))
    probability = min(before.probability, with_judgement(before.probability, yes))
    reason = _DOUBTED if unsure else before.reason or NOT_SAID
    return replace(claim, check=Check(before.verdict, reason, Rung.MODEL, probability), undecided=False)
