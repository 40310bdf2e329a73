"""The facts of a text that can be compared without reading it: its numbers, its names, and what it says of direction.

Numbers have one form however they are written: 1,300 and 1.3K, 99% and 99 percent. Names are looked for in any
spelling. The stance tells whether two sentences that speak of the same things say the opposite: more against less, not
against so.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile

from assistant.answering.verification.lexicon import (
    COMMON_ABBREVIATIONS,
    FALLING,
    FUNCTION_WORDS,
    MULTIPLIER_WORDS,
    NEGATING_PREFIXES,
    NEGATIONS,
    NUMBER_WORDS,
    OPPOSITES,
    REPLACEABLE_OPPOSITES,
    RISING,
    SCALES,
    UNITS,
)
from assistant.library import words as stemmed
from assistant.plain_text import plain_text
from assistant.retrieval import content_words

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_QUANTITY = re.compile(
    rf"(?<![\w.])(?<![A-Za-z]-)[-−]?(?P<digits>{_DIGITS})(?P<exponent>e[+-]?\d{{1,3}}(?![\w.]))?"
    r"(?P<scale>\s?(?:thousand|million|billion|trillion|hundred)s?\b|\s?[KMBTkmbt]n?(?![\w/]))?"
    r"(?![A-Za-z]*\d)(?!D\b)(?:[\s-]{0,2}(?P<unit>%|×|[A-Za-z]+))?"  # the sign itself
)
_POWER = re.compile(r"(?<![\w.])(?:(\d+(?:\.\d+)?)\s?[x×*]\s?)?10\^([-−]?\d{1,2})")  # as written
_WORD = re.compile(r"[A-Za-z]+")
_FORMULA_SIGN = re.compile(r"\\,|[$\\{}~]")
_GAPS = r"[\u00a0\u2009\u202f'’]"
_THOUSANDS = re.compile(  # a plain space parts thousands only before a word: "1 200 toys", not "5 100-layer nets"
    rf"(?<![\w.,])[1-9]\d{{0,2}}(?:{_GAPS}\d{{3}})+(?![\d.])"
    r"|(?<![\d.,] )(?<![\w.,])[1-9]\d{0,2}(?: \d{3})+(?= [A-Za-z]|\s*$)"
)
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)(?<!\b0)[x×](?=\d)")  # the sign itself
_LEADING_TIMES = re.compile(r"(?<!\w)x(?=\d+\.\d)")
_SPACED_PERCENT = re.compile(r"\s+%")

_NAME_TOKEN = re.compile(r"[^\W_](?:[\w.+/-]*[^\W_])?\+*")
_COINED = re.compile(r"[a-z]*[A-Z].*[A-Z0-9].*|[A-Za-z].*\d.*|\w*[a-z][A-Z]\w*")
_CAPITALIZED = re.compile(r"[A-Z][a-z]+(?:-\w+)*")
_FORMULA = re.compile(r"\\[a-z]+|[${}\\]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|\n|[\"“(*_]+)$")
_SHORTEST_INITIALS = 2
_SHORTEST_WITHIN = 4

_STANCE_TOKEN = re.compile(r"n't\b|[^\W_]+|[,;:]", re.IGNORECASE)
_STOPS = frozenset(",;:")
_NEAR = 4
"""Tokens on either side of a direction that say what it is about."""
_NEGATED_WITHIN = 3
_DENIED_WITHIN = 4
_SHORTEST_STEM = 4
_OPPOSITE_OF = {word: other for pair in reversed(REPLACEABLE_OPPOSITES) for word, other in (pair, pair[::-1])}
_DENIAL = re.compile(r"\b(?:not|never|no)\s|n't\b")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|can|could|may|might|do|does|did|has|have|had|will|would|should)\b")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: its value, its unit in a short form ("" for none that is known), and how it stands in the text.

    ``step`` is the value of its last digit, which tells how far it was rounded. ``spelled`` when written as a word.
    """

    value: float
    unit: str
    written: str
    step: float
    spelled: bool = False

    def says(self, other: "Quantity") -> bool:
        """Whether it may stand for another number: the same one, or that one rounded; known units must agree."""
        if self.unit and other.unit and self.unit != other.unit:
            return False
        if math.isclose(self.value, other.value, rel_tol=1e-9):
            return True
        return self.step > other.step and abs(self.value - other.value) <= self.step / 2 * (1 + 1e-9)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands, and whether it is coined: no dictionary word with a capital."""

    written: str
    coined: bool

    @property
    def abbreviated(self) -> bool:
        """Whether it has capitals and digits only, but for a plural's s: COVID-19, MMLU, RNNs."""
        return self.coined and self.written.removesuffix("s").isupper()


