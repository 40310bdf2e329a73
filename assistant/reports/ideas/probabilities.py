"""Probabilities as models write them: "0.1", ".05", "10%", "p = 0,1", "1 in 20", "15", "low"."""

import re
from collections.abc import Mapping

_WORDS: Mapping[str, float] = {
    "very low": 0.02,
    "low": 0.1,
    "medium": 0.4,
    "moderate": 0.4,
    "high": 0.8,
    "very high": 0.95,
}
_SURELY_PERCENT = 2
"""From here on a bare figure counts in hundredths."""
_VALUE = (
    r"\d+\s*(?:/|in|out of)\s*\d+"
    r"|(?:\d{1,3}(?:[.,]\d+)?|[.,]\d+)(?:e-?\d+)?\s*(?:%|percent\b|per cent\b)?"
    r"|(?:very )?(?:low|high)\b|medium\b|moderate\b"
)
_NAME = r"(?<![A-Za-z])(?:probabilit(?:y|ies)|prob|likelihood|chance|p)(?![A-Za-z])"
_SIGNS = r"[\s\"'*_`]*[:=≈~<]*[\s\"'*_`]*"
_WORDY = r"(?:(?:is|of|about|around|approximately|roughly|less than)\s+)*[~≈<]?\s*"
_NAMED = re.compile(rf"[\[(<,;–—-]?\s*{_NAME}{_SIGNS}{_WORDY}({_VALUE})[\"'*_`]*[\])>]?[.,;]?", re.IGNORECASE)
_AT_THE_END = re.compile(rf"(?:[(\[]\s*({_VALUE})\s*[)\]]|[–—-]\s*({_VALUE}))[.*_\s]*$", re.IGNORECASE)
_PART = re.compile(r"(\d+)\s*(?:/|in|out of)\s*(\d+)", re.IGNORECASE)


def found_probability(text: str) -> tuple[float | None, str]:
    """The probability that a text names, or that stands in brackets or behind a dash at its end, and the text without.

    None when there is none, or none between 0 and 1; what names one is taken out all the same.
    """
    named = list(_NAMED.finditer(text))
    if named:
        values = [_value(match.group(1)) for match in named]
        return next((value for value in values if value is not None), None), _NAMED.sub("", text).strip()
    ending = _AT_THE_END.search(text)
    if ending and (value := _value(ending.group(1) or ending.group(2))) is not None and _is_marked(ending.group()):
        return value, text[: ending.start()].strip()
    return None, text


def _is_marked(ending: str) -> bool:
    """Whether a bare figure is surely no citation and no year: it has a point, a percent sign or words."""
    return bool(re.search(r"[.,]\d|%|[a-z]", ending, re.IGNORECASE))


def _value(written: str) -> float | None:
    text = written.strip().casefold()
    if text in _WORDS:
        return _WORDS[text]
    if part := _PART.fullmatch(text):
        whole = int(part.group(2))
        return _between(int(part.group(1)) / whole) if whole else None
    figure = float(re.sub(r"[^\d.e-]", "", text.replace(",", ".").replace("percent", "").replace("per cent", "")))
    if "%" in text or "cent" in text or figure >= _SURELY_PERCENT:
        figure /= 100
    return _between(figure)


def _between(value: float) -> float | None:
    return value if 0 <= value <= 1 else None
