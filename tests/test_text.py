import pytest

from assistant.text import nearest, nearest_names

COMMANDS = ("today", "trends", "Summarize")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("tody", "today"),
        ("TODAY", "today"),
        ("trend", "trends"),
        ("summarise", "Summarize"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_found_whatever_the_case(name: str, meant: str | None) -> None:
    assert nearest(name, COMMANDS) == meant


def test_a_cutoff_says_how_like_it_must_be() -> None:
    assert nearest("todo", COMMANDS, 0.5) == "today"
    assert nearest("todo", COMMANDS, 0.9) is None
    assert nearest("today", ()) is None


def test_several_near_names_come_most_like_first_in_their_own_spelling() -> None:
    assert nearest_names("SUMMARIZED", ("summary", "Summarize", "today"), 3) == ("Summarize", "summary")
    assert nearest_names("summarized", ("summary", "Summarize"), 1) == ("Summarize",)
    assert nearest_names("xyzzy", COMMANDS, 3) == ()
