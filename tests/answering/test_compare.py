"""Comparison tables: cells say what the abstract bears out, and nothing else."""

from assistant.answering.comparison import (
    NOT_STATED,
    ColumnFinished,
    Comparer,
    Comparison,
    ComparisonFinished,
    read_cells,
)
from assistant.answering.generation_cache import CachedGenerator
from assistant.answering.prompts import load_prompt
from assistant.errors import ModelInterrupted
from assistant.models.extractive import ExtractiveModel
from tests.support.fake_models import MemoryCache, ScriptedModel
from tests.support.paper_factory import sources


def comparer(model: ScriptedModel | ExtractiveModel, cache: MemoryCache | None = None) -> Comparer:
    return Comparer(CachedGenerator(model, cache or MemoryCache()), load_prompt("compare"))


async def table(comparer: Comparer, aspects: tuple[str, ...]) -> Comparison:
    events = [event async for event in comparer.compare(sources()[:2], aspects)]
    assert [type(event) for event in events] == [ColumnFinished, ColumnFinished, ComparisonFinished]
    last = events[-1]
    assert isinstance(last, ComparisonFinished)
    return last.comparison


async def test_cells_of_a_model_are_cited_or_empty() -> None:
    model = ScriptedModel(
        lambda request: (
            "**data**: cuts memory on ImageNet\n- Results: accuracy stays at 81.2%\ncost: not stated"
            if "FooNet" in request.messages[-1].content
            else "data: 450 tasks in 12 homes\nresults: a Nobel prize in 1999\ncost: "
        )
    )

    comparison = await table(comparer(model), ("data", "results", "cost"))

    assert [[cell.text for cell in row] for row in comparison.cells] == [
        ["cuts memory on ImageNet [1]", "450 tasks in 12 homes [2]"],
        ["accuracy stays at 81.2% [1]", NOT_STATED],
        [NOT_STATED, NOT_STATED],
    ]
    assert comparison.writer.name == "scripted"


async def test_a_second_comparison_asks_no_model() -> None:
    model, cache = ScriptedModel(lambda _: "data: ImageNet memory"), MemoryCache()
    await table(comparer(model, cache), ("data",))
    again = await table(comparer(model, cache), ("data",))

    assert len(model.requests) == 2
    assert again.cached == 2


async def test_without_a_model_cells_are_quotes() -> None:
    comparison = await table(comparer(ExtractiveModel()), ("data", "results", "licence"))

    assert comparison.cells[0][1].text == "It has 450 tasks in 12 homes [2]."
    assert comparison.cells[2][0].text == NOT_STATED


async def test_a_model_that_breaks_off_leaves_quotes() -> None:
    model = ScriptedModel(lambda _: "data: Imag", fails_with=ModelInterrupted("cut"))
    comparison = await table(comparer(model), ("data",))

    assert comparison.cells[0][1].text == "It has 450 tasks in 12 homes [2]."


def test_lines_of_other_names_are_not_cells() -> None:
    assert read_cells("Title: x\ndata: a\nData: b\n  * model size :  7B", ("data", "model size")) == {
        "data": "a",
        "model size": "7B",
    }
