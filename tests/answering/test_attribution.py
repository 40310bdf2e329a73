"""Attribution: claims are cited by what bears them out, and by nothing else."""

from assistant.answering.answer import CitationOrigin
from assistant.answering.attribution import Attributor
from tests.writers import BAR, sources


def test_a_claim_without_marker_is_cited_by_the_sentence_it_matches() -> None:
    (citation,) = Attributor(sources()).attribute("BarBench has 450 tasks in 12 homes.")

    assert citation.number == 2
    assert citation.origin is CitationOrigin.ATTRIBUTED
    assert citation.evidence is not None
    assert BAR[citation.evidence.start : citation.evidence.end] == "It has 450 tasks in 12 homes."


def test_a_marker_that_holds_is_kept() -> None:
    (citation,) = Attributor(sources()).attribute("FooNet cuts memory by 37%.", marked=(1,))

    assert (citation.number, citation.origin) == (1, CitationOrigin.MODEL)


def test_a_marker_that_does_not_hold_gives_way_to_the_source_that_says_it() -> None:
    (citation,) = Attributor(sources()).attribute("FooNet cuts memory by 37% on ImageNet.", marked=(3,))

    assert (citation.number, citation.origin) == (1, CitationOrigin.ATTRIBUTED)


def test_a_sentence_about_two_papers_cites_both() -> None:
    claim = "FooNet prunes attention heads during training and BarBench tests agents on kitchen robots."

    assert {citation.number for citation in Attributor(sources()).attribute(claim)} == {1, 2}


def test_what_no_source_says_stays_without_a_citation() -> None:
    attributor = Attributor(sources())

    assert attributor.attribute("Paris is the capital of France.") == ()
    assert attributor.attribute("Paris is the capital of France.", marked=(1,)) == ()
    assert attributor.attribute("of the and") == ()
    assert Attributor(()).attribute("FooNet prunes heads.") == ()


def test_a_wrong_number_weakens_the_match() -> None:
    attributor = Attributor(sources())

    assert attributor.attribute("Memory falls by 37%.") != ()
    assert attributor.attribute("Memory falls by 99.9%.") == ()
