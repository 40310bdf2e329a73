"""Hybrid search over a real library with real indexes."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.errors import LibraryMismatch
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.library.records import StoredPaper
from assistant.papers import FeedBatch, Paper
from assistant.retrieval.search import Hit, HybridSearch, with_number_forms
from tests.support.library_factory import MORNING, HashEmbedder, batch, paper, record

SUBJECTS = ("robot", "cat", "law", "paint")


class SubjectEmbedder:
    """Vectors that count the subjects of a text, under the name of its fingerprint."""

    def __init__(self, fingerprint: str = "subjects") -> None:
        self.fingerprint = fingerprint
        self.dimensions = len(SUBJECTS) + 1

    def understands(self, text: str) -> bool:
        return bool(text)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        synonyms = {"android": "robot", "kitten": "cat", "statute": "law", "canvas": "paint"}
        rows = []
        for text in texts:
            lowered = text.lower()
            for word, subject in synonyms.items():
                lowered = lowered.replace(word, subject)
            rows.append([lowered.count(subject) for subject in SUBJECTS] + [0.1])
        vectors = np.array(rows, dtype=np.float32).reshape(len(texts), self.dimensions)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


ROBOTS = paper("2501.00001", "GraspNet9: robots that learn to grasp", abstract="A policy for robots.")
CATS = paper("2501.00002", "How cats fall", abstract="A cat turns in the air; we filmed it.")
LAWS = paper("2501.00003", "Learning to read the law", abstract="Law texts are long. A model reads the law.")
PAINT = paper("2501.00004", "Learning to paint", abstract="The robot of our laboratory holds a brush.")
UNDATED = paper("2501.00005", "Mathematics of folding", abstract="Paper is folded flat.")


def corpus() -> FeedBatch:
    return batch(
        record(ROBOTS, date(2025, 1, 1), upvotes=5),
        record(CATS, date(2025, 1, 2), upvotes=50),
        record(LAWS, date(2025, 1, 3), upvotes=500),
        record(PAINT, date(2025, 1, 4)),
        record(UNDATED, None),
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("library"), embedder=SubjectEmbedder()) as opened:
        opened.ingest(corpus(), MORNING)
        opened.index_pending()
        yield opened


@pytest.fixture(scope="module")
def search(library: Library) -> HybridSearch:
    return HybridSearch(library, SubjectEmbedder())


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.paper.paper_id for hit in hits]


def found(search: HybridSearch, query: str, filters: Filters | None = None, limit: int = 10) -> list[str]:
    return ids(search.search(query, filters or Filters(), limit))


def test_papers_are_found_by_words_and_by_meaning(search: HybridSearch) -> None:
    assert found(search, "folded paper")[0] == UNDATED.paper_id
    assert found(search, "kittens")[0] == CATS.paper_id
    assert found(search, "a policy for androids")[0] == ROBOTS.paper_id


def test_hits_carry_the_scores_of_both_sides(search: HybridSearch) -> None:
    hits = search.search("how does a cat turn", Filters(), 10)
    assert ids(hits)[0] == CATS.paper_id
    assert hits[0].lexical is not None
    assert hits[0].dense == pytest.approx(1.0, abs=0.01)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert any(hit.lexical is None for hit in hits)


def test_without_an_embedder_words_alone_count(library: Library) -> None:
    lexical = HybridSearch(library, None)
    assert found(lexical, "kittens") == []
    hits = lexical.search("cats", Filters(), 3)
    assert ids(hits) == [CATS.paper_id]
    assert hits[0].dense is None
    assert found(HybridSearch(library, SubjectEmbedder(), dense_weight=0.0), "kittens") == []


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(since=date(2025, 1, 3)), {LAWS.paper_id, PAINT.paper_id}),
        (Filters(until=date(2025, 1, 1)), {ROBOTS.paper_id}),
        (Filters(min_upvotes=50), {CATS.paper_id, LAWS.paper_id}),
        (Filters(paper_ids=(PAINT.paper_id, "2501.99999")), {PAINT.paper_id}),
        (Filters(organizations=("Nobody",)), set()),
        (Filters(since=date(2030, 1, 1)), set()),
    ],
)
def test_filters_hold_for_both_sides_and_for_named_papers(
    search: HybridSearch, filters: Filters, left: set[str]
) -> None:
    for query in ("learning robots read law and paint cats", "2501.00001 and 2501.00002", "How cats fall"):
        assert set(found(search, query, filters)) <= left
    assert set(found(search, "learning robots read law and paint cats", filters)) == left


def test_papers_named_by_id_or_link_come_first_in_order(search: HybridSearch) -> None:
    query = "law: https://huggingface.co/papers/2501.00004 against arXiv:2501.00002v3"
    hits = search.search(query, Filters(), 10)
    assert ids(hits)[:3] == [PAINT.paper_id, CATS.paper_id, LAWS.paper_id]
    assert [hit.score for hit in hits[:2]] == [1.0, 1.0]


def test_an_id_alone_finds_its_paper_alone(search: HybridSearch) -> None:
    assert found(search, "https://arxiv.org/abs/2501.00002") == [CATS.paper_id]
    assert found(search, "2401.12345") == []


@pytest.mark.parametrize("query", ["how cats fall", "HOW CATS FALL!", "sum up 'how cats fall' for a robot of the law"])
def test_a_paper_named_by_its_title_comes_first(search: HybridSearch, query: str) -> None:
    hits = search.search(query, Filters(), 3)
    assert ids(hits)[0] == CATS.paper_id
    assert hits[0].score == 1.0


@pytest.mark.parametrize("query", ["law of GraspNet9", "is graspnet-9 better than the law and how cats paint?"])
def test_a_paper_named_by_its_coined_name_comes_first(search: HybridSearch, query: str) -> None:
    hits = search.search(query, Filters(), 5)
    assert ids(hits)[0] == ROBOTS.paper_id
    assert hits[0].score == 1.0


def test_a_name_that_no_paper_has_names_none(search: HybridSearch) -> None:
    assert all(hit.score < 1 for hit in search.search("what is GraspNet10's law for cats?", Filters(), 5))


def test_the_second_look_can_be_left_out(library: Library) -> None:
    plain = HybridSearch(library, SubjectEmbedder(), reranked=0)
    assert found(plain, "folded paper")[0] == UNDATED.paper_id


class LastFirst:
    """A reranker that prefers what comes last."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def relevance(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        self.read = list(texts)
        return [place / len(texts) for place in range(len(texts))]


