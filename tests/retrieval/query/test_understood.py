"""What a question is understood to ask for."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.filters import Filters
from assistant.retrieval.query.parser import ExtractedFilter, FilterKind, ParsedQuery, parse_query, without

TODAY = date(2026, 8, 21)
KNOWN = (
    "NVIDIA",
    "Google",
    "Deepmind",
    "AI at Meta",
    "Apple",
    "alibaba-inc",
    "Alibaba-NLP",
    "Qwen",
    "DeepSeek",
    "Tencent",
    "Stanford University",
    "Massachusetts Institute of Technology",
    "Renmin University of China",
    "Deep Cognition and Language Research (DeCLaRe) Lab",
    "Together",
    "Mistral AI_",
)
DATED = Path(__file__).parents[4] / "shared/eval/daily_dev/dated.jsonl"
EVALUATION = DATED.parent


def read(question: str, given: Filters = Filters(), ignored: tuple[FilterKind, ...] = ()) -> ParsedQuery:  # noqa: B008
    return parse_query(question, today=TODAY, organizations=KNOWN, explicit_filters=given, ignored=ignored)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("papers from NVIDIA on robotics", ("NVIDIA",)),
        ("papers from nvidia on robotics", ("NVIDIA",)),
        ("agent papers by Google DeepMind", ("Google", "DeepMind")),
        ("Meta's work on segmentation", ("Meta",)),
        ("Meta’s latest vision papers", ("Meta",)),
        ("what did Alibaba publish on agents?", ("Alibaba",)),
        ("which papers has Apple released this month?", ("Apple",)),
        ("work from researchers at Stanford on agents", ("Stanford",)),
        ("papers from MIT", ("Massachusetts Institute of Technology",)),
        ("papers by Meta or Apple about privacy", ("Meta", "Apple")),
        ("show me Tencent papers from last week", ("Tencent",)),
        ("anything from DeepSeek?", ("DeepSeek",)),
        ("video generation from NVIDIA", ("NVIDIA",)),
        ("papers from Mistral AI", ("Mistral AI_",)),
        ("Meta learning", ()),
        ("how does one compare Apple to apple", ()),
        ("attention by Google-style mixing", ()),
        ("OpenAI's o1 compared with Qwen", ()),
        ("NVIDIA GPUs", ()),
        ("Stanford dataset", ()),
        ("papers on models distilled from Qwen", ()),
        ("is it trained on data from DeepSeek?", ()),
        ("papers from China", ()),
        ("papers from language models", ()),
        ("papers by Mozilla", ()),
        ("putting it all together", ()),
        ("Apple's M4 chip", ()),
        ("did Qwen beat Llama?", ()),
    ],
)
def test_an_organization_filters_where_it_published(question: str, names: tuple[str, ...]) -> None:
    assert read(question).filters.organizations == names


@pytest.mark.parametrize(
    ("question", "least"),
    [
        ("papers with at least 50 upvotes", 50),
        ("papers with more than 100 upvotes on RAG", 101),
        (">= 30 upvotes, video generation", 30),
        ("agents, upvotes > 30", 31),
        ("papers with over 20 likes", 21),
        ("papers that got 1,000 or more votes", 1000),
        ("agents with 50+ upvotes", 50),
        ("OCR with fifty upvotes or more", 50),
        ("majority vote with at least 16 votes", None),
        ("at least 50 tokens", None),
        ("the most upvoted papers", None),
    ],
)
def test_upvotes_filter(question: str, least: int | None) -> None:
    assert read(question).filters.min_upvotes == least


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("the newest papers", True),
        ("what's the latest on diffusion language models?", True),
        ("show me the most recent RAG papers", True),
        ("agents, newest first", True),
        ("what's new in speech synthesis?", True),
        ("anything new on unlearning?", True),
        ("a new method for recent models", False),
        ("recent papers on agents", False),
        ("latest token prediction", False),
        ("does it beat the latest models?", False),
    ],
)
def test_newest_sorts_and_new_does_not(question: str, newest: bool) -> None:
    understood = read(question)
    assert understood.newest is newest
    assert understood.filters == (Filters(until=TODAY) if newest else Filters())


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("papers from last week on speculative decoding", "speculative decoding"),
        ("last month's OCR papers", "OCR"),
        ("what was published in January 2026 on RL with verifiable rewards?", "RL with verifiable rewards"),
        ("two days ago there was something on image tokenizers, which papers?", "image tokenizers"),
        ("can you please show me papers about protein folding?", "protein folding"),
        ("show me Tencent papers on OCR from last week with at least 50 upvotes", "OCR"),
        ("the newest papers", ""),
        ("anything from last week?", ""),
        ("list all papers since March 2025", ""),
        ("what is GRPO?", "what is GRPO?"),
        ("which benchmarks measure hallucination?", "which benchmarks measure hallucination?"),
        ("attack detection networks", "attack detection networks"),
        ("how may it be used?", "how may it be used?"),
        ("since March 2025, how do agents remember?", "how do agents remember?"),
    ],
)
def test_the_query_is_the_question_without_filters(question: str, query: str) -> None:
    assert read(question).query == query


def test_a_filter_is_shown_in_the_words_of_the_question() -> None:
    understood = read("Papers from NVIDIA since March 2025 with at least 50 upvotes")
    assert understood.found == (
        ExtractedFilter(FilterKind.DATES, "since March 2025", "2025-03-01 to 2026-08-21"),
        ExtractedFilter(FilterKind.UPVOTES, "with at least 50 upvotes", "50 upvotes or more"),
        ExtractedFilter(FilterKind.ORGANIZATIONS, "from NVIDIA", "NVIDIA"),
    )
    assert understood.filters == Filters(date(2025, 3, 1), TODAY, ("NVIDIA",), (), 50)


def test_given_days_stand_above_those_of_the_question() -> None:
    given_days = Filters(since=date(2024, 1, 1), until=date(2024, 1, 31), paper_ids=("2401.00001",))
    understood = read("OCR papers from last week", given_days)
    assert understood.filters == given_days
    assert understood.found == ()
    assert understood.query == "OCR"


def test_of_two_numbers_of_upvotes_the_higher_counts() -> None:
    assert read("OCR with at least 50 upvotes", Filters(min_upvotes=10)).filters.min_upvotes == 50
    assert read("OCR with at least 50 upvotes", Filters(min_upvotes=90)).filters.min_upvotes == 90


def test_an_ignored_kind_stays_in_the_query() -> None:
    understood = read("OCR papers since May from NVIDIA", ignored=(FilterKind.DATES,))
    assert understood.filters == Filters(organizations=("NVIDIA",))
    assert "since May" in understood.query


def test_one_filter_after_the_other_can_be_taken_off() -> None:
    whole = read("OCR papers from NVIDIA since May with 50+ upvotes")
    fewer = without(whole, FilterKind.DATES, today=TODAY, organizations=KNOWN)
    assert {found.kind for found in fewer.found} == {FilterKind.ORGANIZATIONS, FilterKind.UPVOTES}
    least = without(fewer, FilterKind.UPVOTES, today=TODAY, organizations=KNOWN)
    assert {found.kind for found in least.found} == {FilterKind.ORGANIZATIONS}


def test_a_pasted_text_filters_nothing() -> None:
    assert read("since March 2025 we study agents. " * 100).filters == Filters()


def test_hidden_characters_and_markup_do_no_harm() -> None:
    understood = read("papers \x00\x1b[31m[/x] since\u200b March 2025\x00")
    assert understood.filters.since == date(2025, 3, 1)
    assert "\x00" not in understood.query


@given(st.text(max_size=120))
def test_any_text_is_understood(question: str) -> None:
    understood = read(question)
    assert understood.question == question
    assert "\x00" not in understood.query


@pytest.mark.skipif(not DATED.exists(), reason="the evaluation files are not at ../shared")
def test_dated_questions_of_the_evaluation_set() -> None:
    rows = [json.loads(line) for line in DATED.read_text().splitlines()]
    exact = 0
    for row in rows:
        filters = parse_query(row["question"], today=date.fromisoformat(row["today"])).filters
        exact += [filters.since and str(filters.since), str(filters.until)] == [row["from"], row["to"]]
    assert exact / len(rows) >= 0.95


@pytest.mark.skipif(not DATED.exists(), reason="the evaluation files are not at ../shared")
@pytest.mark.parametrize("name", ["known_item", "multi", "unanswerable", "compare"])
def test_questions_without_a_date_are_not_filtered(name: str) -> None:
    questions = [json.loads(line)["question"] for line in (EVALUATION / f"{name}.jsonl").read_text().splitlines()]
    assert [question for question in questions if read(question).found or read(question).newest] == []
