"""What the citations of an answer are worth, and names that nobody gave it."""

from dataclasses import replace

import pytest

from assistant.answering.values import ClosePaper, Gate, Refusal, Repair, Verdict
from assistant.evaluation.trust import TrustCounts, fabricated_names, is_exact_quote, total, trust_counts
from assistant.sentences import Sentence, split_sentences
from tests.support.evaluation_samples import SAVES, answer, citation, sentence
from tests.support.paper_factory import paper, sources


def test_precision_is_over_citations_and_recall_over_claims() -> None:
    counts = trust_counts(
        answer(
            sentence("Several papers look into it:", None, citation()),
            sentence("It saves 37% [1][2].", Verdict.SUPPORTED, citation(), citation(2, None)),
            sentence("It may be faster [1].", Verdict.PARTLY, citation()),
            sentence("It flies [1].", Verdict.UNSUPPORTED, citation()),
            sentence("It sings.", Verdict.UNSUPPORTED),
        )
    )

    assert (counts.sentences, counts.claims) == (5, 4)
    assert (counts.supported, counts.partly, counts.unsupported) == (1, 1, 2)
    assert counts.precision == 1 / 4
    assert counts.partly_share == 1 / 4
    assert counts.recall == 1 / 4


def test_a_supported_claim_without_evidence_has_no_supporting_citation() -> None:
    counts = trust_counts(answer(sentence("It saves 37%.", Verdict.SUPPORTED, citation(1, None))))

    assert (counts.precision, counts.recall) == (0.0, 0.0)


def test_an_answer_without_claims_has_no_share() -> None:
    counts = trust_counts(answer(sentence("Here is what I found:", None)))

    assert counts.precision is counts.recall is counts.quote_exactness is None


@pytest.mark.parametrize(
    ("number", "span", "exact"),
    [
        (1, SAVES, 1),
        (1, Sentence(SAVES.text, SAVES.start + 1, SAVES.end + 1), 0),
        (2, SAVES, 0),
        (9, SAVES, 0),
    ],
)
def test_evidence_must_stand_where_its_offsets_say(number: int, span: Sentence, exact: int) -> None:
    counts = trust_counts(answer(sentence("It saves 37%.", Verdict.SUPPORTED, citation(number, span))))

    assert (counts.spans, counts.exact_spans) == (1, exact)
    assert counts.quote_exactness == exact


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("“It cuts memory by 37% on ImageNet.” [1]", True),
        ("It cuts memory by 37% on ImageNet [1].", True),
        ("FooNet says: “It cuts memory by 37% on ImageNet.” [1]", True),
        ("“It cuts memory by 38% on ImageNet.” [1]", False),
        ("“It has 450 tasks in 12 homes.” [1]", False),
        ("“” [1]", False),
    ],
)
def test_a_quoted_sentence_must_stand_in_a_paper_it_cites(text: str, exact: bool) -> None:
    quoted = sentence(text, Verdict.SUPPORTED, citation(1), mending=Repair.QUOTED)

    assert is_exact_quote(quoted, sources()) is exact
    assert trust_counts(answer(quoted)).exact_quoted == exact


def test_bracketed_numbers_of_an_abstract_are_quoted_as_they_are_shown() -> None:
    abstract = "We follow [12] and gain “much” more."
    given = sources([paper(abstract=abstract)])
    quoted = sentence("“We follow (12) and gain “much” more.” [1]", Verdict.SUPPORTED,
                      citation(1, split_sentences(abstract)[0]), mending=Repair.QUOTED)  # fmt: skip

    assert is_exact_quote(quoted, given)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It saves 37% [1][3].", ()),
        ("It saves 37% [4].", ("[4]",)),
        ("It saves 37% [1-5].", ("[4]", "[5]")),
        ("As 【7†source】 says.", ("[7]",)),
        ("See arXiv:2399.12345 and 2601.00001.", ("2399.12345",)),
        ("See https://huggingface.co/papers/2601.00002 or arxiv.org/abs/2601.00003.", ()),
        ("See https://elsewhere.example/x, or www.evil.example.", ("https://elsewhere.example/x", "www.evil.example")),
        ("See [this](https://arxiv.org/abs/2399.12345v2).", ("https://arxiv.org/abs/2399.12345v2",)),
        ("You asked for how much?", ()),
    ],
)
def test_names_that_nobody_gave_are_found(text: str, names: tuple[str, ...]) -> None:
    assert fabricated_names(answer(text=text)) == names


def test_what_the_papers_or_the_question_name_themselves_is_not_fabricated() -> None:
    given = sources([paper(abstract="Scores lie in [0, 5]; code at https://foo.example/code; we build on 2399.12345.")])
    said = "Scores lie in [0, 5], see https://foo.example/code. Unlike 2399.12345 and 2388.11111."
    about = replace(answer(text=said), sources=given, question="and 2388.11111?")

    assert fabricated_names(about) == ()


def test_citations_and_close_papers_outside_the_sources_are_fabricated_too() -> None:
    refusal = Refusal(Gate.EVIDENCE, "not said", 0.1, (ClosePaper(2, "near"), ClosePaper(8, "nearer")))
    made = answer(sentence("It flies.", Verdict.UNSUPPORTED, citation(6)), refusal=refusal)

    assert fabricated_names(made) == ("[6]", "[8]")
    assert trust_counts(made).fabricated == 2


def test_counts_add_up() -> None:
    one = TrustCounts(sentences=2, claims=1, supported=1, tried=3)

    assert total([one, one, TrustCounts()]) == TrustCounts(sentences=4, claims=2, supported=2, tried=6)
    assert total([]) == TrustCounts()
