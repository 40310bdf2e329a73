"""Plans by rules: a question is a plan only when every one of its words is understood.

What is left over besides names that the library knows makes it an ordinary question: "how do authors of DPLM-2 count
tokens" has authors and a count in it, and is neither.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from assistant.library import Filters, LinkKind
from assistant.papers import clean_text
from assistant.periods import Window
from assistant.retrieval.query.boilerplate import REMOVED
from assistant.retrieval.query.dates.arithmetic import ONE_DAY
from assistant.retrieval.query.dates.extract import common_window, find_dates
from assistant.retrieval.query.intent import find_upvotes
from assistant.retrieval.query_plan.covering import ResolvedNames, resolve_names
from assistant.retrieval.query_plan.names import NameResolver
from assistant.retrieval.query_plan.paper_question import plan_of_papers
from assistant.retrieval.query_plan.plan import RANKED, Asks, PlanOrder, QueryPlan
from assistant.retrieval.query_plan.subject import subject_readings, written_forms
from assistant.retrieval.query_plan.vocabulary import Token, Vocabulary, Word, tokens_of, vocabularies

_LONGEST = 240
"""Characters of a question; a longer one is no question about the collection."""
_MOST_NAMES = 14
_TRENDING_DAYS = 6  # and the newest one
_MOST_RARE = 12
"""Papers that have a lone word which is looked up as such."""
_LOOSE_DATE = re.compile(r"(?<![\w-])(?:today|20[12]\d)(?![\w-])(?!['’])", re.IGNORECASE)
_RANKING = {Word.MOST, Word.TOP, Word.UPVOTED, Word.COMMENTED, Word.TRENDING}
_DATED = {Word.NEWEST, Word.OLDEST}
_OF_TABLES = _RANKING | _DATED | {
    Word.BY, Word.CODE, Word.PROJECT, Word.AUTHORS, Word.ORGANIZATION, Word.HOW_MANY, Word.UPVOTES, Word.COMMENTS,
}  # fmt: skip
_MOST_UNREAD = 10
"""Words of a question that a model is asked to read."""
_READ_ELSEWHERE = frozenset({"today", "yesterday", "week", "month", "year", "day", "days", "weeks", "since", "until"})
_MORE_THAN_SUBJECT = _RANKING | _DATED | {Word.HOW_MANY, Word.CODE, Word.PROJECT}
_NEVER_IN_LISTS = {Word.WHEN, Word.LINK}


@dataclass(frozen=True, slots=True)
class PlanText:
    """A question without its dates and upvotes, in whose places `REMOVED` stands, and what these mean."""

    text: str
    filters: Filters
    vocabulary: Vocabulary


def plan_question(question: str, today: date, resolver: NameResolver) -> QueryPlan | None:
    """The plan of a question about the collection; None for any other question. Reads the library and blocks."""
    text = clean_text(question)
    if len(text) > _LONGEST:
        return None
    for vocabulary in vocabularies():
        if not vocabulary.is_spoken_in(text):
            continue
        spoken = vocabulary.in_english(text)
        plan = _plan(_without_filters(spoken, today, vocabulary), resolver)
        if plan:
            return replace(plan, language=vocabulary.language)
    return _rare_word(_without_filters(text, today, vocabularies()[0]), resolver)


def sounds_like_plan(question: str) -> bool:
    """Whether a question speaks of papers and of something that the tables know of them, and of little else."""
    text = clean_text(question)
    if len(text) > _LONGEST:
        return False
    tokens = tokens_of(text, vocabularies()[0])
    words = {token.word for token in tokens if token.word}
    return bool(words & _OF_TABLES and words & {Word.PAPER, Word.PAPERS, Word.WHO, Word.WROTE}) and (
        sum(token.is_name for token in tokens) <= _MOST_UNREAD
    )


def left_over(question: str, names: Collection[str]) -> list[str]:
    """Words of a question that mean nothing to a plan and are in none of the names."""
    name_words = {word for name in names for word in name.casefold().split()}
    tokens = tokens_of(clean_text(question), vocabularies()[0])
    parts = (part for token in tokens if token.is_name for part in token.text.casefold().split())
    return [part for part in parts if part.isalpha() and part not in name_words | _READ_ELSEWHERE]


def _without_filters(text: str, today: date, vocabulary: Vocabulary) -> PlanText:
    filters = Filters()
    dates = find_dates(text, today)
    window = common_window([words.window for words in dates])
    for words in dates:
        text = _blank(text, words.start, words.end)
    if upvotes := find_upvotes(text):
        filters = replace(filters, min_upvotes=upvotes.least)
        text = _blank(text, upvotes.start, upvotes.end)
    if window is None and (loose := _LOOSE_DATE.search(text)) and (window := _window(loose[0], today)):
        text = _blank(text, *loose.span())
    if window:
        filters = replace(filters, since=window.since, until=window.until)
    return PlanText(text, filters, vocabulary)


def _window(words: str, today: date) -> Window | None:
    """What a lone "today" or a year means, which only a question about the collection makes a date."""
    return common_window([date_words.window for date_words in find_dates(f"papers of {words}", today)])


def _plan(plan_text: PlanText, resolver: NameResolver) -> QueryPlan | None:
    tokens = tokens_of(plan_text.text, plan_text.vocabulary)
    if not tokens or sum(token.is_name for token in tokens) > _MOST_NAMES:
        return None
    return (
        plan_of_papers(plan_text.text, tokens, resolver, certain=True)
        or _top_writers(tokens, plan_text)
        or _list_plan(tokens, plan_text, resolver)
        or _subject_plan(tokens, plan_text, resolver)
        or plan_of_papers(plan_text.text, tokens, resolver, certain=False)
    )


def _top_writers(tokens: Collection[Token], plan_text: PlanText) -> QueryPlan | None:
    """Who wrote most papers, persons or organizations."""
    words = {token.word for token in tokens}
    writers = words & {Word.WHO, Word.AUTHORS, Word.ORGANIZATION}
    if not words & {Word.MOST, Word.TOP} or not writers or words & {Word.UPVOTES, Word.COMMENTS, Word.UPVOTED}:
        return None
    if any(token.is_name for token in tokens) or not (words & {Word.PAPERS, Word.TOP} or words & {Word.AUTHORS}):
        return None
    asks = Asks.TOP_ORGANIZATIONS if Word.ORGANIZATION in words else Asks.TOP_AUTHORS
    return QueryPlan(asks, plan_text.filters, limit=_number(tokens) or RANKED)


def _list_plan(tokens: tuple[Token, ...], plan_text: PlanText, resolver: NameResolver) -> QueryPlan | None:
    if not _is_list(tokens):
        return None
    resolved = resolve_names(plan_text.text, tokens, resolver)
    if resolved is None:
        return None
    left = [token for place, token in enumerate(tokens) if place not in resolved.places]
    words = {token.word for token in left if token.word}
    if not _is_about_collection(words, plan_text, resolved):
        return None
    links = tuple(
        kind for word, kind in ((Word.CODE, LinkKind.CODE), (Word.PROJECT, LinkKind.PROJECT)) if word in words
    )
    authors = resolved.authors
    if Word.OR in words and len(authors) > 1:
        authors = (tuple(spelling for spellings in authors for spelling in spellings),)
    filters = replace(
        plan_text.filters, authors=authors, organizations=resolved.organizations, links=links, words=resolved.words
    )
    asks = Asks.COUNT if Word.HOW_MANY in words else Asks.PAPERS
    plan = QueryPlan(asks, filters, authors=resolved.author_names, unclear=resolved.unclear)
    if Word.TRENDING in words and not filters.since and (newest := resolver.library.newest_day()):
        plan = replace(plan, filters=replace(filters, since=newest - _TRENDING_DAYS * ONE_DAY, until=newest))
    return _ranked(plan, left, words)


def _subject_plan(tokens: tuple[Token, ...], plan_text: PlanText, resolver: NameResolver) -> QueryPlan | None:
    """A ranking, a number, or papers with links or of authors, on a subject; other papers on it are searched."""
    for reading in subject_readings(plan_text.text, tokens):
        words = {token.word for token in reading.rest}
        plan = _list_plan(reading.rest, plan_text, resolver)
        if plan is None or not (words & _MORE_THAN_SUBJECT or plan.filters.authors):
            continue
        if forms := written_forms(reading.phrases, resolver):
            return replace(plan, filters=replace(plan.filters, words=(*plan.filters.words, *forms)))
    return None


def _is_list(tokens: tuple[Token, ...]) -> bool:
    """Whether the words may ask for papers, before any name is looked up."""
    words = {token.word for token in tokens if token.word}
    names = sum(token.is_name for token in tokens)
    alone = not words - {Word.AND, Word.FILLER} and 2 <= names <= 4  # a person's name and nothing else
    papers = words & {Word.PAPER, Word.PAPERS}
    ranked = words & (_RANKING | _DATED)
    wrote = Word.WROTE in words and names
    return bool(papers or ranked or wrote or Word.NEW in words or alone) and not (
        words & _NEVER_IN_LISTS or (Word.WHO in words and Word.BY not in words)
    )


def _is_about_collection(words: set[Word], plan_text: PlanText, resolved: ResolvedNames) -> bool:
    """Whether the words beside the names ask for papers, and for nothing else of them."""
    if _is_incomplete(words) or (Word.AUTHORS in words and not (resolved.authors or resolved.unclear)):
        return False
    papers = words & {Word.PAPER, Word.PAPERS}
    ranked = words & (_RANKING | _DATED)
    named = bool(resolved.authors or resolved.organizations or resolved.words or resolved.unclear)
    if not papers and not ranked:
        dated = Word.NEW in words and (named or plan_text.filters.since)
        wrote = Word.WROTE in words and named and words & {Word.HAVE, Word.AUXILIARY}
        alone = bool(resolved.authors) and not words - {Word.AND, Word.FILLER}
        return bool(dated or wrote or alone)
    measured = words & {Word.UPVOTES, Word.COMMENTS, Word.UPVOTED, Word.COMMENTED}
    if Word.TOP in words and not papers and not measured:
        return named or not plan_text.filters.is_empty  # "top 3 of yesterday", "best of NVIDIA"
    is_narrowed = named or not plan_text.filters.is_empty or words & {Word.CODE, Word.PROJECT}
    return bool(is_narrowed or ranked or words & {Word.HOW_MANY, Word.LIST, Word.NEW})


def _is_incomplete(words: set[Word]) -> bool:
    """Whether a word lacks the one that it needs beside it, so that the question means something else."""
    counts = words & {Word.UPVOTES, Word.COMMENTS}
    needs = (
        (bool(counts), {Word.MOST, Word.TOP, Word.UPVOTED}),
        (Word.MOST in words, {Word.UPVOTES, Word.COMMENTS, Word.UPVOTED, Word.COMMENTED}),
        (Word.HOW_MANY in words, {Word.PAPER, Word.PAPERS}),
        (Word.AUXILIARY in words, {Word.HAVE, Word.WROTE}),
        (bool(words & {Word.CODE, Word.PROJECT}), {Word.HAVE, Word.AND}),  # "papers on code"
    )
    return len(counts) > 1 or Word.ORGANIZATION in words or any(here and not words & of for here, of in needs)


def _ranked(plan: QueryPlan, tokens: Collection[Token], words: set[Word]) -> QueryPlan | None:
    """The plan with its order and its limit."""
    number = _number(tokens)
    order = _order(words)
    singular = Word.PAPER in words and Word.PAPERS not in words
    if number is not None:
        return replace(plan, order=order or PlanOrder.NEWEST, limit=number) if order or Word.LIST in words else None
    if order is None or Word.HOW_MANY in words:
        return replace(plan, order=order or PlanOrder.NEWEST)
    if singular:
        return replace(plan, order=order, limit=1, first_place=True)
    if Word.MOST in words and Word.PAPERS in words and order in {PlanOrder.UPVOTES, PlanOrder.COMMENTS}:
        return replace(plan, order=order, limit=RANKED, shared_first=True)
    return replace(plan, order=order, limit=RANKED)


def _order(words: set[Word]) -> PlanOrder | None:
    if words & {Word.COMMENTS, Word.COMMENTED}:
        return PlanOrder.COMMENTS
    if words & {Word.UPVOTES, Word.UPVOTED, Word.TRENDING, Word.TOP}:
        return PlanOrder.UPVOTES
    if words & _DATED:
        return PlanOrder.OLDEST if Word.OLDEST in words else PlanOrder.NEWEST
    return None


def _number(tokens: Collection[Token]) -> int | None:
    return next((token.number for token in tokens if token.number), None)


def _rare_word(plan_text: PlanText, resolver: NameResolver) -> QueryPlan | None:
    """A lone word, or two or three, that a few papers have: "fisheye", "ultrasound papers"."""
    tokens = tokens_of(plan_text.text, plan_text.vocabulary)
    names = [token for token in tokens if token.is_name]
    others = {token.word for token in tokens if token.word}
    if (
        not 1 <= len(names) <= 3
        or others - {Word.PAPER, Word.PAPERS, Word.LIST}
        or plan_text.text.rstrip().endswith("?")
    ):
        return None
    start, end = names[0].start, names[-1].end
    phrase = plan_text.text[start:end]
    if REMOVED in phrase or not any(map(str.isalpha, phrase)) or not resolver.is_rare(phrase):
        return None
    filters = replace(plan_text.filters, words=(phrase,))
    having = resolver.library.matching_ids(filters) or ()
    if not 1 <= len(having) <= _MOST_RARE or resolver.paper_spans([phrase]):
        return None
    return QueryPlan(Asks.PAPERS, filters)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + REMOVED * (end - start) + text[end:]
