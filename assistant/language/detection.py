"""In which language a question is asked, and in which one it wants its answer."""

import re
from functools import cache

from assistant.language.known import ENGLISH, known_languages

_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_FEWEST_HAN = 2
_SHARED = 0.5
"""What a word counts that English has too ("die", "was")."""


def language_of(text: str) -> str:
    """The code of the language, such as ``de``; ``en`` where no other one is sure.

    Chinese is told by its script, whatever English names stand in it; the others by function words, of which there
    must be more than English ones.
    """
    if len(_HAN.findall(text)) >= _FEWEST_HAN and not _KANA_OR_HANGUL.search(text):
        return "zh"
    words = [word.casefold() for word in _WORD.findall(text)]
    english = known_languages()[ENGLISH].marks
    counts = {
        code: sum((_SHARED if word in english else 1.0) for word in words if word in language.marks)
        for code, language in known_languages().items()
        if language.marks and code != ENGLISH
    }
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= 1 and counts[best] > sum(word in english for word in words) * _SHARED else ENGLISH


def wanted_language(text: str) -> str | None:
    """The language that an answer is asked for in: ``de`` for "what about in German", "auf Deutsch bitte"."""
    match = _asking_for_language().search(text)
    if not match:
        return None
    name = next(group for group in match.groups() if group).casefold()
    return next(code for code, language in known_languages().items() if name in language.called)


def without_language(text: str) -> str:
    """The text without the words that `wanted_language` reads."""
    return _asking_for_language().sub(" ", text)


@cache
def _asking_for_language() -> re.Pattern[str]:
    names = [re.escape(name) for language in known_languages().values() for name in language.called]
    latin = "|".join(name for name in names if name[0].isascii())
    other = "|".join(name for name in names if not name[0].isascii())
    return re.compile(rf"\b(?:in|auf|en) ({latin})\b(?=\W*$|\W*(?:please|bitte|svp)\W*$)|用({other})", re.IGNORECASE)
