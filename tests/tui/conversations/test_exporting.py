"""Names of exports, and files that are never written over."""

from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.tui.exporting import proposed_name, write_new


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What is RAG?", "what-is-rag.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("漢字 [/x]", "漢字-x.md"),
        ("?!", "conversation.md"),
        ("", "conversation.md"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word-word.md"),
    ],
)
def test_a_name_is_made_of_the_words_of_a_title(title: str, name: str) -> None:
    assert proposed_name(title, ".md") == name


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    files = [write_new(tmp_path / "rag.md", "rag.md", text.encode()) for text in ("1", "2", "3")]

    assert [file.name for file in files] == ["rag.md", "rag-2.md", "rag-3.md"]
    assert [file.read_text() for file in files] == ["1", "2", "3"]


def test_a_folder_takes_the_proposed_name(tmp_path: Path) -> None:
    assert write_new(tmp_path, "rag.md", b"text") == tmp_path / "rag.md"


def test_the_home_folder_may_be_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert write_new(Path("~/rag.md"), "rag.md", b"text") == tmp_path / "rag.md"


@pytest.mark.parametrize("place", ["missing/rag.md", "file/rag.md", "x" * 300, "nul\0byte"])
def test_a_place_that_takes_no_file_is_a_usage_error(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match="cannot be written"):
        write_new(tmp_path / place, "rag.md", b"text")
