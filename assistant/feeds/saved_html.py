"""Saved Daily Papers pages as HTML: the page carries its records as JSON, in ``data-props`` of ``DailyPapers``.

Programs that save pages write attributes in any order, case and quotation, or leave out what scripts need.
"""

import json
import re
from datetime import date
from functools import partial
from html.parser import HTMLParser

from assistant.errors import InputError
from assistant.feeds.json_values import BrokenJson, day_of, parse_json
from assistant.feeds.page_text import linked_page, page_text
from assistant.feeds.record_parser import api_record, read_records
from assistant.feeds.saved_text import read_saved_text
from assistant.papers import FeedBatch, Rejection

_DAY = re.compile(r'"date":\s*"([^"]{10,30})"')
_LIST = re.compile(r'"dailyPapers":\s*\[')
_BETWEEN_ITEMS = re.compile(r"[\s,]*")
_REMEDY = "save a page of huggingface.co/papers; papers of arXiv come by `assistant sync --arxiv ID`"


def read_saved_html(text: str, name: str, *, today: date, day: date | None = None) -> FeedBatch:
    """Read a page's HTML; ``name`` is the file's, for places. The listing day is ``day``, else the page's own.

    Of a page that was cut the whole papers are kept and the cut one is a `Rejection`. A page that was saved without
    its JSON is read by what it shows; ``today`` gives its day the year.

    Raises:
        InputError: another site's page, or one that was cut before its first paper.
    """
    props = _daily_papers_props(text)
    if props is None:
        return _visible_papers(text, name, today, day)
    items, page_day, is_cut = _items(props, name)
    if is_cut and not items:
        raise InputError(f"{name} is cut before its first paper", "save the page again")
    listed = day or page_day
    placed = [(f"{name}[{index}]", item) for index, item in enumerate(items)]
    records, rejections = read_records(placed, partial(api_record, day=listed))
    if is_cut:
        rejections += (Rejection(f"{name}[{len(items)}]", "the page is cut in the middle of this paper"),)
    return FeedBatch(name, records, rejections, listed)


def _visible_papers(text: str, name: str, today: date, day: date | None) -> FeedBatch:
    """The papers of a page as a reader sees them: titles that lead to papers, each with its abstract."""
    visible_text = page_text(text)
    if linked_page(visible_text).paper_ids:
        return read_saved_text(visible_text, name, today=today, day=day)
    if "dailypapers" in text.lower() and "huggingface" in text.lower():
        raise InputError(f"{name} is a page of Daily Papers without its papers, or one that was cut", "save it again")
    raise InputError(f"{name} is a web page but not one of Daily Papers", _REMEDY)


class _PropsFinder(HTMLParser):
    """Finds the JSON that the page keeps for its list of papers, in an attribute or a script."""

    def __init__(self) -> None:
        super().__init__()
        self.props: str | None = None
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        attributes = dict(attrs)
        is_list = (attributes.get("data-target") or "").lower() == "dailypapers"
        for name, value in attrs:
            if self.props is None and name.startswith("data-") and value and _LIST.search(value):
                self.props = value
        if is_list and self.props is None:
            self.props = attributes.get("data-props")

    def handle_data(self, data: str) -> None:
        if self._in_script and self.props is None and _LIST.search(data) and data.lstrip().startswith("{"):
            self.props = data.strip()

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._in_script = False


def _daily_papers_props(text: str) -> str | None:
    if "dailyPapers" not in text and "DailyPapers" not in text:
        return None
    for closing in ('">', "'>"):  # a cut page ends inside the attribute: this closes it and its tag
        retriever = _PropsFinder()
        try:
            retriever.feed(text)
            if retriever.props is None:
                retriever.feed(closing)
        except AssertionError:  # what the standard parser raises at a malformed <![…
            pass
        if retriever.props is not None:
            return retriever.props
    return None


def page_items(props: object) -> tuple[list[object], date | None] | None:
    """The records in a page's JSON, and its day where the page shows one day only; None for JSON of another form."""
    if not isinstance(props, dict) or not isinstance(props.get("dailyPapers"), list):
        return None
    shows_one_day = props.get("periodType", "day") == "day"
    return props["dailyPapers"], day_of(props.get("date")) if shows_one_day else None


def _items(props: str, name: str) -> tuple[list[object], date | None, bool]:
    """Records and day of the page, and whether it was cut."""
    try:
        items = page_items(parse_json(props))
    except BrokenJson:
        return _whole_items(props)
    if items is None:
        raise InputError(f"{name} holds no list of papers", _REMEDY)
    return *items, False


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
