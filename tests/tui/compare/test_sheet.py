"""What a table may be made of, and what is known of it while it is written."""

import pytest

from assistant.answering.comparison import Cell, ColumnFinished
from assistant.answering.values import ModelInfo
from assistant.errors import UsageError
from assistant.models.chat_model import ModelKind
from assistant.tui.compare.table import Sheet, check_number, distinct, read_aspects
from tests.support.paper_factory import paper, three_papers


def test_aspects_are_read_between_commas_each_once() -> None:
    assert read_aspects(" data,Model  size,, DATA ,cost ") == ("data", "Model size", "cost")


@pytest.mark.parametrize("text", ["", " , ,", ",".join(f"a{n}" for n in range(21))])
def test_no_aspect_and_too_many_are_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_aspects(text)
    assert refused.value.remedy


@pytest.mark.parametrize("number", [0, 1, 13])
def test_too_few_and_too_many_papers_are_refused(number: int) -> None:
    with pytest.raises(UsageError) as refused:
        check_number([paper(f"2601.{n:05}") for n in range(number)])
    assert refused.value.remedy


def test_a_paper_named_twice_has_one_column() -> None:
    assert len(distinct([paper(), *three_papers()])) == 3


def test_the_columns_that_came_are_a_comparison_of_their_papers() -> None:
    sheet = Sheet(three_papers(), ("data",))
    assert sheet.comparison() is None
    assert sheet.writing_number == 1
    sheet.writer = ModelInfo("scripted", ModelKind.LOCAL)
    sheet.take(ColumnFinished(sheet.sources[0], (Cell("data", 1, None),), 1, 3))

    comparison = sheet.comparison()
    assert comparison is not None
    assert [source.number for source in comparison.sources] == [1]
    assert sheet.progress == "1 of 3"
    assert sheet.writing_number == 2
    assert sheet.cell(0, 2) is None
