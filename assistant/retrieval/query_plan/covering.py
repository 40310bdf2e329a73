"""The names of a list question: which of its words are authors, organizations and words to look up."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.library import AuthorMatch, Filters, name_words
from assistant.retrieval.query.boilerplate import REMOVED
from assistant.retrieval.query_plan.names import NameResolver
from assistant.retrieval.query_plan.plan import NameKind, UnclearName
from assistant.retrieval.query_plan.vocabulary import Token, Word

_LONGEST_NAME = 8  # tokens
_LONGEST_PERSON = 5  # words
_BEFORE = 2
_MOST_NEAREST = 5
_MOST_PARTS = 3
_PERSON_PARTS = {None, Word.FILLER, Word.AUXILIARY, Word.LIST, Word.HAVE}
_SAYS_WHO = {Word.BY, Word.WROTE, Word.AUTHORS, Word.HAVE}
_INSIDE_WORDS = {Word.FILLER, Word.FROM, Word.FOR}
_PASSED_OVER = {Word.FILLER, Word.AND, Word.OR}


@dataclass(slots=True)
class ResolvedNames:
    """What the names mean, and the places of the tokens that they take up."""

    places: set[int] = field(default_factory=set)
    authors: tuple[tuple[str, ...], ...] = ()
    author_names: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unclear: tuple[UnclearName, ...] = ()


def resolve_names(text: str, tokens: Sequence[Token], resolver: NameResolver) -> ResolvedNames | None:
    """All names of a question; None when something in it is no name here and is not written as one."""
    return _Covering(text, tokens, resolver).all()


class _Covering:
    """Takes the longest run at each name that means somebody."""

    def __init__(self, text: str, tokens: Sequence[Token], resolver: NameResolver) -> None:
        self._text = text
        self._tokens = tokens
        self._resolver = resolver
        self._resolved = ResolvedNames()

    def all(self) -> ResolvedNames | None:
        for place, token in enumerate(self._tokens):
            if token.is_name and place not in self._resolved.places and not self._take(place):
                return None
        return self._resolved

    def _take(self, place: int) -> bool:
        if self._is_word(place):
            return self._take_word(place)
        cue = self._cue(place)
        for begin, end in self._runs(place):
            if self._resolve(begin, end, cue):
                self._resolved.places.update(range(begin, end + 1))
                return True
        return self._unknown(place, cue)

    def _runs(self, place: int) -> list[tuple[int, int]]:
        """Runs of tokens with a name in them, the longest first."""
        begins = [place]
        for before in range(place - 1, max(place - 1 - _BEFORE, -1), -1):
            if before in self._resolved.places or not self._tokens[before].text[:1].isupper():
                break
            begins.append(before)
        last = min(place + _LONGEST_NAME, len(self._tokens)) - 1
        ends = [end for end in range(last, place - 1, -1) if not self._goes_on(end)]
        runs = [(begin, end) for begin in begins for end in ends]
        return sorted(runs, key=lambda run: run[0] - run[1])

    def _goes_on(self, place: int) -> bool:
        """Whether the next token belongs to the same name: part of a name is none."""
        return place + 1 < len(self._tokens) and self._tokens[place + 1].is_name

    def _written(self, begin: int, end: int) -> str:
        if begin == end:
            return self._tokens[begin].text
        return self._text[self._tokens[begin].start : self._tokens[end].end]

    def _cue(self, place: int) -> Word | None:
        """What the words before a name say of it, else those behind it."""
        before = [token.word for token in self._tokens[:place] if token.word and token.word not in _PASSED_OVER]
        if before and before[-1] in {Word.BY, Word.FROM, Word.WROTE, Word.HAVE}:
            return before[-1]
        behind = [token.word for token in self._tokens[place:] if token.word and token.word not in _PASSED_OVER]
        return behind[0] if behind and behind[0] in {Word.WROTE, Word.AUTHORS, Word.HAVE} else None

    def _resolve(self, begin: int, end: int, cue: Word | None) -> bool:
        written = self._written(begin, end)
        if REMOVED in written:
            return False
        tokens = self._tokens[begin : end + 1]
        person = self._may_be_person(tokens) and self._resolver.author(written)
        if self._resolver.is_organization(written):
            return self._add_organization(written)
        if person and person.exact and len(name_words(written)) > 1:
            return self._add_author(person)
        spelled = cue in {Word.BY, Word.FROM} or written[:1].isupper()
        if spelled and self._resolver.organizations(written):
            return self._add_organization(written)
        if person and (cue in _SAYS_WHO or (cue is Word.FROM and written[:1].isupper())):
            return self._add_author(person) if len(person.persons) == 1 else self._add_ambiguous(written, person)
        return False

    def _may_be_person(self, tokens: Sequence[Token]) -> bool:
        parts = all(token.word in _PERSON_PARTS or token.text == "," for token in tokens)
        return parts and not any(token.number for token in tokens) and len(tokens) <= _LONGEST_PERSON

    def _add_author(self, match: AuthorMatch) -> bool:
        person = match.persons[0]
        self._resolved.authors += (person.spellings,)
        self._resolved.author_names += (person.name,)
        return True

    def _add_organization(self, written: str) -> bool:
        self._resolved.organizations += self._resolver.organizations(written) or (written,)
        return True

    def _add_ambiguous(self, written: str, match: AuthorMatch) -> bool:
        names = tuple(person.name for person in match.persons[:_MOST_NEAREST])
        self._resolved.unclear += (UnclearName(NameKind.AUTHOR, written, names, len(match.persons)),)
        return True

    def _unknown(self, place: int, cue: Word | None) -> bool:
        """A name that nobody here has: of a person behind "by", of an organization behind "from"."""
        end = place
        while self._goes_on(end):
            end += 1
        written = self._written(place, end)
        if cue not in {Word.BY, Word.FROM, Word.WROTE} or REMOVED in written or not self._is_spelled(written, cue):
            return False
        if cue is Word.FROM:
            unclear = UnclearName(NameKind.ORGANIZATION, written)
        else:
            unclear = UnclearName(NameKind.AUTHOR, written, self._resolver.authors().nearest(written))
        self._resolved.unclear += (unclear,)
        self._resolved.places.update(range(place, end + 1))
        return True

    def _is_spelled(self, written: str, cue: Word | None) -> bool:
        """Whether a text is written as a name, or in small letters made of parts of names."""
        if all(part[0].isupper() for part in written.split()):
            return not self._resolver.is_common(written)
        person = cue is Word.BY and 1 < len(name_words(written)) <= _MOST_PARTS
        return person and self._resolver.authors().knows_words(written)

    # Words to look up

    def _is_word(self, place: int) -> bool:
        before = [token for token in self._tokens[:place] if token.word is not Word.FILLER]
        return bool(before) and before[-1].word is Word.WORD

    def _take_word(self, place: int) -> bool:
        end = self._end_of_words(place)
        written = self._written(place, end)
        self._resolved.words += (written,)
        self._resolved.places.update(range(place, end + 1))
        return REMOVED not in written

    def _end_of_words(self, place: int) -> int:
        """Where what is looked up ends; small words inside belong to it when papers have it with them."""
        if self._tokens[place].quoted:
            return place
        end = place
        while self._goes_on(end):
            end += 1
        last = max((at for at, token in enumerate(self._tokens) if token.is_name), default=end)
        between = self._tokens[end + 1 : last]
        if last > end and all(token.is_name or token.word in _INSIDE_WORDS for token in between):
            longer = Filters(words=(self._written(place, last),))
            if REMOVED not in longer.words[0] and self._resolver.library.matching_ids(longer):
                return last
        return end
