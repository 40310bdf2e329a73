"""A digest as Markdown: by topic, every citation a link, nothing of its texts markup."""

from dataclasses import replace
from datetime import date

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answering.values import AnswerSentence, Check, DecisionStage, Verdict
from assistant.answering.verdict_text import cited_once, only_doubtful, with_sentences
from assistant.export.markdown.digest import digest_markdown
from assistant.library.records import StoredPaper
from assistant.papers import Provenance
from assistant.periods import Period, PeriodKind
from assistant.reports.digest.labels import age_of, different_of, heading_of, links_of, summary_of, title_of
from assistant.reports.digest.values import OTHERS, Topic
from tests.support.checked_answers import PARTLY_SOUND, SOUND, WRONG
from tests.support.digest_factory import DAY, HOSTILE, WEEK, digest_by_topic, digest_of, topic_sentence
from tests.support.paper_factory import paper, sources, three_papers


def tokens(text: str) -> list[Token]:
    """Every block and inline element, as CommonMark reads it."""
    blocks = MarkdownIt("commonmark").parse(text)
    return [*blocks, *(child for block in blocks for child in block.children or ())]


def headings(text: str) -> list[tuple[str, str]]:
    blocks = MarkdownIt("commonmark").parse(text)
    return [
        (block.tag, "".join(child.content for child in blocks[place + 1].children or ()))
        for place, block in enumerate(blocks)
        if block.type == "heading_open"
    ]


def test_a_digest_stands_by_topic_with_its_papers_below() -> None:
    assert headings(digest_markdown(digest_by_topic())) == [
        ("h1", "Daily Papers, 2026-01-05 · robotics"),
        ("h2", "What is different from last week"),
        ("h2", "Pruning of networks"),
        ("h3", "1. FooNet: Pruning Heads"),
        ("h3", "2. BarBench: Agents in Kitchens"),
        ("h2", "Also today"),
        ("h3", "3. BazSpeech: Cloning Voices"),
        ("h2", "Evidence of the topics"),
    ]


def test_facts_reasons_and_coverage_stand_with_it() -> None:
    text = digest_markdown(digest_by_topic(left_out=("20 shown before",)))
    assert "\n\n▲ 5 · Ada Lovelace\n\n_why: words: robots; 63 upvotes_\n\n" in text
    assert "\n\n- 3 papers, 2 more than a week before.\n\n" in text
    assert text.endswith("\n\n_3 of 3 papers; 20 shown before, summaries by extractive_")


def test_every_citation_leads_to_its_paper() -> None:
    text = digest_markdown(digest_by_topic())
    first, two = (f"https://huggingface.co/papers/2601.0000{number}" for number in (1, 2))
    assert f"They save memory and time [\\[1\\]]({first})[\\[2\\]]({two})." in text
    assert f"[\\[1\\]]({first}) “FooNet prunes attention heads during training.”" in text


def test_few_papers_without_topics_have_no_lonely_heading() -> None:
    assert headings(digest_markdown(digest_of())) == [
        ("h1", "Daily Papers, 2026-01-05"),
        ("h2", "1. FooNet: Pruning Heads"),
        ("h2", "2. BarBench: Agents in Kitchens"),
        ("h2", "3. BazSpeech: Cloning Voices"),
    ]


def test_a_digest_of_nothing_is_its_title_and_its_coverage() -> None:
    assert digest_markdown(digest_of([])) == "# Daily Papers, 2026-01-05\n\n_0 of 0 papers; summaries by extractive_"


def test_sentences_to_look_at_twice_are_marked_and_no_other() -> None:
    digest = digest_by_topic()
    entry = digest.entries[0]
    doubted = replace(entry, summary=replace(entry.summary, sentences=(SOUND, PARTLY_SOUND)))
    topic = replace(digest.topics[0], sentences=(SOUND, WRONG))
    text = digest_markdown(replace(digest, topics=(topic, digest.topics[1]), entries=(doubted, *digest.entries[1:])))
    assert "Its FID is 2.78. [\\[1\\]](https://huggingface.co/papers/2601.00001) ✗\n" in text
    assert "It was tried on ImageNet-21k. [\\[1\\]](https://huggingface.co/papers/2601.00001) \\~\n" in text
    assert "✓" not in text


@pytest.mark.parametrize(
    "hostile", [HOSTILE, "x\n# heading\n- item\n\n> quote", "1. list\n\n```\ncode", "---", "<!-- "]
)
def test_no_text_adds_markup(hostile: str) -> None:
    papers = [paper(title=f"{hostile} end", abstract=f"{hostile} It ends.")]
    topics = (Topic(hostile, (1,), (replace(SOUND, text=f"{hostile} [1]"),)),)
    digest = digest_of(papers, topics, why={1: (hostile,)}, profile=hostile, left_out=(hostile,))
    parsed = tokens(digest_markdown(digest))

    assert {token.type for token in parsed} <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "text_special"),
        *("link_open", "link_close", "em_open", "em_close"),
    }
    links = {token.attrGet("href") for token in parsed if token.type == "link_open"}
    assert links == {"https://huggingface.co/papers/2601.00001"}
    assert len([token for token in parsed if token.type == "heading_open"]) == 4


