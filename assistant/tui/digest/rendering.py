"""The items of a digest's list as lines; every text of a paper or a model is plain, never markup."""

import re
from collections.abc import Sequence

from textual.content import Content
from textual.style import Style

from assistant.answering import needs_attention, only_doubtful, sign_of
from assistant.papers import WITHDRAWN
from assistant.tui.digest.items import (
    DifferencesItem,
    Item,
    PaperItem,
    SentenceItem,
    StatusItem,
    TopicItem,
    TopicSentenceItem,
    citations_of,
)

_MARKER = re.compile(r"\[(\d{1,4})\]")
_LONGEST_TITLE_LINES = 3
_NARROWEST = 8
_NARROW = 40
_PAPER_INDENT, _TEXT_INDENT = 2, 6
_MUTED = "$foreground-muted"


def draw(item: Item, width: int, citation: int | None = None) -> list[Content]:
    """The lines of an item, none wider than ``width`` cells; ``citation`` is the marker that is chosen in it."""
    width = max(width, _NARROWEST + _TEXT_INDENT)
    match item:
        case StatusItem():
            text = Content.styled(item.text, "bold $primary" if item.offer else _MUTED)
            return [*text.wrap(width), Content("")] if item.spaced else list(text.wrap(width))
        case DifferencesItem():
            return _differences(item, width)
        case TopicItem():
            return [Content(""), _topic(item, width)] if item.spaced else [_topic(item, width)]
        case TopicSentenceItem():
            return [*_indented(_cited(item, citation), width, _PAPER_INDENT), *_reason(item, width, _PAPER_INDENT)]
        case PaperItem():
            return _paper(item, width)
        case SentenceItem():
            return [*_indented(_cited(item, citation), width, _TEXT_INDENT), *_reason(item, width, _TEXT_INDENT)]


def _differences(item: DifferencesItem, width: int) -> list[Content]:
    mark = "▾" if item.is_open else "▸"
    head = _toggling(Content.styled(f"{mark} {item.heading}", "bold"))
    texts = [Content.styled(" ".join(text.split()), _MUTED) for text in item.texts]
    if not item.is_open:
        return [(head + Content.styled(" · ", _MUTED) + texts[0]).truncate(width, ellipsis=True), Content("")]
    wrapped = [text.wrap(width - _PAPER_INDENT - 2) for text in texts]
    bulleted = [
        Content("  • " if place == 0 else "    ") + line.rstrip() for w in wrapped for place, line in enumerate(w)
    ]
    return [head.truncate(width, ellipsis=True), *bulleted, Content("")]


def _topic(item: TopicItem, width: int) -> Content:
    count = f"{len(item.numbers)}"
    mark = "▾" if item.is_open else "▸"
    name = Content.styled(f"{mark} {item.name}", "bold $secondary").truncate(width - len(count) - 3, ellipsis=True)
    return _toggling(name + Content.styled(f"  {count}", _MUTED))


def _paper(item: PaperItem, width: int) -> list[Content]:
    marks = f"{'✓' if item.selected else ''}{'★' if item.starred else ''}"
    lead = Content(" " * _PAPER_INDENT) + _toggling(Content("▾ " if item.is_open else "▸ "))
    head = Content.styled(f"{marks} ", "bold $primary") if marks else Content("")
    head += Content.styled(f"[{item.number}] ", "$secondary")
    head += Content.styled("new ", "$success") if item.is_new and width > _NARROW else Content("")
    if item.withdrawn and not item.is_open:
        head += Content.styled(f"{WITHDRAWN} ", "bold $text-warning")
    title = Content.styled(item.title, "bold" if item.is_open else "")
    room = width - lead.cell_length - head.cell_length
    tail = f"  {item.upvotes}" if item.upvotes else ""
    about = (
        Content.styled(item.facts, _MUTED),
        Content.styled(item.links, _MUTED),
        Content.styled(item.why, f"italic {_MUTED}"),
    )
    below = _below([line for line in about if line], width)
    if not item.is_open:
        return [lead + head + _filled(title, room, tail), *below]
    cut = title.truncate(room * _LONGEST_TITLE_LINES, ellipsis=True)
    first, *more = [line.rstrip() for line in (head + cut).wrap(width - lead.cell_length)]
    return [lead + first, *(Content(" " * lead.cell_length) + line for line in more), *below]


def _below(lines: Sequence[Content], width: int) -> list[Content]:
    """Lines under a title, each cut to the width."""
    return [Content(" " * _TEXT_INDENT) + line.truncate(width - _TEXT_INDENT, ellipsis=True) for line in lines]


def _filled(title: Content, room: int, tail: str) -> Content:
    """A title cut to one line, with its upvotes at the right end when there is room for both."""
    if room < _NARROWEST + len(tail):
        tail = ""
    cut = title.truncate(max(room - len(tail), 1), ellipsis=True, pad=True)
    return cut + Content.styled(tail, _MUTED)


def _cited(item: TopicSentenceItem | SentenceItem, citation: int | None) -> Content:
    """A sentence whose markers can be clicked, the chosen one in reverse; marked where a reader is to look twice."""
    text = " ".join(only_doubtful(item.sentence).split())
    content = Content(text)
    cited = citations_of(item)
    for marker in _MARKER.finditer(text):
        number = int(marker[1])
        if number in cited:
            look = "bold reverse $primary" if number == citation else "bold $secondary"
            content = content.stylize(look, marker.start(), marker.end())
            content = content.stylize(Style.from_meta({"citation": number}), marker.start(), marker.end())
    return content


def _reason(item: TopicSentenceItem | SentenceItem, width: int, indent: int) -> list[Content]:
    """Why a sentence is marked, in lines of their own below it."""
    check = item.sentence.check
    if check is None or not check.reason or not needs_attention(item.sentence):
        return []
    return _indented(
        Content.styled(f"{sign_of(item.sentence)} {' '.join(check.reason.split())}", _MUTED), width, indent
    )


def _indented(content: Content, width: int, indent: int) -> list[Content]:
    return [Content(" " * indent) + line.rstrip() for line in content.wrap(width - indent)]


def _toggling(content: Content) -> Content:
    return content.stylize(Style.from_meta({"toggle": True}))
