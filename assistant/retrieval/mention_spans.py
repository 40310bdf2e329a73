"""Where a question names papers, and what it asks beside their names."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.papers import Paper
from assistant.retrieval.mention_lookup import title_likeness, title_pieces
from assistant.retrieval.paper_mentions import MentionMatch, folded, naming, possible_names

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_TITLE = 2  # words
_QUOTES = "\"'“”‘’«»"


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a question, from offset ``start`` to ``end``, and the papers that they name (by place, from 0)."""

    start: int
    end: int
    papers: tuple[int, ...]


def mentions(question: str, papers: Sequence[Paper]) -> tuple[Mention, ...]:
    """Where the question names the papers: by title, by the name before its colon, by a name that they introduce.

    The longest words stand for a paper; several papers that come to a name alike share the place. In the order of the
    question.
    """
    found: dict[tuple[int, int], dict[int, MentionMatch]] = {}
    for place, paper in enumerate(papers):
        titled = dict.fromkeys(_title_spans(question, paper.title), MentionMatch.TITLE)
        for span, how in {**_name_spans(question, paper), **titled}.items():
            found.setdefault(span, {})[place] = how
    longest = [span for span in found if not any(_within(span, other) for other in found)]
    return tuple(Mention(*span, _best(found[span])) for span in sorted(longest))


def _best(by_place: Mapping[int, MentionMatch]) -> tuple[int, ...]:
    """The papers that come to a name in the strongest way: "FooNet" is the one of that title, not "FooNet-v2"."""
    strongest = max(map(_strength, by_place.values()))
    return tuple(sorted(place for place, how in by_place.items() if _strength(how) == strongest))


def _strength(how: MentionMatch) -> int:
    return min(how, MentionMatch.BEFORE_COLON)


def beside_names(question: str, named: Sequence[Mention], instead: Callable[[Mention], str]) -> str:
    """The question with other words in the place of its names, and of the quotation marks around them."""
    for mention in sorted(named, key=lambda one: -one.start):
        before, behind = question[: mention.start].rstrip(_QUOTES), question[mention.end :].lstrip(_QUOTES)
        question = f"{before}{instead(mention)}{behind}"
    return " ".join(question.split())


def _name_spans(question: str, paper: Paper) -> dict[tuple[int, int], MentionMatch]:
    if len(folded(question)) != len(question):
        return {}  # offsets of a folded text are those of its characters alone
    found = {(name.start, name.end): naming(name, paper) for name in possible_names(question)}
    return {span: how for span, how in found.items() if how is not None}


def _title_spans(question: str, title: str) -> list[tuple[int, int]]:
    """Where the words of the title, or of its part before the colon, stand one after the other; else a close title."""
    asked = [(match.group().casefold(), match.span()) for match in _WORD.finditer(question)]
    spans = []
    for wanted in (title, title.partition(":")[0]):
        words = [word.casefold() for word in _WORD.findall(wanted)]
        if len(words) >= _SHORTEST_TITLE:
            spans += [
                (asked[at][1][0], asked[at + len(words) - 1][1][1])
                for at in range(len(asked) - len(words) + 1)
                if [word for word, _ in asked[at : at + len(words)]] == words
            ]
    return spans or _piece_spans(question, title)


def _piece_spans(question: str, title: str) -> list[tuple[int, int]]:
    """A piece of the question that is the title but for a letter or a word."""
    pieces = [piece for piece in title_pieces(question) if title_likeness(piece, title) > 0]
    return [(question.index(piece), question.index(piece) + len(piece)) for piece in pieces[-1:] if piece in question]


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]
