"""Questions that name their papers by id or link ("how many toys are in 2408.99005?"), as they are put to a model.

An id says nothing to a reader of abstracts and its digits are no figure, so the paper's name stands in its place.
"""

from collections.abc import Sequence

from assistant.arxiv_ids import IdMention, replace_id_mentions, without_id_mentions
from assistant.library.records import LibraryPaper
from assistant.papers import normalized_title
from assistant.retrieval.query.follow_up import short_name


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
