"""Documents, tables and ideas of a container."""

import pytest

from assistant.answering import ComparisonFinished
from assistant.errors import ModelError
from assistant.reports import DocumentFinished, DocumentRefused, SurveyRequest
from assistant.reports.ideas import IdeaRequest
from assistant.services import AppContainer, compare_papers, propose_ideas, write_comparison, write_survey


async def test_a_table_of_papers_and_the_document_around_it(container: AppContainer) -> None:
    model = container.model()
    papers = container.library.get(["2601.00001", "2601.00002"])
    *_, finished = [event async for event in compare_papers(container, model, papers, ["method"])]
    assert isinstance(finished, ComparisonFinished)
    assert finished.comparison.aspects == ("method",)
    *_, document = [event async for event in write_comparison(container, model, finished.comparison)]
    assert isinstance(document, DocumentFinished)


async def test_a_survey_of_a_topic_is_written_or_refused(container: AppContainer) -> None:
    request = SurveyRequest("attention heads of transformers")
    *_, last = [event async for event in write_survey(container, container.model(), request, refuse=False)]
    assert isinstance(last, DocumentFinished)
    *_, refused = [
        event async for event in write_survey(container, container.model(), SurveyRequest("zebra volcanoes"))
    ]
    assert isinstance(refused, DocumentRefused)


async def test_a_model_that_only_quotes_proposes_nothing(container: AppContainer) -> None:
    with pytest.raises(ModelError):
        [event async for event in propose_ideas(container, container.model(), IdeaRequest("attention heads"))]
