"""The text of an answer inside a Markdown document."""

import re
from collections.abc import Mapping

_STRUCTURE = re.compile(r"([\[\]<&!|])")
_HEADING = re.compile(r"^(\s*)(#+(?=\s|$)|=+\s*$|-+\s*$)", re.MULTILINE)
_ESCAPED_MARKER = re.compile(r"\\\[(\d+)\\\]")


def answer_markdown(text: str, links: Mapping[int, str | None]) -> str:
    """An answer, which is Markdown already, with its citations as links by number.

    Its lists, emphasis and code stay; links, pictures, tables, HTML and headings of its own become plain text.
    """
    plain = _HEADING.sub(r"\1\\\2", _STRUCTURE.sub(r"\\\1", text))
    return _ESCAPED_MARKER.sub(lambda marker: _citation(marker, links), plain)


def _citation(marker: re.Match[str], links: Mapping[int, str | None]) -> str:
    link = links.get(int(marker.group(1)))
    return f"[{marker.group()}]({link})" if link else marker.group()
