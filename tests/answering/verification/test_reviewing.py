"""A hosted model is asked about all claims at once, and one by one where that brings nothing."""

import json

import pytest

from assistant.answering.calibration import CALIBRATED
from assistant.answering.prompts import load_prompt
from assistant.answering.values import CheckedClaim, DecisionStage, Verdict
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.review import ModelVerifier
from assistant.models.chat_model import GenerationRequest, ModelKind
from tests.support.fake_models import ScriptedJudge
from tests.support.paper_factory import sources

FIRST = "FooNet cuts the memory by 37% on ImageNet."
SECOND = "BarBench proves that agents master kitchen robots."
QUOTE = "BarBench tests agents on kitchen robots."
NONE = "FooNet cuts memory by 99%."


def reviews(*found: tuple[int, str, str]) -> str:
    given = [{"number": number, "verdict": verdict, "words": words} for number, verdict, words in found]
    return json.dumps({"claims": given})


def hosted(answer: str, yes: float = 0.99) -> ScriptedJudge:
    return ScriptedJudge(lambda _: answer, lambda _: yes, kind=ModelKind.HOSTED)


async def verified(model: ScriptedJudge) -> list[CheckedClaim]:
    checker = SupportChecker(sources())
    claims = [checker.check(claim) for claim in (FIRST, SECOND, QUOTE, NONE)]
    return await ModelVerifier(model, model, load_prompt).verified(claims, sources())


async def test_all_claims_with_evidence_go_in_one_request_and_their_faults_are_told() -> None:
    model = hosted(f"```json\n{reviews((1, 'supported', ''), (2, 'unsupported', 'proves that agents master'))}\n```")
    first, second, quote, none = await verified(model)

    assert len(model.requests) == 1
    assert model.judgements == []
    prompt = model.requests[0].messages[-1].content
    assert FIRST in prompt
    assert SECOND in prompt
    assert QUOTE not in prompt.partition("Claims:")[2]
    assert NONE not in prompt
    assert json.loads(model.requests[0].json_schema or "")["required"] == ["claims"]
    assert [claim.check and claim.check.verdict for claim in (first, second, quote, none)] == [
        Verdict.SUPPORTED,
        Verdict.UNSUPPORTED,
        Verdict.QUOTED,
        Verdict.UNSUPPORTED,
    ]
    assert second.check is not None
    assert (second.check.rung, second.check.reason) == (
        DecisionStage.MODEL,
        "the source does not say “proves that agents master”",
    )


async def test_a_claim_without_an_answer_stays_as_it_was() -> None:
    before = SupportChecker(sources()).check(SECOND)
    _, second, _, _ = await verified(hosted(reviews((1, "supported", ""))))

    assert second == before
    assert second.undecided


@pytest.mark.parametrize(
    "answer",
    ["", "I cannot do that.", "{", "[]", '{"claims": "all fine"}', '{"claims": [{"number": 2, "verdict": "fine"}]}',
     reviews((3, "supported", "")), reviews((9, "unsupported", ""))],
)  # fmt: skip
async def test_what_is_no_review_is_asked_again_one_by_one(answer: str) -> None:
    model = hosted(answer)
    _, second, quote, _ = await verified(model)

    assert len(model.judgements) == 2
    assert second.check is not None
    assert second.check.rung is DecisionStage.MODEL
    assert quote.check is not None
    assert quote.check.verdict is Verdict.QUOTED


async def test_words_that_the_claim_does_not_have_are_not_shown() -> None:
    _, second, _, _ = await verified(hosted(reviews((2, "partly", "something else"))))

    assert second.check is not None
    assert (second.check.verdict, second.check.reason) == (Verdict.PARTLY, "not all of it is in the source")


async def test_a_local_model_that_was_calibrated_decides_every_claim_by_its_yes() -> None:
    model = ScriptedJudge(lambda _: "", lambda _: 0.99)
    model.name = next(iter(CALIBRATED))
    first, second, quote, _ = await verified(model)

    assert [claim.check and claim.check.verdict for claim in (first, second)] == [Verdict.SUPPORTED] * 2
    assert quote.check is not None
    assert quote.check.verdict is Verdict.QUOTED
    assert len(model.judgements) == 2


async def test_another_local_model_is_asked_about_undecided_claims_and_its_yes_supports_nothing() -> None:
    def write(_: GenerationRequest) -> str:
        raise AssertionError

    model = ScriptedJudge(write, lambda _: 0.99)
    _, second, _, _ = await verified(model)

    assert second.undecided
    assert second.check is not None
    assert second.check.verdict is Verdict.PARTLY
