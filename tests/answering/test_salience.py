"""The sentences that summarize an abstract without a model."""

from assistant.answering.salience import salient_sentences

ABSTRACT = (
    "However, existing methods are slow. We propose FooNet, a pruning method for attention heads. "
    "It needs no labels. Experiments show that FooNet improves accuracy by 3.5% on ImageNet. Code is available."
)


def test_the_contribution_and_the_result_are_chosen_in_the_order_of_the_abstract() -> None:
    chosen = salient_sentences("FooNet: Pruning Attention Heads", ABSTRACT)

    assert [sentence.text[:10] for sentence in chosen] == ["We propose", "Experiment"]
    assert all(ABSTRACT[sentence.start : sentence.end] == sentence.text for sentence in chosen)


def test_short_abstracts_give_what_they_have() -> None:
    assert [s.text for s in salient_sentences("", "One sentence.")] == ["One sentence."]
    assert salient_sentences("Title", "") == ()
    assert len(salient_sentences("FooNet", ABSTRACT, limit=9)) == 5
