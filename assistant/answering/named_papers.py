"""Questions that name their papers by id or link ("how many toys are in 2408.99005?"), as they are put to a model.

An id says nothing to a reader of abstracts and its digits are no figure, so the paper's name stands in its place.
"""

import re
from collections.abc import Sequence

from assistant.answering.sufficiency.wording import asks_for_papers
from assistant.arxiv_ids import IdMention, replace_id_mentions, without_id_mentions
from assistant.library.values import LibraryPaper
from assistant.papers import normalized_title
from assistant.retrieval.understanding.follow_up import short_name

_BEYOND = re.compile(
    r"\b(?:similar|related|like|resembl\w+|other|others|further|closest|nearest|besides|beyond|else|cit(?:e|es|ing)"
    r"|build(?:s|ing)? (?:up)?on)\b",
    re.IGNORECASE,
)
_PAPERS_BEFORE_NAME = re.compile(r"\bpapers?\b(?=\W{0,4}(?:at |in |called |named |with ids? )?[“\"])", re.IGNORECASE)


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
