"""A web page as the text that it shows, pages out of archives, and which lines of such a text link to which paper."""

import email
import plistlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from email import policy
from html.parser import HTMLParser

from assistant.arxiv_ids import find_paper_ids
from assistant.errors import InputError
from assistant.feeds.json_values import day_of

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "figure", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "table", "td", "th", "tr", "ul"),
    )
)
_SILENT = frozenset({"script", "style", "svg", "template", "noscript", "head", "button", "select"})
_PAPER = re.compile(r"/(?:papers|abs)/[^\s#?]+$")
_LONGEST_ADDRESS = 2_000
_RESAVE = "save the page again, as HTML"
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


def page_text(html: str) -> str:
    """The text that a page shows, a paragraph for each block; a link to a paper is ``[its text](its address)``."""
    reader = _TextReader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # what the standard parser raises at a malformed <![…
        pass
    return reader.text()


def archived_page(document: bytes, name: str) -> str:
    """The HTML of a page that was saved with its pictures: MHTML (Chromium, Internet Explorer) or Safari's archive.

    Raises:
        InputError: the archive is damaged or holds no page.
    """
    if document.startswith(b"bplist00"):
        try:
            resource = plistlib.loads(document)["WebMainResource"]
            encoding = str(resource.get("WebResourceTextEncodingName") or "utf-8")
            return bytes(resource["WebResourceData"]).decode(encoding, "replace")
        except (plistlib.InvalidFileException, KeyError, TypeError, AttributeError, LookupError, ValueError) as error:
            raise InputError(f"{name} is a property list, but not a saved page", _RESAVE) from error
    message = email.message_from_bytes(document.lstrip(), policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            page = payload if isinstance(payload, bytes) else b""
            try:
                return page.decode(part.get_content_charset() or "utf-8", "replace")
            except LookupError:  # a charset that Python does not know
                return page.decode("utf-8", "replace")
    raise InputError(f"{name} is a web archive without a page in it", _RESAVE)


class _TextReader(HTMLParser):
    """Collects text and links to papers; what scripts, styles and buttons hold is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._silent: list[str] = []
        self._link: str | None = None

    def text(self) -> str:
        """What was collected."""
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        return "\n\n".join(line for line in lines if line) + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "a":
            self._end_link()
            address = dict(attrs).get("href") or ""
            if not self._silent and _PAPER.search(address[:_LONGEST_ADDRESS]):
                self._link = address
                self._parts.append("\n[")
        elif tag in _BLOCKS and self._link is None:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        elif tag == "a":
            self._end_link()
        elif tag in _BLOCKS and self._link is None:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            flowing = " ".join(data.split("\n"))
            self._parts.append(flowing.replace("[", "(").replace("]", ")") if self._link is not None else flowing)

    def _end_link(self) -> None:
        if self._link is not None:
            self._parts.append(f"]({self._link})\n")
            self._link = None


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
