"""The cheap check: right verdicts, reasons for the reader, evidence that is exact, and any text taken."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.answering.calibration import SUPPORTED
from assistant.answering.values import DecisionStage, NumberedSource, Verdict
from assistant.answering.verification.checker import SupportChecker
from assistant.feeds.json_files import sample_batches
from assistant.library.records import StoredPaper
from assistant.retrieval.term_weights import content_words
from assistant.sentences import split_sentences
from tests.support.labelled_claims import CASES
from tests.support.paper_factory import paper, sources

LEAST_RIGHT = 0.9


class WordHashEmbedder:
    """Vectors that are near when words are shared; counts the texts."""

    def __init__(self) -> None:
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        vectors = np.full((len(texts), 256), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in content_words(text):
                vectors[row, sum(map(ord, word)) % 256] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def verdict_of(claim: str, marked: tuple[int, ...] = ()) -> tuple[Verdict, str]:
    check = SupportChecker(sources()).check(claim, marked).check
    assert check is not None
    return check.verdict, check.reason


@pytest.mark.parametrize(
    ("claim", "verdict", "reason"),
    [
        ("FooNet cuts memory by 37%.", Verdict.SUPPORTED, ""),
        ("BarBench has 450 tasks in twelve homes.", Verdict.SUPPORTED, ""),
        ("FooNet cuts memory by 2.78%.", Verdict.UNSUPPORTED, "the number 2.78% is not in the source"),
        ("**Authors' Solution:** FooNet cuts memory by 37%.", Verdict.SUPPORTED, ""),
        ("**Wins at 99%:** FooNet cuts memory by 37%.", Verdict.UNSUPPORTED, "the number 99% is not in the source"),
        ("BarNet cuts memory by 37%.", Verdict.UNSUPPORTED, "“BarNet” is not in the source"),
        ("Paris is the capital of France.", Verdict.UNSUPPORTED, "no matching sentence"),
        ("FooNet raises memory by 37%.", Verdict.UNSUPPORTED, "the source says the opposite"),
        ("FooNet cuts memory by 37% on ImageNet at Stanford.", Verdict.PARTLY, "“Stanford” is not in the source"),
        (
            "FooNet prunes attention heads during training, and wins prizes from queens.",
            Verdict.PARTLY,
            "part of it is not in the source: wins prizes from queens",
        ),
    ],
)
def test_verdicts_have_their_reason(claim: str, verdict: Verdict, reason: str) -> None:
    assert verdict_of(claim) == (verdict, reason)


def test_a_whole_sentence_of_an_abstract_is_quoted_with_or_without_quotation_marks() -> None:
    check = SupportChecker(sources()).check("“It cuts memory by 37% on ImageNet.”").check

    assert check is not None
    assert (check.verdict, check.rung, check.probability > 0.95) == (Verdict.QUOTED, DecisionStage.FACTS, True)


def test_a_connecting_sentence_has_no_check() -> None:
    assert SupportChecker(sources()).check("Several papers address this:").check is None


def test_an_undecided_claim_carries_the_sentences_that_a_model_is_asked_about() -> None:
    checked = SupportChecker(sources()).check("Voices are copied by BazSpeech from a short recording.")

    assert checked.undecided
    assert [citation.number for citation in checked.citations] == [3]
    assert checked.citations[0].spans[0].text == "BazSpeech clones voices from three seconds of audio."


def test_a_missing_abbreviation_is_left_to_the_model_and_fails_without_one() -> None:
    checked = SupportChecker(sources()).check("FooNet cuts memory by 37% on ImageNet and MMLU.")

    assert checked.undecided
    assert checked.check is not None
    assert (checked.check.verdict, checked.check.reason) == (Verdict.UNSUPPORTED, "“MMLU” is not in the source")


def test_the_closest_sentence_is_one_that_the_claim_speaks_of() -> None:
    checker = SupportChecker(sources())

    found = checker.closest_sentence("BarBench tests robots in kitchens with 900 tasks.")
    assert found is not None
    assert (found[0], found[1].text) == (2, "BarBench tests agents on kitchen robots.")
    assert SupportChecker(()).closest_sentence("FooNet") is None


@pytest.mark.parametrize(
    "text",
    [
        "Okay, so the user wants to know about robots.",
        "Let me check which of them is right before I write anything.",
        "No, wait, maybe 4500 is right.",
    ],
)
def test_a_sentence_that_speaks_of_no_source_has_no_closest_one(text: str) -> None:
    assert SupportChecker(sources()).closest_sentence(text) is None


def test_the_source_that_a_claim_names_is_spoken_of_however_far_it_is() -> None:
    found = SupportChecker(sources()).closest_sentence("It won a prize of 900 dollars for robots.", {2})

    assert found is not None
    assert found[0] == 2


def test_sentences_of_sources_are_embedded_once() -> None:
    embedder = WordHashEmbedder()
    checker = SupportChecker(sources(), embedder)
    checker.warm()
    at_first = embedder.embedded
    checker.check("FooNet cuts memory by 37% on large images.")
    checker.check("BarBench has 450 tasks for agents.")

    assert at_first == 8
    assert embedder.embedded == at_first + 4


def test_meaning_decides_with_an_embedder() -> None:
    check = SupportChecker(sources(), WordHashEmbedder()).check("FooNet cuts memory by 37% on big ImageNet.").check

    assert check is not None
    assert (check.verdict, check.rung) == (Verdict.SUPPORTED, DecisionStage.MEANING)


@settings(max_examples=60)
@given(st.text(max_size=120) | st.sampled_from(["0" * 400, "% 1e999 \\", "not not", "A" * 5000, "[1] {x} $y$"]))
def test_any_claim_is_taken_and_its_evidence_is_exact(claim: str) -> None:
    given_sources = sources()
    checked = SupportChecker(given_sources).check(claim, (1, 9))

    by_number = {source.number: source.paper.abstract for source in given_sources}
    assert all(
        by_number[citation.number][span.start : span.end] == span.text
        for citation in checked.citations
        for span in citation.spans
    )


@given(st.text(max_size=200))
@settings(max_examples=40)
def test_any_abstract_is_taken(abstract: str) -> None:
    checker = SupportChecker(sources([paper(abstract=abstract)]))

    checker.check("FooNet cuts memory by 37%.")
    checker.closest_sentence("FooNet cuts memory by 37%.")


def test_most_sentences_about_sample_papers_are_judged_right_without_any_model() -> None:
    papers = {record.paper.paper_id: record.paper for batch in sample_batches() for record in batch.records}
    right = 0
    for case in CASES:
        source = NumberedSource(1, StoredPaper(papers[case.paper_id]), split_sentences(papers[case.paper_id].abstract))
        check = SupportChecker((source,)).check(case.claim).check
        right += check is not None and (check.probability > SUPPORTED) == case.holds

    assert right >= LEAST_RIGHT * len(CASES)


def test_the_other_sources_do_not_lend_a_number_to_a_claim_about_one() -> None:
    first, *others = sources()
    alone = SupportChecker([first]).check("FooNet cuts memory by 68%.").check
    among = SupportChecker([first, *(replace(other) for other in others)]).check("FooNet cuts memory by 68%.").check

    assert alone is not None
    assert among is not None
    assert alone.verdict is among.verdict is Verdict.UNSUPPORTED
