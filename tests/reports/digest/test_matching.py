"""What a paper has of a profile: whole words in any form, organizations, people under any spelling."""

from dataclasses import replace

import pytest

from assistant.papers import Author, Paper
from assistant.reports.digest.profile_matching import (
    author_matches,
    is_excluded,
    organization_matches,
    same_person,
    word_matches,
)
from tests.support.paper_factory import paper

PAPER = replace(
    paper(title="Robot Manipulation with LLMs in C++", abstract="We let it grasp 3D objects. Storage is cheap.").paper,
    keywords=("vision-language-action", "retrieval augmented generation (RAG)"),
    organization="NVIDIA Research",
    authors=(Author("Jean-Pierre Serre"), Author("Łukasz Müller"), Author("Laurens van der Maaten")),
)


def reasons(*phrases: str, of: Paper = PAPER) -> list[str]:
    return [match.reason for match in word_matches(of, phrases)]


@pytest.mark.parametrize(
    ("phrase", "place"),
    [
        ("robot manipulation", "title"),
        ("robots manipulation", "title"),
        ("LLM", "title"),
        ("C++", "title"),
        ("vision language action", "keywords"),
        ("rag", "keywords"),
        ("grasping", "abstract"),
        ("3D object", "abstract"),
    ],
)
def test_a_phrase_is_found_where_it_says_most(phrase: str, place: str) -> None:
    assert reasons(phrase) == [f"{phrase} in the {place}"]


@pytest.mark.parametrize("phrase", ["manipulation robot", "rage", "robo", "C", "IT", "C#", "X", "++ in", "🤖"])
def test_what_is_no_whole_phrase_is_not_found(phrase: str) -> None:
    assert reasons(phrase) == []


def test_letters_as_they_are_tell_a_name_from_a_small_word() -> None:
    assert reasons("IT", of=replace(PAPER, title="Agents for IT Support")) == ["IT in the title"]
    assert reasons("US", of=replace(PAPER, title="It Is Up to Us")) == []


def test_scripts_without_spaces_are_searched_as_they_stand() -> None:
    chinese = replace(PAPER, title="面向机器人操作的视觉语言模型", abstract="我们提出一种方法。")
    assert reasons("机器人操作", of=chinese) == ["机器人操作 in the title"]
    assert reasons("语音", of=chinese) == []


def test_a_hostile_phrase_is_a_phrase() -> None:
    assert reasons("[red](x)", "(", ".*", "\\", "$x_{1}$") == []
    assert reasons("[RE] Attention", of=replace(PAPER, title="[RE] Attention [/x]")) == ["[RE] Attention in the title"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("nvidia", True), ("NVIDIA Research", True), ("NVIDI", False), ("", False), ("Research", True)],
)
def test_organizations_are_found_by_whole_words(wanted: str, found: bool) -> None:
    matches = [match.reason for match in organization_matches(PAPER, [wanted] if wanted else [])]
    assert matches == (["from NVIDIA Research"] if found else [])


def test_a_paper_without_organization_or_authors_matches_none() -> None:
    bare = replace(PAPER, organization=None, authors=())
    assert not list(organization_matches(bare, ["NVIDIA"]))
    assert not list(author_matches(bare, ["Jean-Pierre Serre"]))


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Ada Lovelace", "ada lovelace"),
        ("A. Lovelace", "Ada Lovelace"),
        ("Lovelace, Ada", "Ada King Lovelace"),
        ("Lovelace", "Ada Lovelace"),
        ("J.-P. Serre", "Jean-Pierre Serre"),
        ("Lukasz Muller", "Łukasz Müller"),
        ("L. van der Maaten", "Laurens van der Maaten"),
        ("王伟", "王伟"),
    ],
)
def test_spellings_of_one_person(wanted: str, name: str) -> None:
    assert same_person(wanted, name)
    assert same_person(name, wanted)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Ada Lovelace", "Bob Lovelace"),
        ("B. Lovelace", "Ada Lovelace"),
        ("Yang Li", "Li Yang"),
        ("Ada", "Ada Lovelace"),
        ("", "Ada Lovelace"),
        ("…", "…"),
    ],
)
def test_different_people(wanted: str, name: str) -> None:
    assert not same_person(wanted, name)


def test_an_author_is_named_as_the_paper_does() -> None:
    assert [match.reason for match in author_matches(PAPER, ["L. Muller"])] == ["by Łukasz Müller"]


@pytest.mark.parametrize("text", ["storage", "nvidia", "J. Serre", "Robot Manipulation"])
def test_words_organizations_and_authors_exclude(text: str) -> None:
    assert is_excluded(PAPER, ["nothing of this", text])


@pytest.mark.parametrize("text", ["Serre", "stor", "Serre Maaten"])
def test_a_family_name_alone_excludes_nobody(text: str) -> None:
    assert not is_excluded(PAPER, [text])
