"""The sentences that summarize an abstract without a model."""

import pytest

from assistant.answering.extractive_summary import result_sentences, salient_sentences, tells_result

ABSTRACT = (
    "However, existing methods are slow. We propose FooNet, a pruning method for attention heads. "
    "It needs no labels. Experiments show that FooNet improves accuracy by 3.5% on ImageNet. Code is available."
)


def test_the_contribution_and_the_result_are_chosen_in_the_order_of_the_abstract() -> None:
    summary = salient_sentences("FooNet: Pruning Attention Heads", ABSTRACT)

    assert [sentence.text[:10] for sentence in summary] == ["We propose", "Experiment"]
    assert all(ABSTRACT[sentence.start : sentence.end] == sentence.text for sentence in summary)


def test_short_abstracts_give_what_they_have() -> None:
    assert [s.text for s in salient_sentences("", "One sentence.")] == ["One sentence."]
    assert salient_sentences("Title", "") == ()


def test_what_leans_on_a_sentence_stands_behind_it_or_not_at_all() -> None:
    texts = [sentence.text for sentence in salient_sentences("FooNet", ABSTRACT, limit=9)]

    assert texts[0].startswith("We propose")
    assert texts[1] == "It needs no labels."
    assert not any(text.startswith("However") for text in texts)


@pytest.mark.parametrize(
    "result",
    [
        "On three suites FooNet outperforms the dense baseline by 4.1 points.",
        "Experiments on two robots show that grasps succeed more often than with vision alone.",
        "We find that larger batches make the gap disappear.",
        "Evaluations reveal that current agents lag far behind people.",
        "Training takes half the memory, and accuracy reaches 81.2%.",
    ],
)
def test_the_result_of_an_abstract_is_known_by_what_it_reports(result: str) -> None:
    abstract = f"Pruning is hard. We propose FooNet, a pruning method. It keeps some heads. {result} Code is available."
    assert result in [sentence.text for sentence in result_sentences(abstract)]
    assert tells_result(result)
    assert result in [sentence.text for sentence in salient_sentences("FooNet: pruning", abstract)]


@pytest.mark.parametrize(
    "other",
    [
        "Existing methods achieve strong performance but are slow.",
        "We introduce a loss that aims to improve accuracy.",
        "The code will be available at https://example.org/foonet.",
        "We hope that it reduces costs in future work.",
        "It has two stages, which share their weights.",
    ],
)
def test_background_aims_and_links_are_no_result(other: str) -> None:
    abstract = f"Pruning is hard. {other} We propose FooNet, a pruning method for heads."
    assert other not in [sentence.text for sentence in result_sentences(abstract)]
    assert not tells_result(other)
