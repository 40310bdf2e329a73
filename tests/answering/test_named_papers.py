"""Questions that hold ids or links are answered from the papers that these name, and from no others."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.asked import with_names
from assistant.answering.pipeline import AskSettings
from assistant.answering.prompts import load_prompt
from assistant.answering.values import Answer, Finished
from assistant.errors import NothingFound
from assistant.feeds.files import read_files
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.models.chat_model import ModelKind
from assistant.models.extractive import ExtractiveModel
from assistant.retrieval.paper_finder import PaperRetriever
from assistant.retrieval.search import HybridSearch
from assistant.retrieval.sentence_ranking import EvidenceRanker
from tests.support.fake_models import ScriptedModel
from tests.support.library_factory import MORNING, batch, record
from tests.support.paper_factory import paper

TOYS = paper(
    "2408.99005",
    "ToySum: A Dataset of Toy Screenplays",
    "Toy screenplays are long and hard to summarize. ToySum comprises 2200 toy screenplays with their plot summaries.",
)
WORDS = paper(
    "2405.99003",
    "Toy Retrieval by Words",
    "Toy retrieval finds toys by words. It is right in 84 percent of all cases, which is 12 points more than a shop's.",
)
OLD = paper("hep-th/9901001", "Strings of Toys", "Toys hang on strings. Nine strings hold 1,200 toys.")
PAPERS = (TOYS, WORDS, OLD)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", embedder=None) as opened:
        opened.ingest(batch(*(record(stored.paper, day=date(2024, 8, 14)) for stored in PAPERS)), MORNING)
        opened.index_pending()
        yield opened


@pytest.fixture
def field_library(tmp_path: Path, shared: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", embedder=None) as opened:
        for feed_batch in read_files([str(shared / "field" / "library" / "papers.jsonl")], today=date(2026, 8, 21)):
            opened.ingest(feed_batch, MORNING)
        opened.index_pending()
        yield opened


def answerer(library: Library, model: ScriptedModel | ExtractiveModel | None = None) -> QuestionAnswerer:
    settings = AskSettings(6, 400, 400, 100, 0.0, refuse=True)
    retriever = PaperRetriever(HybridSearch(library, None), library)
    return QuestionAnswerer(retriever, EvidenceRanker(), model or ExtractiveModel(), settings, load_prompt)


async def asked(library: Library, question: str, model: ScriptedModel | None = None, **given: object) -> Answer:
    filters = Filters(**given)  # type: ignore[arg-type]  # each test names a filter of its own
    events = [event async for event in answerer(library, model).ask(question, filters)]
    assert isinstance(events[-1], Finished)
    return events[-1].answer


def source_ids(answer: Answer) -> list[str]:
    return [source.paper.paper_id for source in answer.sources]


async def test_the_questions_of_the_field_are_answered_from_the_papers_they_name(
    field_library: Library, shared: Path
) -> None:
    questions = (shared / "field" / "ask_by_id" / "questions.txt").read_text(encoding="utf-8").splitlines()
    for question in questions:
        answer = await asked(field_library, question)

        assert answer.refusal is None, question
        assert answer.question == question
        assert source_ids(answer)[0] == "2408.99005"
        assert set(source_ids(answer)) <= {"2408.99005", "2405.99003"}
        if question.startswith("How many"):
            assert "2200" in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many toy screenplays are in arXiv:2408.99005v2 [cs.CL] 14 Aug 2024?", "2200"),
        ("how many toy screenplays has [this one](https://www.alphaxiv.org/abs/2408.99005)?", "2200"),
        ("https://arxiv.org/pdf/2405.99003.pdf: in how many cases is it right?", "84 percent"),
        ("doi:10.48550/arXiv.2405.99003 - by how many points is it better?", "12 points"),
        ("How many toys do the strings of hep-th/9901001 hold?", "1,200"),
        ("What did 2405.99003 report?", "84 percent"),
        ("tldr of 2405.99003 please", "84 percent"),
        ("Please give me a short summary of hf.co/papers/hep-th/9901001", "strings"),
    ],
)
async def test_an_id_or_a_link_anywhere_in_a_question_names_its_source(
    library: Library, question: str, said: str
) -> None:
    answer = await asked(library, question)

    assert len(answer.sources) == 1
    assert answer.refusal is None
    assert said in answer.text


async def test_what_the_named_paper_does_not_say_is_refused_with_its_name(library: Library) -> None:
    answer = await asked(library, "How many GPUs were used in 2408.99005?")

    assert answer.refusal is not None
    assert source_ids(answer) == ["2408.99005"]
    assert "ToySum" in answer.text
    assert "2408" not in answer.text


async def test_the_model_is_given_names_and_no_digits_of_ids(library: Library) -> None:
    model = ScriptedModel(
        lambda _: "ToySum has 2200 screenplays [1]. The retrieval is right in 84 percent of all cases [2]."
    )
    answer = await asked(library, "Compare https://arxiv.org/abs/2408.99005 with 2405.99003", model)

    prompt = "\n".join(message.content for message in model.requests[0].messages)
    assert "Compare “ToySum” with “Toy Retrieval by Words”" in prompt
    assert "99005" not in prompt
    assert "99003" not in prompt
    assert [citation.number for sentence in answer.sentences for citation in sentence.citations] == [1, 2]
    assert all(sentence.verdict == "supported" for sentence in answer.sentences)


async def test_summarizing_uses_the_words_of_the_summary(library: Library) -> None:
    model = ScriptedModel(lambda _: "ToySum comprises 2200 toy screenplays.")
    answer = await asked(library, "Summarize 2408.99005 and 2405.99003", model)
    by_question = model.requests[0].messages
    [event async for event in answerer(library, model).summarize(library.get(source_ids(answer)))]

    assert by_question == model.requests[1].messages


async def test_a_local_model_is_told_what_is_asked_of_a_whole_paper(library: Library) -> None:
    model = ScriptedModel(lambda _: "ToySum comprises 2200 toy screenplays.", kind=ModelKind.LOCAL)
    await asked(library, "what is ToySum?", model)

    (system, user), overview = model.requests[0].messages, load_prompt("overview").render(sources="S", question="Q")
    assert system == overview[0]
    assert "what is ToySum?" in user.content
    assert library.get(["2408.99005"])[0].paper.abstract in user.content


@pytest.mark.parametrize("question", ["Summarize 2408.12345", "Compare 2408.12345 with 2408.99005", "2408.12345?"])
async def test_a_paper_that_is_not_here_is_named_and_no_other_answers(library: Library, question: str) -> None:
    with pytest.raises(NothingFound) as raised:
        await asked(library, question)

    assert raised.value.message == "2408.12345 is not in the library."
    assert "`assistant sync --arxiv 2408.12345`" in (raised.value.remedy or "")


async def test_several_papers_that_are_not_here_are_all_named(library: Library) -> None:
    with pytest.raises(NothingFound) as raised:
        await asked(library, "Compare 2408.12345 with 2408.12346")

    assert "2408.12345, 2408.12346 are not in the library" in raised.value.message
    assert "--arxiv 2408.12345 --arxiv 2408.12346" in (raised.value.remedy or "")


async def test_filters_that_leave_the_named_paper_out_are_told(library: Library) -> None:
    with pytest.raises(NothingFound, match="filters leave out 2408"):
        await asked(library, "Summarize 2408.99005", since=date(2025, 1, 1))


async def test_papers_like_a_named_one_are_searched(library: Library) -> None:
    answer = await asked(library, "Which papers are similar to 2408.99005?")

    assert answer.refusal is None
    assert source_ids(answer)[0] == "2408.99005"
    assert len(answer.sources) > 1


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How many toys are in 2408.99005?", "How many toys are in “ToySum”?"),
        ("How many toys does ToySum (2408.99005) have?", "How many toys does ToySum have?"),
        ("How many toys does ToySum have? https://arxiv.org/abs/2408.99005", "How many toys does ToySum have?"),
        ("How many toys has the dataset (2408.99005)?", "How many toys has the dataset (“ToySum”)?"),
        ("Compare 2408.99005 with 2312.00001", "Compare “ToySum” with 2312.00001"),
        ("What is an id such as 2607.00001?", "What is an id such as 2607.00001?"),
    ],
)
def test_names_stand_in_the_place_of_ids(question: str, named: str) -> None:
    assert with_names(question, [TOYS]) == named
