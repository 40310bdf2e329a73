"""Turns as JSON and back."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.values import (
    Answer,
    AnswerSentence,
    Check,
    Citation,
    CitationOrigin,
    ClosePaper,
    DecisionStage,
    Gate,
    ModelInfo,
    NumberedSource,
    Packed,
    Refusal,
    Repair,
    Verdict,
)
from assistant.library.filters import Filters
from assistant.library.records import StoredPaper
from assistant.models.chat_model import Message, ModelKind, Usage
from assistant.papers import Author, Paper, Provenance
from assistant.retrieval.query.parser import ExtractedFilter, FilterKind, ParsedQuery
from assistant.sentences import Sentence
from assistant.services.conversations import TurnRecord, decoded, encoded
from tests.support.paper_factory import sources

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
COUNTS = st.none() | st.integers(0, 2**63 - 1)
SENTENCES = st.builds(Sentence, TEXTS, st.integers(0, 9), st.integers(0, 9))
PAPERS = st.builds(
    Paper,
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from(Provenance),
    st.lists(st.builds(Author, TEXTS), max_size=2).map(tuple),
    st.none() | st.dates(date(2023, 1, 1)),
    st.none() | TEXTS,
    st.lists(TEXTS, max_size=2).map(tuple),
)
LIBRARY_PAPERS = st.builds(StoredPaper, PAPERS, st.lists(st.dates(), max_size=2).map(tuple), COUNTS, COUNTS)
SOURCES = st.lists(
    st.builds(NumberedSource, st.integers(1, 9), LIBRARY_PAPERS, st.lists(SENTENCES, max_size=2).map(tuple)), max_size=2
).map(tuple)
WRITERS = st.builds(ModelInfo, TEXTS, st.sampled_from(ModelKind))
MESSAGES = st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXTS)
TUPLES_OF_TEXT = st.lists(TEXTS, max_size=2).map(tuple)
CITATIONS = st.builds(
    Citation,
    st.integers(1, 9),
    st.none() | SENTENCES,
    st.sampled_from(CitationOrigin),
    st.lists(SENTENCES, max_size=2).map(tuple),
)
SHARES = st.floats(0, 1)
CHECKS = st.builds(Check, st.sampled_from(Verdict), TEXTS, st.sampled_from(DecisionStage), SHARES)
ANSWER_SENTENCES = st.builds(
    AnswerSentence,
    TEXTS,
    st.lists(CITATIONS, max_size=2).map(tuple),
    st.lists(st.integers(1, 9), max_size=2).map(tuple),
    st.none() | CHECKS,
    st.none() | st.sampled_from(Repair),
    st.none() | TEXTS,
)
REFUSALS = st.builds(
    Refusal,
    st.sampled_from(Gate),
    TEXTS,
    SHARES,
    st.lists(st.builds(ClosePaper, st.integers(1, 9), TEXTS), max_size=2).map(tuple),
)
UNDERSTOOD = st.builds(
    ParsedQuery,
    TEXTS,
    TEXTS,
    st.builds(Filters, st.none() | st.dates(), st.none() | st.dates()),
    st.lists(st.builds(ExtractedFilter, st.sampled_from(FilterKind), TEXTS, TEXTS), max_size=2).map(tuple),
    st.booleans(),
)
PACKED = st.builds(
    Packed, SOURCES, TUPLES_OF_TEXT, st.lists(MESSAGES, max_size=3).map(tuple), st.integers(0, 9), WRITERS
)
ANSWERS = st.builds(
    Answer,
    TEXTS,
    st.lists(ANSWER_SENTENCES, max_size=2).map(tuple),
    TEXTS,
    SOURCES,
    WRITERS,
    st.builds(Usage, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
    TUPLES_OF_TEXT,
    TUPLES_OF_TEXT,
    st.none() | TEXTS,
    st.none() | REFUSALS,
    TUPLES_OF_TEXT,
    st.lists(ANSWER_SENTENCES, max_size=1).map(tuple),
    st.none() | UNDERSTOOD,
)


@given(st.builds(TurnRecord, st.none() | PACKED, st.none() | ANSWERS))
def test_a_record_comes_back_as_it_was(record: TurnRecord) -> None:
    assert decoded(encoded(record)) == record


def test_an_empty_record_takes_no_room() -> None:
    assert encoded(TurnRecord()) is None
    assert decoded(None) == TurnRecord()


@pytest.mark.parametrize("damaged", ["", "{", "[]", "null", '{"answer": {}}', '{"packed": {"sources": 3}}'])
def test_what_is_no_record_is_an_empty_one(damaged: str) -> None:
    assert decoded(damaged) == TurnRecord()


def test_fields_of_a_later_program_are_passed_over() -> None:
    packed = Packed(sources(), (), (Message("user", "hi"),), 3, ModelInfo("m", ModelKind.LOCAL))
    text = encoded(TurnRecord(packed))
    assert text is not None
    assert decoded(text.replace('"prompt_tokens"', '"verdicts": [1], "prompt_tokens"', 1)) == TurnRecord(packed)


def test_answers_that_were_kept_before_there_were_verdicts_still_load() -> None:
    sentence = AnswerSentence("It works [1].", (Citation(1, None, CitationOrigin.MODEL),))
    answer = Answer("?", (sentence,), sentence.text, sources(), ModelInfo("m", ModelKind.LOCAL))
    text = encoded(TurnRecord(answer=answer))
    assert text is not None
    kept = json.loads(text)
    for later in ("refusal", "missing", "withheld", "understood"):
        del kept["answer"][later]
    for later in ("check", "mending", "original"):
        del kept["answer"]["sentences"][0][later]
    del kept["answer"]["sentences"][0]["citations"][0]["further"]
    assert decoded(json.dumps(kept)) == TurnRecord(answer=answer)


def test_half_characters_do_not_lose_a_record() -> None:
    packed = Packed((), ("half \ud83d",), (), 3, ModelInfo("m", ModelKind.LOCAL))
    kept = decoded(encoded(TurnRecord(packed))).packed
    assert kept is not None
    assert kept.left_out == ("half \ufffd",)
