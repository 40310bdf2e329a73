"""How two records of one paper become one: which text stands, which fields are filled, which counts hold."""

import re
from dataclasses import replace
from datetime import date

from assistant.papers import Author, Listing, Paper, Provenance
from assistant.withdrawal import withdrawal_statement

_PRECEDENCE = tuple(Provenance)
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def merge_papers(stored: Paper, incoming: Paper) -> Paper:
    """The paper as it stands after another record of it has come; it keeps the id of ``stored``.

    The text and its source are those of the record that `wins`; a field that the winner lacks is filled from the
    other one. Merging the same record again changes nothing.
    """
    winner, loser = (incoming, stored) if wins(incoming, stored) else (stored, incoming)
    # A text that stands may be older than the one that withdraws it.
    withdrawal = None if winner.withdrawn else withdrawal_statement(loser.abstract, loser.comment)
    return replace(
        winner,
        paper_id=stored.paper_id,
        authors=winner.authors or loser.authors,
        published=_more_exact(winner.published, loser.published),
        organization=winner.organization or loser.organization,
        keywords=winner.keywords or loser.keywords,
        github=winner.github or loser.github,
        project_page=winner.project_page or loser.project_page,
        comment=withdrawal or winner.comment or loser.comment,
    )


def _more_exact(winner: date | None, loser: date | None) -> date | None:
    """The winner's day, unless it stands for a month or a year alone and the loser knows the day in it.

    Citations tell a month or a year only: reading back what was cited takes no day away.
    """
    if winner is None or loser is None:
        return winner or loser
    same_month = (winner.year, winner.month) == (loser.year, loser.month)
    stands_for_more = winner.day == 1 and (same_month or (winner.month == 1 and winner.year == loser.year))
    return loser if stands_for_more else winner


def wins(incoming: Paper, stored: Paper) -> bool:
    """Whether the text of ``incoming`` replaces the stored one: it has an abstract, from an equal or better source."""
    return _rank(incoming) <= _rank(stored)


def merge_counts(listing: Listing, before: Listing | None) -> Listing:
    """The newer listing, with a count that it does not give taken from the one before."""
    if before is None:
        return listing
    return Listing(
        listing.day,
        before.upvotes if listing.upvotes is None else listing.upvotes,
        before.comments if listing.comments is None else listing.comments,
    )


def storable(paper: Paper) -> Paper:
    """The paper with lone surrogates, which no database can hold, as U+FFFD."""
    return replace(
        paper,
        title=storable_text(paper.title),
        abstract=storable_text(paper.abstract),
        authors=tuple(Author(storable_text(author.name)) for author in paper.authors),
        organization=_storable_or_none(paper.organization),
        keywords=tuple(storable_text(keyword) for keyword in paper.keywords),
        github=_storable_or_none(paper.github),
        project_page=_storable_or_none(paper.project_page),
        comment=_storable_or_none(paper.comment),
    )


def storable_text(text: str) -> str:
    """Text that can be encoded as UTF-8."""
    return text if text.isascii() else _LONE_SURROGATES.sub("\ufffd", text)


def _storable_or_none(text: str | None) -> str | None:
    return None if text is None else storable_text(text)


def _rank(paper: Paper) -> tuple[bool, int]:
    return not paper.abstract, _PRECEDENCE.index(paper.source)
