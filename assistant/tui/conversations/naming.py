"""Names of files that conversations are exported to."""

import re

_LONGEST_NAME = 50


def proposed_name(title: str, suffix: str) -> str:
    """A file name made from the words of a title: "What is RAG?" and ".md" give "what-is-rag.md"."""
    words = "-".join(re.findall(r"\w+", title.casefold()))
    return (words[:_LONGEST_NAME].strip("-_") or "conversation") + suffix
