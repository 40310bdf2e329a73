"""What is packed for each route of a question: sentences, whole abstracts, what a conversation lacks; its quotes."""

from dataclasses import replace

import pytest

from assistant.answering.answerability.gates import Sufficiency
from assistant.answering.answerability.question_features import Aim
from assistant.answering.answerability.refusal import RetrievalResult
from assistant.answering.asked import AskedPart, NamedQuestion
from assistant.answering.generation_tasks import GenerationTasks
from assistant.answering.pipeline import AnswerPipeline, AskSettings
from assistant.answering.prompts import load_prompt
from assistant.answering.question_prompt import QuestionPrompts
from assistant.answering.question_routing import EvidenceRoute, FollowUpRoute, FollowUpSources, OverviewRoute
from assistant.answering.values import Gate
from assistant.library.filters import Filters
from assistant.models.chat_model import Message, ModelKind
from assistant.retrieval.query.parser import ParsedQuery
from assistant.retrieval.search import Hit
from assistant.retrieval.sentence_ranking import EvidenceRanker
from tests.support.fake_models import ScriptedModel
from tests.support.paper_factory import FOO, paper, sources, three_papers

PAPERS = three_papers()
HITS = tuple(Hit(stored, score) for stored, score in zip(PAPERS, (1.0, 0.6, 0.1), strict=True))
MEMORY = AskedPart("how much memory does it save", "how much memory does it save", Aim.DETAIL)
WHOLE = AskedPart("what is it", "what is it", Aim.WHOLE)


def tasks(kind: ModelKind = ModelKind.LOCAL) -> GenerationTasks:
    model = ScriptedModel(lambda _: "", kind=kind, context_tokens=4096)
    pipeline = AnswerPipeline(model, AskSettings(6, 800, 400, 100, 0.0), load_prompt)
    return GenerationTasks(pipeline, EvidenceRanker(), QuestionPrompts(kind, load_prompt))


def understood(question: str, language: str = "en") -> ParsedQuery:
    return ParsedQuery(question, question, Filters(), language=language, english=question)


def evidence_route(question: str = "how much memory does FooNet save?") -> EvidenceRoute:
    return EvidenceRoute(understood(question), RetrievalResult(question, HITS), ("A remark.",))


def follow_up_route(*, joins: bool = False) -> FollowUpRoute:
    first, *others = (replace(source, given=source.given[:1]) for source in sources())
    context = FollowUpSources((Message("user", "Before."),), (first,), others[:1] if joins else (), (first,))
    names = NamedQuestion((first.paper,), (MEMORY,))
    retrieval = RetrievalResult("memory", HITS[:1], user_selected=True, names=names)
    return FollowUpRoute(understood("how much memory does it save?"), context, retrieval, "fr", ("A remark.",))


@pytest.mark.parametrize(("kind", "tokens"), [(ModelKind.LOCAL, 400), (ModelKind.HOSTED, 800)])
async def test_evidence_has_the_tokens_that_suit_the_model(kind: ModelKind, tokens: int) -> None:
    task = await tasks(kind).for_route(evidence_route())

    assert task.budget == tokens
    assert task.remarks == ("A remark.",)
    assert task.retrieval is not None


async def test_a_local_model_gets_sentences_and_a_hosted_one_whole_abstracts() -> None:
    local, _ = (await tasks().for_route(evidence_route())).pack(70)
    hosted, _ = (await tasks(ModelKind.HOSTED).for_route(evidence_route())).pack(70)

    assert [len(source.given) for source in local.sources] != [3, 3, 3]
    assert len(local.sources) == 3
    assert [len(source.given) for source in hosted.sources] == [3, 3][: len(hosted.sources)]
    assert hosted.left_out


async def test_the_passage_that_answers_is_quoted() -> None:
    evidence, _ = (await tasks().for_route(evidence_route())).pack(400)

    assert "It cuts memory by 37% on ImageNet." in evidence.quotes[0].text
    assert evidence.quotes[0].number == 1


