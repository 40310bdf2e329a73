"""Questions that name papers, from words to answer: not refused for what a paper is, compared, in other languages."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.comparison import Comparer
from assistant.answering.generation_cache import CachedGenerator
from assistant.answering.pipeline import AskSettings
from assistant.answering.prompts import load_prompt
from assistant.answering.values import Answer, Finished
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.models.chat_model import ChatModel, Message
from assistant.models.extractive import ExtractiveModel
from assistant.retrieval.paper_finder import PaperRetriever
from assistant.retrieval.search import HybridSearch
from assistant.retrieval.sentence_ranking import EvidenceRanker
from tests.support.fake_models import MemoryCache, ScriptedModel
from tests.support.library_factory import MORNING, batch, record
from tests.support.paper_factory import paper

TOY = paper(
    "2601.10001",
    "ToyMix: Stirring Toys into Training",
    "Training data is scarce. We introduce ToyMix, which stirs 40 kinds of toys into each batch. It halves the loss of "
    "toy models. Code is at https://github.com/toys/toymix.",
)
DOLL = paper(
    "2601.10002",
    "dolls.cpp: Dolls on Small Machines",
    "Dolls need large machines. We present dolls.cpp, which runs dolls on phones. It needs 3 GB of memory.",
)
CHESS = paper(
    "2601.10003",
    "Toy Chess Without Any Search",
    "Chess programs search. We train a toy model on 10 thousand games instead. It reaches a rating of 900.",
)
SAME = tuple(
    paper(f"2601.2000{n}", f"SpinTop: {what}", f"We introduce SpinTop, {what}. It turns {n}0 times.")
    for n, what in ((1, "a benchmark of spinning toys"), (2, "a model of turning discs"))
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", embedder=None) as opened:
        papers = (TOY, DOLL, CHESS, *SAME)
        opened.ingest(batch(*(record(stored.paper, day=date(2026, 1, 5)) for stored in papers)), MORNING)
        opened.index_pending()
        yield opened


def answerer(library: Library, model: ChatModel | None = None) -> QuestionAnswerer:
    settings = AskSettings(6, 400, 400, 400, 0.0, refuse=True)
    writer = model or ExtractiveModel()
    retriever = PaperRetriever(HybridSearch(library, None), library)
    comparer = Comparer(CachedGenerator(writer, MemoryCache()), load_prompt("compare"))
    return QuestionAnswerer(retriever, EvidenceRanker(), writer, settings, load_prompt, comparer)


async def asked(library: Library, question: str, model: ChatModel | None = None) -> Answer:
    events = [event async for event in answerer(library, model).ask(question, Filters())]
    assert isinstance(events[-1], Finished)
    return events[-1].answer


def cited(answer: Answer) -> set[str]:
    return {source.paper.paper_id for source in answer.cited}


@pytest.mark.parametrize(
    "question",
    [
        "How does ToyMix work?",
        "toymix, how dose it work",
        "what is ToyMix",
        "tell me about ToyMix pls",
        "What's new in ToyMix?",
        "limits of ToyMix",
        "ToyMix: Stirring Toys into Training - what do they do?",
        "can you summarize 2601.10001 for me",
        "https://arxiv.org/abs/2601.10001 tldr",
        "Was ist ToyMix und wie funktioniert es?",
        "C'est quoi, ToyMix ?",
        "ToyMix 是什么?",
    ],
)
async def test_a_named_paper_is_never_refused_for_what_it_is(library: Library, question: str) -> None:
    answer = await asked(library, question)

    assert answer.refusal is None
    assert cited(answer) == {"2601.10001"}
    assert "40 kinds of toys" in answer.text


@pytest.mark.parametrize(
    ("question", "paper_id"),
    [
        ("how does dolls.cpp work", "2601.10002"),
        ("Toy Chess Without Any Search - how do they do it?", "2601.10003"),
    ],
)
async def test_names_are_found_as_they_are_typed(library: Library, question: str, paper_id: str) -> None:
    assert cited(await asked(library, question)) == {paper_id}


async def test_a_detail_that_is_not_told_is_refused_and_the_paper_is_named(library: Library) -> None:
    answer = await asked(library, "which optimizer and learning rate does ToyMix use?")

    assert answer.refusal is not None
    assert answer.text.startswith("The abstract of “ToyMix” does not say this; the paper itself may.")
    assert [source.paper.paper_id for source in answer.sources] == ["2601.10001"]
    assert [close.number for close in answer.refusal.closest] == [1]


async def test_a_partial_answer_answers_the_rest_and_denies_nothing_that_it_says(library: Library) -> None:
    answer = await asked(library, "What is ToyMix and which optimizer does it use?")

    assert answer.refusal is None
    assert answer.missing == ("which optimizer does it use",)
    assert "40 kinds of toys" in answer.text
    assert answer.text.endswith("Not in the abstract (the paper itself may say it): which optimizer does it use.")


@pytest.mark.parametrize(
    "question",
    [
        "ToyMix vs dolls.cpp",
        "compare ToyMix with dolls.cpp",
        "what did dolls.cpp improve over ToyMix",
        "ToyMix or dolls.cpp?",
        "ToyMix 和 dolls.cpp 有什么区别?",
    ],
)
async def test_two_named_papers_are_compared(library: Library, question: str) -> None:
    answer = await asked(library, question)

    assert answer.refusal is None
    assert answer.question == question
    assert cited(answer) == {"2601.10001", "2601.10002"}
    assert "- ToyMix: " in answer.text
    assert "- dolls.cpp: " in answer.text


async def test_a_comparison_by_a_model_fills_the_table(library: Library) -> None:
    model = ScriptedModel(lambda _: "method: We introduce ToyMix, which stirs 40 kinds of toys into each batch.\n")
    answer = await asked(library, "ToyMix vs dolls.cpp", model)

    assert "**method**" in answer.text
    assert "- dolls.cpp: not in the abstract" in answer.text
    assert len(model.requests) == 2


async def test_namesakes_are_said(library: Library) -> None:
    answer = await asked(library, "what is SpinTop?")

    assert answer.refusal is None
    assert "Several papers have this name: “SpinTop: a" in answer.text


async def test_a_paper_s_own_code_is_shown(library: Library) -> None:
    answer = await asked(library, "where is the code of ToyMix?")

    assert "https://github.com/toys/toymix" in answer.text


async def test_without_a_model_a_line_says_in_the_language_what_it_can_do(library: Library) -> None:
    answer = await asked(library, "Wie funktioniert ToyMix?")

    assert answer.language == "de"
    assert answer.text.endswith("Hier schreibt kein Modell: die Antwort zitiert die Kurzfassungen, die englisch sind.")


async def test_a_model_is_asked_to_answer_in_the_language(library: Library) -> None:
    def write(messages: tuple[Message, ...]) -> str:
        translating = "Translate from German" in messages[-1].content
        return "How does ToyMix work?" if translating else "ToyMix stirs 40 kinds of toys into each batch [1]."

    model = ScriptedModel(lambda request: write(request.messages))
    answer = await asked(library, "Wie funktioniert ToyMix?", model)

    assert "Answer in German." in model.requests[-1].messages[-1].content
    assert "Wie funktioniert ToyMix?" in model.requests[-1].messages[-1].content
    assert "Hier schreibt kein Modell" not in answer.text
