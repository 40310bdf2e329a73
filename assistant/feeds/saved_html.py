"""Saved Daily Papers pages as HTML: the page carries its records as JSON, in ``data-props`` of ``DailyPapers``."""

import json
import re
from datetime import date
from functools import partial
from html.parser import HTMLParser

from assistant.errors import InputError
from assistant.feeds.json_values import BrokenJson, day_of, parse_json
from assistant.feeds.records import api_record, read_records
from assistant.papers import FeedBatch, Rejection

_DAY = re.compile(r'"date":\s*"([^"]{10,30})"')
_LIST = re.compile(r'"dailyPapers":\s*\[')
_BETWEEN_ITEMS = re.compile(r"[\s,]*")
_REMEDY = "save a page of huggingface.co/papers, or give its kind with --kind"


def read_saved_html(text: str, name: str, *, day: date | None = None) -> FeedBatch:
    """Read a page's HTML; ``name`` is the file's, for places. The listing day is ``day``, else the page's own.

    Of a page that was cut the whole papers are kept and the cut one is a `Rejection`.

    Raises:
        InputError: another site's page, or one that was cut before its first paper.
    """
    props = _daily_papers_props(text)
    if props is None:
        raise InputError(f"{name} is a web page but not one of Daily Papers", _REMEDY)
    items, page_day, is_cut = _items(props, name)
    if is_cut and not items:
        raise InputError(f"{name} is cut before its first paper", "save the page again")
    listed = day or page_day
    placed = [(f"{name}[{index}]", item) for index, item in enumerate(items)]
    records, rejections = read_records(placed, partial(api_record, day=listed))
    if is_cut:
        rejections += (Rejection(f"{name}[{len(items)}]", "the page is cut in the middle of this paper"),)
    return FeedBatch(name, records, rejections, listed)


class _PropsFinder(HTMLParser):
    """Finds the JSON that the page keeps for its list of papers."""

    props: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        attributes = dict(attrs)
        if attributes.get("data-target") == "DailyPapers" and self.props is None:
            self.props = attributes.get("data-props")


def _daily_papers_props(text: str) -> str | None:
    if '"DailyPapers"' not in text and "'DailyPapers'" not in text:
        return None
    finder = _PropsFinder()
    try:
        finder.feed(text)
        if finder.props is None:
            finder.feed('">')  # a cut page ends inside the attribute: this closes it and its tag
    except AssertionError:  # what the standard parser raises at a malformed <![…
        return finder.props
    return finder.props


def page_items(props: object) -> tuple[list[object], date | None] | None:
    """The records in a page's JSON, and its day where the page shows one day only; None for JSON of another form."""
    if not isinstance(props, dict) or not isinstance(props.get("dailyPapers"), list):
        return None
    shows_one_day = props.get("periodType", "day") == "day"
    return props["dailyPapers"], day_of(props.get("date")) if shows_one_day else None


def _items(props: str, name: str) -> tuple[list[object], date | None, bool]:
    """Records and day of the page, and whether it was cut."""
    try:
        found = page_items(parse_json(props))
    except BrokenJson:
        return _whole_items(props)
    if found is None:
        raise InputError(f"{name} holds no list of papers", _REMEDY)
    return *found, False


def _whole_items(props: str) -> tuple[list[object], date | None, bool]:
    opening = _LIST.search(props)
    if opening is None:
        return [], None, True
    decoder = json.JSONDecoder()
    items: list[object] = []
    position = opening.end()
    while True:
        between = _BETWEEN_ITEMS.match(props, position)
        try:
            item, position = decoder.raw_decode(props, between.end() if between else position)
        except (ValueError, RecursionError):
            break
        items.append(item)
    dated = _DAY.search(props, 0, opening.start())
    is_cut = props[position : position + 1] != "]"
    return items, day_of(dated.group(1)) if dated else None, is_cut
