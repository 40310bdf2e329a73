"""What is measured of a claim and the sentences that may bear it out: the numbers that the cheap steps decide by."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from assistant.answering.values import NumberedSource
from assistant.answering.verification.numbers import Quantity, missing_quantities, quantities
from assistant.answering.verification.polarity import Stance, agreement, stance
from assistant.retrieval import IdfWeights, content_words
from assistant.sentences import Sentence, split_sentences

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


_UNSEEN_SENTENCES = 20


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """One sentence of a source, read once for all claims."""

    number: int
    sentence: Sentence
    words: frozenset[str]
    quantities: tuple[Quantity, ...]
    stance: Stance


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source, read once for all claims; title, authors and organization count with its abstract for names."""

    number: int
    sentences: tuple[SourceSentence, ...]
    title_words: frozenset[str]
    words: frozenset[str]
    quantities: tuple[Quantity, ...]
    names: KnownNames


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim, read once for all sources."""

    text: str
    words: frozenset[str]
    quantities: tuple[Quantity, ...]
    names: tuple[Name, ...]
    stance: Stance


@dataclass(frozen=True, slots=True)
class FactMeasures:
    """Numbers and names that the source lacks, and what it says to the contrary; each about 0..1."""

    missing_numbers: float
    missing_coined: float
    clash: float
    counter: float
    opposite: float
    denial: float
    denied: float


@dataclass(frozen=True, slots=True)
class WordMeasures:
    """Weighted shares of the claim's words: in the sentences that are cited, and in the whole papers."""

    evidence: float
    paper: float


@dataclass(frozen=True, slots=True)
class MeaningMeasures:
    """Cosines of the claim's vector with those of the cited papers' sentences.

    The greatest, and the most by which a sentence is nearer to the claim than to its opposite. (Their mean tells
    related papers from others, but a small detail of a paper is far from most of it.)
    """

    best_sentence: float
    above_opposite: float


@dataclass(frozen=True, slots=True)
class Measures:
    """All that is measured; ``meaning`` is None without an embedder."""

    facts: FactMeasures
    words: WordMeasures
    meaning: MeaningMeasures | None

    @property
    def values(self) -> tuple[float, ...]:
        """The measures as one row: facts, words, meaning, each in the order of its fields."""
        return (*astuple(self.facts), *astuple(self.words), *(astuple(self.meaning) if self.meaning else ()))


def read_claim(text: str) -> ReadClaim:
    """Read a claim."""
    return ReadClaim(text, frozenset(content_words(text)), quantities(text), names(text), stance(text))


def read_source(source: NumberedSource) -> ReadSource:
    """Read a source's paper, the whole of it: what was left out of a prompt bears claims out as well."""
    paper = source.paper.paper
    title = frozenset(content_words(paper.title))
    sentences = tuple(
        SourceSentence(source.number, s, frozenset(content_words(s.text)), quantities(s.text), stance(s.text))
        for s in split_sentences(paper.abstract)
    )
    people = " ".join(author.name for author in paper.authors)
    known = KnownNames(f"{paper.title}\n{paper.abstract}\n{people}\n{paper.organization or ''}")
    words = title.union(*(sentence.words for sentence in sentences))
    return ReadSource(source.number, sentences, title, words, quantities(paper.text), known)


def word_weights(sources: Sequence[ReadSource]) -> IdfWeights:
    """How rare words are among the sentences of the sources, as if there were `_UNSEEN_SENTENCES` more.

    Among a handful of sentences a word that the source lacks would else weigh many times one that it has.
    """
    sentences = [sentence for source in sources for sentence in source.sentences]
    frequencies = Counter(word for sentence in sentences for word in sentence.words)
    return IdfWeights(frequencies, len(sentences) + _UNSEEN_SENTENCES)


def fact_measures(claim: ReadClaim, evidence: Sequence[SourceSentence], sources: Sequence[ReadSource]) -> FactMeasures:
    """Measure a claim against its evidence and the whole papers that this stands in."""
    lost = absent_quantities(claim, sources)
    absent = absent_names(claim, sources)
    agreements = [agreement(claim.stance, sentence.stance) for sentence in evidence]
    return FactMeasures(
        missing_numbers=min(len(lost), 2) / 2,
        missing_coined=min(sum(name.coined for name in absent), 2) / 2,
        clash=max((a.clashing for a in agreements), default=0.0),
        counter=min((a.counter for a in agreements), default=0.0),
        opposite=min((a.opposite for a in agreements), default=0.0),
        denial=min((a.denial for a in agreements), default=0.0),
        denied=min((a.denied for a in agreements), default=0.0),
    )


def absent_quantities(claim: ReadClaim, sources: Sequence[ReadSource]) -> tuple[Quantity, ...]:
    """Numbers of a claim that none of the papers has."""
    return missing_quantities(claim.quantities, [quantity for source in sources for quantity in source.quantities])


def absent_names(claim: ReadClaim, sources: Sequence[ReadSource]) -> tuple[Name, ...]:
    """Names of a claim that none of the papers has."""
    left = claim.names
    for source in sources:
        left = missing_names(left, source.names)
    return left


def word_measures(
    claim: ReadClaim, evidence: Sequence[SourceSentence], sources: Sequence[ReadSource], weights: IdfWeights
) -> WordMeasures:
    """Measure the words of a claim against its evidence."""
    title = frozenset[str]().union(*(source.title_words for source in sources))
    cited = title.union(*(sentence.words for sentence in evidence))
    paper = frozenset[str]().union(*(source.words for source in sources))
    return WordMeasures(
        evidence=weights.share(claim.words, cited, of_none=0.0),
        paper=weights.share(claim.words, paper, of_none=0.0),
    )
