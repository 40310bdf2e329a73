"""Comparisons as Markdown, in which texts of papers and models are plain."""

from assistant.answering.comparison import Comparer, Comparison, ComparisonFinished
from assistant.answering.generation_cache import CachedGenerator
from assistant.answering.prompts import load_prompt
from assistant.export.markdown.document import comparison_markdown
from assistant.models.extractive import ExtractiveModel
from assistant.text import escaped
from tests.support.fake_models import MemoryCache
from tests.support.paper_factory import paper, sources


async def compared(title: str) -> Comparison:
    comparer = Comparer(CachedGenerator(ExtractiveModel(), MemoryCache()), load_prompt("compare"))
    papers = [paper(), paper("2601.00002", title, "It has 450 tasks in 12 homes.")]
    events = [event async for event in comparer.compare(sources(papers), ("data", "licence"))]
    assert isinstance(events[-1], ComparisonFinished)
    return events[-1].comparison


async def test_table_sources_and_evidence() -> None:
    text = comparison_markdown(await compared("BarBench"))

    assert "| data |" in text
    assert "| licence | nothing found in the abstract | nothing found in the abstract |" in text
    assert "\\[2\\] [BarBench](https://huggingface.co/papers/2601.00002)" in text
    assert "> “It has 450 tasks in 12 homes.”" in text
    assert text.endswith("_Written by extractive (extractive)._")


async def test_a_title_adds_no_column_and_no_markup() -> None:
    comparison = await compared("a | b\\ <script> [x](y)")
    lines = comparison_markdown(comparison).splitlines()

    assert "a \\| b\\\\ \\<script\\> \\[x\\](y)" in lines[2]
    assert escaped("- item") == "\\- item"
