"""The lexical index, as Tantivy keeps it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import LibraryError, LibraryLocked
from assistant.library.index.tantivy_index import LexicalIndex, stop_words, words
from assistant.papers import Paper
from tests.support.library_factory import paper

ROOT = Path(__file__).parents[2]
ROBOTS = paper("2501.00001", "Robots that learn", abstract="A policy grasps objects. It was trained on videos.")
VIDEOS = paper("2501.00002", "Generating long videos", abstract="Diffusion denoises frames; robots are not meant.")
LAWS = paper("2501.00003", "Scaling laws", abstract="Loss falls with compute: model size and data, by power laws.")
PAPERS = (ROBOTS, VIDEOS, LAWS)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LexicalIndex]:
    opened = LexicalIndex(tmp_path)
    opened.add(PAPERS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared_index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    opened = LexicalIndex(tmp_path_factory.mktemp("lexical"))
    opened.add(PAPERS)
    return opened


def found(index: LexicalIndex, query: str, limit: int = 10, allowed: frozenset[str] | None = None) -> list[str]:
    return list(index.search(query, limit, allowed))


def test_words_are_split_lowered_and_stemmed() -> None:
    assert words("Training GPT-4's learners, on CIFAR!") == ["train", "gpt", "4", "s", "learner", "on", "cifar"]
    assert set(words("The which does")) <= stop_words()
    assert not set(words("model training")) & stop_words()


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("LLMs", "LLM"),
        ("MLLMs", "mllm"),
        ("VLAs", "VLA"),
        ("GPUs", "gpu"),
        ("LoRAs", "lora"),
        ("KANs", "KAN"),
        ("LMs", "lm"),
        ("H100s", "H100"),
        ("DiTs", "DiT"),
        ("llms", "LLM"),
        ("gpus", "GPU"),
        ("cnns", "CNNs"),
    ],
)
def test_plurals_of_acronyms_are_singular(plural: str, singular: str) -> None:
    assert words(plural) == words(singular)
    assert words(f"small {plural}, ({plural})") == ["small", *words(singular), *words(singular)]


@pytest.mark.parametrize("word", ["TTS", "gps", "corpus", "status", "bias", "2020s", "class"])
def test_what_only_ends_like_a_plural_stays(word: str) -> None:
    assert words(word) == [word.lower()]


def test_a_plural_finds_the_singular_and_the_other_way(tmp_path: Path) -> None:
    texts = ["LLMs plan", "An LLM plans", "LMs count", "An LM counts", *["Another LM"] * 20, "speech by TTS"]
    index = LexicalIndex(tmp_path)
    index.add([paper(f"2501.{number:05}", text) for number, text in enumerate(texts)])
    for query in ("LLM", "LLMs", "llms", "llm"):
        assert set(found(index, query)) == {"2501.00000", "2501.00001"}
    assert len(found(index, "lms", limit=30)) == len(found(index, "LM", limit=30)) == 22
    assert len(found(index, "tts")) == 1


def test_papers_with_the_word_as_it_is_typed_are_covered_most(tmp_path: Path) -> None:
    texts = {
        "1": "Operands of a sum",
        "2": "The operand is large",
        "3": "Multi-operands-like things",
        "4": "Quantized VQ-VAE",
        "5": "A VAE is trained, VQ is not",
        "6": "prima.cpp at home, in 3D, by GPT-4o",
        "7": "The prima donna",
    }
    index = LexicalIndex(tmp_path)
    index.add([paper(paper_id, text) for paper_id, text in texts.items()])

    def covered(query: str) -> dict[str, float]:
        return {paper_id: round(share, 2) for paper_id, share in index.coverage(query, 10).shares.items()}

    assert covered("OPERANDS") == {"1": 1.0, "3": 1.0, "2": 0.7}
    assert covered("vq-vae") == {"4": 1.0, "5": 0.7}
    assert covered("Prima.cpp") == {"6": 1.0, "7": 0.35}
    assert covered("3d") == covered("gpt-4o") == {"6": 1.0}
    assert covered("what is a VQ-VAE?") == covered("VQ-VAE")
    assert list(covered("large operands")) == ["2", "1", "3"]
    assert index.coverage("operand", 10, frozenset({"1"})).shares == {"1": pytest.approx(0.7)}


@pytest.mark.parametrize("query", ["", "of the", "zebra", "?!", "word " * 3 + " ".join(map(str, range(40))), "\udcff"])
def test_what_says_nothing_is_covered_by_nothing(index: LexicalIndex, query: str) -> None:
    assert index.coverage(query, 10).shares == {}


def test_an_unknown_word_is_missing_from_every_paper(index: LexicalIndex) -> None:
    assert index.coverage("robots", 10).shares[ROBOTS.paper_id] == pytest.approx(1.0)
    assert index.coverage("zebra robots", 10).shares[ROBOTS.paper_id] < 0.5


def test_papers_are_found_by_the_stems_of_their_words(index: LexicalIndex) -> None:
    assert found(index, "grasping an object") == [ROBOTS.paper_id]
    assert found(index, "ROBOT") == [ROBOTS.paper_id, VIDEOS.paper_id]
    assert found(index, "mathematics") == []


def test_the_title_counts_more_than_the_abstract(index: LexicalIndex) -> None:
    assert found(index, "videos")[0] == VIDEOS.paper_id
    assert found(index, "robots")[0] == ROBOTS.paper_id


def test_scores_fall(index: LexicalIndex) -> None:
    scores = list(index.search("robots trained on long videos", 10).values())
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_words_that_stand_together_in_query_and_paper_count_extra(tmp_path: Path) -> None:
    apart = paper("1", "A study", abstract="Memory is scarce, so we look at all the things that an agent needs.")
    together = paper("2", "A study", abstract="Agent memory is what we look at, and all the things that are scarce.")
    for folder, boost, expected in (("pairs", 0.2, "2"), ("words", 0.0, None)):
        index = LexicalIndex(tmp_path / folder, pair_boost=boost)
        index.add([apart, together])
        scores = index.search("agent memory", 2)
        if expected:
            assert next(iter(scores)) == expected
        else:
            assert scores["1"] == pytest.approx(scores["2"], rel=0.1)


def test_stop_words_count_only_where_there_is_nothing_else(index: LexicalIndex) -> None:
    assert found(index, "what is it that was") == [ROBOTS.paper_id, *found(index, "what is it that was")[1:]]
    assert found(index, "what is a policy") == [ROBOTS.paper_id]


@pytest.mark.parametrize(
    "query",
    [
        '"unclosed',
        "title:x AND (",
        "[a TO b]",
        "robots^99~ -policy",
        "robots \udcff",
        "a\x00b robots",
        "\\",
        "*",
        "robots " * 9000,
    ],
)
def test_any_character_may_stand_in_a_query(index: LexicalIndex, query: str) -> None:
    assert (ROBOTS.paper_id in found(index, query)) == ("robots" in query)


@pytest.mark.parametrize("query", ["", "   ", "?!", "\u200b", "🤖"])
def test_a_query_without_words_finds_nothing(index: LexicalIndex, query: str) -> None:
    assert found(index, query) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(query=st.text(max_size=80), allowed=st.none() | st.frozensets(st.sampled_from([p.paper_id for p in PAPERS])))
def test_no_query_fails_and_filters_hold(
    shared_index: LexicalIndex, query: str, allowed: frozenset[str] | None
) -> None:
    ids = found(shared_index, query, allowed=allowed)
    assert len(ids) == len(set(ids))
    if allowed is not None:
        assert ids == [paper_id for paper_id in found(shared_index, query) if paper_id in allowed]


def test_filters_keep_the_order_and_the_scores(index: LexicalIndex) -> None:
    free = index.search("robots and videos", 10)
    held = index.search("robots and videos", 10, frozenset({VIDEOS.paper_id, "unknown"}))
    assert held == {VIDEOS.paper_id: pytest.approx(free[VIDEOS.paper_id])}
    assert index.search("robots", 10, frozenset()) == {}


def test_the_limit_holds(index: LexicalIndex) -> None:
    assert len(found(index, "robots", limit=1)) == 1
    assert found(index, "robots", limit=0) == []


def test_a_new_text_replaces_the_old_one(index: LexicalIndex) -> None:
    newer = paper(ROBOTS.paper_id, "Birds", abstract="They fly.")
    index.add([newer])
    assert found(index, "birds") == [ROBOTS.paper_id]
    assert found(index, "grasp") == []
    assert index.contents() == {one.paper_id: one.content_hash for one in (newer, VIDEOS, LAWS)}


def test_papers_are_taken_out_and_unknown_ones_passed_over(index: LexicalIndex) -> None:
    index.remove([ROBOTS.paper_id, "unknown"])
    index.remove([])
    assert found(index, "robots") == [VIDEOS.paper_id]
    assert index.contents().keys() == {VIDEOS.paper_id, LAWS.paper_id}


def test_what_was_added_is_there_for_the_next_process(index: LexicalIndex, tmp_path: Path) -> None:
    index.close()
    again = LexicalIndex(tmp_path)
    assert again.contents().keys() == {one.paper_id for one in PAPERS}
    assert found(again, "scaling") == [LAWS.paper_id]


def test_a_reader_sees_what_another_object_wrote(index: LexicalIndex, tmp_path: Path) -> None:
    assert found(index, "birds") == []
    LexicalIndex(tmp_path).add([paper("2501.00009", "Birds")])
    assert found(index, "birds") == ["2501.00009"]


def test_an_empty_index_is_empty(tmp_path: Path) -> None:
    empty = LexicalIndex(tmp_path)
    assert empty.contents() == {}
    assert found(empty, "robots") == []


def test_clearing_takes_everything_out(index: LexicalIndex) -> None:
    index.clear()
    assert index.contents() == {}
    index.add([LAWS])
    assert found(index, "laws") == [LAWS.paper_id]


@pytest.mark.parametrize("pattern", ["meta.json", "*.term", "*.store"])
def test_damage_is_reported_with_its_remedy_and_clearing_mends_it(tmp_path: Path, pattern: str) -> None:
    LexicalIndex(tmp_path).add(PAPERS)
    for file in (tmp_path / "tantivy").glob(pattern):
        file.write_bytes(b"{}")
    torn = LexicalIndex(tmp_path)
    with pytest.raises(LibraryError, match="lexical index") as raised:
        torn.search("robots", 3)
    assert raised.value.remedy == "run `assistant library rebuild`"
    torn.clear()
    torn.add(PAPERS)
    assert found(torn, "laws") == [LAWS.paper_id]


def test_an_index_of_another_form_is_reported(tmp_path: Path) -> None:
    import tantivy

    (tmp_path / "tantivy").mkdir()
    tantivy.Index(tantivy.SchemaBuilder().build(), str(tmp_path / "tantivy"))
    with pytest.raises(LibraryError, match="cannot be used"):
        LexicalIndex(tmp_path).contents()


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "tantivy").write_text("a file in the way")
    with pytest.raises(LibraryError, match="cannot be used"):
        LexicalIndex(tmp_path).add(PAPERS)


def test_a_second_writer_is_told(index: LexicalIndex, tmp_path: Path) -> None:
    with index._writing(), pytest.raises(LibraryLocked, match="another process"):
        LexicalIndex(tmp_path).add([LAWS])
    LexicalIndex(tmp_path).add([LAWS])


WRITING = """
import sys, time
from pathlib import Path
from assistant.library.index.tantivy_index import LexicalIndex
from tests.support.library_factory import paper
index = LexicalIndex(Path(sys.argv[1]))
def papers():
    for number in range(10**6):
        yield paper(f"9999.{number:06}", "Unfinished", abstract="word " * 50)
        if number == 500:
            print("writing", flush=True)
            time.sleep(60)
