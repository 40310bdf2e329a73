"""In which language a text is written, as far as an evaluation needs it."""

import re
from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SCRIPTS = (("ja", re.compile(r"[\u3040-\u30ff]")), ("ko", re.compile(r"[\uac00-\ud7af]")),
            ("zh", re.compile(r"[\u4e00-\u9fff]")), ("ru", re.compile(r"[\u0400-\u04ff]")))  # fmt: skip
_LEAST_SHARE = 0.1
_FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    "en": _words("the of and to is are that with for this it not what how from by on which does"),
    "de": _words("der die das und ist ein eine nicht mit wie was von zu den dem für auf wird es sich im"),
    "fr": _words("le la les des et est une pas avec comment que du pour dans qui sur ce par il ne"),
    "es": _words("el los las y es una no con como que del para en por se lo su al"),
    "it": _words("il gli e è una non con come che del per nel di si lo della sono"),
    "pt": _words("o os as e é uma não com como que do da para em por se ao um"),
}
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»")


def language_of(text: str) -> str | None:
    """The language of a text by its script, else by its function words (ISO 639-1); None where neither tells.

    What is quoted counts only where nothing else is written.
    """
    own = _QUOTED.sub(" ", text)
    if not re.search(r"[^\W\d_]{2}", re.sub(r"\[\d+(?:, ?\d+)*\]", " ", own)):
        own = text
    letters = [letter for letter in own if letter.isalpha()]
    for language, script in _SCRIPTS:
        if len(script.findall(own)) > _LEAST_SHARE * len(letters):
            return language
    words = re.findall(r"[^\W\d_]+", own.casefold())
    counts = {language: sum(word in known for word in words) for language, known in _FUNCTION_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else None
