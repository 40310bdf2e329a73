"""Which papers are behind a topic: the same ones that `Trends` counts."""

import re
from collections import Counter
from collections.abc import Collection

from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.library.terms import abbreviated, keyword_terms, term_key, title_terms
from assistant.papers import Paper


def papers_with_topics(library: Library, topics: Collection[str], filters: Filters) -> dict[str, tuple[str, ...]]:
    """The ids of the papers that `Trends.topics` counts under each of these names."""
    papers = _papers(library, filters)
    by_keywords = sum(bool(paper.keywords) for paper in papers) * 2 >= len(papers)
    keys = {
        paper.paper_id: frozenset(keyword_terms(paper.keywords) if by_keywords else title_terms(paper.title))
        for paper in papers
    }
    meant = abbreviated(Counter(key for terms in keys.values() for key in terms))
    wanted = {topic: meant.get(term_key(topic), term_key(topic)) for topic in topics}
    names = {key: {key, *(short for short, full in meant.items() if full == key)} for key in wanted.values()}
    return {
        topic: tuple(paper_id for paper_id, terms in keys.items() if terms & names[key])
        for topic, key in wanted.items()
    }


def papers_with_words(library: Library, words: str, filters: Filters) -> tuple[str, ...]:
    """The ids of the papers that `Trends.weeks_of_topic` counts: every word in title, abstract or keywords.

    Each word stands for itself and its plural, in any case.
    """
    wanted = [_word_pattern(word) for word in re.findall(r"[^\W_]+", words.casefold())]
    return tuple(
        paper.paper_id
        for paper in _papers(library, filters)
        if wanted and all(pattern.search(_text(paper)) for pattern in wanted)
    )


def _papers(library: Library, filters: Filters) -> list[Paper]:
    allowed = library.matching_ids(filters)
    ids = [row.paper_id for row in library.browsing.rows()] if allowed is None else list(allowed)
    return [known.paper for known in library.get(ids)]


def _text(paper: Paper) -> str:
    return " ".join((paper.title, paper.abstract, *paper.keywords)).casefold()


def _word_pattern(word: str) -> re.Pattern[str]:
    singular = word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word
    return re.compile(rf"(?<![^\W_]){re.escape(singular)}(?:e?s)?(?![^\W_])")