index.add(papers())
"""


def test_a_writer_that_is_killed_leaves_the_last_commit_and_no_lock(tmp_path: Path) -> None:
    LexicalIndex(tmp_path).add(PAPERS)
    with subprocess.Popen([sys.executable, "-c", WRITING, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(LibraryLocked):
            LexicalIndex(tmp_path).add([LAWS])
        os.kill(process.pid, signal.SIGKILL)
    index = LexicalIndex(tmp_path)
    assert index.contents().keys() == {one.paper_id for one in PAPERS}
    index.add([paper("2501.00009", "Birds")])
    assert found(index, "birds") == ["2501.00009"]


def test_a_failure_while_adding_keeps_what_was_there(index: LexicalIndex) -> None:
    def failing() -> Iterator[Paper]:
        yield paper("2501.00009", "Birds")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        index.add(failing())  # type: ignore[arg-type]  # a sequence that breaks off
    assert found(index, "birds") == []
    index.add([paper("2501.00009", "Birds")])
    assert found(index, "birds") == ["2501.00009"]


def test_every_commit_of_another_writer_is_seen(index: LexicalIndex, tmp_path: Path) -> None:
    other = LexicalIndex(tmp_path)
    for number in range(5):
        added = paper(f"2502.0000{number}", f"Zebra number {number}", abstract="It has stripes.")
        other.add([added])
        assert len(found(index, "zebra")) == number + 1
        assert index.document_frequencies("zebra") == ({"zebra": number + 1}, len(PAPERS) + number + 1)
    other.remove(["2502.00000"])
    assert "2502.00000" not in found(index, "zebra")
    other.close()