def test_the_sample_feed_and_a_paper_without_a_page_are_told() -> None:
    sample = replace(three_papers()[0], paper=replace(three_papers()[0].paper, source=Provenance.SAMPLE))
    assert "\n\n_Sample feed: real papers" in digest_markdown(digest_of([sample]))
    unlinked = replace(sample, paper=replace(sample.paper, paper_id="title:0123456789ab"))
    assert not [token for token in tokens(digest_markdown(digest_of([unlinked]))) if token.type == "link_open"]


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("robot manipulation", "Robot manipulation"),
        ("LLM agents", "LLM agents"),
        ("vLLM", "vLLM"),
        ("3d", "3d"),
        ("", ""),
    ],
)
def test_names_of_topics_become_headings(name: str, heading: str) -> None:
    assert heading_of(Topic(name, (1,)), DAY) == heading


def test_the_rest_is_of_today_for_a_day_alone() -> None:
    rest = Topic(OTHERS, (1,), is_rest=True)
    assert (heading_of(rest, DAY), heading_of(rest, WEEK)) == ("Also today", "Also in these days")


def test_a_month_is_not_held_against_a_week() -> None:
    month = Period(date(2026, 1, 1), date(2026, 1, 31), PeriodKind.MONTH)
    assert different_of(DAY) == different_of(WEEK) == "What is different from last week"
    assert different_of(month) == "What is different from before"


def test_one_paper_is_counted_as_one() -> None:
    assert digest_of(three_papers()[:1]).coverage == "1 of 1 paper; summaries by extractive"


def test_a_title_names_period_and_profile() -> None:
    assert title_of(digest_of(period=WEEK)) == "Daily Papers, 2026-W01"
    assert title_of(digest_of(profile="robotics")) == "Daily Papers, 2026-01-05 · robotics"


@pytest.mark.parametrize(
    ("published", "day", "age"),
    [
        ("2026-01-05", "2026-01-05", ""),
        ("2025-12-07", "2026-01-05", ""),
        ("2025-12-06", "2026-01-05", "a month old"),
        ("2025-11-04", "2026-01-05", "two months old"),
        ("2025-10-05", "2026-01-05", "three months old"),
        ("2025-10-06", "2026-01-05", "two months old"),
        ("2025-01-06", "2026-01-05", "eleven months old"),
        ("2025-01-05", "2026-01-05", "a year old"),
        ("2017-06-12", "2026-01-05", "eight years old"),
        ("2012-02-29", "2026-01-05", "13 years old"),
        ("2026-03-05", "2026-01-05", ""),
    ],
)
def test_a_paper_published_long_before_its_day_says_so(published: str, day: str, age: str) -> None:
    dated = replace(paper().paper, published=date.fromisoformat(published))
    assert age_of(StoredPaper(dated, (date.fromisoformat(day),))) == age


def test_without_a_date_nothing_is_said_of_an_age() -> None:
    assert age_of(StoredPaper(replace(paper().paper, published=None), (date(2026, 1, 5),))) == ""
    assert age_of(StoredPaper(replace(paper().paper, published=date(2020, 1, 5)))) == ""


def test_links_of_the_feed_and_of_the_abstract_stand_with_a_paper() -> None:
    linked = replace(
        paper().paper,
        abstract="It prunes. Code is at https://github.com/foo/net_x.",
        project_page="https://foo.github.io/net",
    )
    text = digest_markdown(digest_of([StoredPaper(linked, upvotes=5)]))
    assert "· [code](https://github.com/foo/net_x) · [project page](https://foo.github.io/net)\n" in text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://x.org/a) [b](https://y.org", "ftp://x.org/a"])
def test_what_is_no_web_address_is_no_link(address: str) -> None:
    assert links_of(StoredPaper(replace(paper().paper, github=address))) == []


def test_a_summary_of_one_paper_bears_its_marker_once() -> None:
    digest = digest_by_topic()
    entry = digest.entries[0]
    assert len(entry.summary.sentences) == 2
    text = summary_of(entry)
    assert text.count("[1]") == 1
    assert text.endswith("[1].")
    assert all("[1]" in sentence.text for sentence in entry.summary.sentences), "values keep all of them"


def test_a_paragraph_of_several_papers_keeps_every_marker() -> None:
    numbered = sources(three_papers())
    both = (topic_sentence(numbered, 1), topic_sentence(numbered, 1, 2))
    assert cited_once(both) == both
    assert cited_once((topic_sentence(numbered, 2),)) == (topic_sentence(numbered, 2),)
    assert cited_once((topic_sentence(numbered, 2), AnswerSentence("Several do.")))[0].text.endswith("[2].")


def test_each_paragraph_of_an_answer_bears_the_marker_of_its_only_source_once() -> None:
    numbered = sources(three_papers())
    ones, twos = topic_sentence(numbered, 1), topic_sentence(numbered, 2)
    text = f"{ones.text} {ones.text}\n\n- {twos.text} {ones.text}\n- {twos.text}"
    marked = with_sentences(text, (ones, ones, twos, ones, twos), lambda _, sentence: sentence.text)
    bare = "They save memory and time"
    assert marked == f"{bare}. {bare} [1].\n\n- {bare} [2]. {bare} [1].\n- {bare} [2]."


def test_a_doubtful_sentence_keeps_its_sign_without_its_marker() -> None:
    one = topic_sentence(sources(three_papers()), 1)
    doubted = replace(one, check=Check(Verdict.PARTLY, "", DecisionStage.WORDS, 0.5))
    assert [only_doubtful(sentence) for sentence in cited_once((doubted, one))] == [
        "They save memory and time. ~",
        "They save memory and time [1].",
    ]
