"""Whether two sentences that speak of the same things say the opposite: more against less, not against so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile

from assistant.library import words as stemmed
from assistant.retrieval import content_words

_RISING = """
increase increases increasing increased improve improved improvement enhance enhanced boost raise raises raised
higher high greater elevate elevated grow grows growth gain gains promote promotes upregulate activate activates
activation accelerate faster larger longer stronger better outperform outperforms surpass surpasses exceed exceeds
beat beats superior strengthen expand extend more stimulate induce induces favor facilitate enable enables allow
rise rises risen rose up encourage double triple expanded abundant frequent
"""
_FALLING = """
decrease decreases decreasing decreased reduce reduced reduction lower low lowers fewer less diminish drop drops
decline declines downregulate inhibit inhibits inhibition suppress suppresses attenuate impair impairs impaired slow
slower slows smaller shorter weaker worse underperform underperforms lag lags fall falls degrade degrades
degradation hurt hurts harm worsen inferior shrink cut cuts prevent prevents block blocks limit hinder weaken
protect deteriorate loss lose halt deactivate delay down decreasingly scarce rare deplete depletion deficiency
discourage sacrifice
"""
_NEGATIONS = frozenset(
    """
    not no never neither nor without cannot lack lacks lacking fail fails failed unlike hardly absence absent
    unable little barely none n't unrelated ineffective insignificant
    """.split()  # noqa: SIM905  # a list of words reads better as text
)
_OPPOSITES = (
    ("with", "without"), ("open", "closed"), ("most", "least"), ("best", "worst"), ("always", "never"),
    ("succeed", "fail"), ("all", "none"), ("positive", "negative"), ("maximize", "minimize"),
    ("stable", "unstable"), ("success", "failure"), ("easy", "hard"), ("early", "late"), ("large", "small"),
    ("many", "few"), ("dense", "sparse"), ("before", "after"), ("simple", "complex"), ("cheap", "expensive"),
    ("strong", "weak"), ("real", "synthetic"), ("short", "long"), ("online", "offline"), ("agree", "disagree"),
    ("easier", "hard"), ("easier", "harder"), ("remember", "forget"), ("fixed", "adaptive"), ("static", "dynamic"),
    ("supervised", "unsupervised"),
)  # fmt: skip
_PREFIXES = ("un", "in", "im", "non", "dis", "ir")
_TOKEN = re.compile(r"n't\b|[^\W_]+|[,;:]", re.IGNORECASE)
_STOPS = frozenset(",;:")
_NEAR = 4
_NEGATED_WITHIN = 3
_DENIED_WITHIN = 4
_SHORTEST_STEM = 4


@cache
def _stems(listed: str) -> frozenset[str]:
    return frozenset(stemmed(listed))


@lru_cache(maxsize=8192)
def _stem(token: str) -> str:
    found = stemmed(token)
    return found[0] if found else token


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


def stance(text: str) -> Stance:
    """Read the directions and denials of a sentence."""
    tokens = [token.casefold() for token in _TOKEN.findall(text)]
    stems = [_stem(token) for token in tokens]
    return Stance(
        tuple(_directions(tokens, stems)),
        not _NEGATIONS.isdisjoint(tokens),
        frozenset(_denied(tokens)),
        frozenset(content_words(text)),
        frozenset(stems),
    )


def agreement(claim: Stance, evidence: Stance) -> Agreement:
    """Hold the stance of a claim against that of its evidence."""
    clashing = 0.0
    for own in claim.directions:
        same = max((_shared(own, other) for other in evidence.directions if other.sign == own.sign), default=0.0)
        against = max((_shared(own, other) for other in evidence.directions if other.sign != own.sign), default=0.0)
        clashing = max(clashing, against if against > same else 0.0)
    mine, theirs = ({direction.sign for direction in one.directions} for one in (claim, evidence))
    counter = len(mine) == len(theirs) == 1 and mine != theirs
    denial = claim.negated != evidence.negated
    opposite = _has_opposite(claim, evidence)
    return Agreement(clashing, float(counter), float(opposite), float(denial), _denied_share(claim, evidence))


def _directions(tokens: Sequence[str], stems: Sequence[str]) -> Iterator[_Direction]:
    rising, falling = _stems(_RISING), _stems(_FALLING)
    for place, stem in enumerate(stems):
        sign = (stem in rising) - (stem in falling)
        if not sign:
            continue
        if not _NEGATIONS.isdisjoint(tokens[max(0, place - _NEGATED_WITHIN) : place]):
            sign = -sign
        around = [*tokens[max(0, place - _NEAR) : place], *tokens[place + 1 : place + 1 + _NEAR]]
        yield _Direction(sign, frozenset(content_words(" ".join(around))) - rising - falling)


def _denied(tokens: Sequence[str]) -> Iterator[str]:
    for place, token in enumerate(tokens):
        if token in _NEGATIONS:
            following = list(takewhile(lambda later: later not in _STOPS, tokens[place + 1 :]))
            yield from content_words(" ".join(following))[:_DENIED_WITHIN]


def _denied_share(claim: Stance, evidence: Stance) -> float:
    common = claim.words & evidence.words
    return len(common & (claim.denied ^ evidence.denied)) / len(common) if common else 0.0


def _shared(one: _Direction, other: _Direction) -> float:
    smaller = min(len(one.around), len(other.around))
    return len(one.around & other.around) / smaller if smaller else 0.0


def _has_opposite(claim: Stance, evidence: Stance) -> bool:
    """Whether one has a word and the other its opposite, and neither has both."""
    only_claim, only_evidence = claim.stems - evidence.stems, evidence.stems - claim.stems
    for pair in _OPPOSITES:
        one, other = map(_stem, pair)
        if (one in only_claim and other in only_evidence) or (other in only_claim and one in only_evidence):
            return True
    return _has_prefixed(only_claim, only_evidence) or _has_prefixed(only_evidence, only_claim)


def _has_prefixed(plain: frozenset[str], others: frozenset[str]) -> bool:
    return any(f"{prefix}{word}" in others for word in plain if len(word) >= _SHORTEST_STEM for prefix in _PREFIXES)


_PAIRS = (
    ("increases", "decreases"), ("increase", "decrease"), ("increased", "decreased"), ("increasing", "decreasing"),
    ("reduces", "increases"), ("reduce", "increase"), ("reduced", "increased"), ("reducing", "increasing"),
    ("raises", "lowers"), ("rises", "falls"), ("rise", "fall"), ("improves", "worsens"), ("improve", "worsen"),
    ("improved", "worsened"), ("enhances", "impairs"), ("enhance", "impair"), ("enhanced", "impaired"),
    ("promotes", "inhibits"), ("promote", "inhibit"), ("inhibits", "promotes"), ("inhibit", "promote"),
    ("activates", "inhibits"), ("activation", "inhibition"), ("upregulated", "downregulated"),
    ("prevents", "causes"), ("prevent", "cause"), ("higher", "lower"), ("greater", "smaller"), ("larger", "smaller"),
    ("longer", "shorter"), ("faster", "slower"), ("better", "worse"), ("more", "less"), ("high", "low"),
    ("best", "worst"),
    ("positive", "negative"), ("positively", "negatively"), ("gain", "loss"), ("gains", "losses"), ("with", "without"),
    ("outperforms", "underperforms"), ("outperform", "underperform"), ("effective", "ineffective"),
    ("beneficial", "harmful"), ("protects", "harms"), ("safe", "dangerous"), ("easier", "harder"), ("easy", "hard"),
    ("stable", "unstable"), ("succeeds", "fails"), ("always", "never"),
)  # fmt: skip
_OPPOSITE_OF = {word: other for pair in reversed(_PAIRS) for word, other in (pair, pair[::-1])}
_WORD = re.compile(r"[A-Za-z]+")
_DENIAL = re.compile(r"\b(?:not|never|no)\s|n't\b")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|can|could|may|might|do|does|did|has|have|had|will|would|should)\b")


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
