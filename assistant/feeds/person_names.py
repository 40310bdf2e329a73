"""Author lists as other tools write them: names, objects of parts, triples, or one text with all of them."""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import chain

from assistant.papers import clean_text

_AND = re.compile(r"\s+and\s+|\s*\n\s*", re.IGNORECASE)
_LAST_AND = re.compile(r",?\s+(?:and|&)\s+|\s*&\s*", re.IGNORECASE)
_LIST_TEXT = re.compile(r"\[\s*[\"'{].*\]", re.DOTALL)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_ARTICLE = re.compile(r"^the\s+(?=\S)")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|ph\.?d)\.?", re.IGNORECASE)
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
    names = tuple(_cleaned(_of_entry(entry) for entry in value))
    return names if names or not value else None


def given_first(name: str) -> str:
    """A name with its family name first ("Muster, Erika" or "Daumé, III, Hal") as it is spoken."""
    family, *others = [part.strip() for part in name.split(",")]
    if not others or not all(others):
        return name
    if len(others) == 1:
        return f"{family} {others[0]}" if _SUFFIX.fullmatch(others[0]) else f"{others[0]} {family}"
    suffix, given = (others[0], others[1]) if _SUFFIX.fullmatch(others[0]) else (others[1], others[0])
    return f"{given} {family} {suffix}"


def _of_entry(entry: object) -> str:
    match entry:
        case str():
            return given_first(entry) if entry.count(",") in {1, 2} else entry
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


def _of_text(text: str) -> list[str]:
    """The names of one text: a list written as text, or names parted by ";", "and", lines or commas."""
    stripped = text.strip()
    if _LIST_TEXT.fullmatch(stripped):
        return _of_list_text(stripped)
    for separator in (";", "|"):
        if separator in stripped:
            return [given_first(name) for name in stripped.split(separator)]
    parts = [part for part in _AND.split(stripped) if part]
    commas = [part.count(",") for part in parts]
    if not any(commas):
        return list(chain.from_iterable(_LAST_AND.split(part) for part in parts))
    if all(1 <= count <= 2 for count in commas) and (len(parts) > 1 or _is_inverted(parts[0])):
        return [given_first(part) for part in parts]
    listed = [name for name in chain.from_iterable(re.split(r",\s+|,$", part) for part in parts) if name.strip()]
    return list(chain.from_iterable(_LAST_AND.split(name.strip()) for name in listed))


def _is_inverted(text: str) -> bool:
    """Whether one comma parts a family name from a given name, and not two authors: "Muster, Erika"."""
    family, _, given = text.partition(",")
    return text.count(",") == 1 and " " not in family.strip() and bool(given.strip())


def _of_list_text(text: str) -> list[str]:
    """A list that a table or a log holds as text, in JSON's or in Python's notation."""
    try:
        parsed = json.loads(text)
    except ValueError:
        quoted = (single or double for single, double in _QUOTED.findall(text))
        return [given_first(name.replace("\\", "")) for name in quoted]
    return [_of_entry(entry) for entry in parsed]


def _cleaned(names: Iterable[str]) -> Iterable[str]:
    return (cleaned for name in names if (cleaned := _ARTICLE.sub("", clean_text(name).strip(" ,;"))))
