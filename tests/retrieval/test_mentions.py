"""Where a question names papers, and what is left of it beside the names."""

import pytest

from assistant.retrieval.mention_lookup import beside_names, mentions
from tests.support.paper_factory import paper

FOO = paper("2601.00001", "FooNet: Pruning Heads for Toy Models").paper
CHESS = paper("2601.00002", "Toy Chess Without Any Search", "We train a toy model to play chess.").paper
LONG = paper(
    "2601.00003",
    "Learning Toys by Reading",
    "Toys are hard to learn. We introduce Toy Reading Network (TRN), which reads.",
).paper
NAMESAKE = paper("2601.00004", "FooNet: A Dataset of Foos", "FooNet is a dataset.").paper
PAPERS = [FOO, CHESS, LONG]


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("How does FooNet work?", "How does it work?"),
        ("foonet, how dose it work", "it, how dose it work"),
        ("Toy Chess Without Any Search - how do they do it?", "it - how do they do it?"),
        ("what is “Toy Chess Without Any Search”?", "what is it?"),
        ("tell me about FooNet: Pruning Heads for Toy Models", "tell me about it"),
        ("limits of Learning Toys by Reading", "limits of it"),
        ("how many toys are there?", "how many toys are there?"),
        ("does FooNet beat Toy Chess Without Any Search?", "does it beat it?"),
    ],
)
def test_names_are_put_aside(question: str, rest: str) -> None:
    assert beside_names(question, mentions(question, PAPERS), lambda _: "it") == rest


def test_namesakes_share_a_mention() -> None:
    found = mentions("what is FooNet?", [FOO, NAMESAKE])

    assert [mention.papers for mention in found] == [(0, 1)]
    assert mentions("what is FooNet: A Dataset of Foos?", [FOO, NAMESAKE])[0].papers == (1,)
