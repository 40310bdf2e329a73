"""What questions want of the papers that they name, told by examples."""

from pathlib import Path

import pytest

from assistant.answering.answerability.question_features import Aim, Aims
from assistant.models.embedder import OnnxEmbedder
from tests.conftest import AssetPath

WHOLE = (
    "how does it work",
    "it, how dose it wrok",
    "tell me about it pls",
    "whats new in it",
    "in plain english, it",
    "it - what do they do?",
    "quick rundown of it",
    "why should I care about it",
    "what is it, that is Toy Attention Network?",
)
LIMITS = ("limits of it", "which are the weaknesses of it", "what's the catch with it")
DETAILS = (
    "how many gpu hours did training it take",
    "which optimizer does it use",
    "inter-annotator agreement of it",
    "it throughput on an H200",
    "what does the robot cost",
    "by how much",
    "which tokenizer does it use",
    "can it do tasks with two arms",
    "is it able to open doors",
)


@pytest.fixture(scope="module")
def aims(asset_path: AssetPath) -> Aims:
    files: tuple[Path, Path] = (asset_path("daily-papers-minilm"), asset_path("minilm-tokenizer"))
    return Aims(OnnxEmbedder(*files, fingerprint="test"))


@pytest.mark.parametrize(
    ("question", "aim"),
    [(q, Aim.WHOLE) for q in WHOLE] + [(q, Aim.LIMITS) for q in LIMITS] + [(q, Aim.DETAIL) for q in DETAILS],
)
def test_the_nearest_examples_tell_the_aim(aims: Aims, question: str, aim: Aim) -> None:
    assert aims.aims_of([question]) == (aim,)


@pytest.mark.parametrize("question", ["how dose it work", "tell me abuot it", "what is it about?"])
def test_without_vectors_letters_tell_it_and_typing_errors_do_not_matter(question: str) -> None:
    assert Aims(None).aims_of([question]) == (Aim.WHOLE,)


@pytest.mark.parametrize(
    ("question", "comparing"),
    [
        ("A vs B", True),
        ("A or B? I have two old laptops", True),
        ("what did B improve over A", True),
        ("is A faster than B", True),
        ("A and B what is the difference between ?", True),
        ("does A use B for training", False),
        ("summarize A and B", False),
        ("how many toys of A are in B", False),
    ],
)
def test_comparing_is_told_from_naming_two(aims: Aims, question: str, comparing: bool) -> None:
    assert aims.is_comparing(question) is comparing


def test_some_details_stand_in_abstracts_more_often_than_others(aims: Aims) -> None:
    assert aims.seldom("how many gpu hours did it take") > 0 > aims.seldom("how many toys are in the dataset")
    assert Aims(None).seldom("what learning rate was used?") > 0