class KnownNames:
    """What a source calls things, for asking whether a name is among them."""

    def __init__(self, text: str) -> None:
        plain = _FORMULA.sub("", text)
        self._words = frozenset(content_words(plain))
        self._parts = frozenset(_bare(part) for part in re.split(r"[\s/(),;:]+", plain))
        self._run_together = _bare(plain)
        letter_words = re.findall(r"[^\W\d_]+", plain.casefold())
        self._initials = (
            _initials(letter_words),
            _initials(word for word in letter_words if word not in FUNCTION_WORDS),
        )

    def has(self, name: str) -> bool:
        """Whether the name stands in the source: whatever its hyphens, case and plural, or as what it abbreviates."""
        bare = _bare(name)
        singular = bare.removesuffix("s")
        if {bare, singular, f"{bare}s"} & self._parts:
            return True
        if len(singular) >= _SHORTEST_WITHIN and singular in self._run_together:
            return True
        stems = content_words(name)
        if stems and all(stem in self._words for stem in stems):
            return True
        letters = re.sub(r"\d+$", "", singular)
        abbreviates = name.removesuffix("s").isupper() and len(letters) > _SHORTEST_INITIALS
        return abbreviates and any(letters in initials for initials in self._initials)


@dataclass(frozen=True, slots=True)
class _Direction:
    """A word that says more (+1) or less (-1), and the words around it."""

    sign: int
    around: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stance:
    """What a sentence says of direction and denial; ``denied`` are the words that follow a denial closely."""

    directions: tuple[_Direction, ...]
    negated: bool
    denied: frozenset[str]
    words: frozenset[str]
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two stances meet, each 0..1.

    Directions about the same things that clash, by the share of common words around them; ``counter`` when
    all directions of one go against all of the other; words that are opposites; one alone that denies; the
    share of the claim's words that the other denies, or that it denies and the other does not.
    """

    clashing: float
    counter: float
    opposite: float
    denial: float
    denied: float


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim, read once for all sources."""

    text: str
    words: frozenset[str]
    quantities: tuple[Quantity, ...]
    names: tuple[Name, ...]
    stance: Stance


def read_claim(text: str) -> ReadClaim:
    """Read a claim."""
    return ReadClaim(text, frozenset(content_words(text)), quantities(text), names(text), stance(text))


