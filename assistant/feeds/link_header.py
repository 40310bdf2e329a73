"""The next page in ``Link`` headers, by the grammar of RFC 8288 (appendix B), as leniently as servers write it.

The HTTP client's own reader splits at every ``;``, also within an address, and compares relations letter by letter.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BETWEEN_LINKS = re.compile(r"[\s,]*")
_PARAMETER = re.compile(
    r"""\s*;\s*(?:(?P<name>[^\s=;,"'<>]+)\s*"""
    r"""(?:=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"?|'(?P<single>[^']*)'|(?P<token>[^\s;,]*)))?)?""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class WebLink:
    """One link: the address as written, and its parameters by name in lower case; of several of a name the first."""

    target: str
    parameters: dict[str, str]

    @property
    def relations(self) -> frozenset[str]:
        """What the address is to the page, in lower case."""
        return frozenset(self.parameters.get("rel", "").lower().split())


def next_link(headers: Sequence[str]) -> str | None:
    """The address of the next page, relative as it may be; None where no header names one.

    A link that has another page as its ``anchor`` says nothing about this one.
    """
    for header in headers:
        for link in web_links(header):
            if "next" in link.relations and not link.parameters.get("anchor"):
                return link.target
    return None


def web_links(header: str) -> Iterator[WebLink]:
    """The links of one header, in order; what does not begin with an address in angle brackets is passed over."""
    position = 0
    while (start := _between_links(header, position)) < len(header):
        if header[start] == "<":
            if (end := header.find(">", start)) < 0:
                return
            position, parameters = _parameters(header, end + 1)
            yield WebLink(header[start + 1 : end].strip(), parameters)
        elif (position := header.find(",", start)) < 0:
            return


def _between_links(header: str, position: int) -> int:
    separators = _BETWEEN_LINKS.match(header, position)
    return separators.end() if separators else position


def _parameters(header: str, position: int) -> tuple[int, dict[str, str]]:
    """The parameters that stand behind an address, and where they end."""
    parameters: dict[str, str] = {}
    while (found := _PARAMETER.match(header, position)) is not None:
        position = found.end()
        if name := found["name"]:
            quoted, single, token = found["quoted"], found["single"], found["token"]
            value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else single or token or ""
            parameters.setdefault(name.lower(), value)
    return position, parameters
