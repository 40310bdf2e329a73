"""How a question is read: the names in it, the parts that it asks, and whether a text has a name."""

import re
from functools import lru_cache
from itertools import accumulate

from assistant.language import ENGLISH, in_english
from assistant.library import words
from assistant.retrieval import content_words

_TOKEN = re.compile(r"[^\W_]+(?:[-.+'’/*^][^\W_]+)*")
_COINED = re.compile(r"\d|[^\W\d_][A-Z]|^[A-Z]{2,}$")
_CAPITALIZED = re.compile(r"[A-Z][a-z]")
_POSSESSIVE = re.compile(r"['’]s$")
_LETTER = re.compile(r"[^\W\d_]")
_ASKING_WORD = (
    r"(?:how|what|which|why|where|who|whose|when|is|are|does|do|did|can|could|has|have|was|were)(?:['’]?s|['’]?re)?"
)
_NEXT_PART = re.compile(
    rf"[,;?]?\s+(?:and|or|plus)\s+(?=(?:by |at |on |in |for )?{_ASKING_WORD}\b)"
    rf"|[,;?]\s+(?=(?:by |at |on |in |for )?{_ASKING_WORD}\b)"
    r"|(?<=[^\W\d_]{2})(?<!\bvs)(?<!\bal)[.!]\s+(?=\w)|\?\s+(?=\w)",
    re.IGNORECASE,
)
_PIECE_END = re.compile(r"[?!;？！；，]\s*|[,.]\s+|\s(?=(?:und|et)\s)")
_JOINED = re.compile(r"^(?:und|et|和|以及)\s*")
_REQUEST = re.compile(
    r"\b(?:tell|explain|describe|summari[sz]e|give|show|compare|compared?|list|tldr|overview|summary)\b", re.IGNORECASE
)

_BEGINS_ASKING = re.compile(
    rf"(?:^|[,:;–-]\s+|\s)(?:how|what|which|why|where|whom?|whose|when)(?:['’]?s)?\b|^{_ASKING_WORD}\b", re.IGNORECASE
)


def names_in(question: str) -> tuple[str, ...]:
    """The names of a question, each once: tokens with a digit or an inner capital, and capitalized words inside it.

    "which ViT does SEED-X use on COCO?" has "ViT", "SEED-X" and "COCO"; a bare number is no name.
    """
    names: list[str] = []
    for place, match in enumerate(_TOKEN.finditer(question)):
        token = _POSSESSIVE.sub("", match.group())
        inside = place > 0 and _CAPITALIZED.match(token)
        if _LETTER.search(token) and (inside or any(_COINED.search(piece) for piece in token.split("-"))):
            names.append(token)
    return tuple(dict.fromkeys(names))


def parts_of(question: str, language: str = ENGLISH) -> tuple[str, ...]:
    """The parts that a question asks one by one, in its own words; one part for most questions.

    "X: how many layers has it, and which licence?" has "how many layers has it" and "which licence"; what stands
    before belongs to the first part, for it says what both are about. A sentence is a part of its own.
    """
    text = question.strip()
    pieces = _NEXT_PART.split(text) if language == ENGLISH else _pieces_of(text, language)
    trimmed = [piece.strip(" ?.,;？。") for piece in pieces]
    return tuple(piece for piece in trimmed if words(piece)) or (question,)


def _pieces_of(text: str, language: str) -> list[str]:
    """Parts of a question in another language: a new one begins where its English would ask again."""
    pieces: list[str] = []
    for piece in _PIECE_END.split(text):
        own = _JOINED.sub("", piece)
        if not pieces or _BEGINS_ASKING.search(in_english(own, language)):
            pieces.append(own)
        elif piece.strip():
            pieces[-1] = f"{pieces[-1]}, {piece}" if piece == own else f"{pieces[-1]} {piece}"
    return pieces


def asks(part: str) -> bool:
    """Whether a part of an English question asks or requests something; else it only says what is spoken of."""
    return bool(_BEGINS_ASKING.search(part) or _REQUEST.search(part))


class Wording:
    """The words of a text, made once, to hold questions against."""

    def __init__(self, text: str) -> None:
        self.words = frozenset(content_words(text))
        text_words = words(text)
        self._together = "".join(text_words)
        self._edges = frozenset(accumulate(map(len, text_words), initial=0))

    def has_name(self, name: str) -> bool:
        """Whether the name stands in the text as whole words; hyphens, spaces, case and a plural do not matter."""
        squashed = "".join(words(name))
        return any(self._has(form) for form in (squashed, squashed.removesuffix("s"), f"{squashed}s"))

    def _has(self, squashed: str) -> bool:
        start = self._together.find(squashed)
        while start >= 0:
            if start in self._edges and start + len(squashed) in self._edges:
                return True
            start = self._together.find(squashed, start + 1)
        return False


@lru_cache(maxsize=256)
def wording(text: str) -> Wording:
    """`Wording` of a text; the last ones are kept, since both gates read the same papers."""
    return Wording(text)
