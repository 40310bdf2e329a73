"""The last step of the support check: a model's judgement on the claims that the cheap steps leave undecided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answering.answer import Check, Citation, Rung, Source, Verdict
from assistant.answering.markers import neutralized
from assistant.answering.prompts import Prompt
from assistant.answering.support.checked import CheckedClaim
from assistant.answering.support.weights import PARTLY, SUPPORTED, WITH_MODEL, log_odds
from assistant.models.base import Judge, Judgement

_NOT_ALL = "not all of it is in the source"
_NOT_SAID = "the source does not say this"


async def judged(
    claims: Sequence[CheckedClaim], sources: Sequence[Source], judge: Judge, prompt: Prompt
) -> list[CheckedClaim]:
    """The claims with the model's judgement on those that are undecided; the others come back unchanged.

    So do those on which the model gave no judgement. Citations stay as they are. Raises `ModelError`.
    """
    by_number = {source.number: source for source in sources}
    places = [place for place, claim in enumerate(claims) if claim.undecided and claim.citations and claim.check]
    found = list(claims)
    if places:
        answers = await judge.judge([support_judgement(claims[place], by_number, prompt) for place in places])
        for place, answer in zip(places, answers, strict=True):
            if answer is not None:
                found[place] = _judged(claims[place], answer[0])
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
        verdict, reason = Verdict.PARTLY, _NOT_ALL
    else:
        verdict, reason = Verdict.UNSUPPORTED, before.reason or _NOT_SAID
    return replace(claim, check=Check(verdict, reason, Rung.MODEL, probability), undecided=False)
