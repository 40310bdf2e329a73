"""Proposals read out of a model's text, however it kept to the form: numbered, labelled, tagged, or as JSON."""

import json
import re
from collections.abc import Iterator, Mapping

from assistant.papers import printable
from assistant.reports.ideas.values import Candidate
from assistant.sentences import split_sentences

_PROBABILITY_WORDS: Mapping[str, float] = {
    "very low": 0.02,
    "low": 0.1,
    "medium": 0.4,
    "moderate": 0.4,
    "high": 0.8,
    "very high": 0.95,
}
_SURELY_PERCENT = 2
"""From here on a bare figure counts in hundredths."""
_PROBABILITY_VALUE = (
    r"\d+\s*(?:/|in|out of)\s*\d+"
    r"|(?:\d{1,3}(?:[.,]\d+)?|[.,]\d+)(?:e-?\d+)?\s*(?:%|percent\b|per cent\b)?"
    r"|(?:very )?(?:low|high)\b|medium\b|moderate\b"
)
_PROBABILITY_NAME = r"(?<![A-Za-z])(?:probabilit(?:y|ies)|prob|likelihood|chance|p)(?![A-Za-z])"
_SIGNS = r"[\s\"'*_`]*[:=≈~<]*[\s\"'*_`]*"
_WORDY = r"(?:(?:is|of|about|around|approximately|roughly|less than)\s+)*[~≈<]?\s*"
_NAMED_PROBABILITY = re.compile(
    rf"[\[(<,;–—-]?\s*{_PROBABILITY_NAME}{_SIGNS}{_WORDY}({_PROBABILITY_VALUE})[\"'*_`]*[\])>]?[.,;]?", re.IGNORECASE
)
_FINAL_PROBABILITY = re.compile(
    rf"(?:[(\[]\s*({_PROBABILITY_VALUE})\s*[)\]]|[–—-]\s*({_PROBABILITY_VALUE}))[.*_\s]*$", re.IGNORECASE
)
_FRACTION = re.compile(r"(\d+)\s*(?:/|in|out of)\s*(\d+)", re.IGNORECASE)
_MOST_SENTENCES = 3
_FEWEST_WORDS = 6
_LONGEST_TITLE = 100
_OBJECT = re.compile(r"\{[^{}]*\}", re.DOTALL)
_TAG = re.compile(
    r"</?\s*(?:responses?|ideas?|items?|text|title|probability|description|proposals?)\s*>", re.IGNORECASE
)
_NAMED_TAGS = {"text": "Idea: ", "description": "Idea: ", "idea": "Idea: ", "title": "Title: "}
_LABEL = r"[\s*_`#>-]*(?:{})[\s*_`]*:[\s*_`]*"
_TITLE = re.compile(rf"^{_LABEL.format('title|name')}(.+)$", re.IGNORECASE | re.MULTILINE)
_TEXT_LABEL = re.compile(
    rf"^{_LABEL.format('idea|text|description|proposal|summary|what is new|novelty|approach|method')}",
    re.IGNORECASE | re.MULTILINE,
)
_ITEM = re.compile(
    r"^[\s*_`#>]*(?:(?:research\s+)?(?:idea|direction|proposal|candidate)\s*#?\s*\d{1,2}|#?\d{1,2})[\s*_`]*[.):–—-]+\s*",
    re.IGNORECASE | re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_EMPHASIS = re.compile(r"\*\*|__|`")
_WHOLE = (".", "!", "?", ")", "]", '"', "”", "…")
_JSON_KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "name"),
    "text": ("idea", "text", "description", "proposal", "summary"),
    "probability": ("probability", "prob", "p", "likelihood"),
}


def found_probability(text: str) -> tuple[float | None, str]:
    """The probability that a text names, or that stands in brackets or behind a dash at its end, and the text without.

    None when there is none, or none between 0 and 1; what names one is taken out all the same.
    """
    named = list(_NAMED_PROBABILITY.finditer(text))
    if named:
        values = [_value(match.group(1)) for match in named]
        return next((value for value in values if value is not None), None), _NAMED_PROBABILITY.sub("", text).strip()
    ending = _FINAL_PROBABILITY.search(text)
    if ending and (value := _value(ending.group(1) or ending.group(2))) is not None and _is_marked(ending.group()):
        return value, text[: ending.start()].strip()
    return None, text


def _is_marked(ending: str) -> bool:
    """Whether a bare figure is surely no citation and no year: it has a point, a percent sign or words."""
    return bool(re.search(r"[.,]\d|%|[a-z]", ending, re.IGNORECASE))


def _value(written: str) -> float | None:
    text = written.strip().casefold()
    if text in _PROBABILITY_WORDS:
        return _PROBABILITY_WORDS[text]
    if part := _FRACTION.fullmatch(text):
        whole = int(part.group(2))
        return _between(int(part.group(1)) / whole) if whole else None
    figure = float(re.sub(r"[^\d.e-]", "", text.replace(",", ".").replace("percent", "").replace("per cent", "")))
    if "%" in text or "cent" in text or figure >= _SURELY_PERCENT:
        figure /= 100
    return _between(figure)


