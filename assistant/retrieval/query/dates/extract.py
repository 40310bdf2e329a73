"""The days that a question asks for: which words say so, and the window they mean.

A wrong window loses papers, so words count as a date when they can hardly be anything else ("last week", "3 May
2025"), or behind a preposition of time ("in 2024", "since May"). "ImageNet 2012", "top 5", "it may" and "the last
layer" are none.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.periods import Window
from assistant.retrieval.query.dates import lexicon
from assistant.retrieval.query.dates.arithmetic import ONE_DAY, Span, back, plus_months
from assistant.retrieval.query.dates.grammar import Phrase, Strength, phrase_at
from assistant.retrieval.query.dates.lexicon import Relation, counted

_NEAR = 40  # letters


@dataclass(frozen=True, slots=True)
class DateWords:
    """Words of a text, from offset ``start`` to ``end``, and the days that they mean."""

    start: int
    end: int
    window: Window


def find_dates(text: str, today: date) -> list[DateWords]:
    """All date phrases of a text, from left to right."""
    phrases: list[DateWords] = []
    for word in lexicon.WORD.finditer(text):
        if phrases and word.start() < phrases[-1].end:
            continue
        words = _aged(text, word.start(), today) or _dated(text, word.start(), today)
        if words:
            phrases.append(words)
    return phrases


def common_window(windows: Sequence[Window]) -> Window | None:
    """What several windows of one question mean together: their overlap, else all days from the first to the last."""
    if not windows:
        return None
    since = max((window.since for window in windows if window.since), default=None)
    until = min((window.until for window in windows if window.until), default=None)
    if since is None or until is None or since <= until:
        return Window(since, until)
    first, last = (
        min(window.since or date.min for window in windows),
        max(window.until or date.max for window in windows),
    )
    return Window(None if first == date.min else first, None if last == date.max else last)


def _aged(text: str, start: int, today: date) -> DateWords | None:
    """An age: "older than two years", "less than a week old"."""
    for pattern, is_older in lexicon.AGES:
        if match := pattern.match(text, start):
            day = back(today, *counted(match))
            return DateWords(start, match.end(), Window(None, day) if is_older else Window(day, today))
    return None


def _dated(text: str, start: int, today: date) -> DateWords | None:
    for relation, at in _relations(text, start):
        left = phrase_at(text, at, today)
        if left and left.strength is not Strength.INNER:
            reading = _Reading(text, start, relation, left, today)
            words = reading.range() or reading.single()
            if words:
                return words
    return None


def _relations(text: str, start: int) -> Iterator[tuple[Relation, int]]:
    """The prepositions that begin at an offset and where what follows begins; last, none."""
    for relation, pattern in lexicon.BEFORE_DATES:
        if match := pattern.match(text, start):
            yield relation, match.end()
    yield Relation.NONE, start


@dataclass(frozen=True, slots=True)
class _Reading:
    """A phrase behind its preposition, which begins at ``start``."""

    text: str
    start: int
    relation: Relation
    left: Phrase
    today: date

    def single(self) -> DateWords | None:
        relation, end = self.relation, self.left.end
        for behind, pattern in lexicon.BEHIND_DATES:
            match = pattern.match(self.text, end)
            if match and relation in (Relation.NONE, Relation.IN, Relation.FROM, Relation.ON, Relation.SINCE):
                relation, end = behind, match.end()
        span = self.left.resolve(self.today)
        if span is None or not self._holds(self.left, relation):
            return None
        if relation is Relation.BETWEEN and self.left.strength is not Strength.CERTAIN:
            return None
        since, until = _WINDOWS[relation](span)
        return self._words(end, since, until)

    def range(self) -> DateWords | None:
        if self.relation in (Relation.BEFORE, Relation.UNTIL):
            return None
        until_now = lexicon.AND_NOW if self.relation is Relation.BETWEEN else lexicon.UNTIL_NOW
        if now := until_now.match(self.text, self.left.end):
            first = self.left.resolve(self.today)
            return self._words(now.end(), first.begins, self.today) if first and self._holds_loosely(None) else None
        link = lexicon.LINK.match(self.text, self.left.end)
        right = phrase_at(self.text, link.end(), self.today) if link else None
        if link is None or right is None or right.strength is Strength.INNER or not self._holds_loosely(right):
            return None
        if link["and"] and self.relation not in (Relation.IN, Relation.ON, Relation.FROM, Relation.BETWEEN):
            shares_year = self.left.strength is Strength.CUED and right.strength is Strength.CERTAIN
            if not shares_year or self.relation is not Relation.NONE:
                return None
        spans = self._resolved(right)
        if spans is None:
            return None
        first, last = spans
        begins = first.ends + ONE_DAY if self.relation is Relation.AFTER else first.begins
        return self._words(right.end, begins, last.ends) if begins <= last.ends else None

    def _resolved(self, right: Phrase) -> tuple[Span, Span] | None:
        """Both sides; the one without a year takes it from the other, else it is the latest."""
        if right.strength is Strength.CUED and self.left.strength is not Strength.CUED:
            first = self.left.resolve(self.today)
            last = right.resolve(plus_months(first.first, 12) - ONE_DAY) if first else None
        else:
            last = right.resolve(self.today)
            first = self.left.resolve(last.first) if last else None
        return (first, last) if first and last else None

    def _holds_loosely(self, right: Phrase | None) -> bool:
        """Whether a range is one of dates: one side says so, or two years stand with a dash and no name before."""
        sides = [side for side in (self.left, right) if side]
        if any(side.strength is Strength.YEAR and not lexicon.is_year(self.text, side.end) for side in sides):
            return False
        if any(self._holds(side, self.relation) for side in sides):
            return True
        years = len(sides) == 2 and all(side.strength is Strength.YEAR for side in sides)
        return years and not lexicon.NAME_BEFORE.search(self.text, 0, self.start)

    def _holds(self, phrase: Phrase, relation: Relation) -> bool:
        """Whether the words are a date where they stand."""
        match phrase.strength:
            case Strength.CERTAIN:
                return not lexicon.NAME_BEHIND.match(self.text, phrase.end)
            case Strength.CUED:
                one_day = (span := phrase.resolve(self.today)) is not None and span.first == span.last
                cued = relation is not Relation.NONE and (one_day or relation is not Relation.ON)
                return cued and not lexicon.PERSON_BEHIND.match(self.text, phrase.end)
            case Strength.YEAR:
                if relation in (Relation.NONE, Relation.ON):
                    return lexicon.is_year_of_papers(self.text, phrase.start, phrase.end)
                return lexicon.is_year(self.text, phrase.end)
            case Strength.TODAY:
                near = self.text[max(0, phrase.start - _NEAR) : phrase.end + _NEAR]
                return bool(lexicon.LISTING.search(near))
            case _:
                return False

    def _words(self, end: int, since: date | None, until: date | None) -> DateWords | None:
        until = min(until or self.today, self.today)
        return DateWords(self.start, end, Window(since, until)) if since is None or since <= until else None


_WINDOWS: dict[Relation, Callable[[Span], tuple[date | None, date | None]]] = {
    **dict.fromkeys(
        (Relation.NONE, Relation.IN, Relation.ON, Relation.FROM, Relation.BETWEEN), lambda s: (s.first, s.last)
    ),
    Relation.SINCE: lambda span: (span.begins, None),
    Relation.AFTER: lambda span: (span.ends + ONE_DAY, None),
    Relation.BEFORE: lambda span: (None, span.begins - ONE_DAY),
    Relation.UNTIL: lambda span: (None, span.ends),
}
