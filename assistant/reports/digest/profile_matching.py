"""What a paper has of a profile's words, organizations and authors: pure rules on text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.library import stop_words, term_key
from assistant.papers import Paper

_PLACE_STRENGTHS = {"title": 0.8, "keywords": 0.65, "abstract": 0.4}
_ORGANIZATION_STRENGTH = 0.6
_AUTHOR_STRENGTH = 0.8
_SYMBOL = re.compile(r"[^\w\s'’./-]")
_NAME_PART = re.compile(r"[^\W\d_]+")
_UNSPACED = "Lo"
"""The Unicode category of letters without case, in whose scripts words may stand without spaces."""
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Match:
    """One thing of a profile that a paper has: how much it speaks for the paper (0..1), and in words."""

    strength: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of a paper in which words count: its text as it is and as stems between spaces."""

    name: str
    strength: float
    text: str
    stems: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase as it is looked for: by its stems, by its letters as they are, or by both.

    Stems alone would find "C++" in every "c", and "IT" in every "it".
    """

    stems: str | None
    pattern: re.Pattern[str] | None

    def stands_in(self, place: _Place) -> bool:
        """Whether a place has the phrase as whole words."""
        if self.stems is not None and self.stems not in place.stems:
            return False
        return self.pattern is None or self.pattern.search(place.text) is not None


def word_matches(paper: Paper, phrases: Iterable[str]) -> Iterator[Match]:
    """The phrases that the paper has, each at the place where it says most."""
    places = _places(paper)
    for text in phrases:
        phrase = _phrase(text)
        for place in places:
            if phrase.stands_in(place):
                yield Match(place.strength, f"{text} in the {place.name}")
                break


def organization_matches(paper: Paper, names: Iterable[str]) -> Iterator[Match]:
    """The paper's organization, when one of the names stands in it as whole words ("nvidia": "NVIDIA Research")."""
    organization = paper.organization
    if organization and any(_stands_in(name, organization) for name in names):
        yield Match(_ORGANIZATION_STRENGTH, f"from {organization}")


def author_matches(paper: Paper, names: Iterable[str]) -> Iterator[Match]:
    """The authors of the paper whom the names mean, under the paper's spelling."""
    authors = tuple(names)
    for author in paper.authors:
        if any(same_person(name, author.name) for name in authors):
            yield Match(_AUTHOR_STRENGTH, f"by {author.name}")


def is_excluded(paper: Paper, exclusions: Iterable[str]) -> bool:
    """Whether the paper has one of the words, is from one of the organizations or by one of the authors.

    An author has to be given with more than the family name, so that a word leaves no person out.
    """
    texts = tuple(exclusions)
    people = [text for text in texts if len(_name_parts(text)) > 1]
    matches = (word_matches(paper, texts), organization_matches(paper, texts), author_matches(paper, people))
    return any(next(match, None) is not None for match in matches)


def same_person(author: str, name: str) -> bool:
    """Whether two spellings can mean one author: "A. Lovelace", "Lovelace, Ada" and "Ada King Lovelace" do.

    Family names agree but for case and accents, given names as far as both are given, an initial with any name that
    begins with it. A family name alone means everybody who bears it.
    """
    author_parts, other = _name_parts(author), _name_parts(name)
    if not author_parts or not other or author_parts[-1] != other[-1]:
        return False
    return all(
        left == right or (min(len(left), len(right)) == 1 and left[0] == right[0])
        for left, right in zip(author_parts[:-1], other[:-1], strict=False)
    )


def _places(paper: Paper) -> tuple[_Place, ...]:
    texts = {"title": paper.title, "keywords": " ; ".join(paper.keywords), "abstract": paper.abstract}
    # Past the cache of `term_key`, which is for terms: whole abstracts would stay in memory.
    return tuple(
        _Place(name, _PLACE_STRENGTHS[name], text, f" {term_key.__wrapped__(text)} ") for name, text in texts.items()
    )


@lru_cache(maxsize=1024)
def _phrase(text: str) -> _Phrase:
    stems = term_key(text)
    if any(unicodedata.category(character) == _UNSPACED for character in text):
        return _Phrase(None, re.compile(re.escape(text), re.IGNORECASE))
    if len(stems) < 2 or set(stems.split(" ")) <= stop_words():
        return _Phrase(None, _whole(text, 0 if stems else re.IGNORECASE))
    return _Phrase(f" {stems} ", _whole(text, re.IGNORECASE) if _SYMBOL.search(text) else None)


def _whole(text: str, flags: int) -> re.Pattern[str]:
    """The text where it is no part of a longer name ("C" is none of "C++")."""
    return re.compile(rf"(?<!\w){re.escape(text)}(?![\w+#])", flags)


def _stands_in(name: str, organization: str) -> bool:
    return _whole(_folded(name), 0).search(_folded(organization)) is not None


@lru_cache(maxsize=8192)
def _name_parts(name: str) -> tuple[str, ...]:
    """The parts of a name, given names first."""
    family, comma, given = _folded(name).partition(",")
    return tuple(_NAME_PART.findall(f"{given} {family}" if comma else family))


def _folded(text: str) -> str:
    """Text without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character)).translate(_LETTERS)
