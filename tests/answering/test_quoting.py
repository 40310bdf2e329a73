"""Quotes that answer: passages that stand alone, and no weak ones beside a strong one."""

from collections.abc import Mapping, Sequence

import pytest

from assistant.answering.answerability.question_features import Aim
from assistant.answering.asked import AskedPart, NamedQuestion
from assistant.answering.quoting import answering_passages, passages_for, quotes_of
from assistant.retrieval.sentence_ranking import EvidenceRanker, EvidenceSentence
from assistant.sentences import leans_back, split_sentences, standing_passage
from tests.support.paper_factory import BAR, FOO, paper, sources

PROBE = "We study probes. However, they fail. To mend this, we add noise. It lowers the error by 4%. Code is public."


def scored(*scores: tuple[str, str, float]) -> list[EvidenceSentence]:
    """Sentences by paper id and beginning, with their scores."""
    texts = {source.paper.paper_id: source.paper.abstract for source in GIVEN}
    return [
        EvidenceSentence(paper_id, next(s for s in split_sentences(texts[paper_id]) if s.text.startswith(words)), score)
        for paper_id, words, score in scores
    ]


GIVEN = sources([paper("a", "FooNet: Pruning", FOO), paper("b", "BarBench: Agents", BAR), paper("c", "Probes", PROBE)])
BAR_SENTENCES = [sentence.text for sentence in split_sentences(BAR)]
PAPERS = [source.paper for source in GIVEN]


def quotes(*scores: tuple[str, str, float], **fit: float) -> list[tuple[int, str]]:
    passages = answering_passages(PAPERS, scored(*scores), fit)
    return [(quote.number, quote.text) for quote in quotes_of(passages, GIVEN)]


def test_a_leaning_sentence_takes_the_one_before_along() -> None:
    first, second, third = split_sentences(FOO)

    assert quotes(("a", "It cuts", 0.9)) == [(1, f"{first.text} {second.text}")]
    assert quotes(("a", "Accuracy", 0.9)) == [(1, third.text)]


def test_a_sentence_that_leans_on_too_many_is_passed_over() -> None:
    sentences = split_sentences(PROBE)

    assert [len(standing_passage(sentences, place)) for place in range(5)] == [1, 2, 3, 0, 1]
    assert quotes(("c", "It lowers", 0.9), ("c", "Code", 0.3)) == [(3, "Code is public.")]


def test_nothing_weak_stands_beside_a_strong_quote() -> None:
    strong, weak = ("a", "FooNet", 0.9), ("b", "BarBench", 0.3)

    assert [number for number, _ in quotes(strong, weak)] == [1]
    assert [number for number, _ in quotes(strong, ("b", "BarBench", 0.8))] == [1, 2]
    assert [number for number, _ in quotes(strong, ("b", "BarBench", 0.8), a=0.3, b=0.9)] == [2], (
        "its paper fits better"
    )
    assert answering_passages(PAPERS, []) == ()


def test_sentences_of_one_paper_stand_together_in_its_order_and_what_leans_with_its_support() -> None:
    assert quotes(("b", "The best", 0.9), ("a", "FooNet", 0.85), ("b", "BarBench", 0.8), ("b", "It has", 0.75)) == [
        (2, BAR_SENTENCES[0] + " " + BAR_SENTENCES[1]),
        (2, BAR_SENTENCES[2]),
        (1, "FooNet prunes attention heads during training."),
    ]


TOP = (
    "Tops fall over. Earlier tops need a string. To mend this, we propose SpinTop, a top with a motor. It turns for 9 "
    "hours. A limitation is its weight. Second, it hums."
)


WHOLE = {"what is it": Aim.WHOLE}
WEIGHT = {"is its weight a limitation": Aim.DETAIL}
LIMITS = {"its limits": Aim.LIMITS}


def told_of_tops(parts: Mapping[str, Aim], missing: Sequence[str] = ()) -> list[str]:
    top = paper("t", "SpinTop: Tops with Motors", TOP)
    question = NamedQuestion((top,), tuple(AskedPart(text, text, aim) for text, aim in parts.items()))
    return [quote.text for quote in quotes_of(passages_for(question, missing, [top], EvidenceRanker()), sources([top]))]


def test_what_a_named_paper_is_begins_with_its_definition_and_what_that_leans_on() -> None:
    assert told_of_tops(WHOLE)[0].startswith("Earlier tops need a string.")
    assert told_of_tops(WHOLE)[1] == "To mend this, we propose SpinTop, a top with a motor."


def test_a_detail_of_a_named_paper_is_quoted_alone_and_not_when_it_is_missing() -> None:
    assert told_of_tops(WEIGHT) == ["A limitation is its weight."]
    assert told_of_tops(LIMITS) == ["A limitation is its weight."]
    assert told_of_tops({"its colour": Aim.DETAIL}, ["its colour"]) == []
    assert told_of_tops(LIMITS, ["its limits"]) == told_of_tops(WHOLE), "it is told instead"


def test_parts_that_share_sentences_quote_them_once() -> None:
    shares = told_of_tops(WHOLE | WEIGHT)

    assert sum(quote.count("A limitation is its weight.") for quote in shares) == 1
    assert sum(quote.count("we propose SpinTop") for quote in shares) == 1


@pytest.mark.parametrize(
    "sentence",
    ["To extend these gains, we scale it.", "These findings hold.", "Second, it is fast.", "However, they fail.",
     "Based on this insight, we prune.", "Both methods win.", "Such models are slow.", "We call this waste.",
     "On these tasks it wins.", "On two benchmarks, it wins.", "We therefore prune."],
)  # fmt: skip
def test_sentences_that_point_back_are_known(sentence: str) -> None:
    assert leans_back(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["FooNet is fast.", "In this paper, we prune.", "When models grow, they slow down.", "Second-order methods win.",
     "Both FooNet and BarNet win.", "Models such as GPT-4 fail.", "First released in 2020, FooNet is old."],
)  # fmt: skip
def test_sentences_that_stand_alone_are_known(sentence: str) -> None:
    assert not leans_back(sentence)
