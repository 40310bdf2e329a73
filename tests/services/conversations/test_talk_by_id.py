"""Questions with ids in a conversation: alone, and leaning on the papers that were kept."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.conversation import TurnEnded
from assistant.answering.pipeline import AskSettings
from assistant.answering.prompts import load_prompt
from assistant.errors import NothingFound
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.models.extractive import ExtractiveModel
from assistant.retrieval.paper_finder import PaperRetriever
from assistant.retrieval.search import HybridSearch
from assistant.retrieval.sentence_ranking import EvidenceRanker
from assistant.services.chat_session import ChatSession
from tests.support.library_factory import MORNING, batch, record
from tests.support.paper_factory import paper

TOYS = paper("2408.99005", "ToySum: Toy Screenplays", "ToySum comprises 2200 toy screenplays. They are long.")
WORDS = paper("2405.99003", "Toy Retrieval by Words", "Toy retrieval is right in 84 percent of cases. It needs words.")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", embedder=None) as opened:
        opened.ingest(batch(*(record(known.paper, day=date(2024, 8, 14)) for known in (TOYS, WORDS))), MORNING)
        opened.index_pending()
        yield opened


async def said(library: Library, *questions: str) -> tuple[list[str], str]:
    """The ids of the last answer's sources, and its text."""
    talk = ChatSession(library)
    settings = AskSettings(6, 400, 400, 100, 0.0, refuse=True)
    retriever = PaperRetriever(HybridSearch(library, None), library)
    answerer = QuestionAnswerer(retriever, EvidenceRanker(), ExtractiveModel(), settings, load_prompt)
    for question in questions:
        events = [event async for event in talk.ask(answerer, question, Filters())]
    assert isinstance(events[-1], TurnEnded)
    answer = events[-1].turn.answer
    assert answer is not None
    return [source.paper.paper_id for source in answer.sources], answer.text


async def test_a_further_question_may_name_another_paper(library: Library) -> None:
    ids, text = await said(library, "Summarize 2408.99005", "In how many cases is 2405.99003 right?")

    assert ids == ["2405.99003"]
    assert "84 percent" in text


async def test_it_is_compared_with_a_paper_by_id(library: Library) -> None:
    ids, text = await said(library, "Summarize 2408.99005", "Compare it with https://arxiv.org/abs/2405.99003")

    assert ids == ["2408.99005", "2405.99003"]
    assert "84 percent" in text


@pytest.mark.parametrize(
    "question", ["2405.99003: in how many cases is it right?", "In how many cases is it right? hf.co/papers/2405.99003"]
)
async def test_an_id_beside_the_question_is_what_it_means(library: Library, question: str) -> None:
    assert (await said(library, "Summarize 2408.99005", question))[0] == ["2405.99003"]


async def test_a_named_paper_is_kept_for_what_follows(library: Library) -> None:
    ids, text = await said(library, "How many screenplays has 2408.99005?", "and are they long?")

    assert ids == ["2408.99005"]
    assert "long" in text


async def test_a_paper_that_is_not_here_is_named_in_a_conversation_too(library: Library) -> None:
    with pytest.raises(NothingFound, match=r"2401\.00001 is not in the library"):
        await said(library, "Summarize 2408.99005", "Compare it with 2401.00001")
