"""Pages: everything of a digest stands in them, nothing of its texts acts, nothing is asked of the network."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.export.html.page import PageDetail, digest_page, markdown_page
from assistant.papers import Provenance
from assistant.reports.digest.values import Topic
from assistant.sentences import Sentence
from tests.support.checked_answers import SOUND, WRONG
from tests.support.digest_factory import HOSTILE, WEEK, digest_by_topic, digest_of
from tests.support.paper_factory import paper, sources, three_papers

BLOCKS = {"p", "h1", "h2", "h3", "li", "summary"}
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """What a browser sees: elements with attributes, text by element, and whether every element is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.text.append(" " if tag in BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join("".join(self.text).replace("\u00a0", " ").split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [found for _, attributes in self.elements if (found := attributes.get("id"))]


def test_a_digest_by_topic_stands_in_its_page() -> None:
    page = Page(digest_page(digest_by_topic()))

    assert not page.open
    assert "Daily Papers robotics Monday, 5 January 2026 3 papers in 1 topic" in page.words
    assert "Pruning of networks They save memory and time [1][2]. Evidence [1] “FooNet prunes" in page.words
    assert page.words.index("FooNet: Pruning Heads") < page.words.index("BazSpeech")
    assert "why: words: robots; 63 upvotes" in page.words
    assert "What is different from last week 3 papers, 2 more than a week before. Pruning of networks" in page.words
    assert "3 of 3 papers; summaries by extractive" in page.words
    assert [a["href"] for a in page.all("a")][:2] == ["#t1", "#t2"]


def test_every_citation_leads_to_evidence_in_the_page_and_ids_are_unique() -> None:
    page = Page(digest_page(digest_by_topic()))
    anchors = [href[1:] for a in page.all("a") if (href := a["href"] or "").startswith("#")]

    assert set(anchors) <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)
    assert [a["href"] for a in page.all("a") if a.get("class") == "cite"][:2] == ["#e1-1-0", "#e1-2-0"]
    assert len(page.all("mark")) == 6
    assert all(mark["id"] for mark in page.all("mark"))


@pytest.mark.parametrize("page", [digest_page(digest_by_topic()), markdown_page("Survey", "# Survey\n\ntext")])
def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    seen = Page(page)
    policy = next(m["content"] for m in seen.all("meta") if m.get("http-equiv") == "Content-Security-Policy")

    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert {tag for tag, _ in seen.elements}.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base"})
    assert not any(name.startswith("on") or name in {"src", "style"} for _, a in seen.elements for name in a)
    assert not re.search(r"url\(|@import", page)
    assert "prefers-color-scheme: dark" in page
    assert "width=device-width" in page


def test_hostile_texts_are_shown_as_they_are_written() -> None:
    papers = [replace(paper(title=HOSTILE, abstract=f"{HOSTILE} It ends."), upvotes=1)]
    topics = (Topic(HOSTILE, (1,), (replace(SOUND, text=f"{HOSTILE} [1]"),)),)
    made = digest_of(papers, topics, why={1: (HOSTILE,)}, profile=HOSTILE, left_out=(HOSTILE,))
    page = Page(digest_page(made))

    assert not page.open
    assert page.words.count(HOSTILE) >= 6
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img"})
    assert all(not (a["href"] or "").startswith("javascript") for a in page.all("a"))


def test_sentences_to_look_at_twice_are_marked_and_say_why() -> None:
    made = digest_by_topic()
    doubted = replace(made.topics[0], sentences=(SOUND, WRONG))
    page = Page(digest_page(replace(made, topics=(doubted, made.topics[1]))))

    marks = page.all("abbr")
    assert [mark["title"] for mark in marks] == ["✗ sentence 2: the number 2.78 is not in the source"]
    assert "✓" not in page.words


def test_few_papers_without_topics_have_no_lonely_heading() -> None:
    page = Page(digest_page(digest_of()))
    assert "Also today" not in page.words
    assert not page.all("nav")
    assert "3 papers BazSpeech" not in page.words
    assert [tag for tag, _ in page.elements if tag in {"h1", "h2", "h3"}] == ["h1", "h2", "h2", "h2"]


def test_a_week_and_a_day_of_no_paper_are_pages_too() -> None:
    week = Page(digest_page(digest_by_topic(period=WEEK)))
    assert "29 December 2025 to 4 January 2026" in week.words
    assert "Also in these days BazSpeech" in week.words.replace("days 3 ", "days ")
    none = Page(digest_page(digest_of([])))
    assert "0 papers" in none.words


def test_a_page_for_a_mail_has_no_abstracts() -> None:
    made = digest_by_topic()
    small = Page(digest_page(made, PageDetail(abstracts=False)))
    assert not small.all("mark")
    assert {href[1:] for a in small.all("a") if (href := a["href"] or "").startswith("#")} <= set(small.ids)
    assert len(digest_page(made, PageDetail(abstracts=False))) < len(digest_page(made))


def test_the_sample_feed_and_papers_without_a_page_are_told() -> None:
    sample = replace(three_papers()[0], paper=replace(three_papers()[0].paper, source=Provenance.SAMPLE))
    page = Page(digest_page(digest_of([sample])))
    assert "abstracts in our own words" in page.words

    unlinked = replace(sample, paper=replace(sample.paper, paper_id="title:0123456789ab"))
    assert not [a for a in Page(digest_page(digest_of([unlinked]))).all("a") if (a["href"] or "").startswith("http")]


def test_evidence_that_does_not_fit_the_abstract_is_not_marked() -> None:
    made = digest_of([paper()])
    sentence = made.entries[0].summary.sentences[0]
    wrong = replace(sentence.citations[0], evidence=Sentence("elsewhere", 5, 14))
    entry = replace(
        made.entries[0], summary=replace(made.entries[0].summary, sentences=(replace(sentence, citations=(wrong,)),))
    )
    page = Page(digest_page(replace(made, entries=(entry,))))
    assert not page.all("mark")
    assert sources()[0].paper.abstract in page.words


MARKDOWN = """# Survey

<script>alert(1)</script> <b onclick="x">bold</b>

| a | b |
|---|---|
| 1 | <i>2</i> |

[good](https://huggingface.co/papers/2601.00001) [here](#survey) [bad](javascript:alert(1))
[worse](data:text/html,x) [file](file:///etc/passwd) ![picture](https://example.org/x.png)

> “quoted”

- one
"""


def test_a_markdown_document_has_its_tables_and_its_safe_links_alone() -> None:
    page = Page(markdown_page("A <title> & more", MARKDOWN))
    assert not page.open
    assert [a["href"] for a in page.all("a")] == [
        "https://huggingface.co/papers/2601.00001",
        "#survey",
        "https://example.org/x.png",
    ]
    tags = {tag for tag, _ in page.elements}
    assert {"table", "blockquote", "li", "h1"} <= tags
    assert tags.isdisjoint({"script", "b", "i", "img"})
    assert "<script>alert(1)</script>" in page.words
    assert page.words.startswith("A <title> & more")
