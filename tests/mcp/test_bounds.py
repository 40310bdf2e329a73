"""No result is larger than a client takes, whatever the library holds; and nothing of it is out of reach."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assistant.answering.values import AnswerSentence
from assistant.export.json.commands import schema_of
from assistant.export.json.papers import paper_text_json
from assistant.library.records import StoredPaper
from assistant.mcp.bounds import ToolResult, bounded
from assistant.mcp.server import _digest_page, _search_page
from assistant.mcp.text import paper_text
from assistant.models.tokens import counter_for
from assistant.papers import Author
from assistant.reports.digest.values import Digest, Topic
from assistant.retrieval.search import Hit, SearchResult
from assistant.sentences import split_sentences
from tests.support.digest_factory import digest_of, topic_sentence
from tests.support.paper_factory import paper, sources

TokensOf = Callable[[ToolResult], int]
CLIENTS_TAKE = 25_000
ABSTRACTS = {
    "prose": "FooNet prunes the attention heads of small networks while they are trained. ",
    "one sentence": "FooNet prunes the attention heads of small networks, and ",
    "figures": "It gains 81.27% at 0.0031 (±7.5e-4) on 12,288×4,096 |x_{i,j}|² ≤ 9.99; ",
    "chinese": "我们提出一种新的剪枝方法，它在训练中减少注意力头。",
    "rare": "ᚠᛇᚻ ꙮ𐍈 🧿🪬 ⸮ ฬ ༄ ",
    "escapes": '"\\\\ \\n {"a": [1, 2]} $\\\\frac{a}{b}$ ',
}


@pytest.fixture
def tokens_of(bpe_folder: Path) -> TokensOf:
    """The tokens of a result by o200k_base, text and object."""
    counter = counter_for("gpt-4o", bpe_folder)
    assert counter.exact
    return lambda result: counter.count(result.text) + counter.count(json.dumps(result.value, ensure_ascii=False))


def worst_papers(count: int, abstract: str) -> list[StoredPaper]:
    long = (abstract * 10_000)[:10_000]
    authors = tuple(Author(f"Ana-María Foo{number}") for number in range(3000))
    papers = [paper(f"2601.{number:05}", f"FooNet {number}: {long[:120]}", long) for number in range(1, count + 1)]
    return [replace(each, paper=replace(each.paper, authors=authors)) for each in papers]


def month(papers: Sequence[StoredPaper]) -> Digest:
    """A digest whose papers are in topics of twelve, with a sentence that cites all of them, but for the last."""
    given = sources(papers)
    numbers = range(1, len(papers) + 1)
    groups = [tuple(numbers[start : start + 12]) for start in range(0, len(papers), 12)]
    led: list[tuple[AnswerSentence, ...]] = [(topic_sentence(given, *group),) for group in groups]
    topics = [Topic(f"pruning {place}", group, led[place]) for place, group in enumerate(groups)]
    return digest_of(papers, [*topics[:-1], replace(topics[-1], name="Also today", sentences=(), is_rest=True)])


def held(value: Any, command: str) -> Any:
    assert [error.message for error in Draft202012Validator(schema_of(command)).iter_errors(value)] == []
    return value


@pytest.mark.parametrize("abstract", ABSTRACTS.values(), ids=ABSTRACTS)
def test_a_digest_of_the_longest_papers_fits_page_by_page(abstract: str, tokens_of: TokensOf) -> None:
    digest = month(worst_papers(14, abstract))
    shown, offset = [], 0
    while offset < 14:
        page = _digest_page(digest, offset, 20)
        assert tokens_of(page) < CLIENTS_TAKE
        papers = held(page.value, "today")["papers"]
        assert papers[0]["authors"][-1] == "and 2990 more"
        assert len(papers[0]["authors"]) == 11
        shown += [found["number"] for found in papers]
        offset += len(papers)
    assert shown == list(range(1, 15))


def test_a_month_of_746_papers_comes_in_pages_that_fit_and_hold_each_paper_once(tokens_of: TokensOf) -> None:
    papers = [paper(f"2601.{number:05}", f"FooNet {number}") for number in range(1, 747)]
    digest = month(papers)
    shown, offset, pages = [], 0, 0
    while offset < len(papers):
        page = _digest_page(digest, offset, 50)
        assert tokens_of(page) < CLIENTS_TAKE
        numbers = [found["number"] for found in held(page.value, "today")["papers"]]
        assert f"papers {offset + 1} to {offset + len(numbers)} of 746" in page.value["coverage"]["text"].replace(
            "\\", ""
        )
        shown += numbers
        offset += len(numbers)
        pages += 1
    assert shown == list(range(1, 747))
    assert pages < 80
    first, last = _digest_page(digest, 0, 5), _digest_page(digest, 745, 5)
    assert "call digest again with offset=5" in first.text
    assert "call digest again" not in last.text
    assert "papers 746 to 746 of 746" in last.text


@pytest.mark.parametrize("abstract", ABSTRACTS.values(), ids=ABSTRACTS)
def test_search_and_read_paper_fit(abstract: str, tokens_of: TokensOf) -> None:
    papers = worst_papers(30, abstract)
    found = [SearchResult(Hit(each, 0.5, 1.0, 0.4), split_sentences(each.paper.abstract)[0]) for each in papers]
    page = _search_page("pruning", found, 0, 50)
    assert tokens_of(page) < CLIENTS_TAKE
    hits = held(page.value, "search")["hits"]
    assert len(hits) == 30 or f"call search again with offset={len(hits)}" in page.text
    read = bounded(ToolResult(paper_text(papers[0]), paper_text_json(papers[0])))
    assert tokens_of(read) < CLIENTS_TAKE
    assert "and 2990 more" in read.text


def test_a_page_that_is_cut_still_says_which_it_is() -> None:
    page = _digest_page(month(worst_papers(30, ABSTRACTS["rare"])), 0, 20)
    assert "more characters)" in page.text
    assert "call digest again with offset=" in page.text.splitlines()[-1]


def test_what_fits_is_not_cut() -> None:
    read = ToolResult(paper_text(paper()), paper_text_json(paper()))
    assert bounded(read) == read
    digest = month([paper(f"2601.{number:05}", f"Foo {number}") for number in range(1, 5)])
    page = _digest_page(digest, 0, 20)
    assert len(page.value["papers"]) == 4
    assert "offset" not in page.text


def test_a_text_that_is_too_long_says_how_much_is_left_out(tokens_of: TokensOf) -> None:
    cut = bounded(ToolResult("ä" * 200_000, {"text": "x" * 100_000}))
    assert tokens_of(cut) < CLIENTS_TAKE
    assert cut.text.endswith(" more characters)")
    assert cut.value["text"].startswith("xxxx")
