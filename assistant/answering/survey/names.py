"""Other names of a question's subject, learned from the papers found: what its acronyms stand for."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]*[A-Z]s?\b|\b[A-Z]{2,}s?\b")
_INTRODUCED = re.compile(r"\(([A-Z][A-Za-z]*[A-Z]|[A-Z]{2,})s?\)")
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_BACK = 90  # characters before an acronym in which its words stand
_SKIPPED_WORDS = 3


def spelled_out(question: str, texts: Iterable[str]) -> str:
    """The question with its acronyms written in full, where one of the texts introduces them.

    "RL for LLMs" becomes "reinforcement learning for large language models" when texts say "reinforcement learning
    (RL)"; of several readings the most frequent one is taken.
    """
    meanings = _introduced(texts)

    def written_out(match: re.Match[str]) -> str:
        found = meanings.get(match.group().removesuffix("s"))
        return found.most_common(1)[0][0] if found else match.group()

    return _ACRONYM.sub(written_out, question)


def _introduced(texts: Iterable[str]) -> dict[str, Counter[str]]:
    """Long forms by acronym, counted, from "long form (LF)"."""
    meanings: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for match in _INTRODUCED.finditer(text):
            before = _WORD.findall(text[max(0, match.start() - _LOOKED_BACK) : match.start()])
            if long_form := _long_form(match.group(1).casefold(), before):
                meanings[match.group(1)][long_form.casefold()] += 1
    return meanings


def _long_form(acronym: str, before: list[str]) -> str | None:
    """The fewest last words whose initials hold the letters of the acronym, the first one at the beginning."""
    for count in range(len(acronym), len(acronym) + _SKIPPED_WORDS):
        words = before[-count:]
        initials = iter("".join(word[0] for word in words).casefold())
        if len(words) == count and words[0][0].casefold() == acronym[0] and all(c in initials for c in acronym):
            return " ".join(words)
    return None
