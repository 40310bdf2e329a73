"""Which papers a question names: by a title, by the name before a title's colon, by a name that an abstract introduces.

A name is compared without case, accents, spaces and hyphens ("jina-clip-v1" names "Jina CLIP: …", "pokellmon"
PokéLLMon), but only where it stands whole: "JPEG-LM" does not name JPEG, while a size or version behind a name
("Qwen2-72B", "DDT-XL/2") does not hide it. What papers write as a plain word ("attention") is no name in lower case.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from assistant.library import stop_words, words
from assistant.papers import Paper

_LONGEST_NAME = 5  # words
_MOST_WORDS = 64  # of a question; whole abstracts may be pasted
_MOST_PAPERS_OF_A_NAME = 3
"""Of a name that more papers share equally those are meant that the rest of the question fits."""
RARE_PAPERS = 15
"""What fewer papers write (of 11,028) is a name wherever a title begins with it: SSL and G2P are not."""
FEW_PAPERS = 25
"""What fewer papers write may be the name of a paper that the rest of the question fits."""
_FITTING = 3

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*[*+]*")
_JOINT = re.compile(r"[\s\-_./‐–]{0,3}")
_LETTER = re.compile(r"[^\W_]")
_DROPPED_SIGN = r"(?:[^\w*+]|_)"
_DROPPED = re.compile(f"{_DROPPED_SIGN}+")
_DROPPED_BYTES = bytes(byte for byte in range(128) if not (chr(byte).isalnum() or chr(byte) in "*+"))
_GAP = re.compile(r"[\W_]+")
_HYPHEN = "-‐_"
_COINED = re.compile(r"[^\W\d_][-‐]?\d|[^\W\d_]\.[^\W\d_]|\d[^\W\d_]|[^\W_][A-Z]|[^\W_][*+]")
_SIZE = re.compile(
    r"\d.*|v\d.*|x*[slbhm]|xl|tiny|small|base|medium|large|huge|mini|nano|pro|max|instruct|chat|preview|it",
    re.IGNORECASE,
)
_REPORT = re.compile(r"\s+(?:technical report|model card|system card|report)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_LINK_WORD = re.compile(r"\s(?:as|for|with|in|via|of|to|from|on|through|by|using|toward|towards)\s")
_GREEK = str.maketrans({"π": "pi", "α": "alpha", "β": "beta", "γ": "gamma", "τ": "tau", "λ": "lambda", "σ": "sigma"})

_INTRODUCTION = re.compile(
    r"\b(?:introduc|propos|present|releas|unveil|develop|creat|design|describ|build|built|construct|contribut|establish"
    r"|call|nam(?:ed|ely)|dub|term|coin|announc|report\b)",
    re.IGNORECASE,
)
_JUST_INTRODUCED = re.compile(
    rf"{_INTRODUCTION.pattern}\w*\s(?:(?:the|an?|our|new|novel)\s){{0,2}}"
    r"(?:(?:concept|idea|notion|task|term) of\s)?\W?$",
    re.IGNORECASE,
)
_FAR_BEFORE = 90  # characters from "we introduce" to the name, within a sentence
_ONLY_USED = re.compile(
    r"\b(?:on|in|from|over|across|using|for|to|with|than|like|including|against)\s+(?:the\s+)?\W?$", re.IGNORECASE
)
_PLURAL = re.compile(r"[A-Z]{2,}s")
_APPOSITION = re.compile(r"\s*(?:\([^)]*\)\s*)?(?:,\s(?:a|an|the|our|which)\b|:\s|\sis an?\b)")


class MentionMatch(IntEnum):
    """How a paper comes to a name; a higher one wins where several papers have the name."""

    IN_TITLE = 1
    INTRODUCED = 2
    BEGINS_TITLE = 3
    BEFORE_COLON = 4
    TITLE = 5


@dataclass(frozen=True, slots=True)
class MentionCandidate:
    """Some neighbouring words of a question, folded; ``text`` is as written there, ``key`` its letters, digits, *, +.

    ``coined`` names look like no plain word (a digit or a capital inside), ``capitalized`` ones are spelled as names.
    """

    text: str
    key: str
    start: int
    end: int
    coined: bool
    capitalized: bool

    @property
    def spelled(self) -> bool:
        """Whether the question spells it as a name."""
        return self.coined or self.capitalized


@dataclass(frozen=True, slots=True)
class Use:
    """How papers use a name: how many have it, and how many write it in lower case like a plain word."""

    papers: int
    plain: int


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text without accents and with Greek letters spelled out; case and everything else stay."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_GREEK))
    return _NOT_ASCII.sub(lambda match: "" if unicodedata.combining(match.group()) else match.group(), decomposed)


def possible_names(question: str) -> tuple[MentionCandidate, ...]:
    """All runs of one to five words of the question that may be a name."""
    text = folded(question)
    tokens = list(_WORD.finditer(text))[:_MOST_WORDS]
    shouted = text.upper() == text
    candidates = []
    for first in range(len(tokens)):
        for last in range(first, min(first + _LONGEST_NAME, len(tokens))):
            if last > first and not _JOINT.fullmatch(text, tokens[last - 1].end(), tokens[last].start()):
                break
            run = tokens[first : last + 1]
            start, end = run[0].start(), run[-1].end()
            plain = _is_plain_speech([token.group() for token in run]) or _is_gloss(text, start, end)
            if _stands_whole(text, start, end) and not plain:
                candidates.append(_possible_name(text[start:end], start, end, shouted))
    return tuple(candidates)


def spelled_name(written: str) -> MentionCandidate | None:
    """A whole text as one name; None where it has no letter or digit."""
    text = folded(written).strip()
    name = _possible_name(text, 1, 1 + len(text), shouted=False)
    return name if name.key else None


def naming(name: MentionCandidate, paper: Paper) -> MentionMatch | None:
    """How the paper comes to the name; None when it does not.

    Inside an abstract, and amid a title, only what the paper spells like a name is one.
    """
    title = folded(paper.title)
    before, colon, _ = title.partition(":")
    if name.key == _joined(title):
        return MentionMatch.TITLE
    if name.key in (_joined(called := before if colon else _REPORT.sub("", title)), _joined(_ARTICLE.sub("", called))):
        return MentionMatch.BEFORE_COLON
    if not colon and name.key == _joined(_LINK_WORD.split(title)[0]):
        return MentionMatch.BEGINS_TITLE
    abstract = folded(paper.abstract)
    if any(_is_introduced(abstract, start, end) for start, end in _places(name, abstract)):
        return MentionMatch.INTRODUCED
    in_title = (title[start:end] for start, end in _places(name, title))
    return MentionMatch.IN_TITLE if any(all(map(_COINED.search, _WORD.findall(place))) for place in in_title) else None


def use_of(name: MentionCandidate, papers: Iterable[Paper]) -> Use:
    """How these papers use the name."""
    having, plain = 0, 0
    for paper in papers:
        if name.key in _joined(paper.text):
            text = folded(paper.text)
            places = [text[start:end] for start, end in _places(name, text) if text[max(0, start - 1) : start] != "/"]
            having += bool(places)
            plain += any(place.islower() and not _COINED.search(place) for place in places)
    return Use(having, plain)


def named_papers(
    names: Sequence[MentionCandidate],
    papers: Sequence[Paper],
    use: Callable[[MentionCandidate], Use],
    leading: int = _FITTING,
) -> list[str]:
    """Ids of the papers that the names mean for certain: the best of each name, then further ones of the same name.

    ``papers`` come best first. A name that more papers have, that no title begins with, or that the question spells
    like a plain word, means one of the ``leading`` alone: those that the rest of the question fits too. ``use`` tells
    how the library uses a name.
    """
    matches_by_name: dict[MentionCandidate, dict[str, MentionMatch]] = {}
    for paper in papers:
        joined = _joined(paper.text)
        for name in names:
            if name.key in joined and (how := naming(name, paper)) is not None:
                matches_by_name.setdefault(name, {})[paper.paper_id] = how
    first = {paper.paper_id for paper in papers[:leading]}
    meant = {name: _meant(name, by_paper, use, first) for name, by_paper in matches_by_name.items()}
    certain = {name: ids for name, ids in meant.items() if ids}
    whole = [ids for name, ids in certain.items() if not any(_within(name, other) for other in certain)]
    place = {paper.paper_id: number for number, paper in enumerate(papers)}
    best = sorted({ids[0] for ids in whole}, key=place.__getitem__)
    others = sorted({paper_id for ids in whole for paper_id in ids}, key=place.__getitem__)
    return list(dict.fromkeys([*best, *others]))


def _meant(
    name: MentionCandidate,
    matches: Mapping[str, MentionMatch],
    use: Callable[[MentionCandidate], Use],
    leading: set[str],
) -> list[str]:
    best = max(matches.values())
    ids = [paper_id for paper_id, how in matches.items() if how is best]
    if len(ids) > _MOST_PAPERS_OF_A_NAME:
        ids = [paper_id for paper_id in ids if paper_id in leading]
    used = use(name)
    if used.plain and not name.spelled:
        return []
    titled = best >= MentionMatch.BEGINS_TITLE
    if used.papers < RARE_PAPERS and titled and name.spelled:
        return ids
    return [
        paper_id for paper_id in ids if paper_id in leading and (used.papers < FEW_PAPERS or (titled and name.coined))
    ]


def _possible_name(written: str, start: int, end: int, shouted: bool) -> MentionCandidate:
    coined = bool(_COINED.search(written)) and not (shouted and written.isalpha())
    parts = _WORD.findall(written)
    begins_question = start == 0 and len(parts) == 1
    capitalized = not (begins_question or shouted) and not any(part[0].islower() for part in parts)
    return MentionCandidate(written, _joined(written), start, end, coined, capitalized)


def _within(name: MentionCandidate, other: MentionCandidate) -> bool:
    return other.start <= name.start and name.end <= other.end and (name.start, name.end) != (other.start, other.end)


@lru_cache(maxsize=4096)
def _joined(text: str) -> str:
    """The letters, digits, * and + of a text, without case and accents."""
    plain = folded(text)
    if plain.isascii():
        return plain.encode().translate(None, _DROPPED_BYTES).decode().lower()
    return _DROPPED.sub("", plain).casefold()


def _stands_whole(text: str, start: int, end: int) -> bool:
    """Whether no hyphen ties the words to others, but for a size or a version behind them."""
    if start > 1 and text[start - 1] in _HYPHEN and text[start - 2].isalnum():
        return False
    if text[end : end + 1] not in tuple(_HYPHEN):
        return True
    following = _WORD.match(text, end + 1)
    return following is None or bool(_SIZE.fullmatch(following.group()))


def _is_plain_speech(run: Sequence[str]) -> bool:
    """Whether the run begins or ends with a stop word, or is a bare number, one letter or "LLMs"."""
    if any(map(_is_stop_word, {run[0], run[-1]})):
        return True
    return len(run) == 1 and (run[0].replace(".", "").isdigit() or len(run[0]) == 1 or bool(_PLURAL.fullmatch(run[0])))


def _is_gloss(text: str, start: int, end: int) -> bool:
    """Whether the words abbreviate what stands before them: "pronunciation (G2P)"."""
    return text[:start].endswith(" (") and text[end : end + 1] == ")"


@lru_cache(maxsize=4096)
def _is_stop_word(word: str) -> bool:
    stems = words(word)
    return word.isalpha() and word.islower() and bool(stems) and stems[0] in stop_words()


def _places(name: MentionCandidate, text: str) -> list[tuple[int, int]]:
    """Where in a folded text the name stands whole, however it is hyphenated there: "FlashVSR", "Flash-VSR"."""
    if name.key not in _joined(text):
        return []
    spans = (match.span(1) for match in _spelled(name.key).finditer(text))
    return [span for span in spans if _is_place(text, *span) and _stands_whole(text, *span)]


@lru_cache(maxsize=512)
def _spelled(key: str) -> re.Pattern[str]:
    """What finds the characters of a key in their order, whatever `_joined` drops between them; places may overlap."""
    between = f"{_DROPPED_SIGN}*"
    return re.compile(f"(?=({between.join(map(re.escape, key))}))", re.IGNORECASE)


def _is_place(text: str, start: int, end: int) -> bool:
    """Whether no word goes on at either end, and the parts are joined as parts of a name are."""
    if _LETTER.match(text, end) or (start and _LETTER.match(text, start - 1)):
        return False
    return all(_JOINT.fullmatch(gap) for gap in _GAP.findall(text[start:end].replace("*", "").replace("+", "")))


def _named(place: str) -> bool:
    """Whether a paper spells these words as a name: none begins small, one has a digit or a capital inside."""
    return bool(_COINED.search(place)) and all(
        not word[0].islower() or _COINED.search(word) for word in _WORD.findall(place)
    )


def _capitalized(place: str) -> bool:
    parts = _WORD.findall(place)
    return len(parts) > 1 and all(part[0].isupper() for part in parts)


def _is_introduced(abstract: str, start: int, end: int) -> bool:
    """Whether the abstract presents the name as its own: "we introduce X", "… (X)" in such a sentence, "X, a …".

    A name of plain words with capitals ("Survival Game") stands just behind the verb.
    """
    place = abstract[start:end]
    if not _named(place):
        return _capitalized(place) and bool(_JUST_INTRODUCED.search(abstract[max(0, start - _FAR_BEFORE) : start]))
    sentence = max(abstract.rfind(". ", 0, start), abstract.rfind("? ", 0, start)) + 1
    before = abstract[max(sentence, start - _FAR_BEFORE) : start]
    if _INTRODUCTION.search(before) and not _ONLY_USED.search(before):
        return True
    return not before.strip() and bool(_APPOSITION.match(abstract, end))
