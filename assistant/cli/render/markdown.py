"""Text of papers and models inside Markdown."""

import re

_SIGNS = re.compile(r"([\\`*_\[\]<>#|~&])")
_LIST_START = re.compile(r"^(\s*\d*)([-+]|(?<=\d)[.)])(?=\s)")


def escaped(text: str) -> str:
    """Text in which no sign is Markdown's or HTML's, not even at its beginning."""
    return _LIST_START.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", text))
