"""Which route a question takes: papers that were found, papers that it names, a comparison, a conversation."""

import pytest

from assistant.answering.answerability.question_features import Aims
from assistant.answering.answerability.refusal import AnswerabilityGate
from assistant.answering.prompts import load_prompt
from assistant.answering.question_routing import (
    ComparisonRoute,
    EvidenceRoute,
    FollowUpRoute,
    FollowUpSources,
    OverviewRoute,
    QuestionRouter,
)
from assistant.library.filters import Filters
from assistant.models.chat_model import ModelKind
from assistant.retrieval.paper_finder import PaperRetriever
from assistant.retrieval.query.parser import ParsedQuery
from assistant.retrieval.search import Hit
from tests.support.paper_factory import BAZ, paper, sources, three_papers

FOO, BAR, BAZ_HIT = (Hit(stored, score) for stored, score in zip(three_papers(), (1.0, 0.6, 0.1), strict=True))
NAMED_FOO, NAMED_BAR = Hit(FOO.paper, 1.0, named=True), Hit(BAR.paper, 1.0, named=True)


class RecordedSearch:
    """Finds the same papers for every query, and keeps the queries."""

    def __init__(self, *hits: Hit) -> None:
        self.queries: list[str] = []
        self._hits = list(hits)

    async def search_async(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        self.queries.append(query)
        return self._hits[:limit]


def router(
    *hits: Hit, search: RecordedSearch | None = None, kind: ModelKind = ModelKind.LOCAL, compares: bool = True
) -> QuestionRouter:
    retriever = PaperRetriever(search or RecordedSearch(*hits))
    return QuestionRouter(
        retriever, AnswerabilityGate(None, load_prompt), Aims(None), kind, papers=3, compares=compares
    )


def understood(question: str, *, language: str = "en", english: str = "", query: str | None = None) -> ParsedQuery:
    searched = question if query is None else query
    return ParsedQuery(question, searched, Filters(), language=language, english=english or question)


async def test_a_question_that_names_no_paper_is_answered_from_what_was_found() -> None:
    route = await router().route(understood("what saves memory?"), (FOO, BAR))

    assert isinstance(route, EvidenceRoute)
    assert route.retrieval.hits == (FOO, BAR)
    assert route.retrieval.names is None
    assert not route.retrieval.user_selected


async def test_papers_that_were_only_listed_are_not_doubted() -> None:
    route = await router().route(understood("the newest papers", query=""), (FOO, BAR))

    assert isinstance(route, EvidenceRoute)
    assert route.retrieval.user_selected


async def test_what_a_named_paper_is_needs_no_search_of_its_sentences() -> None:
    route = await router().route(understood("what is FooNet?"), (NAMED_FOO, BAR))

    assert isinstance(route, OverviewRoute)
    assert route.named_question.papers == (FOO.paper,)


async def test_a_detail_is_asked_of_the_named_paper_alone() -> None:
    route = await router().route(understood("how much memory does FooNet save on ImageNet?"), (NAMED_FOO, BAR))

    assert isinstance(route, EvidenceRoute)
    assert route.retrieval.names is not None
    assert [hit.paper for hit in route.retrieval.hits] == [FOO.paper]
    assert route.retrieval.user_selected


async def test_a_described_paper_is_the_best_hit_where_the_gate_is_sure() -> None:
    question = understood("what does the attention heads pruning paper do?")
    near = Hit(FOO.paper, 1.0, lexical=12.0, dense=0.9, coverage=1.0)
    far = Hit(FOO.paper, 0.1, lexical=0.1, dense=0.05)

    described, doubted = await router().route(question, (near, BAR)), await router().route(question, (far, BAR))

    assert isinstance(described, OverviewRoute)
    assert described.named_question.papers == (FOO.paper,)
    assert described.understood.question == "what does it do?"
    assert isinstance(doubted, EvidenceRoute)
    assert doubted.retrieval.names is None


async def test_ids_are_read_as_the_names_of_their_papers() -> None:
    route = await router().route(understood("what is 2601.00001?"), (NAMED_FOO,))

    assert isinstance(route, OverviewRoute)
    assert route.understood.question == "what is “FooNet”?"
    assert route.understood.english == "what is “FooNet”?"


async def test_papers_like_a_named_one_are_searched_by_its_title_beside_it() -> None:
    search = RecordedSearch(NAMED_FOO, BAR, BAZ_HIT)
    route = await router(search=search).route(understood("which other papers are like FooNet?"), (NAMED_FOO,))

    assert search.queries == ["which other papers are like FooNet? FooNet: Pruning Heads"]
    assert isinstance(route, EvidenceRoute)
    assert route.retrieval.hits == (NAMED_FOO, BAR, BAZ_HIT)


@pytest.mark.parametrize(("compares", "expected"), [(True, ComparisonRoute), (False, OverviewRoute)])
async def test_a_comparison_is_an_overview_where_nothing_compares(compares: bool, expected: type) -> None:
    route = await router(compares=compares).route(understood("FooNet vs BarBench"), (NAMED_FOO, NAMED_BAR))

    assert isinstance(route, expected)
    assert isinstance(route, ComparisonRoute | OverviewRoute)
    assert route.named_question.papers == (FOO.paper, BAR.paper)


async def test_namesakes_and_quotes_in_another_language_are_remarked() -> None:
    namesake = Hit(paper("2601.00009", "FooNet: Cloning Voices", BAZ), 1.0, named=True)
    question = understood("Was ist FooNet?", language="de", english="what is FooNet?")

    route = await router(kind=ModelKind.EXTRACTIVE).route(question, (NAMED_FOO, namesake))

    names, quotes = route.remarks
    assert "“FooNet: Cloning Voices” (2601.00009)" in names
    assert quotes.startswith("Hier schreibt kein Modell")
    assert (await router().route(question, (NAMED_FOO,))).remarks == ()


async def test_a_further_question_is_about_the_sources_that_are_meant() -> None:
    first, second, third = sources()
    context = FollowUpSources((), (first, second), (third,), (second, third))

    route = await router().route_follow_up(understood("how many tasks does it have?"), context, "fr")

    assert isinstance(route, FollowUpRoute)
    assert route.language == "fr"
    assert [hit.paper for hit in route.retrieval.hits] == [second.paper, third.paper]
    assert route.retrieval.names is not None


async def test_a_further_question_may_compare_the_sources() -> None:
    context = FollowUpSources((), sources()[:2], (), sources()[:2])

    route = await router().route_follow_up(understood("compare FooNet with BarBench"), context, "en")

    assert isinstance(route, ComparisonRoute)
    assert route.named_question.papers == (FOO.paper, BAR.paper)


@pytest.mark.parametrize(
    ("question", "hits", "about_named"),
    [
        ("what is FooNet?", (NAMED_FOO, BAR), True),
        ("which other papers are like FooNet?", (NAMED_FOO, BAR), False),
        ("what saves memory?", (FOO, BAR), False),
    ],
)
async def test_only_questions_about_their_named_papers_are_no_surveys(
    question: str, hits: tuple[Hit, ...], about_named: bool
) -> None:
    assert await router().is_about_named(understood(question), hits) is about_named
