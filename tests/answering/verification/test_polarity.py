"""Opposite directions and denials are seen between sentences about the same things."""

import pytest

from assistant.answering.verification.facts import Agreement, agreement, opposed_to, stance


def met(claim: str, evidence: str) -> Agreement:
    return agreement(stance(claim), stance(evidence))


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The method increases memory use.", "Our method reduces memory use by a third."),
        ("Accuracy drops on long inputs.", "We see higher accuracy on long inputs."),
        ("FooNet underperforms the baseline.", "FooNet outperforms the baseline."),
        ("It does not improve accuracy.", "It improves accuracy."),
    ],
)
def test_more_against_less_clashes(claim: str, evidence: str) -> None:
    assert met(claim, evidence).clashing > 0


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The method lowers memory use.", "Our method reduces memory use by a third."),
        ("It does not increase cost.", "It reduces cost."),
        ("It improves speed.", "It improves speed and reduces memory."),
        ("The cat sleeps.", "Dogs bark."),
    ],
)
def test_the_same_direction_does_not(claim: str, evidence: str) -> None:
    assert met(claim, evidence).clashing == 0


def test_a_denial_reaches_the_words_behind_it() -> None:
    assert met("Judges rate the score.", "The score needs no human judges.").denied > 0
    assert met("Judges rate the score.", "The judges rate, without pay, the score.").denied == 0


@pytest.mark.parametrize(
    ("claim", "evidence"), [("training is stable", "training is unstable"), ("the best one", "the worst one")]
)
def test_opposite_words_are_known(claim: str, evidence: str) -> None:
    assert met(claim, evidence).opposite == 1


@pytest.mark.parametrize(
    ("claim", "opposite"),
    [
        ("FooNet is not stable.", "FooNet is stable."),
        ("It increases memory.", "It decreases memory."),
        ("Heads can be pruned.", "Heads can not be pruned."),
        ("FooNet prunes heads.", "It is not the case that FooNet prunes heads."),
    ],
)
def test_a_claim_is_turned_into_its_opposite(claim: str, opposite: str) -> None:
    assert opposed_to(claim) == opposite