def _between(value: float) -> float | None:
    return value if 0 <= value <= 1 else None


def read_candidates(written: str, *, whole: bool = True) -> tuple[Candidate, ...]:
    """Every proposal of a text in its order; of one that is not ``whole`` the last sentence may be cut, and goes."""
    text = printable(written)
    candidates = list(_from_json(text)) or list(_from_lines(text, whole=whole))
    return tuple(dict.fromkeys(candidate for candidate in candidates if candidate is not None))


def _from_json(text: str) -> Iterator[Candidate | None]:
    for match in _OBJECT.finditer(text):
        try:
            record = json.loads(match.group(), strict=False)
        except ValueError:
            continue
        lowered = {str(key).casefold(): value for key, value in record.items()}
        parts = {part: _first(lowered, keys) for part, keys in _JSON_KEYS.items()}
        if parts["text"] or parts["title"]:
            probability, _ = found_probability(f"probability: {parts['probability']}")
            yield _candidate(parts["title"], parts["text"], probability)


def _first(record: Mapping[str, object], keys: tuple[str, ...]) -> str:
    return next((str(record[key]) for key in keys if isinstance(record.get(key), str | int | float)), "")


def _from_lines(text: str, *, whole: bool) -> Iterator[Candidate | None]:
    blocks = _blocks(_TAG.sub(_untagged, text))
    for place, block in enumerate(blocks, start=1):
        yield _from_block(block, whole=whole or place < len(blocks))


def _untagged(tag: re.Match[str]) -> str:
    name = re.sub(r"[\s</>]", "", tag.group()).casefold()
    if tag.group().startswith("</"):
        return "\n\n" if name in {"response", "item", "proposal"} else "\n"
    return "\nProbability: " if name == "probability" else f"\n{_NAMED_TAGS.get(name, '')}"


def _blocks(text: str) -> list[str]:
    """One block a proposal: from number to number, from title to title, or else paragraphs with a probability."""
    for start in (_ITEM, _TITLE):
        begins = [match.start() for match in start.finditer(text)]
        if begins:
            ends = [*begins[1:], len(text)]
            return [_ITEM.sub("", text[b:e].strip(), count=1) for b, e in zip(begins, ends, strict=True)]
    paragraphs: list[str] = []
    for part in re.split(r"\n\s*\n", text):
        if paragraphs and not found_probability(part)[1]:
            paragraphs[-1] += f"\n{part}"  # a probability by itself belongs to what stands above it
        elif part.strip():
            paragraphs.append(part)
    return [part for part in paragraphs if found_probability(part)[0] is not None]  # the others are just prose


def _from_block(block: str, *, whole: bool) -> Candidate | None:
    probability, rest = found_probability(block)
    named = _TITLE.search(rest)
    title = named.group(1) if named else ""
    body = _TEXT_LABEL.sub("", rest[: named.start()] + rest[named.end() :] if named else rest).strip()
    if not named:
        title, body = _split_title(body)
    return _candidate(title, _without_cut_end(body, whole=whole or probability is not None), probability)


def _split_title(body: str) -> tuple[str, str]:
    """A title in bold or before a line break or a colon, and the rest; no title when nothing looks like one."""
    bold = re.match(r"\s*\*\*(.+?)\*\*[\s:.–—-]*", body)
    if bold:
        return bold.group(1), body[bold.end() :]
    first, line_break, rest = body.partition("\n")
    if line_break and rest.strip() and len(first) <= _LONGEST_TITLE:
        return first, rest
    before, colon, after = body.partition(": ")
    return (before, after) if colon and len(before) <= _LONGEST_TITLE and "." not in before else ("", body)


def _without_cut_end(body: str, *, whole: bool) -> str:
    """The text without a last sentence that has no end; a single one stays when the text is ``whole``."""
    text = " ".join(body.split())
    sentences = split_sentences(text)
    if text.endswith(_WHOLE) or (whole and len(sentences) < 2):
        return text
    return " ".join(sentence.text for sentence in sentences[:-1])


def _candidate(title: str, text: str, probability: float | None) -> Candidate | None:
    """A proposal of at most three sentences; None for what is too short to be one."""
    body = _plain(text)
    if len(_WORD.findall(body)) < _FEWEST_WORDS:
        body = " ".join(part for part in (_plain(title), body) if part)
        title = ""
    if len(_WORD.findall(body)) < _FEWEST_WORDS:
        return None
    leading = " ".join(sentence.text for sentence in split_sentences(body)[:_MOST_SENTENCES])
    return Candidate(_short(_plain(title) or leading), leading, probability)


def _plain(text: str) -> str:
    return " ".join(_EMPHASIS.sub("", text).split()).strip(" :;,–—-\"“”'")


def _short(title: str) -> str:
    """A title of bearable length, cut between two words."""
    if len(title) <= _LONGEST_TITLE:
        return title.rstrip(".:")
    return title[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(".,:;") + "…"
