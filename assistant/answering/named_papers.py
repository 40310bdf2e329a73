"""Questions that name their papers by id or link ("how many toys are in 2408.99005?"), as they are put to a model.

An id says nothing to a reader of abstracts and its digits are no figure, so the paper's name stands in its place.
"""

import re
from collections.abc import Sequence
from functools import cache

from assistant.answering.sufficiency.wording import asks_for_papers
from assistant.arxiv_ids import IdMention, replace_id_mentions, without_id_mentions
from assistant.library.lexical import stop_words, words
from assistant.library.values import LibraryPaper
from assistant.papers import normalized_title
from assistant.retrieval.question import asked_for
from assistant.retrieval.understanding.follow_up import short_name

_BEYOND = re.compile(
    r"\b(?:similar|related|like|resembl\w+|other|others|further|closest|nearest|besides|beyond|else|cit(?:e|es|ing)"
    r"|build(?:s|ing)? (?:up)?on)\b",
    re.IGNORECASE,
)
_WANTS_REASON = re.compile(r"\b(?:why|when|where|who|whose|whom)\b", re.IGNORECASE)
_PAPERS_BEFORE_NAME = re.compile(r"\bpapers?\b(?=\W{0,4}(?:at |in |called |named |with ids? )?[“\"])", re.IGNORECASE)
_COMPARING = """
compare compared comparing comparison contrast contrasting versus vs against differ differs different difference
differences differentiate distinguish distinguishes similarity similarities common better
"""
_OVERVIEW = """
summarize summarise summary summaries sum overview tldr tl dr abstract gist recap review describe description explain
explanation discuss discussion outline introduce introduction present say says state states tell told read show give
main key central core most important point points idea ideas message finding findings contribution contributions result
results takeaway takeaways conclusion conclusions topic content contents highlights essence paper papers article
articles
work works study studies preprint preprints publication author authors one two three four five six few short shortly
brief briefly quick quickly concise concisely simple simply plain words sentence sentences paragraph paragraphs bullet
bullets line lines detail details detailed please can could would you i we us me want like need each both together
respectively find do does make made relate related relation
"""


def with_names(question: str, papers: Sequence[LibraryPaper]) -> str:
    """The question with the papers' names in place of their ids and links.

    Where the question says the name itself nothing stands in its place; the id of another paper stays.
    """
    names = {paper.paper_id: short_name(paper.title) for paper in papers}
    said = normalized_title(without_id_mentions(question))

    def name_of(mention: IdMention) -> str:
        name = names.get(mention.paper_id)
        if name is None:
            return question[mention.start : mention.end]
        if mention.label:
            return mention.label
        return "" if normalized_title(name) in said else f"“{name}”"

    return replace_id_mentions(question, name_of)


def asks_beyond(question: str) -> bool:
    """Whether other papers than the named ones are wanted: "papers similar to …", "what cites …"."""
    return asks_for_papers(_PAPERS_BEFORE_NAME.sub("", question)) and bool(_BEYOND.search(question))


def is_overview(question: str, papers: Sequence[LibraryPaper]) -> bool:
    """Whether a question asks what the papers say, and for no detail that an abstract could leave out."""
    wants_detail = asked_for(question).wants_figure or _WANTS_REASON.search(question)
    return not wants_detail and _asked(question, papers) <= _vocabulary() | _comparing()


def compares(question: str, papers: Sequence[LibraryPaper]) -> bool:
    """Whether a question asks how the papers differ."""
    return len(papers) > 1 and bool(_asked(question, papers) & _comparing())


def _asked(question: str, papers: Sequence[LibraryPaper]) -> frozenset[str]:
    """The words of a question beside the papers' names, stemmed."""
    rest = without_id_mentions(question)
    for paper in papers:
        for name in (paper.title, short_name(paper.title)):
            rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
    return frozenset(word for word in words(rest) if not word.isdigit()) - stop_words()


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(words(_OVERVIEW))


@cache
def _comparing() -> frozenset[str]:
    return frozenset(words(_COMPARING))
