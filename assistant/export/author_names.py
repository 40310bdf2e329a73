"""Authors' names taken apart for references: family name with its particles, given names, lineage; teams stay whole."""

import re
from dataclasses import dataclass

from assistant.papers import Paper

_COLLECTIVE = re.compile(
    r"\b([Tt]eam|AI|Labs?|Research|Group|Collaboration|Community|Consortium|Project|Initiative|Institute|University"
    r"|[Cc]ontributors|Alliance|Foundation|Network|Organi[sz]ation|Corporation|Inc|Ltd|GmbH|Authors|Department)\b|\d"
)
_NATIVE_ORDER = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LINEAGE = re.compile(r"(?:[JS]r\.?|II|III|IV)")
"""What stands behind a family name; a lone "I" or "V" is the initial of a South Indian name ("Praveen S V")."""
_PARTICLE_WORDS = "Van Von De Del Della Di Da Dos Du Le La Las El Al Ben Ibn Abu Mac Mc Ter Ten Der Den"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_JOINING = frozenset({"y", "e", "i"})
"""Between two family names: "Ortega y Gasset"."""
_VIETNAMESE_NAMES = (
    "Nguyen Nguyễn Tran Trần Le Lê Pham Phạm Huynh Huỳnh Hoang Hoàng Phan Vu Vũ Vo Võ Dang Đặng Bui Bùi Do Đỗ Ho Hồ"
    " Ngo Ngô Duong Dương Ly Lý Dinh Đinh Luong Lương Mai Truong Trương Trinh Trịnh Dao Đào"
)
_VIETNAMESE = frozenset(_VIETNAMESE_NAMES.split())
"""Family names beside which "Van" or "Le" is a name of its own."""


@dataclass(frozen=True, slots=True)
class AuthorName:
    """An author's name taken apart; a team, a lone name or one in its native order is ``family`` alone, ``whole``."""

    family: str
    given: str = ""
    lineage: str = ""
    whole: bool = False


def author_names(paper: Paper) -> list[AuthorName]:
    """The authors, taken apart; without any the organization stands for them."""
    names = [name for author in paper.authors if (name := " ".join(author.name.split()).strip(", "))]
    if names:
        return [parse_name(name) for name in names]
    organization = " ".join((paper.organization or "").split())
    return [AuthorName(organization, whole=True)] if organization else []


def parse_name(name: str) -> AuthorName:
    """One name, "Given Family" or "Family, Given", taken apart as far as that is certain."""
    whole = AuthorName(name, whole=True)
    words = name.split()
    if _COLLECTIVE.search(name) or _NATIVE_ORDER.search(name) or "and" in (word.casefold() for word in words):
        return whole
    if set(name) & set("{}\\") or not any(character.isalnum() for character in name):
        return whole
    if len(words) == 1:
        return AuthorName(name, whole=not _is_a_persons(name))
    family, given, lineage = _parts(name)
    if not family or "," in family + given:
        return whole
    return AuthorName(family, given, lineage)


def _is_a_persons(word: str) -> bool:
    """Whether a lone word looks like a person's ("Madonna") and not like a project's ("LLM-jp", "OpenAI")."""
    return word[1:] == word[1:].lower() and not set(word) & set("-.") and word.casefold() != "others"


def _parts(name: str) -> tuple[str, str, str]:
    """Family name, given names and lineage; the family is empty for a form that is not known."""
    sections = [section.strip() for section in name.split(",") if section.strip()]
    match sections:
        case [text]:
            words, lineage = _without_lineage(text.split())
            start = _family_start(words)
            return " ".join(words[start:]), " ".join(words[:start]), lineage
        case [text, lineage] if _LINEAGE.fullmatch(lineage):
            words = text.split()
            start = _family_start(words)
            return " ".join(words[start:]), " ".join(words[:start]), lineage
        case [text, given]:
            words, lineage = _without_lineage(text.split())
            if not lineage:
                given_words, lineage = _without_lineage(given.split())
                given = " ".join(given_words)
            return " ".join(words), given, lineage
        case [family, lineage, given] if _LINEAGE.fullmatch(lineage):
            return family, given, lineage
        case [family, given, lineage] if _LINEAGE.fullmatch(lineage):
            return family, given, lineage
        case _:
            return "", "", ""


def _without_lineage(words: list[str]) -> tuple[list[str], str]:
    if len(words) > 1 and _LINEAGE.fullmatch(words[-1]):
        return words[:-1], words[-1]
    return words, ""


def _family_start(words: list[str]) -> int:
    """The place of the first word of the family name: the last word, and the particles before it."""
    last = len(words) - 1
    vietnamese = words[0] in _VIETNAMESE or words[-1] in _VIETNAMESE
    for place, word in enumerate(words[1:last], start=1):
        if word in _JOINING and place > 1:
            return place - 1
        if word[0].islower() or (word in _PARTICLES and not vietnamese):
            return place
    return max(last, 0)
