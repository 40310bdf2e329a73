"""Surveys: groups with checked sentences, a table, open problems; what stays when the model fails."""

from datetime import date

import pytest

from assistant.answering.comparison import ColumnFinished
from assistant.answering.values import Verdict
from assistant.answering.verification.revision import CheckMode
from assistant.errors import ModelInterrupted, ModelUnavailable, NothingFound
from assistant.library.filters import Filters
from assistant.models.chat_model import GenerationRequest, ModelKind
from assistant.models.extractive import ExtractiveModel
from assistant.reports.document import DocumentFinished, DocumentKind, DocumentStarted, SentenceWritten
from assistant.reports.survey import SurveyRequest
from tests.support.fake_models import MemoryCache, ScriptedModel
from tests.support.report_factory import HOSTILE, PAPERS, TOPIC, events_of, refusal_in, survey_of


def by_prompt(request: GenerationRequest) -> str:
    """A cell for a table's prompt, sentences for a group's."""
    if "Copy these lines" in request.messages[-1].content:
        return "method: skips layers\nresults: a Nobel prize"
    return "LayerHop skips layers in self-speculative decoding. Hydra won 17 prizes in 1987."


async def test_without_a_model_a_survey_is_made_of_quotes() -> None:
    document = await survey_of(ExtractiveModel())

    assert document.kind is DocumentKind.SURVEY
    assert {group.name: len(group.numbers) for group in document.groups} == {
        "Decoding heads": 2,
        "Self-speculative decoding": 2,
    }
    assert all(sentence.verdict is Verdict.QUOTED and sentence.citations for sentence in document.sentences)
    assert document.table is not None
    assert [source.number for source in document.table.sources] == [1, 2, 3, 4]
    assert [sentence.text.partition("”")[0] for sentence in document.open_problems] == [
        "“Batched speculative decoding remains an open problem.",
        "“Even the strongest draft still fails on code.",
    ]
    assert document.incomplete == ()
    assert document.coverage == "4 papers, 4 cited, 4 in groups, 4 in the table"


async def test_progress_comes_before_the_document() -> None:
    events = await events_of(ExtractiveModel())

    assert isinstance(events[0], DocumentStarted)
    assert (events[0].papers, events[0].table) == (4, 4)
    assert [event.done for event in events if isinstance(event, ColumnFinished)] == [1, 2, 3, 4]
    written = [event.done for event in events if isinstance(event, SentenceWritten)]
    assert written == list(range(1, len(written) + 1))
    assert isinstance(events[-1], DocumentFinished)


async def test_every_paper_has_one_checked_sentence_and_what_a_model_invents_is_none() -> None:
    document = await survey_of(ScriptedModel(by_prompt))

    assert [[c.number for s in group.sentences for c in s.citations] for group in document.groups] == [[1, 2], [3, 4]]
    assert all(s.verdict in {Verdict.SUPPORTED, Verdict.QUOTED} for s in document.sentences)
    assert document.table is not None
    assert "prize" not in str(document.table.cells)


async def test_names_that_a_hosted_model_makes_itself_come_behind_the_groups() -> None:
    text = "All draft tokens.\n**Decoding heads**\nHydra drafts a tree.\n**Own name**\nLayerHop skips layers [3]."
    document = await survey_of(ScriptedModel(lambda _: text, kind=ModelKind.HOSTED))

    assert [(group.name, len(group.sentences)) for group in document.groups] == [
        ("", 1),
        ("Decoding heads", 1),
        ("Self-speculative decoding", 0),
        ("Own name", 1),
    ]


async def test_a_second_survey_asks_no_model() -> None:
    model, cache = ScriptedModel(by_prompt), MemoryCache()
    first = await survey_of(model, cache=cache)
    requests_before = len(model.requests)
    again = await survey_of(model, cache=cache)

    assert requests_before == 4 + 4, "a sentence and a column a paper"
    assert len(model.requests) == requests_before
    assert again.groups == first.groups


async def test_a_model_that_fails_in_the_table_leaves_the_paragraphs() -> None:
    columns = 0

    def write(request: GenerationRequest) -> str:
        nonlocal columns
        if "Copy these lines" in request.messages[-1].content:
            columns += 1
            if columns > 1:
                raise ModelUnavailable("the server is gone", "start it")
        return by_prompt(request)

    document = await survey_of(ScriptedModel(write))

    assert document.sentences
    assert document.table is not None
    assert [source.number for source in document.table.sources] == [1]
    assert document.incomplete == ("the table breaks off: the server is gone",)


async def test_what_breaks_off_is_replaced_by_the_papers_own_words() -> None:
    document = await survey_of(ScriptedModel(by_prompt, fails_with=ModelInterrupted("cut")))

    assert all(sentence.verdict is Verdict.QUOTED for sentence in document.sentences)
    assert document.sentences
    assert document.table is not None


async def test_a_model_that_writes_nothing_leaves_quotes() -> None:
    document = await survey_of(ScriptedModel(lambda _: ""))

    assert all(sentence.verdict is Verdict.QUOTED for sentence in document.sentences)
    assert [group.name for group in document.groups] == ["Decoding heads", "Self-speculative decoding"]
    assert document.open_problems


async def test_a_model_that_fails_at_once_says_so() -> None:
    def write(request: GenerationRequest) -> str:
        raise ModelUnavailable("no model", "get one")

    with pytest.raises(ModelUnavailable):
        await survey_of(ScriptedModel(write))


async def test_one_paper_is_surveyed_without_groups() -> None:
    document = await survey_of(ExtractiveModel(), PAPERS[:1])

    assert [(group.name, group.numbers) for group in document.groups] == [("", (1,))]
    assert len(document.sources) == 1


async def test_no_paper_is_nothing_found() -> None:
    with pytest.raises(NothingFound):
        await survey_of(ExtractiveModel(), [], SurveyRequest("soup"))


async def test_a_topic_that_no_paper_is_about_is_refused_with_the_closest_papers() -> None:
    answer = refusal_in(await events_of(ExtractiveModel(), [PAPERS[4]], SurveyRequest("soup of Vulcan"), refuse=True))

    assert answer.refusal is not None
    assert answer.sources
    assert answer.understood is not None


async def test_the_number_of_papers_and_the_aspects_are_as_asked() -> None:
    request = SurveyRequest(TOPIC, Filters(since=date(2026, 1, 1)), papers=2, aspects=("results",))
    document = await survey_of(ExtractiveModel(), request=request)

    assert document.table is not None
    assert document.table.aspects == ("results",)
    assert len(document.table.sources) == 2
    assert sum(len(group.numbers) for group in document.groups) == 2
    assert "only papers listed since 2026-01-01" in document.method


async def test_further_papers_that_state_an_open_problem_join_the_references() -> None:
    document = await survey_of(ExtractiveModel(), [*PAPERS[2:4], *PAPERS[:2], HOSTILE], SurveyRequest(TOPIC, papers=2))

    stating = {sentence.citations[0].number for sentence in document.open_problems}
    assert len(document.sources) > 2
    assert stating <= {source.number for source in document.sources}
    assert [source.number for source in document.sources] == list(range(1, len(document.sources) + 1))


async def test_sentences_that_are_withheld_are_counted() -> None:
    text = "**Decoding heads**\nHydra won a prize [1]. Dragons draft trees [2]."
    document = await survey_of(ScriptedModel(lambda _: text, kind=ModelKind.HOSTED), check=CheckMode.STRICT)

    assert document.sentences == ()
    assert "2 sentences withheld: not supported by the papers" in document.method
