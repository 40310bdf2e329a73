"""Profiles: read strictly, each mistake named with its place."""

from pathlib import Path

import pytest

from assistant.config import example_text, load_config
from assistant.config.profiles import Profile, profile_named
from assistant.errors import ConfigError, UsageError


def profiles_of(tmp_path: Path, text: str) -> dict[str, Profile]:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    return dict(load_config(file, {}).config.profiles)


def test_a_profile_is_read_with_its_papers_as_ids(tmp_path: Path) -> None:
    text = """
    [profiles.robotics]
    words = ["robot  manipulation", "robot manipulation"]
    papers = ["https://huggingface.co/papers/2608.19880", "arXiv:2608.19880v2"]
    starred = true
    interest = 2
    [profiles."日本-1"]
    """
    read = profiles_of(tmp_path, text)

    assert read["robotics"] == Profile(
        name="robotics", words=("robot manipulation",), papers=("2608.19880",), starred=True, interest=2.0
    )
    assert read["日本-1"] == Profile(name="日本-1")


def test_without_profiles_there_are_none_and_the_digest_has_none(tmp_path: Path) -> None:
    assert profiles_of(tmp_path, "") == {}
    digest = load_config(None, {}).config.digest
    assert (digest.profile, digest.new, digest.catch_up_days, digest.max_cost_dollars) == ("", False, 14, 1.0)


def test_the_example_profile_can_be_used_as_it_stands(tmp_path: Path) -> None:
    example = example_text()
    lines = example[example.index("# [profiles.robotics]") :].splitlines()
    (profile,) = profiles_of(tmp_path, "\n".join(line.removeprefix("# ") for line in lines)).values()

    assert profile.words == ("robot manipulation", "vision-language-action")
    assert profile.chooses


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("profiles = 3\n", "profiles in", "[profiles.robotics]"),
        ("[profiles]\nrobotics = 3\n", "profiles.robotics in", "[profiles.robotics]"),
        ('[profiles."a/b"]\n', "profiles.a/b in", "letters, digits"),
        ('[profiles.""]\n', "is no name for a profile", "letters, digits"),
        ("[profiles.x]\nword = ['a']\n", "Unknown key profiles.x.word in", "Did you mean words?"),
        ("[profiles.x]\nqqqq = ['a']\n", "Unknown key profiles.x.qqqq in", "A profile may have: words, papers"),
        ("[profiles.x]\nname = 'y'\n", "Unknown key profiles.x.name in", ""),
        ("[profiles.x]\nwords = 'robots'\n", "profiles.x.words in", "Words and phrases"),
        ("[profiles.x]\nwords = ['a', 3]\n", "3 is none", "Words and phrases"),
        ("[profiles.x]\nauthors = [' ']\n", "profiles.x.authors in", "Authors"),
        ("[profiles.x]\npapers = ['the best one']\n", "'the best one', which is no paper id", "arXiv ids"),
        ("[profiles.x]\nstarred = 1\n", "must be true or false, not 1", "starred papers"),
        ("[profiles.x]\ntop = -1\n", "must be a whole number, at least 0, not -1", ""),
        ("[profiles.x]\ntrending = 2.5\n", "must be a whole number, at least 0, not 2.5", ""),
        ("[profiles.x]\ntop = true\n", "must be a whole number", ""),
        ("[profiles.x]\ninterest = -0.5\n", "must be a number, at least 0, not -0.5", "Weight"),
        ("[profiles.x]\nnewness = nan\n", "must be a number, at least 0", ""),
        ("[profiles.x]\nupvotes = inf\n", "must be a number, at least 0", ""),
        ("[profiles.x]\nupvotes = 'many'\n", "must be a number, at least 0, not 'many'", ""),
    ],
)
def test_a_wrong_profile_is_an_error_with_its_place(tmp_path: Path, text: str, message: str, remedy: str) -> None:
    with pytest.raises(ConfigError) as raised:
        profiles_of(tmp_path, text)

    assert message in raised.value.message
    assert str(tmp_path) in raised.value.message
    assert remedy in (raised.value.remedy or "")


def test_a_profile_that_is_not_there_names_the_nearest_one() -> None:
    known = {"robotics": Profile(name="robotics"), "speech": Profile(name="speech")}

    assert profile_named(known, "speech").name == "speech"
    for name, remedy in (("robotisc", "Did you mean robotics?"), ("zzz", "The configuration has: robotics, speech.")):
        with pytest.raises(UsageError) as raised:
            profile_named(known, name)
        assert raised.value.remedy == remedy
    with pytest.raises(UsageError, match="the configuration has none"):
        profile_named({}, "speech")


def test_a_profile_of_excludes_alone_chooses_nothing() -> None:
    assert not Profile(name="x", exclude=("driving",), top=3, trending=2).chooses
    assert Profile(name="x", starred=True).chooses