def test_a_model_may_read_the_leading_papers_again(library: Library) -> None:
    reranker = LastFirst()
    reading = HybridSearch(library, SubjectEmbedder(), reranked=3, reranker=reranker)
    ranking = found(reading, "learning robots read law")
    assert len(reranker.read) == 3
    places = [
        next(p for p, i in enumerate(ranking) if library.get([i])[0].paper.text == text) for text in reranker.read
    ]
    assert places[2] < places[1]
    assert found(reading, "law of GraspNet9")[0] == ROBOTS.paper_id


class Illiterate(SubjectEmbedder):
    """An embedder that knows no word."""

    def understands(self, text: str) -> bool:
        return False


def test_what_the_embedder_does_not_know_is_searched_by_words_alone(library: Library) -> None:
    hits = HybridSearch(library, Illiterate()).search("cats fall", Filters(), 5)
    assert ids(hits) == [CATS.paper_id]
    assert hits[0].dense is None


def test_papers_with_the_rare_word_come_before_those_that_only_mean_it(tmp_path: Path) -> None:
    holding = [paper(f"2501.0000{n}", "On tools", abstract="Long texts. " * 40 + "Ostensible arms.") for n in range(4)]
    meaning = [paper(f"2501.001{n:02}", f"Robot {n}", abstract="robot " * (n + 1)) for n in range(40)]
    with Library.open(tmp_path, embedder=SubjectEmbedder()) as opened:
        opened.ingest(batch(*map(record, [*meaning, *holding])), MORNING)
        opened.index_pending()
        hybrid = HybridSearch(opened, SubjectEmbedder())
        for query in ("ostensible", "ostensible robots", "which robots are Ostensible?"):
            assert set(found(hybrid, query)[:4]) == {one.paper_id for one in holding}


@pytest.mark.parametrize("query", ["", "  ", "?!", "🤖", "\x1b"])
def test_a_query_without_letters_finds_nothing(search: HybridSearch, query: str) -> None:
    assert found(search, query) == []


def test_the_limit_holds_and_may_exceed_the_library(search: HybridSearch) -> None:
    assert len(found(search, "learning", limit=1)) == 1
    assert found(search, "2501.00001 2501.00002 2501.00003", limit=2) == [ROBOTS.paper_id, CATS.paper_id]
    assert len(found(search, "learning", limit=1000)) == 5
    assert found(search, "learning", limit=0) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(query=st.text(max_size=60))
def test_no_query_fails(search: HybridSearch, query: str) -> None:
    hits = search.search(query, Filters(), 3)
    assert len(hits) == len(set(ids(hits))) <= 3


def test_lone_surrogates_of_a_command_line_do_no_harm(search: HybridSearch) -> None:
    assert found(search, "how do cats \udcff fall")[0] == CATS.paper_id


def test_a_pasted_abstract_is_a_query(search: HybridSearch) -> None:
    assert found(search, (CATS.abstract + " ") * 2000)[0] == CATS.paper_id


async def test_searching_in_a_thread_gives_the_same(search: HybridSearch) -> None:
    assert await search.search_async("cats", Filters(), 3) == search.search("cats", Filters(), 3)


