"""Answers to questions about the collection, as every front end gets them."""

import json
from collections.abc import Sequence
from datetime import date

import pytest

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.collection_answers import collection_text
from assistant.answering.pipeline import AskSettings
from assistant.answering.prompts import load_prompt
from assistant.answering.values import Answer, Finished
from assistant.cli.render.answer import end_of
from assistant.errors import NothingFound
from assistant.export.json.answers import answer_json
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.mcp.text import answer_text
from assistant.models.chat_model import ChatModel, ModelKind
from assistant.models.extractive import ExtractiveModel
from assistant.retrieval.paper_finder import PaperRetriever
from assistant.retrieval.query.parser import FilterKind
from assistant.retrieval.search import HybridSearch
from assistant.retrieval.sentence_ranking import EvidenceRanker
from tests.retrieval.query_plan.conftest import TODAY, sea
from tests.support.fake_models import ScriptedModel

__all__ = ["sea"]


def answerer(library: Library, model: ChatModel) -> QuestionAnswerer:
    retriever = PaperRetriever(HybridSearch(library, None), library)
    return QuestionAnswerer(retriever, EvidenceRanker(), model, AskSettings(6, 400, 400, 100, 0.0), load_prompt)


async def answered(
    library: Library, question: str, *ignored: FilterKind, model: ChatModel | None = None, today: date = TODAY
) -> Answer:
    engine = answerer(library, model or ExtractiveModel())
    last = [event async for event in engine.ask(question, Filters(), ignored=ignored, today=today)][-1]
    assert isinstance(last, Finished)
    return last.answer


def ids(answer: Answer) -> Sequence[str]:
    return [str(int(source.paper.paper_id[5:])) for source in answer.sources]


async def test_a_list_has_facts_and_links_and_asks_no_model(sea: Library) -> None:
    model = ScriptedModel(lambda _: "never")
    answer = await answered(sea, "papers by Ada Quill", model=model)

    assert not model.requests
    assert answer.text.splitlines()[0] == "3 papers · author Ada Quill · newest first"
    assert "code: https://github.com/kelp/kelpnet" in answer.text
    assert "https://huggingface.co/papers/2608.00001" in answer.text
    assert end_of(answer) == 0


async def test_a_filter_and_the_plan_itself_can_be_taken_off(sea: Library) -> None:
    question = "papers by Ada Quill in August 2026"
    answer = await answered(sea, question)

    assert answer.understood is not None
    assert [extracted.kind for extracted in answer.understood.found] == [
        FilterKind.DATES,
        FilterKind.AUTHORS,
        FilterKind.PLAN,
    ]
    assert ids(await answered(sea, question, FilterKind.DATES)) == ["1", "2", "5"]
    assert (await answered(sea, "wolof", FilterKind.PLAN)).collection is None


async def test_the_object_has_plan_places_and_links(sea: Library) -> None:
    written = answer_json(await answered(sea, "top 2 papers of August 2026"))["collection"]

    assert written is not None
    assert json.loads(json.dumps(written))["plan"]["order"] == "upvotes"
    assert [(row["id"], row["place"]) for row in written["papers"]] == [("2608.00004", 1), ("2608.00001", 2)]
    assert written["papers"][1]["code"] == "https://github.com/kelp/kelpnet"


async def test_nobody_by_a_name_is_said_and_ends_as_nothing_found(sea: Library) -> None:
    answer = await answered(sea, "papers by Ada Quilt")

    assert answer.text == "No paper by “Ada Quilt” is in the library. Nearest names: Ada Quill."
    assert end_of(answer) == NothingFound.exit_code


async def test_namesakes_are_told_apart(sea: Library) -> None:
    answer = await answered(sea, "code for Kelp?")

    assert answer.text.startswith("2 papers are called “Kelp”:")
    assert "https://github.com/tidal/kelp" in answer.text
    assert "no link is known" in answer.text


async def test_a_link_that_is_not_known_names_the_other_one(sea: Library) -> None:
    answer = await answered(sea, "Gibt es Code für Code World Fish?")

    assert "Code: kein Link bekannt" in answer.text
    assert "Projektseite: https://fish.example.org" in answer.text


async def test_other_programs_get_the_same_text(sea: Library) -> None:
    answer = await answered(sea, "papers with the word wolof")

    assert "“A benchmark with questions in Wolof and Breton.”" in answer_text(answer)
    assert answer.collection is not None
    markdown = collection_text(answer.collection, markdown=True)
    assert "[Kelp: A Benchmark of Ocean Questions](https://huggingface.co/papers/2608.00003)" in markdown


@pytest.mark.parametrize("question", ["papers by Ada Quill", "how many papers are there?", "code of KelpNet"])
async def test_what_the_tables_answer_is_never_refused(question: str, sea: Library) -> None:
    engine = answerer(sea, ExtractiveModel())

    assert await engine.decide(question, Filters()) is None
    assert await engine.would_answer(question)
    assert not await engine.would_answer("papers by Ada Quilt")


async def test_a_model_plans_what_rules_cannot_read(sea: Library) -> None:
    written = {"asks": "papers", "authors": ["Ada Quill"], "order": "oldest"}
    model = ScriptedModel(lambda _: json.dumps(written), kind=ModelKind.HOSTED)
    question = "whichever papers Ada Quill put up by upvotes"

    assert ids(await answered(sea, question, model=model)) == ["5", "2", "1"]
    assert len(model.requests) == 1
    assert model.requests[0].grammar is None


async def test_a_plan_that_is_refused_leaves_an_ordinary_question(sea: Library) -> None:
    model = ScriptedModel(lambda request: "{}" if request.grammar else "Kelp grows [1].")
    answer = await answered(sea, "whichever papers with kelp Ada Quill put up by upvotes", model=model)

    assert answer.collection is None
    assert model.requests[0].grammar
