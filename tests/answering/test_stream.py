"""The stream of an answer shows the same checked text however the model's pieces are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.citation_markers import AllowedReferences
from assistant.answering.citation_stream import CitationStream, PriorKnowledge
from assistant.answering.values import CheckedClaim, Citation, CitationOrigin, Delta

ALLOWED = AllowedReferences(frozenset({1, 2, 3}), frozenset({"2501.00001"}))
FRAGMENTS = [
    "We propose **FooNet**, ",
    "which wins by 3.5 points",
    " [1, 7]",
    " [1][2]",
    "[3]",
    ". ",
    "! ",
    "? [2] ",
    "\n\n",
    "\n- A bullet with [Smith] stuff",
    " see arXiv:2401.12345",
    " https://elsewhere.example/x",
    " [a link](http://a.example)",
    " (as in 2501.00001)",
    " e.g. this",
    " [",
    "]",
    " [9]",
    "【2†source】",
    " [Source 3]",
    "It ends. ",
]


def marked_or_second(claim: str, marked: tuple[int, ...], about: tuple[int, ...] = ()) -> CheckedClaim:
    citations = tuple(Citation(number, None, CitationOrigin.MODEL) for number in marked)
    return CheckedClaim(claim, citations or (Citation(2, None, CitationOrigin.ATTRIBUTED),))


def shown(pieces: list[str], prior: PriorKnowledge | None = None) -> tuple[str, CitationStream]:
    stream = CitationStream(marked_or_second, ALLOWED, prior)
    events = [event for piece in pieces for event in stream.feed(piece)]
    events.extend(stream.close())
    return "".join(event.text for event in events if isinstance(event, Delta)), stream


def test_markers_stand_at_the_end_of_their_sentence_and_false_ones_are_reported() -> None:
    text, stream = shown(["FooNet wins [1, 7] by 3.5 points. It is small. See 2401.12345! [3]"])

    assert text == "FooNet wins by 3.5 points [1]. It is small [2]. See (removed) [3]!"
    assert stream.stripped == ["[1, 7]", "2401.12345"]
    assert [draft.sentence.text for draft in stream.drafts] == [
        "FooNet wins by 3.5 points [1].",
        "It is small [2].",
        "See (removed) [3]!",
    ]


def test_paragraphs_and_lists_keep_their_lines() -> None:
    text, _ = shown(["One thing. [1]\n\n- First point [2]\n- Second point [3]"])

    assert text == "One thing [1].\n\n- First point [2]\n- Second point [3]"


def test_a_link_to_elsewhere_and_an_id_that_was_not_given_never_show() -> None:
    text, stream = shown(["Read https://elsewhere.example/x or [this](http://a.example) and 2501.00001."])

    assert "example" not in text
    assert "2501.00001" in text
    assert stream.stripped == ["https://elsewhere.example/x", "(http://a.example)"]


def test_a_sentence_whose_marker_was_refuted_says_so() -> None:
    stream = CitationStream(lambda claim, _marked, _about: marked_or_second(claim, ()), ALLOWED)
    list(stream.feed("It wins [1]."))
    list(stream.close())

    assert stream.drafts[0].sentence.text == "It wins [2]."
    assert stream.drafts[0].sentence.refuted == (1,)


def test_text_shows_before_its_sentence_ends() -> None:
    stream = CitationStream(marked_or_second, ALLOWED)

    assert "".join(e.text for e in stream.feed("FooNet wins by a lot and then") if isinstance(e, Delta)) == (
        "FooNet wins by a lot and"
    )


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12), st.integers(1, 9))
def test_the_cut_of_the_pieces_does_not_change_what_is_shown(fragments: list[str], size: int) -> None:
    whole = "".join(fragments)
    at_once, _ = shown([whole])
    in_pieces, stream = shown([whole[i : i + size] for i in range(0, len(whole), size)])

    assert in_pieces == at_once
    assert "[7]" not in in_pieces
    assert "elsewhere" not in in_pieces
    assert all(c.number in ALLOWED.numbers for d in stream.drafts for c in d.sentence.citations)


KNOWN = PriorKnowledge("How does FooNet work?", ["FooNet: Pruning Heads of Models", "BarBench: Agents in Kitchens"])


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("How does FooNet work? It prunes heads [1].", "It prunes heads [1]."),
        ("FooNet works as described in the paper. It prunes heads [1].", "It prunes heads [1]."),
        ("It prunes heads [1]. For more details, see the paper [1].", "It prunes heads [1]."),
        ("It prunes heads [1].\n\nThis is in [1].\n\nIt is new [1].", "It prunes heads [1].\n\nIt is new [1]."),
        ("FooNet: Pruning Heads of Models. It is small [1].", "It is small [1]."),
        ("It is small [1].\nSource 2: BarBench: Agents in Kitchens\nIt has 450 tasks.", "It is small [1]."),
        ("Answer: It is small [1]. Question: Is it fast? Answer: It is.", "It is small [1]."),
        ("It is small [1].\n\nSources:\n[1] FooNet: Pruning Heads of Models", "It is small [1]."),
        ("Source 1: It is small.\nSource 3: It is large.", "It is small [1].\nIt is large [3]."),
        ("**One**\nIt is small [1]. Source 2: Robots.\n\n**Two**\nIt is fast [3].",
         "**One [2]**\nIt is small [1].\n\n**Two [2]**\nIt is fast [3]."),
    ],
)  # fmt: skip
def test_what_adds_nothing_is_not_shown_however_the_text_is_cut(written: str, said: str, size: int) -> None:
    text, stream = shown([written[i : i + size] for i in range(0, len(written), size)], KNOWN)

    assert text == said
    assert stream.text == said


def test_a_sentence_knows_what_the_one_before_it_in_its_paragraph_cites() -> None:
    checked: list[tuple[str, tuple[int, ...]]] = []

    def check(claim: str, marked: tuple[int, ...], about: tuple[int, ...]) -> CheckedClaim:
        checked.append((claim, about))
        return marked_or_second(claim, marked)

    stream = CitationStream(check, ALLOWED)
    list(stream.feed("One wins [3]. It is small. They lose [1].\n\nIt ends here."))
    list(stream.close())

    assert checked == [("One wins.", ()), ("It is small.", (3,)), ("They lose.", (2,)), ("It ends here.", ())]
