"""Gathering: further queries come from the papers found, and it stops when nothing better comes."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.survey.gathering import Pool, gather, salient_terms, spelled_out, subject_of
from assistant.library.filters import Filters
from assistant.retrieval.search import Hit
from tests.support.small_corpus import ASIDE, TOUCH, WordSearch, hits_of, library_paper


async def test_queries_are_the_question_and_then_its_subject_with_terms_of_the_best_papers() -> None:
    search = WordSearch([*TOUCH, *ASIDE])

    gathered = await gather(search, "tactile sensing for robots: what helps?", Filters(), limit=4)

    assert gathered.queries == tuple(search.queries)
    assert gathered.queries[0] == "tactile sensing for robots: what helps?"
    assert "tactile sensing for robots pretraining" in [query.casefold() for query in gathered.queries[1:]]
    assert {hit.paper.paper_id for hit in gathered.hits} == {paper.paper_id for paper in TOUCH}
    assert [hit.score for hit in gathered.hits] == sorted((hit.score for hit in gathered.hits), reverse=True)


async def test_it_stops_when_a_round_brings_nothing_into_the_top() -> None:
    gathered = await gather(WordSearch(TOUCH), "tactile sensing for robots", Filters(), limit=20, rounds=9)

    assert gathered.rounds == 2


async def test_one_round_asks_no_further_queries() -> None:
    search = WordSearch([*TOUCH, *ASIDE])

    gathered = await gather(search, "tactile sensing", Filters(), rounds=1)

    assert (gathered.rounds, search.queries) == (1, ["tactile sensing"])


async def test_nothing_found_is_no_paper_and_one_round() -> None:
    gathered = await gather(WordSearch([]), "tactile sensing", Filters())

    assert (gathered.hits, gathered.rounds, gathered.queries) == ((), 1, ("tactile sensing",))


async def test_what_the_question_itself_found_is_kept_with_its_scores() -> None:
    gathered = await gather(WordSearch(TOUCH), "tactile pretraining", Filters())

    assert gathered.question_hits[0].score == 1.0


def test_acronyms_are_spelled_out_as_the_papers_introduce_them() -> None:
    texts = ["We use reinforcement learning (RL).", "Large language models (LLMs) and RL.", "Nothing (XYZ) here."]

    assert spelled_out("RL for LLMs and XYZ", texts) == "reinforcement learning for large language models and XYZ"
    assert spelled_out("rl for llms", texts) == "rl for llms"


@given(st.text(max_size=60), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_can_be_spelled_out(question: str, texts: list[str]) -> None:
    assert isinstance(spelled_out(question, [*texts, f"({question})"]), str)


def test_the_subject_is_the_first_clause_with_words_enough() -> None:
    assert subject_of("RL for diffusion models: how do people do it?") == "RL for diffusion models"
    assert subject_of("well, tactile robot skins?") == "tactile robot skins"
    assert subject_of("why?") == "why?"


def test_salient_terms_are_shared_by_the_best_and_rare_in_the_rest() -> None:
    assert salient_terms([*TOUCH, *ASIDE], 4, 1) == ["tactile"]


def test_a_paper_near_the_centre_outranks_one_that_shares_a_word_alone() -> None:
    pool = Pool()
    alike, apart = TOUCH[3], library_paper(50, "Paint", "Tactile walls of paint dry slowly.")
    pool.add([*hits_of(TOUCH[:3]), Hit(apart, 0.5), Hit(alike, 0.5)], further=False)

    ranked = [hit.paper for hit in pool.ranked()]

    assert ranked.index(alike) < ranked.index(apart)
    assert not Pool().ranked()
