"""Papers named in an input: mentions put in by completion, ids, links and titles."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.arxiv_ids import find_paper_ids, without_id_mentions
from assistant.errors import NothingFound
from assistant.library import StoredPaper
from assistant.papers import is_provisional, parse_paper_id
from assistant.services import paper_named

if TYPE_CHECKING:
    from assistant.library import Library

_MENTION = re.compile(r"@\[(\S+?(?: [^\]]*)?)\]")
_NAME = re.compile(r"\"([^\"]+)\"|(\S+)")
_LONGEST_NAME = 40


def mention_of(paper_id: str, title: str) -> str:
    """How a paper stands in an input: ``@[2608.19880 FooNet]``, its id and its name or the beginning of its title.

    One that is known by its title alone stands there by its title.
    """
    unbracketed = re.sub(r"[\[\]]", "", title).strip()
    if is_provisional(paper_id):
        return f"@[{unbracketed}]"
    name = unbracketed.partition(":")[0].strip()
    return f"@[{paper_id} {name[:_LONGEST_NAME].rstrip()}]" if name else f"@[{paper_id}]"


def mentioned_ids(text: str) -> tuple[str, ...]:
    """The ids that are mentioned, each once, in order; a title for a paper that has none."""
    return tuple(dict.fromkeys(map(_name_in, _MENTION.findall(text))))


def without_mentions(text: str, papers: Sequence[StoredPaper]) -> str:
    """The text as it is asked: the papers' titles in place of their mentions."""
    titles = {name: f"“{paper.title}”" for name, paper in zip(mentioned_ids(text), papers, strict=False)}
    return _MENTION.sub(lambda mention: titles.get(_name_in(mention[1]), mention[0]), text)


def mentioned_papers(library: "Library", text: str) -> list[StoredPaper]:
    """The papers mentioned in a text, in the order of `mentioned_ids`, then those that it names by id or link.

    Raises `NothingFound` for one that the library does not have.
    """
    names = [*mentioned_ids(text), *find_paper_ids(_MENTION.sub(" ", text))]
    return [_paper(library, name) for name in dict.fromkeys(names)]


def papers_named(library: "Library", text: str) -> list[StoredPaper]:
    """The papers that the arguments of a command name: mentions, ids, links, and titles in quotes or between commas.

    Words that are none of these are one title. Raises `NothingFound` for a name that no paper of the library has.
    """
    papers = {paper.paper_id: paper for paper in mentioned_papers(library, text)}
    rest = without_id_mentions(_MENTION.sub(" ", text))
    names = [quoted for quoted, _ in _NAME.findall(rest) if quoted]
    words = " ".join(word for _, word in _NAME.findall(rest) if word)
    names += [name for part in words.split(",") if (name := part.strip(" ,;"))]
    for name in names:
        paper = _paper(library, name)
        papers.setdefault(paper.paper_id, paper)
    return list(papers.values())


def _name_in(mention: str) -> str:
    """What a mention names its paper by: the id that it begins with, else its whole text, a title."""
    return parse_paper_id(mention.partition(" ")[0]) or parse_paper_id(mention) or mention


def _paper(library: "Library", name: str) -> StoredPaper:
    paper = paper_named(library, name)
    if paper is None:
        by_title = "Type @ and the beginning of its title to find it."
        paper_id = parse_paper_id(name)
        remedy = f"`assistant sync --arxiv {paper_id}` brings it. {by_title}" if paper_id else by_title
        raise NothingFound(f"No paper {name!r} in the library.", remedy)
    return paper
