"""Ideas have grounds in papers, differ from each other, and the unlikely ones come first."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.values import CitationOrigin
from assistant.reports.ideas.selection import chosen_ideas, likeness
from assistant.reports.ideas.values import Candidate, Dropped
from assistant.retrieval.term_weights import content_words
from tests.support.paper_factory import sources

PRUNED = Candidate(
    "Pruned kitchen agents", "Prune attention heads of agents that are tested on kitchen robots [1][2].", 0.4
)
VOICES = Candidate("Voices", "Clone voices from three seconds of audio for kitchen robots [3].", 0.05)
AGAIN = Candidate("Cloned voices", "For kitchen robots clone voices from three seconds of audio.", 0.3)
ALIEN = Candidate("Volcanoes", "Forecast eruptions by seismic tremor beneath Icelandic glaciers.", 0.01)
MEMORY = Candidate("Memory", "It cuts memory by 88% on ImageNet when heads are pruned.", None)


class WordEmbedder:
    """Vectors of hashed words: texts of the same words are alike."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in content_words(text):
                row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % 256] = 1.0
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return rows


def test_unlikely_ideas_come_first_and_each_has_its_sentence() -> None:
    ideas, dropped = chosen_ideas([PRUNED, VOICES], sources(), None, 5)

    assert [idea.title for idea in ideas] == ["Voices", "Pruned kitchen agents"]
    assert dropped == Dropped()
    (ground,) = ideas[0].grounds[:1]
    assert ground.number == 3
    assert ground.origin is CitationOrigin.MODEL
    assert ground.evidence is not None
    assert ground.evidence.text == "BazSpeech clones voices from three seconds of audio."
    assert {citation.number for citation in ideas[1].grounds} == {1, 2}


def test_what_no_paper_speaks_of_is_dropped_and_counted() -> None:
    ideas, dropped = chosen_ideas([ALIEN, VOICES], sources(), None, 5)

    assert [idea.title for idea in ideas] == ["Voices"]
    assert dropped.ungrounded == 1
    assert dropped.reasons == ("1 without grounds in the papers",)


def test_of_two_that_say_the_same_the_unlikelier_stays() -> None:
    for embedder in (None, WordEmbedder()):
        ideas, dropped = chosen_ideas([AGAIN, PRUNED, VOICES], sources(), embedder, 5)

        assert [idea.title for idea in ideas] == ["Voices", "Pruned kitchen agents"]
        assert dropped.duplicates == 1


def test_likely_ones_come_in_only_where_unlikely_ones_do_not_suffice() -> None:
    few, dropped = chosen_ideas([PRUNED, VOICES, MEMORY], sources(), None, 2)
    enough, none = chosen_ideas([PRUNED, VOICES, MEMORY], sources(), None, 3)

    assert [idea.title for idea in few] == ["Voices", "Memory"]
    assert dropped.likelier == 1
    assert [idea.title for idea in enough] == ["Voices", "Memory", "Pruned kitchen agents"]
    assert none.likelier == 0


def test_an_idea_that_is_a_papers_own_is_called_close_to_it() -> None:
    own = Candidate("Cloning voices", "BazSpeech clones voices from three seconds of audio, listeners prefer it.", 0.1)
    (idea,), _ = chosen_ideas([own], sources(), WordEmbedder(), 5)

    assert idea.nearest is not None
    assert (idea.nearest.number, idea.nearest.close) == (3, True)


def test_figures_that_no_paper_has_are_doubted() -> None:
    (idea,), _ = chosen_ideas([MEMORY], sources(), None, 5)

    assert idea.doubts == ("the number 88% is in none of the papers",)


def test_markers_of_papers_without_grounds_and_false_names_are_taken_out() -> None:
    candidate = Candidate(
        "Voices [3]", "Clone voices from three seconds of audio [1][3][9], see https://evil.example. [2]", 0.1
    )
    (idea,), _ = chosen_ideas([candidate], sources(), None, 5)

    assert idea.title == "Voices"
    assert "[9]" not in idea.text
    assert "[1]" not in idea.text
    assert "evil" not in idea.text
    assert "[3]" in idea.text


def test_nothing_gives_nothing() -> None:
    assert chosen_ideas([], sources(), None, 5) == ((), Dropped())
    assert chosen_ideas([VOICES], (), None, 5) == ((), Dropped(ungrounded=1))
    assert likeness([], WordEmbedder()).mean_distance([]) == 0.0


def test_distance_is_the_mean_over_pairs() -> None:
    alike = likeness(["a cat sleeps", "a cat sleeps", "dogs bark"], WordEmbedder())

    assert alike.distinct([0, 1, 2]) == [0, 2]
    assert alike.mean_distance([0, 1]) < 0.01
    assert alike.mean_distance([0, 2]) > 0.5
