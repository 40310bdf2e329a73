"""Which sentences of an answer claim something: only these are compared with the papers; and a claim with its check."""

import re
from dataclasses import dataclass
from functools import cache

from assistant.answering.values import Check, Citation
from assistant.library import words

_OPENING = re.compile(
    r"^(?:(?:in summary|to sum up|to summarize|overall|in conclusion|in short|yes|no|sure|certainly|of course"
    r"|summary|overview|conclusion|sources|references)\b[\s*_]*(?:[,.:!]+\s*|$))+",
    re.IGNORECASE,
)
_OFFER = re.compile(r"^(?:let me|i hope)\b[^.]*[.:!]?$", re.IGNORECASE)
_HEADING = re.compile(r"^(?:#{1,6}\s.*|\*\*[^*]+\*\*:?|__[^_]+__:?)$")
_QUESTION = re.compile(r"\?[\"'”’)\]]*$")
_LIST_SIGN = re.compile(r"^(?:[-*+•]|\d{1,2}[.)])\s+")
_LABEL = re.compile(
    r"^(?:(?:[-*+•]|\d{1,2}[.)])\s+)?(?P<bold>\*\*|__)(?P<words>[^*_\n\d]{1,40})(?::(?P=bold)|(?P=bold):)\s+(?=\S)"
)
_CITED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")
_FIGURE = re.compile(r"\d")
_GENERIC = frozenset(
    """
    several many some most few both all these those this that the a an of in on to for and or with by from as at it its
    paper papers work works study studies source sources approach approaches method methods researchers authors
    following
    given provided question topic subject problem issue area point points answer answers address addresses
    addressed look
    looks into discuss discusses discussed explore explores explored describe describes deal deals relevant related
    relate relates about there are is be here how what which ways way different various key main overall summary
    together
    detail details mentioned listed below above also can two three four five six
    more further information see refer read please consult full complete section article document text title abstract
    introduce introduces introduced present presents presented provide provides found shown show shows question
    answered asks asked user therefore hence
    """.split()  # noqa: SIM905  # a list of words reads better as text
)

_FORM = (
    "aim author background benchmark challenge conclusion contribution data dataset evaluation experiment figure"
    " finding goal idea implication introduction key limitation main method motivation objective outcome"
    " performance problem result setup significance solution summary task technique training"
)
"""What a label may call a part of an answer by; any other word may claim something, or name what is spoken of."""
UNSURE = "unsure: the source says something like it"
"""The reason of a claim that may hold and for which nothing vouches."""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence without markers, the citations it is to carry, and how it stands.

    ``check`` is None for a sentence that claims nothing. ``undecided`` asks for the model's judgement: the cheap
    steps alone cannot tell, and ``check`` is what they would say. ``about`` are the sources that the claim is about;
    empty where that is open.
    """

    claim: str
    citations: tuple[Citation, ...] = ()
    check: Check | None = None
    undecided: bool = False
    about: frozenset[int] = frozenset()


@cache
def generic_words() -> frozenset[str]:
    """Words, in the form of `words`, that are said of any paper and any question."""
    return frozenset(words(" ".join(_GENERIC)))


@cache
def _label_words() -> frozenset[str]:
    return generic_words().union(words(_FORM))


def is_heading(line: str) -> bool:
    """Whether a line is a heading in Markdown."""
    return _HEADING.match(_LIST_SIGN.sub("", line.strip())) is not None


def plain_claim(sentence: str) -> str:
    """A sentence without list sign, label, emphasis and opening words ("In summary, …")."""
    _, stated = split_label(sentence.strip())
    return _OPENING.sub("", _LIST_SIGN.sub("", stated).strip("*_ `"))


def split_label(sentence: str) -> tuple[str, str]:
    """The bold label of a part of an answer ("**Main result:** "), which states nothing, and what follows it.

    A label with any other word, or with a figure, belongs to what is stated.
    """
    label = _LABEL.match(sentence)
    if label is None or not _label_words().issuperset(words(label["words"])):
        return "", sentence
    return label[0], sentence[label.end() :]


def is_claim(sentence: str) -> bool:
    """Whether a sentence states a fact; "Several papers look into this:", headings and questions do not.

    In doubt it does: a fact that passes for a connecting sentence would go unchecked.
    """
    plain = plain_claim(sentence)
    if not re.search(r"\w", plain) or is_heading(sentence) or _QUESTION.search(plain):
        return False
    spoken = re.findall(r"[^\W\d_][\w'’-]*", plain)
    if plain.endswith(":") and not _FIGURE.search(_CITED.sub("", plain)):
        return False
    if _OFFER.match(plain):
        return False
    return any(word.casefold() not in _GENERIC for word in spoken) or bool(_FIGURE.search(plain))