async def test_a_list_of_papers_is_quoted_by_what_summarizes_each() -> None:
    listed = EvidenceRoute(understood("the newest papers"), RetrievalResult("", HITS, user_selected=True))

    evidence, _ = (await tasks().for_route(listed)).pack(400)

    assert {quote.number for quote in evidence.quotes} == {1, 2, 3}


async def test_what_the_gate_misses_is_not_quoted_for() -> None:
    stored = paper(abstract="Pruning needs 3 GB of memory. Forty annotators labelled the images of kitchens.")
    labels = AskedPart("who labelled the images", "who labelled the images", Aim.DETAIL)
    names = NamedQuestion((stored,), (MEMORY, labels))
    partly = Sufficiency(sufficient=True, probability=0.9, gate=Gate.EVIDENCE, missing=(labels.text,))
    retrieval = RetrievalResult("", (Hit(stored, 1.0),), user_selected=True, names=names)
    route = EvidenceRoute(understood("how much memory, and who labelled the images?"), retrieval)
    gated = replace(route, retrieval=replace(retrieval, sufficiency=partly))

    answering_all, _ = (await tasks().for_route(route)).pack(400)
    answering_one, _ = (await tasks().for_route(gated)).pack(400)

    assert [quote.text for quote in answering_one.quotes] == ["Pruning needs 3 GB of memory."]
    assert "Forty annotators" in " ".join(quote.text for quote in answering_all.quotes)


@pytest.mark.parametrize(
    ("kind", "comparing", "prompt"),
    [
        (ModelKind.LOCAL, False, "summarize"),
        (ModelKind.LOCAL, True, "ask"),
        (ModelKind.HOSTED, False, "ask_hosted"),
    ],
)
async def test_a_local_model_summarizes_several_papers(kind: ModelKind, comparing: bool, prompt: str) -> None:
    route = OverviewRoute(understood("what are they?"), NamedQuestion(tuple(PAPERS), (WHOLE,), comparing), ("Alike.",))

    task = await tasks(kind).for_route(route)
    evidence, (system, *_) = task.pack(1000)

    assert [source.paper for source in evidence.sources] == PAPERS
    assert system.content == load_prompt(prompt).render(sources="", question="")[0].content
    assert task.remarks == ("Alike.",)
    assert task.retrieval is None


async def test_an_overview_in_another_language_asks_for_it() -> None:
    route = OverviewRoute(understood("Was ist das?", "de"), NamedQuestion(tuple(PAPERS), (WHOLE,)))

    task = await tasks().for_route(route)
    _, messages = task.pack(1000)

    assert task.language == "de"
    assert messages[-1].content.endswith("Question: Was ist das?\nAnswer in German.")


async def test_a_further_question_gets_what_the_conversation_lacks_behind_it() -> None:
    task = await tasks().for_route(follow_up_route())
    evidence, messages = task.pack(400)

    assert task.budget == 40
    assert (task.language, task.remarks) == ("fr", ("A remark.",))
    assert messages[0] == Message("user", "Before.")
    assert "It cuts memory by 37% on ImageNet." in messages[-1].content
    assert "FooNet prunes attention heads during training." not in messages[-1].content
    assert messages[-1].content.endswith("how much memory does it save?\nAnswer in French.")
    assert " ".join(sentence.text for sentence in evidence.sources[0].given) == FOO


async def test_sources_that_join_get_more_room() -> None:
    task = await tasks().for_route(follow_up_route(joins=True))
    evidence, messages = task.pack(400)

    assert task.budget == 200
    assert [source.number for source in evidence.sources] == [1, 2]
    assert "[2] BarBench: Agents in Kitchens" in messages[-1].content


def test_summaries_and_comparisons_are_given_papers_whole_and_lengthen_with_them() -> None:
    summary = tasks().summary(PAPERS * 2)
    comparison = tasks(ModelKind.HOSTED).comparison("how do they differ?", PAPERS)

    assert (summary.outputs, comparison.outputs) == (2, 1)
    assert summary.budget == comparison.budget == 4096
    assert summary.question.startswith("FooNet: Pruning Heads; BarBench")
    assert comparison.pack(1000)[1][-1].content.endswith("Question: how do they differ?\nKind: comparison")
