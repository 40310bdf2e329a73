"""Attribution: claims are cited by what bears them out, and by nothing else."""

from assistant.answering.values import Citation, CitationOrigin
from assistant.answering.verification.checker import SupportChecker
from tests.support.paper_factory import BAR, sources


def citations_of(claim: str, marked: tuple[int, ...] = ()) -> tuple[Citation, ...]:
    return SupportChecker(sources()).check(claim, marked).citations


def test_a_claim_without_marker_is_cited_by_the_sentence_it_matches() -> None:
    (citation,) = citations_of("BarBench has 450 tasks in 12 homes.")

    assert citation.number == 2
    assert citation.origin is CitationOrigin.ATTRIBUTED
    assert citation.evidence is not None
    assert BAR[citation.evidence.start : citation.evidence.end] == "It has 450 tasks in 12 homes."


def test_a_marker_that_holds_is_kept() -> None:
    (citation,) = citations_of("FooNet cuts memory by 37%.", marked=(1,))

    assert (citation.number, citation.origin) == (1, CitationOrigin.MODEL)


def test_a_marker_that_does_not_hold_gives_way_to_the_source_that_says_it() -> None:
    (citation,) = citations_of("FooNet cuts memory by 37% on ImageNet.", marked=(3,))

    assert (citation.number, citation.origin) == (1, CitationOrigin.ATTRIBUTED)


def test_a_sentence_about_two_papers_cites_both() -> None:
    claim = "FooNet prunes attention heads during training and BarBench tests agents on kitchen robots."

    assert {citation.number for citation in citations_of(claim)} == {1, 2}


def test_a_claim_that_draws_on_two_sentences_of_one_paper_has_both() -> None:
    (citation,) = citations_of("FooNet cuts memory by 37% on ImageNet and keeps an accuracy of 81.2%.")

    assert [span.text for span in sorted(citation.spans, key=lambda span: span.start)] == [
        "It cuts memory by 37% on ImageNet.",
        "Accuracy stays at 81.2%.",
    ]


def test_what_no_source_says_stays_without_a_citation() -> None:
    assert citations_of("Paris is the capital of France.") == ()
    assert citations_of("Paris is the capital of France.", marked=(1,)) == ()
    assert citations_of("of the and") == ()
    assert SupportChecker(()).check("FooNet prunes heads.").citations == ()


def test_a_number_that_no_source_has_costs_the_citation() -> None:
    assert citations_of("Memory falls by 37%.") != ()
    assert citations_of("Memory falls by 99.9%.") == ()
