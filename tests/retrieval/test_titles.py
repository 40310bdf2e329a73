"""Whether a text names a paper."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.library import Library
from assistant.retrieval.mention_lookup import title_likeness, title_pieces
from assistant.services import paper_named
from tests.support.library_factory import DAY, MORNING, batch, paper, record

LONG = "MegaHan97K: A Large-Scale Dataset for Mega-Category Chinese Character Recognition"


@pytest.mark.parametrize(
    ("text", "title", "named"),
    [
        ("Attention is all you need", "Attention Is All You Need", True),
        ("attention is all you need!?", "Attention Is All You Need", True),
        ("summarize Attention Is All You Need, please", "Attention Is All You Need", True),
        ("attention is all you ned", "Attention Is All You Need", True),
        ("attention", "Attention Is All You Need", False),
        ("MegaHan97K", LONG, True),
        ("megahan97k: a large scale dataset for mega category chinese characters", LONG, True),
        ("chinese character recognition", LONG, False),
        ("what are scaling laws?", "Laws", False),
        ("", "Laws", False),
        ("???", "Laws", False),
        ("laws", "…", False),
    ],
)
def test_a_text_names_a_title(text: str, title: str, named: bool) -> None:
    assert (title_likeness(text, title) > 0) == named


def test_the_likest_title_scores_highest() -> None:
    exact = title_likeness("MegaHan97K", "MegaHan97K")
    name = title_likeness("MegaHan97K", LONG)
    within = title_likeness("is there more than Attention Is All You Need?", "Attention Is All You Need")
    assert 1 == exact > name > within > 0


@given(st.text(), st.text())
def test_likeness_is_a_share(text: str, title: str) -> None:
    assert 0 <= title_likeness(text, title) <= 1


def test_the_parts_of_a_text_may_be_titles() -> None:
    pieces = title_pieces('compare "Attention Is All You Need" with scaling laws of neural models: which is older?')
    assert pieces[0].startswith("compare")
    assert "Attention Is All You Need" in pieces


@pytest.mark.parametrize(
    ("name", "paper_id"),
    [
        ("2501.00001", "2501.00001"),
        ("https://arxiv.org/abs/2501.00002v3", "2501.00002"),
        ("Scaling Laws", "2501.00001"),
        ("scaling  laws!", "2501.00001"),
        ("Scaling Laws of [/x]", "2501.00002"),
        ("2501.99999", None),
        ("zebra", None),
        ("", None),
    ],
)
def test_a_name_means_the_likest_paper(tmp_path: Path, name: str, paper_id: str | None) -> None:
    with Library.open(tmp_path / "library", embedder=None) as library:
        shelf = (paper("2501.00002", "Scaling Laws of [/x] Words"), paper("2501.00001", "Scaling Laws"))
        library.ingest(batch(*(record(each, DAY) for each in shelf)), MORNING)
        meant = paper_named(library, name)
        assert (meant.paper.paper_id if meant else None) == paper_id
