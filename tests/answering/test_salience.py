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


def test_what_leans_on_a_sentence_stands_behind_it_or_not_at_all() -> None:
    chosen = [sentence.text for sentence in salient_sentences("FooNet", ABSTRACT, limit=9)]

    assert chosen[0].startswith("We propose")
    assert chosen[1] == "It needs no labels."
    assert not any(text.startswith("However") for text in chosen)
