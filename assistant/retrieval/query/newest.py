"""Whether a question asks for the newest papers first.

"Newest", "latest" and "most recent" do, of papers or as what is asked for; so do "what's new" and "anything new".
"New papers" and "recent work" do not: they are vague, and neither a window nor an order by date would be meant.
"""

import re

from assistant.retrieval.query.boilerplate import PAPERS, REMOVED, REQUEST, SUPERLATIVE, THERE

# What is latest within a model or a text, and no paper.
_OTHERS = (
    r"(?! ?(?:and|blocks?|checkpoints?|frames?|hidden|iterations?|layers?|messages?|observations?|positions?|releases?"
    r"|states?|steps?|tokens?|turns?|values?|versions?)\b)"
)
_WORDS_BETWEEN = r"(?: (?!(?:in|of|on|for|with|to|from|by|that|as|is|are)\b)[\w-]+){0,5}?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^[\s{REMOVED}]*(?:{REQUEST} )?(?:{THERE} )?(?:the )?(?P<words>{SUPERLATIVE})\b{_OTHERS}",
        rf"\b(?P<words>{SUPERLATIVE})\b{_OTHERS}{_WORDS_BETWEEN} {PAPERS}\b",
        rf"(?P<words>,? ?\b{SUPERLATIVE}(?: ones| papers)? first)\b",
        r"(?P<words>,? ?\b(?:sort(?:ed)?|order(?:ed)?) by (?:date|recency))\b",
        rf"(?P<words>[,;] (?:the )?{SUPERLATIVE}(?: ones)?)(?=[\s?.!]*$)",
        r"^(?:so )?(?P<words>what(?:['’]?s| is) new)(?= (?:in|on|with|about|for|from|since)\b|[\s?.!]*$)",
        r"\b(?P<words>anything new)\b",
    )
)


def find_newest(text: str) -> tuple[int, int] | None:
    """Where the words stand that ask for the newest first; None when there are none."""
    for pattern in _PATTERNS:
        if match := pattern.search(text):
            return match.span("words")
    return None
