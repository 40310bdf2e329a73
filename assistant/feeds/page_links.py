"""Text of a page that kept its links: Markdown clippings, and dumps of text browsers with numbers before links.

The links are taken out of the text, line by line, so that it reads like any saved page; those that lead to a paper
give its id. lynx, elinks and w3m write ``[12]Title`` and a list of the addresses at the end; clippers and html2text
write ``### [Title](address)``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.arxiv_ids import find_paper_ids
from assistant.feeds.json_values import day_of

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(?:[^\n]*\n){0,60}?---[ \t]*(?:\n|\Z)")
_PAGE_OF_DAY = re.compile(r"/papers/date/(\d{4}-\d{2}-\d{2})\b", re.ASCII)
_IMAGE = re.compile(r"!\[[^\[\]]*\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(
    r"\[(?P<label>[^\[\]]*)\]\(\s*<?(?P<address>(?:[^()<>\s]|\([^()]*\))+)>?(?:\s+\"[^\"]*\")?\s*\)(?:\{[^{}]*\})?"
)
_MARKS_BEFORE = re.compile(r"[\s#>*_+\-\d.]*")
_MARKS_BEHIND = re.compile(r"(?:[^\S\n]|[*_#])*(?:\n|\Z)")
_LONGEST_MARKS = 300
_LINE_MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?)+|^[ \t]*(?:[*_]{2})(?=\S)|(?<=\S)[*_]{2}[ \t]*$|[ \t]#+[ \t]*$", re.MULTILINE
)
_ADDRESS_LINE = re.compile(
    r"[ \t]*(?:\[(?P<bracket>\d{1,4})\]|(?P<number>\d{1,4})[.:])[ \t]+(?P<address>[a-z][a-z+.-]*:\S+|/\S+)[ \t]*$"
)
_ADDRESS_TITLE = re.compile(
    r"[ \t]*(?:references|links|visible links|hidden links|link list)[ \t]*:?[ \t]*$", re.IGNORECASE
)
_MARKER = re.compile(r"\[(\d{1,4})\]")
_LEADING_MARKERS = re.compile(r"[ \t]*(?:[*+o•-][ \t]+|#+[ \t]+)?((?:\[\d{1,4}\][ \t]*)+)")
_HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """The text without its links, the ids of the papers that lines lead to (by line, from 1), and the page's day.

    ``is_flowing`` says that neighbouring lines are one paragraph, as in Markdown and in dumps; ``starts`` are the
    lines that begin a paragraph nevertheless.
    """

    text: str
    paper_ids: Mapping[int, str] = field(default_factory=dict)
    starts: frozenset[int] = frozenset()
    day: date | None = None
    is_flowing: bool = False


def linked_page(text: str) -> LinkedPage:
    """Take a page's links apart; a text without links comes back as it is."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(_leads_to_paper(match["address"]) for match in _LINK.finditer(whole)):
        return _markdown(whole)
    addresses, last = _addresses(whole.split("\n"))
    if any(_leads_to_paper(address) for address in addresses.values()):
        return _dump(whole.split("\n")[:last], addresses)
    return LinkedPage(text)


def _markdown(text: str) -> LinkedPage:
    front = _FRONT_MATTER.match(text)
    head = front.group() if front else ""
    of_day = _PAGE_OF_DAY.search(head)
    body = _IMAGE.sub(_lines_of, "\n" * head.count("\n") + text[len(head) :])
    ids: dict[int, str] = {}
    parts, last, line = [], 0, 1
    for match in _LINK.finditer(body):
        line += body.count("\n", last, match.start())
        label = " ".join(match["label"].split())
        paper_id = _leads_to_paper(match["address"])
        if paper_id and _is_title(label) and _is_whole_line(body, match):
            ids.setdefault(line, paper_id)
        parts += [body[last : match.start()], label, "\n" * match.group().count("\n")]
        last = match.end()
        line += match.group().count("\n")
    plain = _LINE_MARKS.sub("", "".join([*parts, body[last:]]))
    return LinkedPage(plain, ids, frozenset(ids), day_of(of_day[1]) if of_day else None, is_flowing=True)


def _dump(lines: list[str], addresses: Mapping[int, str]) -> LinkedPage:
    ids: dict[int, str] = {}
    starts: set[int] = set()
    for number, line in enumerate(lines, start=1):
        leading = _LEADING_MARKERS.match(line)
        if leading is None:
            continue
        starts.add(number)
        numbers = [int(marker) for marker in _MARKER.findall(leading[1])]
        paper_id = next(
            (linked_id for each in numbers if (linked_id := _leads_to_paper(addresses.get(each, "")))), None
        )
        if paper_id and _is_title(_MARKER.sub("", line).strip(" *#+-")):
            ids[number] = paper_id
    text = "\n".join(_MARKER.sub("", line) for line in lines) + "\n"
    return LinkedPage(_LINE_MARKS.sub("", text), ids, frozenset(starts), is_flowing=True)


def _addresses(lines: list[str]) -> tuple[dict[int, str], int]:
    """The list of addresses at the end of a dump, by number, and the index of the line where it begins."""
    addresses: dict[int, str] = {}
    index = len(lines)
    while index > 0:
        line = lines[index - 1]
        if listed := _ADDRESS_LINE.match(line):
            addresses[int(listed["bracket"] or listed["number"])] = listed["address"]
        elif line.strip() and not _ADDRESS_TITLE.match(line):
            break
        index -= 1
    return addresses, index


def _leads_to_paper(address: str) -> str | None:
    """The id of the paper that an address leads to; not of its comments or files. A page's own addresses are short."""
    path = re.sub(r"^file:(?://[^/]*)?(?=/)", "", address).partition("#")[0]
    ids = find_paper_ids(_HUB + path if path.startswith("/") else path)
    return ids[0] if len(ids) == 1 else None


def _is_title(label: str) -> bool:
    return sum(character.isalpha() for character in label) > 2 and not re.fullmatch(r"\W*\d+ authors?", label)


def _is_whole_line(text: str, match: re.Match[str]) -> bool:
    """Whether a line has only marks beside a link; a line can be a whole file, and is not read once a link."""
    furthest = max(0, match.start() - _LONGEST_MARKS)
    begin = text.rfind("\n", furthest, match.start()) + 1
    if begin == 0 < furthest:
        return False
    return bool(_MARKS_BEFORE.fullmatch(text, begin, match.start()) and _MARKS_BEHIND.match(text, match.end()))


def _lines_of(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")
