"""What a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.sentence_ranking import asked_for


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("what is LoRA?", "what is LoRA?"),
        ("agent memory benchmarks", "agent memory benchmarks"),
        ("a world model for shooters: what is it trained on?", "what is it trained on?"),
        ("in PVPO, what serves as the anchor?", "what serves as the anchor?"),
        ("we train on images. Which loss is used?", "Which loss is used?"),
        ("detox in English only. does it carry over? by how much", "how much"),
        ("text vectors of replies, backbone frozen: MTEB gain?", "MTEB gain?"),
        ("", ""),
        (" ", " "),
    ],
)
def test_the_clause_that_asks(question: str, clause: str) -> None:
    assert asked_for(question).clause == clause


@pytest.mark.parametrize(
    ("question", "figure", "result"),
    [
        ("how many classes are in MegaHan97K?", True, False),
        ("how much faster is it than the baseline?", True, True),
        ("what accuracy does it reach?", True, True),
        ("MTEB gain?", True, True),
        ("more than 40% of the steps?", True, False),
        ("where was it tested?", False, True),
        ("why does it forget?", False, False),
        ("which agents make up the system?", False, False),
    ],
)
def test_figures_and_results_are_recognized(question: str, *, figure: bool, result: bool) -> None:
    asked = asked_for(question)
    assert (asked.wants_figure, asked.wants_result) == (figure, result)


@given(st.text())
def test_any_text_is_read_and_its_clause_stands_in_it(question: str) -> None:
    assert asked_for(question).clause in question
