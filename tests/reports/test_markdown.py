"""Documents as Markdown: read back by a parser, nothing in a paper can add markup."""

from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.export.markdown.document import document_markdown
from assistant.models.extractive import ExtractiveModel
from assistant.reports.document import Document
from assistant.reports.survey import SurveyRequest
from tests.support.checked_answers import QUOTE, WRONG
from tests.support.report_factory import HOSTILE, PAPERS, TOPIC, compared, survey_of


def tokens(document: Document) -> list[Token]:
    parsed = MarkdownIt("commonmark").enable("table").parse(document_markdown(document))
    return [token for block in parsed for token in (block, *(block.children or ()))]


def links(document: Document) -> set[str]:
    return {str(token.attrs["href"]) for token in tokens(document) if token.type == "link_open"}


def headings(document: Document) -> list[str]:
    text = document_markdown(document)
    return [line for line in text.splitlines() if line.startswith("#")]


async def test_a_survey_has_all_its_parts_in_order() -> None:
    document = await survey_of(ExtractiveModel())

    assert headings(document) == [
        "# Survey: speculative decoding",
        "## Groups of approaches",
        "### Decoding heads",
        "### Self-speculative decoding",
        "## Table",
        "## Open problems stated by the papers",
        "## Checked",
        "## References",
        "## How this was made",
    ]
    assert links(document) == {source.paper.link for source in document.sources}
    text = document_markdown(document)
    assert "3. [LayerHop: Speculative Decoding](https://huggingface.co/papers/2601.00001)" in text
    assert "   > “Even the strongest draft still fails on code.”" in text
    assert "\n| Paper | method | data | results |\n" in text


async def test_few_papers_are_columns_of_the_table() -> None:
    text = document_markdown(await compared(ExtractiveModel(), PAPERS[:2]))

    assert "\n| method | We propose LayerHop" in text
    assert "## What the papers say" in text


async def test_hostile_text_stays_text() -> None:
    document = await survey_of(ExtractiveModel(), [*PAPERS, HOSTILE], SurveyRequest(f"{TOPIC} # `x` **y** [1](z) <i>"))

    parsed = tokens(document)
    kinds = [token.type for token in parsed]
    assert not {"html_inline", "html_block", "code_inline", "image"} & set(kinds)
    assert kinds.count("strong_open") == 1
    assert all(link.startswith("https://huggingface.co/papers/") for link in links(document))
    rows = [token for token in parsed if token.type == "tr_open"]
    cells = [token for token in parsed if token.type in {"td_open", "th_open"}]
    assert len(rows) == 1 + 5
    assert len(cells) == len(rows) * 4


async def test_what_is_not_simply_supported_is_marked_and_explained() -> None:
    made = await compared(ExtractiveModel(), PAPERS[:2])
    document = replace(made, groups=(replace(made.groups[0], sentences=(WRONG, QUOTE)),), incomplete=("it broke off",))

    text = document_markdown(document)
    assert "_Not complete: it broke off._" in text
    assert "✗" in text
    assert "- ✗ sentence 1: the number 2.78 is not in the source" in text
    assert "the model wrote: “It halves memory.”" in text


async def test_without_papers_links_and_problems_it_is_still_a_document() -> None:
    document = await compared(ExtractiveModel(), PAPERS[2:4])
    empty = replace(document, groups=(), table=None, open_problems=(), sources=(), shared=())

    assert "None of these abstracts states one" in document_markdown(empty)
    assert "## Table" not in document_markdown(empty)
