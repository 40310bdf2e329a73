"""Author lists as other tools write them: names, objects of parts, triples, or one text with all of them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from assistant.papers import clean_text

_AND = re.compile(r" and |\n", re.IGNORECASE)
_LAST_AND = re.compile(r",? (?:and|&) |(?<=\w\w) ?& ?(?=\w\w)", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")
_LIST_TEXT = re.compile(r"\[\s*[\"'{].*\]", re.DOTALL)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.){0,300})'|\"((?:[^\"\\]|\\.){0,300})\"")
_ARTICLE = re.compile(r"^the\s+(?=\S)")
_OTHERS = re.compile(
    r"(?:(?:^|,|\band|&|\s)\s?et\.? al(?:ii|ia)?\b\.?|(?:^|,|\band\b|&)\s?others\b)\W*$", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|ph\.?d)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.[ -]?)+|[^\W\d_](?:[ -][^\W\d_])*|[A-ZÀ-Þ]{2,3}")
_SPELLED_WITH_INITIAL = re.compile(r"[^\W\d_][\w'’-]+(?: [^\W\d_]\.)+")
_GROUP = re.compile(r"\b(?:team|collaboration|group|consortium|project|company|inc|ltd|gmbh|labs?)\b", re.IGNORECASE)
_ORGANIZATION = re.compile(
    r"\b(?:alibaba|amazon|anthropic|apple|baidu|bytedance|deepmind|deepseek|google|huawei|hugging ?face|ibm|intel|meta"
    r"|microsoft|mistral|nvidia|openai|qwen|samsung|tencent|university|institute)\b|[a-z]AI\b",
    re.IGNORECASE,
)
"""Names that no person bears; without them "OpenAI, Google" reads as a family name and a given name."""
_PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "ten", "ter", "zu", "af")
)
_WHOLE = ("name", "literal", "full_name", "fullname", "display_name", "displayName", "raw_author_name", "author_name")
_GIVEN = ("given", "firstName", "first_name", "first", "forenames", "givenName")
_FAMILY = ("family", "lastName", "last_name", "last", "keyname", "surname", "familyName")
_NESTED = ("author", "person", "profile")


def author_names(value: object) -> tuple[str, ...] | None:
    """The names in their order, given name first; None when the value is not a list of names in any known form.

    Hidden and odd entries of a list are left out.
    """
    if isinstance(value, str):
        return tuple(_cleaned(_of_text(value)))
    if isinstance(value, dict):
        nested = next(
            (value[name] for name in ("author", "authors", "creator") if isinstance(value.get(name), list)), None
        )
        return author_names(nested) if nested is not None else tuple(_cleaned([_of_entry(value)])) or None
    if not isinstance(value, list):
        return None
    names = tuple(_cleaned(_of_elements(value)))
    return names if names or not value else None


def given_first(name: str) -> str:
    """A name with its family name first ("Muster, Erika" or "Daumé, III, Hal") as it is spoken."""
    family, *others = _COMMA.split(name.strip())
    if not 1 <= len(others) <= 2 or not all(others):
        return name
    if len(others) == 1:
        return f"{family} {others[0]}" if _SUFFIX.fullmatch(others[0]) else f"{others[0]} {family}"
    suffix, given = (others[0], others[1]) if _SUFFIX.fullmatch(others[0]) else (others[1], others[0])
    return f"{given} {family} {suffix}"


def _of_entry(entry: object) -> str:
    match entry:
        case str():
            return given_first(entry) if _is_inverted(entry) else entry.strip()
        case dict():
            return _of_object(entry)
        case [str() as family, *others]:  # arXiv's ``authors_parsed``: family name, given name, suffix, affiliations
            parts = [other for other in others[:2] if isinstance(other, str)]
            return " ".join([*parts[:1], family, *parts[1:]])
        case _:
            return ""


def _of_object(entry: Mapping[str, object]) -> str:
    if entry.get("hidden") is True or entry.get("creatorType", "author") != "author":
        return ""
    for name in _NESTED:
        if isinstance(nested := entry.get(name), dict | str):
            return _of_entry(nested)
    family = _text(entry, _FAMILY)
    if not family:
        return _text(entry, _WHOLE)
    particle = _text(entry, ("non-dropping-particle", "dropping-particle", "prefix"))
    return " ".join([_text(entry, _GIVEN), particle, family, _text(entry, ("suffix",))])


def _text(entry: Mapping[str, object], names: Iterable[str]) -> str:
    return next((text for name in names if isinstance(text := entry.get(name), str) and text.strip()), "")


def _of_elements(entries: Sequence[object]) -> list[str]:
    """The names of a list; where one family name stands first for certain, they all do."""
    texts = [" ".join(entry.split()) for entry in entries if isinstance(entry, str)]
    if all(text.count(",") in {1, 2} for text in texts) and any(map(_is_inverted, texts)):
        return [given_first(entry) if isinstance(entry, str) else _of_entry(entry) for entry in entries]
    return list(chain.from_iterable(map(_of_element, entries)))


def _of_element(entry: object) -> list[str]:
    """The names of an element of a list: one, unless a text of several was put into it."""
    if not isinstance(entry, str):
        return [_of_entry(entry)]
    text = " ".join(entry.split())
    given_name = text.partition(",")[2]
    if text.count(",") == 1 and given_name.strip() and " " not in given_name.strip() and _may_be_person(text):
        return [given_first(text)]  # "García Márquez, Gabriel"
    return _parted(text)


def _of_text(text: str) -> list[str]:
    """The names of one text: a list written as text, or names parted by ";", "and", lines or commas."""
    stripped = text.strip()
    if _LIST_TEXT.fullmatch(stripped):
        return _of_list_text(stripped)
    for separator in (";", "|"):
        if separator in stripped:
            return [given_first(name) for name in stripped.split(separator)]
    lines = (" ".join(line.split()) for line in stripped.split("\n"))
    parts = [part for part in _AND.split("\n".join(line for line in lines if line)) if not _OTHERS.fullmatch(part)]
    if len(parts) > 1 and all(part.count(",") in {1, 2} for part in parts):  # "Muster, Erika and Beispiel, Jan"
        return [given_first(part) for part in parts]
    if len(parts) > 1 and _alternate([piece for part in parts for piece in _COMMA.split(part) if piece]):
        return _parted(", ".join(parts))
    return list(chain.from_iterable(_parted(part) for part in parts))


def _parted(text: str) -> list[str]:
    """The names of a text on one line, whose commas part names, or the family name from what belongs to it."""
    stated = [piece for piece in _COMMA.split(text) if piece]
    if _GROUP.search(text) and not (len(stated) > 1 and all(" " in piece for piece in stated)):
        return [text]
    if _is_inverted(text):
        return [given_first(text)]
    pieces = [name for piece in stated for name in _LAST_AND.split(piece.removeprefix("& ")) if name]
    if _alternate(pieces):
        return [f"{given} {family}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(pieces) > 2 and len(pieces) % 2 == 0 and not any(" " in piece for piece in pieces) and _may_be_person(text):
        return [text]  # family and given names in turn, or single names: nobody can tell
    names: list[str] = []
    for piece in pieces:
        if names and _SUFFIX.fullmatch(piece):
            names[-1] = f"{names[-1]} {piece}"
        else:
            names.append(piece)
    return names


def _alternate(pieces: Sequence[str]) -> bool:
    """Whether family names and given names with initials take turns: "Doe, J., Bee, Ann B."."""
    families, givens = pieces[::2], pieces[1::2]
    return (
        len(pieces) > 2
        and len(families) == len(givens)
        and all(_INITIALS.fullmatch(given) or _SPELLED_WITH_INITIAL.fullmatch(given) for given in givens)
        and not any(_INITIALS.fullmatch(family) or ("." in family) for family in families)
    )


def _is_inverted(text: str) -> bool:
    """Whether commas part one family name from its given name: "van der Berg, Jan", "King, Jr., A."."""
    family, *others = _COMMA.split(text.strip())
    given_names = [other for other in others if not _SUFFIX.fullmatch(other)]
    if len(given_names) != 1 or len(others) > 2 or not given_names[0] or not _may_be_person(text):
        return False
    return bool(_INITIALS.fullmatch(given_names[0])) or " " not in family or family.partition(" ")[0] in _PARTICLES


def _may_be_person(text: str) -> bool:
    return not (_ORGANIZATION.search(text) or _GROUP.search(text))


def _of_list_text(text: str) -> list[str]:
    """A list that a table or a log holds as text, in JSON's or in Python's notation."""
    try:
        parsed = json.loads(text)
    except ValueError:
        quoted = (single or double for single, double in _QUOTED.findall(text))
        return _of_elements([name.replace("\\", "") for name in quoted])
    return _of_elements(parsed)


def _cleaned(names: Iterable[str]) -> Iterable[str]:
    cleaned_names = (_OTHERS.sub("", clean_text(name)).strip(" ,;&") for name in names)
    return (cleaned for name in cleaned_names if (cleaned := _ARTICLE.sub("", name)))
