"""Papers named in an input: mentions put in by completion, ids, links and titles."""

import re
from collections.abc import Sequence

from assistant.errors import NothingFound
from assistant.library.library import Library
from assistant.library.values import LibraryPaper
from assistant.papers import parse_paper_id
from assistant.retrieval.titles import paper_named

_MENTION = re.compile(r"@\[(\S+?)(?: [^\]]*)?\]")
_NAME = re.compile(r"\"([^\"]+)\"|(\S+)")
_LONGEST_NAME = 40


def mention_of(paper_id: str, title: str) -> str:
    """How a paper stands in an input: ``@[2608.19880 FooNet]``, its id and its name or the beginning of its title."""
    name = title.partition(":")[0]
    name = re.sub(r"[\[\]]", "", name).strip()
    return f"@[{paper_id} {name[:_LONGEST_NAME].rstrip()}]" if name else f"@[{paper_id}]"


def mentioned_ids(text: str) -> tuple[str, ...]:
    """The ids that are mentioned, each once, in order."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def without_mentions(text: str, papers: Sequence[LibraryPaper]) -> str:
    """The text as it is asked: the papers' titles in place of their mentions."""
    titles = {paper.paper.paper_id: f"“{paper.paper.title}”" for paper in papers}
    return _MENTION.sub(lambda mention: titles.get(mention[1], mention[0]), text)


def mentioned_papers(library: Library, text: str) -> list[LibraryPaper]:
    """The papers mentioned in a text. Raises `NothingFound` for one that the library does not have."""
    return [_paper(library, paper_id) for paper_id in mentioned_ids(text)]


def papers_named(library: Library, text: str) -> list[LibraryPaper]:
    """The papers that the arguments of a command name: mentions, ids, links, and titles in quotes or between commas.

    Words that are none of these are one title. Raises `NothingFound` for a name that no paper of the library has.
    """
    found = {paper.paper.paper_id: paper for paper in mentioned_papers(library, text)}
    rest = _MENTION.sub(" ", text)
    words: list[str] = []
    names: list[str] = []
    for quoted, word in _NAME.findall(rest):
        paper_id = parse_paper_id(word.rstrip(",")) if word else None
        if quoted or paper_id:
            names.append(quoted or word.rstrip(","))
        else:
            words.append(word)
    names += [name for part in " ".join(words).split(",") if (name := part.strip())]
    for name in names:
        paper = _paper(library, name)
        found.setdefault(paper.paper.paper_id, paper)
    return list(found.values())


def _paper(library: Library, name: str) -> LibraryPaper:
    paper = paper_named(library, name)
    if paper is None:
        raise NothingFound(f"No paper {name!r} in the library.", "Type @ and the beginning of its title to find it.")
    return paper
