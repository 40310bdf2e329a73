"""What papers of a list are to be about: "most upvoted paper on colorization", "how many papers are about Mamba?".

A subject is looked up as words, so that a list or a number can be checked; where no paper has them together it is left
to search, which goes by meaning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.library import Filters
from assistant.retrieval.query.boilerplate import REMOVED
from assistant.retrieval.query_plan.names import NameResolver
from assistant.retrieval.query_plan.vocabulary import Token, Word

_MARKS = frozenset({"about", "on", "in", "for", "regarding", "concerning", "über", "zu", "zum", "zur", "sur", "dans"})
_ENDS = frozenset(
    {
        Word.HAVE, Word.AUXILIARY, Word.MOST, Word.TOP, Word.NEWEST, Word.OLDEST, Word.UPVOTED, Word.COMMENTED,
        Word.TRENDING, Word.BY, Word.FROM, Word.WROTE, Word.YES_NO,
    }
)  # fmt: skip
"""Where the question goes on behind a subject."""
_LONGEST = 6  # tokens


@dataclass(frozen=True, slots=True)
class SubjectReading:
    """One way to read a question: its tokens without the subject, and the phrases that the subject is made of."""

    rest: tuple[Token, ...]
    phrases: tuple[str, ...]


def subject_readings(text: str, tokens: Sequence[Token]) -> Iterator[SubjectReading]:
    """The ways to read a subject out of a question, the longest one first; none where it names none."""
    papers = next((place for place, token in enumerate(tokens) if token.word in {Word.PAPER, Word.PAPERS}), None)
    if papers is None:
        return
    mark = next((place for place in range(papers + 1, len(tokens)) if _marks(tokens[place])), None)
    if mark is None:
        return
    for end in _ends(tokens, mark + 1):
        if phrases := tuple(_phrases(text, tokens[mark + 1 : end])):
            yield SubjectReading((*tokens[:mark], *tokens[end:]), phrases)


def written_forms(phrases: Sequence[str], resolver: NameResolver) -> tuple[str, ...] | None:
    """Each phrase in the number (singular or plural) that more papers have; None when no paper has one of them."""
    forms = [max(_numbers(phrase), key=lambda form: _papers_with(form, resolver)) for phrase in phrases]
    return tuple(forms) if all(_papers_with(form, resolver) for form in forms) else None


def _marks(token: Token) -> bool:
    return not token.quoted and token.text.casefold() in _MARKS


def _ends(tokens: Sequence[Token], start: int) -> Iterator[int]:
    """Where a subject may end: at the end of the question, or before words that go on about the papers."""
    yield len(tokens)
    yield from (place for place in range(len(tokens) - 1, start, -1) if tokens[place].word in _ENDS)


def _phrases(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """The runs between marks; nothing at all when one of them has no word of its own or a filter inside."""
    runs: list[list[Token]] = [[]]
    for token in tokens:
        if _marks(token):
            runs.append([])
        else:
            runs[-1].append(token)
    trimmed = [_trimmed(run) for run in runs]
    written = [text[run[0].start : run[-1].end] if run else "" for run in trimmed]
    if all(written) and max(map(len, trimmed)) <= _LONGEST and not any(REMOVED in phrase for phrase in written):
        yield from written


def _trimmed(run: Sequence[Token]) -> Sequence[Token]:
    """The run from its first word of its own to its last one."""
    own = [place for place, token in enumerate(run) if token.is_name]
    return run[own[0] : own[-1] + 1] if own else ()


def _numbers(phrase: str) -> tuple[str, ...]:
    """A phrase as it is written and in the other number."""
    return (phrase, phrase[:-1] if phrase.endswith("s") and not phrase.endswith("ss") else f"{phrase}s")


def _papers_with(phrase: str, resolver: NameResolver) -> int:
    having = resolver.library.matching_ids(Filters(words=(phrase,)))
    return 0 if having is None else len(having)