def test_the_index_may_be_ahead_of_the_truth(library: Library) -> None:
    ahead = paper("2501.00099", "Cats cats cats", abstract="cat")
    library.lexical_index().add([ahead])
    library.dense_index().add([ahead])
    try:
        assert found(HybridSearch(library, SubjectEmbedder()), "cats", limit=1) == [CATS.paper_id]
    finally:
        library.lexical_index().remove([ahead.paper_id])
        library.dense_index().remove([ahead.paper_id])


def test_papers_wait_for_their_vectors(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=None) as unembedded:
        unembedded.ingest(corpus(), MORNING)
        unembedded.index_pending()
    with Library.open(tmp_path, embedder=SubjectEmbedder()) as waiting:
        assert found(HybridSearch(waiting, SubjectEmbedder()), "cats fall") == [CATS.paper_id]


def test_another_embedder_is_refused(tmp_path: Path, library: Library) -> None:
    with Library.open(tmp_path, embedder=SubjectEmbedder()) as made:
        made.ingest(corpus(), MORNING)
        made.index_pending()
    other = HashEmbedder()
    with Library.open(tmp_path, embedder=other) as opened:
        hybrid = HybridSearch(opened, other)
        with pytest.raises(LibraryMismatch, match="subjects, now hash-1") as raised:
            hybrid.search("cats", Filters(), 3)
        assert "assistant library rebuild" in (raised.value.remedy or "")
        assert opened.rebuild().pending == 0
        assert found(hybrid, "cats")[0] == CATS.paper_id


def test_an_index_whose_words_an_older_program_split_is_made_again_when_it_is_read(tmp_path: Path) -> None:
    import tantivy

    with Library.open(tmp_path, embedder=SubjectEmbedder()) as made:
        made.ingest(corpus(), MORNING)
        made.index_pending()
        with made._database.transaction() as connection:
            connection.execute("DELETE FROM meta WHERE key = 'words'")
    shutil.rmtree(tmp_path / "tantivy")
    (tmp_path / "tantivy").mkdir()
    tantivy.Index(tantivy.SchemaBuilder().build(), str(tmp_path / "tantivy"))
    with Library.open(tmp_path, embedder=None) as older:
        lexical, _ = older.check().indexes
        assert len(lexical.missing) == 5
        assert found(HybridSearch(older, None), "cats") == [CATS.paper_id]
    with Library.open(tmp_path, embedder=SubjectEmbedder()) as again:
        assert again.check().clean
        assert [count.added for count in again.index_pending().counts] == [0, 0]


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=SubjectEmbedder()) as empty:
        assert found(HybridSearch(empty, SubjectEmbedder()), "cats") == []


def test_all_of_a_paper_comes_back(search: HybridSearch) -> None:
    (hit,) = search.search("2501.00003", Filters(), 1)
    assert isinstance(hit.paper.paper, Paper)
    assert hit.paper.upvotes == 500
    assert hit.paper.days == (date(2025, 1, 3),)
    assert (hit.lexical, hit.dense) == (None, None)


@pytest.mark.parametrize("query", ["who is 1.84x faster", "gains of 1.84 times", "a 1.84-fold gain", "1.84× faster"])
def test_a_number_finds_its_paper_however_it_is_written(tmp_path: Path, query: str) -> None:
    told = [
        paper("2501.00001", "One", abstract="It is 1.84× quicker."),
        paper("2501.00002", "Two", abstract="It is 1.84x."),
    ]
    others = [paper(f"2501.0001{n}", "Other", abstract=f"It is 2.{n} times and 3.{n}× quick.") for n in range(9)]
    with Library.open(tmp_path / "numbers", embedder=None) as library:
        library.ingest(batch(*map(record, [*others, *told])), MORNING)
        library.index_pending()
        hits = HybridSearch(library, None).search(query, Filters(), 2)

    assert {hit.paper.paper_id for hit in hits} == {"2501.00001", "2501.00002"}


def test_a_year_is_no_number_to_be_grouped() -> None:
    assert with_number_forms("1200 toys of 2024, 1,300 cats") == "1200 toys of 2024, 1,300 cats 1,200 1300"


def test_a_search_reads_each_paper_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    requested: list[str] = []
    get = library.get

    def counting(paper_ids: Sequence[str]) -> list[StoredPaper]:
        requested.extend(paper_ids)
        return get(paper_ids)

    monkeypatch.setattr(library, "get", counting)
    hits = HybridSearch(library, SubjectEmbedder()).search("GraspNet9 and how cats fall", Filters(), 5)
    assert [hit.paper.paper_id for hit in hits][:2] == [ROBOTS.paper_id, CATS.paper_id]
    assert len(requested) == len(set(requested))
