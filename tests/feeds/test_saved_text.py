"""Saved pages as text: the two captures, both layouts, what is cut, and what is no page."""

import gzip
import json
import textwrap
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import AssistantError, InputError
from assistant.feeds.page_lines import ends_whole, parse_page_date
from assistant.feeds.saved_text import looks_like_page, read_saved_text
from assistant.papers import FeedBatch, Provenance, clean_text, is_provisional
from assistant.plain_text import plain_text

TODAY = date(2026, 8, 21)
ABSTRACT = "We study how pages are read, and find that they are read line by line. " * 4
HEAD = "new\n\nGet trending papers in your email inbox!\n\nDaily Papers\n\nbyAK and the research community\n\n"


def read(text: str, **options: date) -> FeedBatch:
    return read_saved_text(text, "page.txt", **{"today": TODAY, **options})


def titles(batch: FeedBatch) -> list[str]:
    return [record.paper.title for record in batch.records]


@pytest.mark.parametrize(("day", "papers"), [(date(2025, 12, 12), 21), (date(2025, 12, 9), 39)])
def test_the_captured_pages_are_read_whole(shared: Path, day: date, papers: int) -> None:
    batch = read((shared / f"feeds/saved_page_{day.isoformat()}.txt").read_text(encoding="utf-8"))
    assert len(batch.records) == papers
    assert batch.rejections == ()
    assert batch.day == day
    for record in batch.records:
        assert is_provisional(record.paper.paper_id)
        assert record.paper.source is Provenance.SAVED_PAGE
        assert len(record.paper.abstract) > 1_000
        assert record.listing is not None
        assert record.listing.upvotes is None


def test_the_blocks_of_the_captured_pages_are_read(shared: Path) -> None:
    batch = read((shared / "feeds/saved_page_2025-12-09.txt").read_text(encoding="utf-8"))
    facts = {
        record.paper.title.split(":")[0]: (
            record.paper.published,
            record.paper.organization,
            record.listing.comments if record.listing else None,
        )
        for record in batch.records
    }
    assert facts["Attentiveness to Answer Choices Doesn't Always Entail High QA Accuracy"] == (
        date(2023, 5, 23),
        None,
        None,
    )
    assert facts["Verbalized Sampling"] == (date(2025, 10, 1), "Stanford NLP", 3)
    assert facts["Combinatorial Creativity"] == (date(2025, 9, 25), "Spiral Works", 2)
    assert facts["CGB-DM"] == (date(2024, 7, 21), None, 2)
    assert facts["Mixing Mechanisms"] == (None, None, None)
    assert batch.records[0].place == "page.txt:13"


