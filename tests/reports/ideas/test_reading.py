"""Proposals are read in many forms, and their probabilities in many spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reports.ideas.parser import found_probability, read_candidates
from assistant.reports.ideas.values import Candidate

ONE = "Use the pruned heads of FooNet [1] for the kitchen agents of BarBench [2]. Nobody has tried both."
TWO = "Clone the voice of a cook with BazSpeech [3] and see whether people trust the robot more."


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Probability: 0.1", 0.1),
        ("**Probability:** .05", 0.05),
        ("(p=0.05)", 0.05),
        ("p = 0,2", 0.2),
        ("Probability: 12%", 0.12),
        ("Likelihood: about 1 in 20", 0.05),
        ("Probability: 3/10", 0.3),
        ("Probability: 15", 0.15),
        ("chance of 3 percent", 0.03),
        ("prob: 1e-2", 0.01),
        ("probability ≈ ~0.4", 0.4),
        ("Probability: low", 0.1),
        ("Probability: Very High", 0.95),
        ("It works (0.08)", 0.08),
        ("It works - 7%", 0.07),
        ("Probability: 1", 1.0),
        ("Probability: 0", 0.0),
        ("Probability: 1.7", None),
        ("Probability: 3/0", None),
        ("Probability: 300", None),
        ("It builds on [3]", None),
        ("In 2024", None),
        ("A test of p-values", None),
        ("Step 3", None),
    ],
)
def test_probabilities_are_read_however_they_are_written(written: str, value: float | None) -> None:
    assert found_probability(written)[0] == pytest.approx(value)


def test_what_names_a_probability_is_taken_out() -> None:
    assert found_probability("Clone a voice (p=5%).") == (0.05, "Clone a voice")


@pytest.mark.parametrize(
    "written",
    [
        f"1. Title: Pruned cooks\nIdea: {ONE}\nProbability: 0.1\n\n2. Title: Voices\nIdea: {TWO}\nProbability: 0.3\n",
        f"Sure! Here are two:\n\n1. **Pruned cooks**: {ONE} (p=0.1)\n2. **Voices**: {TWO} (p=30%)",
        f"### Idea 1: Pruned cooks\n{ONE}\n*Probability*: 10%\n\n### Idea 2: Voices\n{TWO}\n*Probability*: 30%",
        f"Title: Pruned cooks\nDescription: {ONE}\nLikelihood: 0,1\nTitle: Voices\nDescription: {TWO}\nLikelihood: 0,3",
        f'```json\n[{{"title": "Pruned cooks", "idea": "{ONE}", "probability": 0.1}},\n'
        f'{{"Title": "Voices", "text": "{TWO}", "p": "30%"}}]\n```',
        f"<response><title>Pruned cooks</title><text>{ONE}</text><probability>0.1</probability></response>"
        f"<response><title>Voices</title><text>{TWO}</text><probability>0.3</probability></response>",
        f"1) Pruned cooks\n{ONE}\nProbability - 1 in 10\n2) Voices\n{TWO}\nProbability - 3 in 10",
    ],
)
def test_every_form_gives_title_text_and_probability(written: str) -> None:
    assert read_candidates(written) == (Candidate("Pruned cooks", ONE, 0.1), Candidate("Voices", TWO, 0.3))


def test_without_titles_the_text_gives_one() -> None:
    (candidate,) = read_candidates(f"{TWO}\n\nProbability: 0.2")

    assert candidate == Candidate(TWO.rstrip("."), TWO, 0.2)


def test_a_cut_end_goes() -> None:
    cut = f"1. Title: A\nIdea: {ONE}\nProbability: 0.1\n2. Title: B\nIdea: {TWO} And then they"

    assert [c.text for c in read_candidates(cut, whole=False)] == [ONE, TWO]
    assert [c.title for c in read_candidates("1. Title: A\nIdea: Use the heads of one net for", whole=False)] == []


@pytest.mark.parametrize(
    "written",
    [
        "",
        "I cannot help with that.",
        "Speculative decoding is a method.\n\nIt is fast.",
        "1. [1]\n2. [2][3]",
        "{]",
        "[[[",
    ],
)
def test_prose_and_noise_hold_no_proposal(written: str) -> None:
    assert read_candidates(written) == ()


def test_the_same_proposal_counts_once_and_long_ones_are_cut() -> None:
    item = f"1. Title: A\nIdea: {ONE} {TWO} A fourth sentence stands here too.\nProbability: 0.1\n"
    (candidate,) = read_candidates(item * 2)

    assert candidate.text == f"{ONE} {TWO}"


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for candidate in read_candidates(text):
        assert candidate.text
        assert candidate.probability is None or 0 <= candidate.probability <= 1
