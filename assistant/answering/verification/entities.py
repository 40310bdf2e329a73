"""Names in a text: coined words like FooNet, GPT-4 or MMLU, and words with a capital within a sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.retrieval.term_weights import content_words

_TOKEN = re.compile(r"[^\W_](?:[\w.+/-]*[^\W_])?\+*")
_COINED = re.compile(r"[a-z]*[A-Z].*[A-Z0-9].*|[A-Za-z].*\d.*|\w*[a-z][A-Z]\w*")
_CAPITALIZED = re.compile(r"[A-Z][a-z]+(?:-\w+)*")
_FORMULA = re.compile(r"\\[a-z]+|[${}\\]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|\n|[\"“(*_]+)$")
_COMMON = frozenset(
    """
    ai ml nlp llm llms gpu gpus cpu cpus api apis sota 2d 3d 4d ui us uk eu id qa ok pdf url rl cv dl vlm vlms mllm
    mllms
    ii iii iv
    """.split()  # noqa: SIM905  # a list of words reads better as text
)
_LITTLE = frozenset(["a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])
_SHORTEST_INITIALS = 2
_SHORTEST_WITHIN = 4


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
        spoken = re.findall(r"[^\W\d_]+", plain.casefold())
        self._initials = (_initials(spoken), _initials(word for word in spoken if word not in _LITTLE))

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


def names(text: str) -> tuple[Name, ...]:
    """The names of a text, each once; abbreviations that every paper uses (LLM, GPU) are none.

    A word with a capital that begins a sentence counts only when it is coined.
    """
    plain = _FORMULA.sub("", text)
    found: dict[str, Name] = {}
    for match in _TOKEN.finditer(plain):
        token = match.group()
        if token.casefold() in _COMMON or not re.search(r"[A-Za-z]", token) or re.match(r"[\d.]", token):
            continue
        if _COINED.fullmatch(token):
            found.setdefault(token, Name(token, coined=True))
        elif _CAPITALIZED.fullmatch(token) and not _SENTENCE_START.search(plain[: match.start()]):
            found.setdefault(token, Name(token, coined=False))
    return tuple(found.values())


def missing_names(claimed: Iterable[Name], known: KnownNames) -> tuple[Name, ...]:
    """Names that a source does not have."""
    return tuple(name for name in claimed if not known.has(name.written))


def _initials(spoken: Iterable[str]) -> str:
    return "".join(word[0] for word in spoken)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