@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_titles_and_abstracts_alone_are_told_apart(shared: Path, between: str) -> None:
    with gzip.open(shared / "corpus/daily_papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for _, line in zip(range(3_000), lines, strict=False)]
    batch = read(between.join(f"{paper['title']}{between}{paper['abstract']}" for paper in papers) + "\n")
    assert batch.rejections == ()
    assert titles(batch) == [plain_text(clean_text(paper["title"])) for paper in papers]
    abstracts = [plain_text(clean_text(paper["abstract"])) for paper in papers]
    assert [record.paper.abstract for record in batch.records] == abstracts
    assert batch.day is None


def test_one_title_and_one_abstract_are_a_page() -> None:
    batch = read("A title\n\nIt says little.\n")
    assert [(record.paper.title, record.paper.abstract) for record in batch.records] == [("A title", "It says little.")]
    assert batch.records[0].listing is None


def test_wrapped_paragraphs_are_put_together() -> None:
    title = "On the Long Titles of Short Papers and What a Column of Sixty Characters Does to Both of Them"
    text = f"{textwrap.fill(title, 60)}\n\n{textwrap.fill(ABSTRACT, 60)}\n\nSecond\n\n{textwrap.fill(ABSTRACT, 60)}\n"
    batch = read(text)
    assert titles(batch) == [title, "Second"]
    assert batch.records[0].paper.abstract == ABSTRACT.strip()


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_line_ends(ending: str) -> None:
    text = f"{HEAD}Dec 12\n\nFirst\n\n{ABSTRACT}\n  • 5 authors\n·\nFeb 27\n".replace("\n", ending)
    (record,) = read(text).records
    assert record.paper.published == date(2025, 2, 27)


@pytest.mark.parametrize(
    ("header", "options", "day"),
    [
        ("Dec 12", {}, date(2025, 12, 12)),
        ("Aug 21", {}, date(2026, 8, 21)),
        ("Aug 22", {}, date(2025, 8, 22)),
        ("Feb 29", {}, date(2024, 2, 29)),
        ("Dec 12, 2023", {}, date(2023, 12, 12)),
        ("December 12, 2023", {}, date(2023, 12, 12)),
        ("Dec 12", {"named_day": date(2024, 12, 12)}, date(2024, 12, 12)),
        ("Dec 12", {"named_day": date(2024, 12, 13)}, date(2025, 12, 12)),
        ("Dec 12", {"day": date(2024, 1, 2)}, date(2024, 1, 2)),
        ("", {"day": date(2024, 1, 2)}, date(2024, 1, 2)),
    ],
)
def test_the_header_gives_the_day(header: str, options: dict[str, date], day: date) -> None:
    batch = read(f"{HEAD}{header}\n\nFirst\n\n{ABSTRACT}\n\n  • 5 authors\n·\nJan 3 4\n", **options)
    assert batch.day == day
    assert batch.records[0].paper.published == date(day.year, 1, 3)
    assert batch.records[0].listing is not None
    assert batch.records[0].listing.comments == 4


def test_without_any_day_a_block_date_is_the_last_such_day() -> None:
    (record,) = read(f"First\n\n{ABSTRACT}\n\n  • 5 authors\n·\nSep 3\n").records
    assert record.paper.published == date(2025, 9, 3)


def test_a_page_of_several_days_gives_each_paper_its_own() -> None:
    batch = read(f"{HEAD}Dec 12\n\nFirst\n\n{ABSTRACT}\n\nDec 11\n\nSecond\n\n{ABSTRACT}\n")
    assert [record.listing.day for record in batch.records if record.listing] == [
        date(2025, 12, 12),
        date(2025, 12, 11),
    ]
    assert batch.day is None


@pytest.mark.parametrize(
    ("block", "organization", "published", "comments"),
    [
        ("  • 5 authors\n·\nFeb 27", None, date(2025, 2, 27), None),
        ("  • 1 author\n·\nSep 28 2", None, date(2025, 9, 28), 2),
        ("stanfordnlp Stanford NLP\n·\nJun 16, 2024 12", "Stanford NLP", date(2024, 6, 16), 12),
        ("openai\n·\nMay 2", "openai", date(2025, 5, 2), None),
        ("stanfordnlp Stanford NLP\n\n·\n\nMay 2", "Stanford NLP", date(2025, 5, 2), None),
        ("• 5 authors · Feb 27 3", None, date(2025, 2, 27), 3),
        ("stanfordnlp Stanford NLP · Feb 27", "Stanford NLP", date(2025, 2, 27), None),
        ("·\nFeb 27", None, date(2025, 2, 27), None),
        ("  • 5 authors\nFeb 27", None, date(2025, 2, 27), None),
        ("  • 5 authors", None, None, None),
    ],
)
def test_every_form_of_the_block_is_read(
    block: str, organization: str | None, published: date | None, comments: int | None
) -> None:
    batch = read(f"{HEAD}Dec 12\n\nFirst\n\n{ABSTRACT}\n\n{block}\n\nSecond\n\n{ABSTRACT}\n\nThird\n\n{ABSTRACT}\n")
    assert batch.rejections == ()
    assert titles(batch) == ["First", "Second", "Third"]
    first = batch.records[0]
    assert (first.paper.organization, first.paper.published) == (organization, published)
    assert first.listing is not None
    assert first.listing.comments == comments
    assert batch.records[1].paper.published is None


def test_the_sites_own_words_are_no_papers() -> None:
    footer = "Previous\nNext\n\nSystem theme\n\nTOS\nPrivacy\nAbout\nCareers\n\nModels Datasets Spaces Pricing Docs\n"
    menu = "Hugging Face\n\nLog In\n\nSign Up\n\nA menu that nobody knows\n\nDec 12\n\n"
    batch = read(f"{menu}First\n\n{ABSTRACT}\n\n42\n\n  • 5 authors\n·\nFeb 27\n\n{footer}")
    assert titles(batch) == ["First"]
    assert batch.rejections == ()
    assert batch.day == date(2025, 12, 12)


def test_a_title_without_abstract_is_reported_and_the_next_paper_kept() -> None:
    batch = read(f"{HEAD}Dec 12\n\nAlone\n\nSecond\n\n{ABSTRACT}\n\n  • 5 authors\n·\nFeb 27\n\nLast\n")
    assert titles(batch) == ["Second"]
    assert [(each.place, each.reason) for each in batch.rejections] == [
        ("page.txt:11", "“Alone”: no abstract"),
        ("page.txt:21", "“Last”: no abstract"),
    ]


def test_an_organization_never_becomes_the_abstract_of_a_title_without_one() -> None:
    batch = read(f"Alone\n\nstanfordnlp Stanford NLP\n·\nFeb 27\n\nSecond\n\n{ABSTRACT}\n")
    assert titles(batch) == ["Second"]
    assert "“Alone”: no abstract" in [each.reason for each in batch.rejections]


def test_a_block_ends_a_title_without_abstract() -> None:
    batch = read(f"Alone\n\n  • 5 authors\n·\nFeb 27\n\n{ABSTRACT}\n\nThird\n\n{ABSTRACT}\n")
    assert titles(batch) == ["Third"]
    assert [each.place for each in batch.rejections] == ["page.txt:1", "page.txt:7"]


def test_an_abstract_without_title_is_reported() -> None:
    batch = read(f"First\n\n{ABSTRACT}\n\n{ABSTRACT}\n\nThird\n\n{ABSTRACT}\n")
    assert titles(batch) == ["First", "Third"]
    assert [each.place for each in batch.rejections] == ["page.txt:5"]
    assert batch.rejections[0].reason.startswith("a paragraph without a title: “We study")


def test_an_absurdly_long_abstract_is_reported() -> None:
    batch = read(f"First\n\n{'word ' * 50_000}\n\nSecond\n\n{ABSTRACT}\n")
    assert titles(batch) == ["Second"]
    assert "characters long" in batch.rejections[0].reason


def test_a_page_cut_in_an_abstract_keeps_the_whole_papers(shared: Path) -> None:
    text = (shared / "feeds/saved_page_2025-12-12.txt").read_text(encoding="utf-8")
    cut = text[: text.index("Efficient fine-tuning of large") + 500]
    batch = read(cut)
    assert len(batch.records) == 2
    assert [each.reason for each in batch.rejections] == [
        "“On Giant's Shoulders: Effortless Weak to Strong by Dynamic Logits Fusion”: "
        "the page is cut in the middle of the abstract"
    ]


@pytest.mark.parametrize(
    "end", ["  • 5 auth", "  •", "  • 5 authors\n·", "  • 5 authors\n·\nFe", "  • 5 authors\n·\nOct 1, 20"]
)
def test_a_page_cut_in_a_block_keeps_that_paper(end: str) -> None:
    batch = read(f"{HEAD}Dec 12\n\nFirst\n\n{ABSTRACT}\n\n{end}")
    assert titles(batch) == ["First"]
    assert batch.rejections == ()


def test_a_page_cut_anywhere_loses_one_paper_at_most(shared: Path) -> None:
    text = (shared / "feeds/saved_page_2025-12-09.txt").read_text(encoding="utf-8")
    whole = {record.paper.title: record.paper.abstract for record in read(text).records}
    for length in range(2_000, len(text), 1_777):
        batch = read(text[:length])
        assert len(batch.rejections) <= 1
        before_last = batch.records[:-1]
        assert all(whole[record.paper.title] == record.paper.abstract for record in before_last)
        assert titles(batch) == list(whole)[: len(batch.records)]


def test_an_abstract_may_end_in_an_address_at_the_end_of_the_text() -> None:
    assert titles(read(f"First\n\n{ABSTRACT} Code: https://github.com/a/b")) == ["First"]
    assert ends_whole("see (1)")
    assert not ends_whole("and the")


@pytest.mark.parametrize(
    "text", ["", "\n \n", "Daily Papers\n\nDec 12\n", "Only a title", "·\n·\n", "•", f"{ABSTRACT}\n"]
)
def test_a_text_without_papers_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match=r"page\.txt has no paper") as caught:
        read(text)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text",
    ["Maybe 12", "Dec 32", "Feb 29, 2023", "Dec", "12 Dec", "Dec 12, 24", "Decimal 5", "Jan 1, 0000", "Dec 12 2x"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_page_date(text) is None


def test_hostile_text_in_a_page_is_cleaned() -> None:
    (record,) = read(f"[RE] \x1b[31mTitle[/x]\u202e\n\n{ABSTRACT}\x1b]0;x\x07\n").records
    assert record.paper.title == "[RE] Title[/x]"
    assert record.paper.abstract == ABSTRACT.strip()


def test_a_page_is_known_by_its_marks() -> None:
    assert looks_like_page(f"{HEAD}x")
    assert looks_like_page(f"A title\n\n{ABSTRACT}\n\n• 5 authors\n")
    assert not looks_like_page("MIT License\n\nPermission is hereby granted, free of charge, to any person.\n")


page_parts = st.lists(
    st.text(max_size=30)
    | st.sampled_from(
        ["\n", "\n\n", "·", "• 5 authors", "Dec 12", "Feb 27 3", "A title", ABSTRACT, "x" * 300, "Daily Papers"]
    ),
    max_size=30,
)


@given(page_parts.map("\n".join), st.dates(date(2023, 5, 4), date(2030, 1, 1)))
def test_any_text_is_clean_papers_or_an_error(text: str, today: date) -> None:
    try:
        batch = read_saved_text(text, "page.txt", today=today)
    except AssistantError:
        return
    for record in batch.records:
        assert record.paper.title == clean_text(record.paper.title)
        assert record.paper.abstract == clean_text(record.paper.abstract)
        assert record.listing is None or record.listing.day <= today
    for rejection in batch.rejections:
        assert rejection.reason == clean_text(rejection.reason)
