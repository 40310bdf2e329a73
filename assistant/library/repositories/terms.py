"""What papers are about, in a few words: keywords and telling words of titles, folded so that they can be counted.

A term has a key, equal for singular and plural and however it is hyphenated, and a spelling in lower case.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import pairwise

from assistant.library.index.tantivy_index import stop_words, words

_COMPOUND = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ACRONYM_BEHIND = re.compile(r"(?<=\S)\s*\([^()]*\)\s*$")
_SHORTEST_WORD = 3
_LONGEST_ACRONYM = 8

# Words of titles that say how a paper speaks and not what it is about; beside another word they may end a term.
_GENERIC = """
a adaptive advancing agentic analysis approach automated automatic base based better beyond bridging building case
challenge comprehensive data dataset deep direct dynamic effective efficient efficiently empowering enable enhanced
enhancing evaluating evaluation exploring fast faster framework general generalizable generation generative high
high-fidelity high-quality high-resolution large-scale state-of-the-art
improved improving intelligence introduction joint large learn learned learning level leveraging long low making
method mitigating model modeling models multi neural new novel on-device one open optimal optimization paper
performance practical progressive real rethinking revisiting robust scalable scale scaling self simple single small
smarter step study survey system systems task tasks technical report toward towards training tuning two understanding
unified universal unlocking unveiling versatile zero
"""

# Keywords of half of all papers of today: they tell no approach from another.
_EVERYWHERE = """
accuracy, benchmark, consistent, dataset, diffusion model, fine-tuning, foundation model, framework, generation, human,
inference, language, language model, large language model, llm, machine learning, model, multimodal, performance,
prediction, reasoning, representation, robustness, structure, supervised fine-tuning, task, text, training, transformer,
vision-language model, visual, vlm
"""


def keyword_terms(keywords: Iterable[str]) -> dict[str, str]:
    """The keywords of a paper as terms, spelling by key; an acronym in parentheses behind one is left out."""
    spelled = (" ".join(_ACRONYM_BEHIND.sub("", keyword).split()) for keyword in keywords)
    return {key: keyword.casefold() for keyword in spelled if (key := term_key(keyword))}


def title_terms(title: str) -> dict[str, str]:
    """The telling words of a title and what they make with their neighbours, spelling by key; a compound is one word.

    "A Survey of Large Language Models" has "language", "language models" and "large language models".
    """
    spelled = [(term_key(word), word.casefold()) for word in _COMPOUND.findall(title)]
    terms = {key: word for key, word in spelled if len(word) >= _SHORTEST_WORD and _tells(key)}
    for (first, first_word), (second, second_word) in pairwise(spelled):
        if _tells(first) and _may_end(second):
            terms[f"{first} {second}"] = f"{first_word} {second_word}"
    for three in zip(spelled, spelled[1:], spelled[2:], strict=False):
        keys, written = zip(*three, strict=True)
        if all(_may_end(key) for key in keys) and _tells(keys[1]):
            terms[" ".join(keys)] = " ".join(written)
    return terms


def abbreviated(counts: Mapping[str, int]) -> dict[str, str]:
    """The key of the term that an acronym stands for, by the key of the acronym.

    ``counts`` are all terms at hand; of several that an acronym fits the most frequent one is meant ("llm" is
    "large language model" when that occurs). Stop words may have no letter in it.
    """
    meant: dict[str, str] = {}
    for key in sorted(counts, key=lambda key: (-counts[key], key)):
        parts = key.split(" ")
        if 1 < len(parts) <= _LONGEST_ACRONYM:
            telling = "".join(part[0] for part in parts if part not in stop_words())
            for acronym in ("".join(part[0] for part in parts), telling):
                if len(acronym) >= _SHORTEST_WORD and acronym in counts:
                    meant.setdefault(acronym, key)
    return meant


def usual_spelling(spellings: Mapping[str, int]) -> str:
    """The spelling of a term that occurs most; an acronym only when nothing else does."""
    spelled_out = {spelling: count for spelling, count in spellings.items() if " " in spelling or "-" in spelling}
    return max(spelled_out or spellings, key=lambda spelling: spellings[spelling])


def places_spoken(keys: Iterable[str], texts: Iterable[str]) -> dict[str, frozenset[int]]:
    """The places of the texts that have each term, every term a key; found by its first word, then as a whole."""
    by_first: dict[str, list[str]] = {}
    places_by_key: dict[str, set[int]] = {}
    for key in keys:
        by_first.setdefault(key.split(maxsplit=1)[0], []).append(key)
        places_by_key[key] = set()
    for place, text in enumerate(texts):
        spoken = words(text)
        line = f" {' '.join(spoken)} "
        for word in by_first.keys() & set(spoken):
            for key in by_first[word]:
                if f" {key} " in line:
                    places_by_key[key].add(place)
    return {key: frozenset(places) for key, places in places_by_key.items()}


def is_everywhere(key: str) -> bool:
    """Whether a term is so general, or a keyword of so many papers of today, that it tells none from another."""
    return key in _everywhere_keys() or key in _generic()


def as_written(term: str, texts: Iterable[str]) -> str:
    """The term as the texts write it most often, with a capital at the beginning."""
    pattern = re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE)
    written = Counter(spelling for text in texts for spelling in pattern.findall(text))
    spelling = written.most_common(1)[0][0] if written else term
    return spelling[:1].upper() + spelling[1:]


@lru_cache(maxsize=65536)
def term_key(text: str) -> str:
    """What is equal for spellings of one term: its words, stemmed."""
    return " ".join(words(text))


@cache
def _everywhere_keys() -> frozenset[str]:
    return frozenset(term_key(term) for term in _EVERYWHERE.split(","))


@cache
def _generic() -> frozenset[str]:
    return frozenset(term_key(word) for word in _GENERIC.split())


def _tells(key: str) -> bool:
    return _may_end(key) and key not in _generic()


def _may_end(key: str) -> bool:
    return bool(key) and key not in stop_words() and not key.isdigit()
