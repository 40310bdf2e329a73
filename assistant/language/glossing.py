"""A question turned into English word by word: enough for its subject to be found and its kind to be told.

No translation for a reader: the order of the words stays. Names, numbers and English words stay as they are, so that
nothing can be lost of them; words of a script that the search does not know are left out.
"""

import re

from assistant.language.languages import ENGLISH, Language, known_languages

_LETTERS = re.compile(r"[^\W\d_]")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_NAME = re.compile(r"\d|[^\W\d_][A-Z]|[A-Za-z0-9][-_.][A-Za-z0-9]")
_LONGEST_PHRASE = 4  # words
_SHORTEST_STEM = 3
_SHORTEST_PART = 3


def in_english(text: str, language: str) -> str:
    """The question in English words, as far as the glossary of its language goes."""
    entry = known_languages().get(language)
    if entry is None or language == ENGLISH:
        return text
    glossed = _HAN_RUN.sub(lambda run: f" {_glossed_run(run.group(), entry)} ", text)
    if language != "zh":
        glossed = _glossed_words(glossed, entry)
    return " ".join(glossed.split())


def _glossed_run(run: str, language: Language) -> str:
    """Characters without spaces between words, the longest known word at each place; unknown ones are left out."""
    words: list[str] = []
    at = 0
    while at < len(run):
        length = next(
            (size for size in range(min(8, len(run) - at), 0, -1) if run[at : at + size] in language.glossary), 0
        )
        if length:
            words.append(language.glossary[run[at : at + length]])
        at += length or 1
    return " ".join(words)


def _glossed_words(text: str, language: Language) -> str:
    tokens = text.split()
    english: list[str] = []
    at = 0
    while at < len(tokens):
        for size in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
            bare, behind = _bare(" ".join(tokens[at : at + size]))
            if (gloss := language.glossary.get(bare.casefold())) is not None:
                english.append(gloss + behind)
                break
        else:
            size = 1
            english.append(_glossed_word(tokens[at], language))
        at += size
    return " ".join(english)


def _glossed_word(token: str, language: Language) -> str:
    """A word by its stem, by its parts, or by its elision ("l'image"); a name is never taken apart."""
    bare, behind = _bare(token)
    if _NAME.search(bare) or not _LETTERS.search(bare):
        return token
    elided = re.match(r"(\w{1,2}['’])(.+)", bare)
    if elided and elided[1].casefold() in language.glossary:
        return language.glossary[elided[1].casefold()] + _glossed_word(elided[2] + behind, language)
    gloss = _by_stem(bare.casefold(), language) or _by_parts(bare.casefold(), language)
    return token if gloss is None else gloss + behind


def _by_stem(word: str, language: Language) -> str | None:
    if (whole := language.glossary.get(word)) is not None:
        return whole
    stems = (word.removesuffix(ending) for ending in language.endings if word.endswith(ending))
    return next((language.glossary[s] for s in stems if len(s) >= _SHORTEST_STEM and s in language.glossary), None)


def _by_parts(word: str, language: Language) -> str | None:
    """A compound of known words: "Trainingsdaten" is "training data"."""
    if not language.joints:
        return None
    for end in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        first = language.glossary.get(word[:end])
        for joint in language.joints if first else ():
            rest = word[end:].removeprefix(joint) if word[end:].startswith(joint) else ""
            if len(rest) >= _SHORTEST_PART and (second := _by_stem(rest, language) or _by_parts(rest, language)):
                return f"{first} {second}"
    return None


def _bare(token: str) -> tuple[str, str]:
    """A token without the signs around it, and those behind it."""
    stripped = token.lstrip("\"'«„“(¿")
    bare = stripped.rstrip('"»“”)?!.,:;…')
    return bare, stripped[len(bare) :]