def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text in order; "one" and digits within names (GPT-4, 3D, L2) are not among them."""
    plain = _plain(text)
    return tuple(_written_in_digits(plain)) + tuple(_written_in_words(plain))


def missing_quantities(claimed: Iterable[Quantity], stated: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """Numbers of a claim that no number of its source supports."""
    stated_quantities = tuple(stated)
    return tuple(quantity for quantity in claimed if not any(quantity.says(other) for other in stated_quantities))


def _plain(text: str) -> str:
    """Without the signs of formulas; powers of ten as computers write them, thousands without a gap."""
    text = plain_text(text).replace("\\times", " x ").replace("\\%", "%").replace("−", "-")  # the sign itself
    text = _FORMULA_SIGN.sub("", text)
    text = _THOUSANDS.sub(lambda match: "".join(filter(str.isdigit, match.group())), text)
    text = _LEADING_TIMES.sub("", _BETWEEN_NUMBERS.sub(" x ", text))
    text = _POWER.sub(lambda match: f"{match.group(1) or 1}e{match.group(2)}", text)
    return _SPACED_PERCENT.sub("%", text)


def _written_in_digits(text: str) -> Iterable[Quantity]:
    for match in _QUANTITY.finditer(text):
        digits = match.group("digits").replace(",", "")
        factor = float("1" + match.group("exponent")) if match.group("exponent") else 1.0
        scale = (match.group("scale") or "").strip().casefold()
        factor *= SCALES.get(scale, SCALES.get(scale.rstrip("s"), 1.0))
        word = match.group("unit") or ""
        decimals = len(digits.partition(".")[2])
        written = match.group()[: match.end("scale") - match.start()] if scale else match.group("digits")
        written += match.group("exponent") or ""
        unit = UNITS.get(word.casefold(), "")
        sign = unit if unit == "%" and word == "%" else ""
        yield Quantity(float(digits) * factor, unit, written.strip() + sign, 10.0**-decimals * factor)


def _written_in_words(text: str) -> Iterable[Quantity]:
    matches = list(_WORD.finditer(text))
    for match, following in zip(matches, [*matches[1:], None], strict=False):
        word = match.group().casefold()
        if word in MULTIPLIER_WORDS:
            yield Quantity(MULTIPLIER_WORDS[word], "x", match.group(), 0.0, spelled=True)
        elif word in NUMBER_WORDS:
            after = following.group().casefold() if following else ""
            factor = SCALES[after] if len(after) > 2 and after in SCALES else 1.0
            yield Quantity(NUMBER_WORDS[word] * factor, UNITS.get(after, ""), match.group(), 0.0, spelled=True)


def names(text: str) -> tuple[Name, ...]:
    """The names of a text, each once; abbreviations that every paper uses (LLM, GPU) are none.

    A word with a capital that begins a sentence counts only when it is coined.
    """
    plain = _FORMULA.sub("", text)
    by_token: dict[str, Name] = {}
    for match in _NAME_TOKEN.finditer(plain):
        token = match.group()
        if token.casefold() in COMMON_ABBREVIATIONS or not re.search(r"[A-Za-z]", token) or re.match(r"[\d.]", token):
            continue
        if _COINED.fullmatch(token):
            by_token.setdefault(token, Name(token, coined=True))
        elif _CAPITALIZED.fullmatch(token) and not _SENTENCE_START.search(plain[: match.start()]):
            by_token.setdefault(token, Name(token, coined=False))
    return tuple(by_token.values())


def missing_names(claimed: Iterable[Name], known_names: KnownNames) -> tuple[Name, ...]:
    """Names that a source does not have."""
    return tuple(name for name in claimed if not known_names.has(name.written))


def _initials(letter_words: Iterable[str]) -> str:
    return "".join(word[0] for word in letter_words)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def stance(text: str) -> Stance:
    """Read the directions and denials of a sentence."""
    tokens = [token.casefold() for token in _STANCE_TOKEN.findall(text)]
    stems = [_stem(token) for token in tokens]
    return Stance(
        tuple(_directions(tokens, stems)),
        not NEGATIONS.isdisjoint(tokens),
        frozenset(_denied(tokens)),
        frozenset(content_words(text)),
        frozenset(stems),
    )


def agreement(claim: Stance, evidence: Stance) -> Agreement:
    """Compare the stance of a claim with that of its evidence."""
    clashing = 0.0
    for own in claim.directions:
        same = max((_shared(own, other) for other in evidence.directions if other.sign == own.sign), default=0.0)
        against = max((_shared(own, other) for other in evidence.directions if other.sign != own.sign), default=0.0)
        clashing = max(clashing, against if against > same else 0.0)
    claim_signs, evidence_signs = ({direction.sign for direction in s.directions} for s in (claim, evidence))
    counter = len(claim_signs) == len(evidence_signs) == 1 and claim_signs != evidence_signs
    denial = claim.negated != evidence.negated
    opposite = _has_opposite(claim, evidence)
    return Agreement(clashing, float(counter), float(opposite), float(denial), _denied_share(claim, evidence))


def opposed_to(claim: str) -> str:
    """A sentence that says the opposite of a claim: a denial taken out, a direction turned, or a "not" put in."""
    if _DENIAL.search(claim):
        return _DENIAL.sub("", claim)
    for match in _WORD.finditer(claim):
        if other := _OPPOSITE_OF.get(match.group().casefold()):
            return claim[: match.start()] + other + claim[match.end() :]
    if _AUXILIARY.search(claim):
        return _AUXILIARY.sub(lambda match: f"{match.group()} not", claim, count=1)
    return f"It is not the case that {claim}"


@cache
def _stems(listed: str) -> frozenset[str]:
    return frozenset(stemmed(listed))


@lru_cache(maxsize=8192)
def _stem(token: str) -> str:
    stems = stemmed(token)
    return stems[0] if stems else token


def _directions(tokens: Sequence[str], stems: Sequence[str]) -> Iterator[_Direction]:
    rising, falling = _stems(RISING), _stems(FALLING)
    for place, stem in enumerate(stems):
        sign = (stem in rising) - (stem in falling)
        if not sign:
            continue
        if not NEGATIONS.isdisjoint(tokens[max(0, place - _NEGATED_WITHIN) : place]):
            sign = -sign
        around = [*tokens[max(0, place - _NEAR) : place], *tokens[place + 1 : place + 1 + _NEAR]]
        yield _Direction(sign, frozenset(content_words(" ".join(around))) - rising - falling)


def _denied(tokens: Sequence[str]) -> Iterator[str]:
    for place, token in enumerate(tokens):
        if token in NEGATIONS:
            following = list(takewhile(lambda later: later not in _STOPS, tokens[place + 1 :]))
            yield from content_words(" ".join(following))[:_DENIED_WITHIN]


def _denied_share(claim: Stance, evidence: Stance) -> float:
    common = claim.words & evidence.words
    return len(common & (claim.denied ^ evidence.denied)) / len(common) if common else 0.0


def _shared(claimed: _Direction, stated: _Direction) -> float:
    smaller = min(len(claimed.around), len(stated.around))
    return len(claimed.around & stated.around) / smaller if smaller else 0.0


def _has_opposite(claim: Stance, evidence: Stance) -> bool:
    """Whether one has a word and the other its opposite, and neither has both."""
    only_claim, only_evidence = claim.stems - evidence.stems, evidence.stems - claim.stems
    for left, right in (map(_stem, pair) for pair in OPPOSITES):
        if (left in only_claim and right in only_evidence) or (right in only_claim and left in only_evidence):
            return True
    return _has_prefixed(only_claim, only_evidence) or _has_prefixed(only_evidence, only_claim)


def _has_prefixed(plain: frozenset[str], others: frozenset[str]) -> bool:
    return any(
        f"{prefix}{word}" in others for word in plain if len(word) >= _SHORTEST_STEM for prefix in NEGATING_PREFIXES
    )
