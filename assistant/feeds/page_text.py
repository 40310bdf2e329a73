"""A web page as the text that it shows, with the links to papers as Markdown has them; and pages out of archives."""

import email
import plistlib
import re
from email import policy
from html.parser import HTMLParser

from assistant.errors import InputError

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
