"""Citation markers in a model's text: which ones name a source, and what is taken out before a reader sees it.

A marker is ``[1]``, ``[1][2]``, ``[1, 2]`` or ``[1-3]``. All are taken out of the running text; those that hold are put
at the end of their sentence. A number without a source, an arXiv id of another paper and a link that leads
elsewhere are reported, and a word stands where they stood.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.values import NumberedSource

REMOVED = "(removed)"
"""What stands where a text named a paper or an address that is not among its sources."""

_LIST = r"\^?\s*(?:(?:source|paper|ref)s?\.?\s*)?\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*\s*"
MARKER = rf"(?:\[{_LIST}\]|【{_LIST}(?:†[^】]*)?】)"
"""The pattern of one marker."""
_MARKER = re.compile(rf"[ \t]*{MARKER}", re.IGNORECASE)
_PAPER_PAGE = re.compile(
    r"https?://(?:huggingface\.co/papers|arxiv\.org/(?:abs|pdf|html))/([\w./-]+?)(?:v\d+)?(?:\.pdf)?"
)
_CODE = re.compile(r"https?://(?:www\.)?(?:github\.com|gitlab\.com|huggingface\.co)/[\w./-]+")
_LINK = re.compile(r"\]\([^)\s]*\)|[ \t]*<?(?:https?://|\bwww\.)[^\s)>\]]*[^\s)>\].,;:!?]>?")
_ARXIV_REFERENCE = re.compile(r"[ \t]*(?:arXiv:)?(?<![\w.])(\d{4}\.\d{4,5})(?:v\d+)?(?!\w|\.\d)", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_LARGEST_RANGE = 20
_PREPOSITION = re.compile(r"\b(?:in|by|from|of|per|than|unlike)$", re.IGNORECASE)
_PAPER = " the paper"
"""What stands in place of a marker that is a part of its sentence: "the method of [2] wins"."""
_BRACKETED_NUMBERS = re.compile(r"\[(\s*\d+(?:\s*[,;–-]\s*\d+)*\s*)\]")
_TEMPLATE_TOKEN = re.compile(
    r"<[|｜]|[|｜]>|</?s>|<</?SYS>>|\[/?(?:INST|AVAILABLE_TOOLS|TOOL_CALLS|SYSTEM_PROMPT)\]"
    r"|</?(?:start_of_turn|end_of_turn|bos|eos|think|tool_call|tool_response)>|<\s*/?\s*source(?:\s+number\b|\s*>)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AllowedReferences:
    """What a text may name: the numbers of its sources, their arXiv ids, and everything their text says."""

    numbers: frozenset[int]
    paper_ids: frozenset[str]
    source_text: str = ""


def allowed_references(sources: Sequence[NumberedSource]) -> AllowedReferences:
    """What a text about these sources may name."""
    return AllowedReferences(
        frozenset(source.number for source in sources),
        frozenset(source.paper.paper_id for source in sources),
        " ".join(source.paper.text for source in sources),
    )


@dataclass(frozen=True, slots=True)
class CleanedText:
    """Text without markers, the sources they named, and in ``stripped`` what named something else, as it stood."""

    text: str
    numbers: tuple[int, ...]
    stripped: tuple[str, ...]


def clean_markers(text: str, allowed: AllowedReferences) -> CleanedText:
    """Take out markers, and whatever names something that was not given."""
    stripped: list[str] = []
    valid_numbers: list[int] = []

    def marker(match: re.Match[str]) -> str:
        numbers = marker_numbers(match.group())
        if len(numbers) > 1 and match.group().strip() in allowed.source_text:
            return match.group()  # an interval that a paper speaks of
        valid = [number for number in numbers if number in allowed.numbers]
        valid_numbers.extend(valid)
        if len(valid) < len(numbers):
            stripped.append(match.group().strip())
        return _PAPER if _PREPOSITION.search(without_ids, 0, match.start()) else ""

    def link(match: re.Match[str]) -> str:
        page = _PAPER_PAGE.fullmatch(match.group().strip(" \t<>]()"))
        if page and page.group(1) in allowed.paper_ids:
            return match.group()
        address = match.group().strip(" \t<>")
        if _CODE.fullmatch(address) and address in allowed.source_text:
            return match.group()  # a paper's own code
        stripped.append(match.group().strip(" \t]"))
        return "]" if match.group().startswith("]") else _blank(match) + REMOVED

    def reference(match: re.Match[str]) -> str:
        if match.group(1) in allowed.paper_ids or match.group(1) in allowed.source_text:
            return match.group()
        stripped.append(match.group().strip())
        return _blank(match) + REMOVED

    without_links = _LINK.sub(link, text)
    without_ids = _ARXIV_REFERENCE.sub(reference, without_links)
    return CleanedText(_MARKER.sub(marker, without_ids), tuple(dict.fromkeys(valid_numbers)), tuple(stripped))


def _blank(match: re.Match[str]) -> str:
    return " " if match.group()[:1] in {" ", "\t"} else ""


def marker_numbers(marker: str) -> tuple[int, ...]:
    """The numbers a marker names, ranges written out, in order."""
    numbers: list[int] = []
    for piece in re.split(r"[,;]", marker.partition("†")[0]):
        if spanned := _RANGE.search(piece):
            first, last = sorted((int(spanned.group(1)), int(spanned.group(2))))
            numbers.extend(range(first, min(last, first + _LARGEST_RANGE) + 1))
        elif number := re.search(r"\d+", piece):
            numbers.append(int(number.group()))
    return tuple(numbers)


def with_markers(sentence: str, numbers: Iterable[int]) -> str:
    """Put markers at the end of a sentence, before its closing punctuation."""
    markers = "".join(f"[{number}]" for number in numbers)
    if not markers:
        return sentence
    body = sentence.rstrip()
    closing = re.search(r"[.!?:;]*[\"'”’)*_`]*$", body)
    end = closing.start() if closing else len(body)
    return f"{body[:end].rstrip()} {markers}{body[end:]}"


def neutralized(text: str) -> str:
    """Text of a paper for use in a prompt: data that can neither pass for a marker nor for the prompt's own frame.

    Bracketed numbers get round brackets; control tokens are broken, see `defused`.
    """
    return defused(_BRACKETED_NUMBERS.sub(r"(\1)", text))


def defused(text: str) -> str:
    """Text that a model may be given: words that chat templates use as control tokens are broken by a blank.

    These are ``<|im_end|>``, ``[INST]``, ``</s>`` and the like: local models never see them as tokens, a server that
    renders the template might. So are the marks between which a prompt puts a source.
    """
    return _TEMPLATE_TOKEN.sub(lambda match: f"{match.group()[0]} {match.group()[1:]}", text)
