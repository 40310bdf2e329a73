"""Which sentences of an abstract say what the paper did and what came out: a summary without a model.

A sentence scores by cues of scientific prose and by the words it shares with the title. The cues are measured against
one-sentence summaries written by people (benchmarks/summaries.py).
"""

import re
from collections.abc import Sequence

from assistant.retrieval.lexical_overlap import content_words
from assistant.sentences import Sentence, leans_back, split_sentences, standing_passage

_CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|study|report)|our (?:work|approach|method|framework)|the authors"
    r"|[A-Z][\w-]*[A-Z0-9][\w-]*)\b"
    r"[^.]{0,60}?\b(?:propos|introduc|present|develop|build|built|design|releas|creat|study|investigat|explor|formulat"
    r"|describ|is an? |combin|extend|unif)",
)
_BACKGROUND = re.compile(
    r"^(?:however|existing|current|recent|previous|prior|despite|although|while|many|most)\b", re.IGNORECASE
)
_OWN = re.compile(
    r"\b(?:we|this (?:paper|work|study|report|technical report)|our (?:work|approach|method|framework|model))\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:outperform|achiev|surpass|improv|reduc|state-of-the-art|results?|experiments?|evaluations?|demonstrat|show|find"
    r"|beats?|exceed|reach|gain|speed)",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s?(?:%|x\b|×|points?)")
_TITLE_SHARE = 1.6
_SHORT_WORDS = 8
_LEANING = 1.0
"""What a contribution loses that points to the sentence before it: "To address this, we propose …"."""
_NAMED = 0.8
"""Bonus of a sentence with the method's name, which stands before the colon of most titles."""


def salient_sentences(title: str, abstract: str, limit: int = 2) -> tuple[Sentence, ...]:
    """At most ``limit`` sentences that summarize an abstract, in its own order: the contribution, then the result."""
    sentences = split_sentences(abstract)
    if not sentences:
        return ()
    wanted = frozenset(content_words(title))
    last = max(len(sentences) - 1, 1)
    name = title.partition(":")[0] if ":" in title else ""
    contribution = max(sentences, key=lambda s: _contribution_score(s.text, name, wanted, sentences.index(s) / last))
    others = [sentence for sentence in sentences if sentence != contribution]
    by_result = sorted(others, key=lambda s: -_result_score(s.text, sentences.index(s) / last))
    chosen = [contribution]
    for sentence in by_result:
        place = sentences.index(sentence)
        if not leans_back(sentence.text) or any(before in chosen for before in sentences[max(place - 1, 0) : place]):
            chosen.append(sentence)
    return _in_order(chosen[:limit])


def telling_sentences(title: str, abstract: str, limit: int = 5) -> tuple[Sentence, ...]:
    """About ``limit`` sentences that tell what a paper does and how, then its result, in the order of the abstract."""
    sentences = split_sentences(abstract)
    told = own_sentences(title, abstract, limit - 1)
    others = sentences[sentences.index(told[-1]) + 1 :] if told else ()
    standing = [s for place, s in enumerate(others) if place == 0 or not leans_back(s.text)]
    last = max(len(sentences) - 1, 1)
    return (*told, *sorted(standing, key=lambda s: -_result_score(s.text, sentences.index(s) / last))[:1])


def own_sentences(title: str, abstract: str, limit: int) -> tuple[Sentence, ...]:
    """The first sentence that presents a paper's own work and those behind it, which tell how it works.

    They are at most ``limit``; those on which the first one leans stand before them.
    """
    sentences = split_sentences(abstract)
    name = title.partition(":")[0] if ":" in title else ""
    own = [s for s in sentences if not _BACKGROUND.match(s.text) and (_OWN.search(s.text) or (name and name in s.text))]
    start = sentences.index(own[0]) if own else 0
    before = standing_passage(sentences, start, start)[:-1] if sentences else ()
    return (*before, *sentences[start : start + limit])


def _in_order(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    return tuple(sorted(sentences, key=lambda sentence: sentence.start))


def _contribution_score(text: str, name: str, title_words: frozenset[str], position: float) -> float:
    shared = len(title_words & set(content_words(text))) / len(title_words) if title_words else 0.0
    cued = 1.0 if _CONTRIBUTION.search(text) else 0.0
    named = _NAMED if name and name in text else 0.0
    background = 0.5 if _BACKGROUND.match(text) else 0.0
    short = 0.5 if len(text.split()) < _SHORT_WORDS else 0.0
    leaning = _LEANING if leans_back(text) else 0.0
    return _TITLE_SHARE * shared + cued + named - background - short - leaning - 0.3 * position


def _result_score(text: str, position: float) -> float:
    cues = min(len(_RESULT.findall(text)), 2)
    return cues * 0.5 + (0.7 if _FIGURE.search(text) else 0.0) + 0.5 * position
