"""Queries for training the embedder: what a reader may type who looks for a paper.

Titles and the feed's summaries name a paper's own words, so most of them are made harder: coined names are taken
out, words that the abstract holds are dropped at random, and summaries are turned into needs ("how to …").
"""

import random
import re
from collections.abc import Sequence

from training.corpus import CorpusPaper, without_links

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(\"“])")
_WORD = re.compile(r"[\w'’-]+")
_COINED = re.compile(r"\b(?=[\w.+-]*[A-Z0-9])(?=[\w.+-]*[A-Za-z])[\w.+-]*(?:[a-z][A-Z]|[A-Z]{2}|\d)[\w.+-]*\b")
_LEAD_IN = re.compile(
    r"^(?:(?:in )?this (?:paper|work|study|survey|report)|the (?:paper|authors|study)|we|an?|the|new|novel)\s+"
    r"(?:(?:new|novel|unified|efficient|comprehensive|large-scale)\s+)*",
    re.IGNORECASE,
)
_GERUNDS = {
    "improves": "improving",
    "enhances": "making better",
    "reduces": "cutting",
    "enables": "being able to do",
    "addresses": "dealing with",
    "generates": "generating",
    "evaluates": "testing",
    "achieves": "reaching",
    "leverages": "using",
    "uses": "using",
    "combines": "combining",
}
_ASKING = (
    "how can i get {}",
    "how do people do {}",
    "papers on {}",
    "any work on {}?",
    "what helps with {}?",
    "is there something for {}",
    "{}",
    "{}?",
    "i need {}",
    "recent research about {}",
)
_STOP = frozenset(
    """
    a an the of in on to for and or with by from as at is are be that this these those it its which while using via into
    over under than then their our can has have been not no more most both each such
    """.split()  # noqa: SIM905  # a list of words reads better as text
)


def queries(paper: CorpusPaper, asked: Sequence[str], most: int, chance: random.Random) -> list[tuple[str, str | None]]:
    """At most ``most`` queries about a paper, each with the sentence that its document is to be read without.

    ``asked`` are written questions about the paper, if there are any.
    """
    made: list[tuple[str, str | None]] = [
        (question, None) for question in chance.sample(list(asked), min(2, len(asked)))
    ]
    makers = [_title, _plain_title, _sentence, _sentence, _keywords]
    if paper.summary:
        makers += [_summary, _need, _need, _need, _summary_part]
    chance.shuffle(makers)
    for maker in makers:
        if len(made) >= most:
            break
        query = maker(paper, chance)
        if query and len(query[0].split()) > 1:
            made.append(query)
    return made


def _title(paper: CorpusPaper, chance: random.Random) -> tuple[str, str | None]:
    text = paper.title.lower() if chance.random() < 0.5 else paper.title
    return text, None


def _plain_title(paper: CorpusPaper, chance: random.Random) -> tuple[str, str | None]:
    text = _COINED.sub("", paper.title.split(":", 1)[-1])
    return _phrased(_thinned(text, 0.15, chance), chance), None


def _summary(paper: CorpusPaper, _chance: random.Random) -> tuple[str, str | None]:
    return paper.summary, None


def _need(paper: CorpusPaper, chance: random.Random) -> tuple[str, str | None]:
    """The summary without names and without many of the words that the paper itself says."""
    text = _LEAD_IN.sub("", _COINED.sub("", paper.summary)).strip(" ,.")
    spoken = " ".join(_GERUNDS.get(word.lower(), word) for word in text.split())
    said = {word.lower() for word in _WORD.findall(paper.title)}
    kept = [word for word in spoken.split() if chance.random() > (0.6 if word.lower().strip(",.;") in said else 0.2)]
    clause = _clause(" ".join(kept), chance)
    return _phrased(clause, chance), None


def _summary_part(paper: CorpusPaper, chance: random.Random) -> tuple[str, str | None]:
    return _clause(paper.summary, chance), None


def _sentence(paper: CorpusPaper, chance: random.Random) -> tuple[str, str | None] | None:
    """A sentence of the abstract, which the document is then read without."""
    sentences = _SENTENCE_END.split(paper.abstract)
    if len(sentences) < 4:
        return None
    sentence = chance.choice(sentences)
    text = without_links(_COINED.sub("", sentence))
    return _clause(_thinned(text, 0.2, chance), chance), sentence


def _keywords(paper: CorpusPaper, chance: random.Random) -> tuple[str, str | None] | None:
    if len(paper.keywords) < 3:
        return None
    return " ".join(chance.sample(list(paper.keywords), min(len(paper.keywords), chance.randint(2, 4)))), None


def _clause(text: str, chance: random.Random) -> str:
    """A run of 6 to 18 words."""
    words = text.split()
    length = chance.randint(6, 18)
    start = chance.randint(0, max(0, len(words) - length))
    return " ".join(words[start : start + length]).strip(" ,.;:")


def _thinned(text: str, share: float, chance: random.Random) -> str:
    return " ".join(word for word in text.split() if word.lower() in _STOP or chance.random() > share)


def _phrased(text: str, chance: random.Random) -> str:
    form = chance.choice(_ASKING).format(text.strip())
    return form.lower() if chance.random() < 0.7 else form
