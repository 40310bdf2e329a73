import pytest

from assistant.text import nearest

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
