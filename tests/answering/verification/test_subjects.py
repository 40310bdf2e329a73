"""What is said of one paper that paper has to say."""

import pytest

from assistant.answering.values import Verdict
from assistant.answering.verification.checker import SupportChecker
from tests.support.paper_factory import paper, sources

BARNET = (
    "BarNet drops layers of a model after training. It saves 21% of memory on LongBench. "
    "Perplexity rises by 0.3 points."
)
KITCHEN = "We test agents in kitchens. FooNet solves 12 of 50 tasks there."
GIVEN = sources(
    [paper(), paper("2601.00002", "BarNet: Dropping Layers", BARNET), paper("2601.00003", "Robots at work", KITCHEN)]
)
CHECKER = SupportChecker(GIVEN)


@pytest.mark.parametrize(
    ("claim", "marked", "about", "verdict", "cited"),
    [
        ("FooNet cuts memory by 37% on ImageNet.", (), (), Verdict.SUPPORTED, [1]),
        ("BarNet cuts memory by 37% on ImageNet.", (1,), (), Verdict.UNSUPPORTED, []),
        (
            "FooNet prunes attention heads while BarNet drops layers after training.",
            (1, 2),
            (),
            Verdict.SUPPORTED,
            [1, 2],
        ),
        ("FooNet cuts memory by 37% while BarNet saves 99% of memory.", (1, 2), (), Verdict.PARTLY, [1]),
        ("Both FooNet and BarNet save 21% of memory on LongBench.", (1, 2), (), Verdict.PARTLY, [2]),
        ("FooNet solves 12 of the 50 kitchen tasks.", (), (), Verdict.SUPPORTED, [3]),
        ("It saves about 21% of the memory on LongBench.", (), (2,), Verdict.SUPPORTED, [2]),
        ("It saves about 21% of the memory on LongBench.", (), (1,), Verdict.UNSUPPORTED, []),
        ("Perplexity rises by 0.3 points and accuracy stays at 81.2%.", (), (), Verdict.UNSUPPORTED, []),
    ],
)
def test_evidence_is_of_the_paper_that_a_claim_is_about(
    claim: str, marked: tuple[int, ...], about: tuple[int, ...], verdict: Verdict, cited: list[int]
) -> None:
    checked = CHECKER.check(claim, marked, about)

    assert checked.check is not None
    assert checked.check.verdict is verdict
    assert [citation.number for citation in checked.citations] == cited


def test_the_sentence_nearest_to_a_claim_stands_in_its_paper() -> None:
    found = CHECKER.closest_sentence("BarNet cuts memory by 37% on ImageNet.", {1})

    assert found is not None
    assert found[0] == 2
