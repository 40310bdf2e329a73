"""`[retrieval] reader`: a model of the user's that orders papers again."""

from pathlib import Path

import pytest

from tests.cli.conftest import Assistant
from tests.support.pair_readers import write_reader


def test_papers_are_ordered_by_a_reader_of_the_configuration(filled: Assistant, tmp_path: Path) -> None:
    reader = write_reader(tmp_path / "shortest-first", {"[UNK]": (-0.05,)})
    chosen = ("--offline", "--set", f"retrieval.reader={reader}")

    read, plain = (filled(*given, "search", "agents", "--json").json["hits"] for given in (chosen, ["--offline"]))

    assert [hit["id"] for hit in read] != [hit["id"] for hit in plain]
    assert "shortest-first works" in filled(*chosen, "doctor").out


@pytest.mark.parametrize(
    ("reader", "code", "told"),
    [
        ("nothing", 2, "neither a reader asset nor a folder"),
        ("ms-marco-minilm-l-6-v2", 7, "assets pull"),
        ("{classifier}", 2, "does not give relevance"),
    ],
)
def test_a_reader_of_papers_that_cannot_be_used_is_told(
    filled: Assistant, tmp_path: Path, reader: str, code: int, told: str
) -> None:
    classifier = write_reader(tmp_path / "classifier", {"good": (1.0, 0.0)}, ("entailment", "neutral"))

    ran = filled("--offline", "--set", f"retrieval.reader={reader.format(classifier=classifier)}", "search", "agents")

    assert ran.code == code
    assert told in ran.err
