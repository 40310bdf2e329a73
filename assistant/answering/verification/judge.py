"""The last step of the support check where a model is asked claim by claim: yes or no, read from its probabilities.

The model compares a claim with the whole abstracts of the papers that it cites. How much a yes means differs from model
to model: one that was never calibrated may doubt a claim, and its yes proves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answering.calibration import BY_MODEL, SUPPORTED, UNSURE_FROM, log_odds
from assistant.answering.citation_markers import neutralized
from assistant.answering.context_packing import MOST_JUDGED_TOKENS, planned_tokens
from assistant.answering.prompts import Prompt
from assistant.answering.values import Check, DecisionStage, NumberedSource, Verdict
from assistant.answering.verification.claims import UNSURE, CheckedClaim
from assistant.models import Judge, Judgement

NOT_ALL = "not all of it is in the source"
NOT_SAID = "the source does not say this"
_DOUBTED = "unsure: the model does not find it in the source"
_EVEN = 0.5


async def judged(
    claims: Sequence[CheckedClaim], sources: Sequence[NumberedSource], judge: Judge, prompt: Prompt, *, vouches: bool
) -> list[CheckedClaim]:
    """The claims with the model's judgement; those that cite nothing or quote come back unchanged.

    So do those on which the model gave no judgement. Citations stay as they are. A model that ``vouches`` is asked
    about every claim and may support it; another one about the undecided ones alone. Raises `ModelError`.
    """
    asked = [place for place, claim in enumerate(claims) if is_judged(claim) and (vouches or claim.undecided)]
    asked.sort(key=lambda place: _cited(claims[place]))
    found = list(claims)
    if asked:
        papers = {source.number: source for source in sources}
        answers = await judge.judge([support_judgement(claims[place], papers, prompt) for place in asked])
        for place, answer in zip(asked, answers, strict=True):
            if answer is not None:
                found[place] = (_weighed if vouches else _doubted)(claims[place], answer[0])
    return found


def is_judged(claim: CheckedClaim) -> bool:
    """Whether a model has something to judge: a claim in its own words with sources that may bear it out."""
    return bool(claim.citations) and claim.check is not None and claim.check.verdict is not Verdict.QUOTED


def support_judgement(claim: CheckedClaim, sources: Mapping[int, NumberedSource], prompt: Prompt) -> Judgement:
    """The question whether the cited papers bear a claim out, to be answered by yes or no."""
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
