"""Withdrawn papers say so of themselves; papers about withdrawn things do not."""

import pytest

from assistant.papers import Paper, Provenance
from assistant.withdrawal import withdrawal_statement


@pytest.mark.parametrize(
    "abstract",
    [
        "This paper has been withdrawn by the author due to a sign error in equation 3",
        "This paper has been withdrawn by the authors.",
        "This article was withdrawn because of a gap in the proof of Lemma 2.",
        "This submission has been withdrawn by arXiv administrators due to disputed authorship.",
        "The paper has been withdrawn due to an error in Section 4.",
        "Our manuscript is temporarily withdrawn for further experiments.",
        "The present work (version 2) has now been retracted.",
        "Paper withdrawn by the author.",
        "Withdrawn.",
        "[Withdrawn]",
        "WITHDRAWN: the results do not hold.",
        "Withdrawn due to a mistake in the toy data.",
        "We withdraw this paper, as its main claim is wrong.",
        "We have decided to withdraw our submission.",
        "The authors have withdrawn this manuscript.",
        "The authors withdrew their paper after a remark by a reader.",
        "Note: this preprint has been withdrawn.",
        "We measure toys on shelves. The measure is sound. This paper has been withdrawn due to copyright.",
        "This paper is being withdrawn because of a crucial error.",
        "This paper is withdrawn",
        "arXiv admin note: this paper has been withdrawn due to plagiarism",
        "arXiv admin note: submission has been withdrawn by arXiv administrators",
        "Toys are measured. arXiv admin note: submission withdrawn by arXiv administrators",
        "arXiv admin note: this submission has been removed by arXiv administrators due to falsified authorship",
        "This article has been removed by arXiv administrators.",
        "This article has been withdrawn at the request of the authors",
        "Author has withdrawn the paper",
        "The authors decided to withdraw the paper",
        "The corresponding author has withdrawn the manuscript.",
        "Unfortunately, this paper has been withdrawn.",
        "Due to an error in Eq. 3, this paper has been withdrawn.",
        "Toys are measured. Because of a gap in Sec. (4) our paper is withdrawn by the authors.",
    ],
)
def test_an_abstract_that_withdraws_its_paper(abstract: str) -> None:
    assert withdrawal_statement(abstract)


@pytest.mark.parametrize(
    "abstract",
    [
        "We study drugs that were withdrawn from the market and predict which will be.",
        "Withdrawn drugs are a rich source of data on toxicity.",
        "Retracted papers go on being cited; we ask why.",
        "This paper studies papers that have been withdrawn by their authors.",
        "This work presents a corpus of retracted articles.",
        "The paper was retracted in 2010, and the story of its claim is told here.",
        "We withdraw guidance step by step and measure what agents do alone.",
        "Models rarely retract wrong answers; this paper asks when they do.",
        "A remasking jump retracts commitments. The retracted tokens are drawn again.",
        "“This paper has been withdrawn” is a notice that readers overlook.",
        "Has this paper been withdrawn? Readers cannot tell.",
        "This paper has not been withdrawn.",
        "An earlier version of this paper was withdrawn.",
        "We show that a retracted article was cited. Retraction notices help.",
        "If this paper is withdrawn, its data stay.",
        "The user can withdraw consent, and the article explains how a model forgets.",
        "We withdraw the robot arm and retract the gripper.",
        "A trial began in May. The study was withdrawn because of its cost.",
        "This study was withdrawn due to slow enrolment, as its registry says.",
        "In 1998 a claim was published. The article was retracted because it was false.",
        "This version retracts the arm.",
        "Retracted, the arm takes little room.",
        "The authors retracted the paper in 2012, and nobody noticed.",
        "The author withdraws the paper from the printer.",
        "This paper was withdrawn at ICLR 2024, where it had been under review.",
        "arXiv admin note: text overlap with arXiv:2408.99005 by other authors",
        "The noise was removed by arXiv users.",
        "Due to its cost, this paper withdraws no claim.",
        "",
    ],
)
def test_an_abstract_about_something_else(abstract: str) -> None:
    assert withdrawal_statement(abstract) is None


@pytest.mark.parametrize("text", ["_" * 50_000, "withdrawn " + "? " * 50_000, "withdrawn" + "?" * 50_000 + "x"])
def test_a_long_text_is_read_to_its_end(text: str) -> None:
    assert withdrawal_statement(f"Toys. {text} withdrawing") is None


@pytest.mark.parametrize(
    ("comment", "withdrawn"),
    [
        ("This paper has been withdrawn by the author due to a sign error in equation 3", True),
        ("12 pages, 3 figures; withdrawn due to an error in Lemma 3", True),
        ("Withdrawn", True),
        ("v2: withdrawn by the authors", True),
        ("10 pages (withdrawn by arXiv admins)", True),
        ("Paper has been withdrawn for further revision", True),
        ("Withdrawn from ICLR 2024", False),
        ("Submitted to ICLR 2024 and withdrawn from it", False),
        ("ICLR 2024 withdrawn submission", False),
        ("12 pages; v2 typos", False),
        ("Dataset of retracted papers: see the appendix", False),
        (None, False),
    ],
)
def test_comments(comment: str | None, *, withdrawn: bool) -> None:
    known = Paper("2408.99005", "Toys", "Toys are measured.", Provenance.ARXIV, comment=comment)

    assert known.withdrawn is withdrawn
