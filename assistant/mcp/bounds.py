"""Results that a client takes: pages of papers, few authors each, and a last cut where one paper alone is too long.

Clients refuse or cut results of more than some 25,000 tokens, and count the text and the object of a result.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.reports.digest import Digest

LARGEST_RESULT_TOKENS = 23_000
"""By `_tokens`, which counts rather too many."""
MOST_AUTHORS = 10
_KINDS = {
    "letters": re.compile("[A-Za-z ]"),
    "signs": re.compile("[!-@\\[-`{-~\\t\\n\\r]"),
    "scripts": re.compile("[\u00a0-\u052f\u0590-\u06ff\u2010-\u2044\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"),
}
_TOKENS_EACH = {"letters": 0.3, "signs": 0.75, "scripts": 1.2}
_RARE = re.compile("|".join(pattern.pattern for pattern in _KINDS.values()))
_LONGEST_LAST_LINE = 600
_LONGEST_TEXTS = (4000, 2000, 1000, 500, 200, 80)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answers: its object, and the same in words."""

    text: str
    value: Mapping[str, Any]

    @property
    def fits(self) -> bool:
        """Whether a client takes it as it is."""
        return _tokens(self.text) + _tokens(json.dumps(self.value, ensure_ascii=False)) <= LARGEST_RESULT_TOKENS


def bounded_authors(result: ToolResult) -> ToolResult:
    """The result with few authors a paper."""
    return ToolResult(result.text, _with_few_authors(result.value))


def bounded(result: ToolResult) -> ToolResult:
    """The result with few authors a paper; one that is too long still has its longest texts cut."""
    few = bounded_authors(result)
    if few.fits:
        return few
    cuts = [ToolResult(_cut_body(few.text, longest * 8), _cut_texts(few.value, longest)) for longest in _LONGEST_TEXTS]
    return next((cut for cut in cuts if cut.fits), cuts[-1])


def largest_page(page_of: Callable[[int], ToolResult], papers: int) -> ToolResult:
    """The page of as many papers, ``papers`` at most, as a client takes; of one in any case, cut where it must be."""
    page = bounded_authors(page_of(papers))
    while papers > 1 and not page.fits:
        papers = papers * 2 // 3
        page = bounded_authors(page_of(papers))
    return bounded(page)


def digest_part(digest: Digest, offset: int, papers: int, page: str) -> Digest:
    """So many papers of a digest from a place on, in its order, under their topics.

    A topic has its sentences where its first paper is, and the first part has what is different from before. ``page``
    says which part it is, and stands in its coverage.
    """
    ordered = [number for topic in digest.topics for number in topic.numbers]
    page_numbers = frozenset(ordered[offset : offset + papers])
    topics = tuple(
        replace(
            topic,
            numbers=tuple(number for number in topic.numbers if number in page_numbers),
            sentences=topic.sentences if topic.numbers[0] in page_numbers else (),
        )
        for topic in digest.topics
        if page_numbers.intersection(topic.numbers)
    )
    entries = tuple(entry for entry in digest.entries if entry.source.number in page_numbers)
    left_out = (*digest.plan.left_out, page) if page else digest.plan.left_out
    differences = digest.plan.differences if offset == 0 else ()
    plan = replace(digest.plan, left_out=left_out, differences=differences)
    return replace(digest, plan=plan, topics=topics, entries=entries)


def page_text(tool: str, offset: int, papers: int, total: int | None, *, more: bool) -> str:
    """What a page is of the whole, and how to get the next one; empty when it is the whole."""
    if offset == 0 and not more:
        return ""
    of = f" of {total}" if total is not None else ""
    following = f" (the next ones: call {tool} again with offset={offset + papers})" if more else ""
    return f"papers {offset + 1} to {offset + papers}{of}{following}"


def _tokens(text: str) -> int:
    """Tokens of the text in today's vocabularies, from above: figures, signs and rare scripts have many of them.

    o200k_base has 4 to 5 letters a token in prose, up to three figures or signs, a letter of the scripts that are
    written most, and each byte of the others is a token at worst.
    """
    counts = {name: len(pattern.findall(text)) for name, pattern in _KINDS.items()}
    usual = sum(counts.values())
    rare = len(_RARE.sub("", text).encode("utf-8", "replace")) if usual < len(text) else 0
    return int(sum(_TOKENS_EACH[name] * count for name, count in counts.items())) + rare


def _with_few_authors(value: Any) -> Any:
    """The object with the first authors of each paper, and as the last of them how many more it has."""
    match value:
        case dict():
            inner = {key: _with_few_authors(each) for key, each in value.items()}
            authors = inner.get("authors")
            # The place of a single one more is as good for its name; and what is cut once stays as it is.
            if isinstance(authors, list) and len(authors) > MOST_AUTHORS + 1:
                inner["authors"] = [*authors[:MOST_AUTHORS], f"and {len(authors) - MOST_AUTHORS} more"]
            return inner
        case list():
            return [_with_few_authors(each) for each in value]
        case _:
            return value


def _cut_texts(value: Any, longest: int) -> Any:
    match value:
        case str():
            return _cut(value, longest)
        case dict():
            return {key: _cut_texts(inner, longest) for key, inner in value.items()}
        case list():
            return [_cut_texts(inner, longest) for inner in value]
        case _:
            return value


def _cut_body(text: str, longest: int) -> str:
    """The text cut before its last line, which says which page it is; a last line that is long is text like any."""
    body, _, last = text.rpartition("\n")
    return f"{_cut(body, longest)}\n{last}" if body and len(last) < _LONGEST_LAST_LINE else _cut(text, longest)


def _cut(text: str, longest: int) -> str:
    """The text, or so many bytes of it and how many characters are left out."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= longest:
        return text
    prefix = encoded[:longest].decode("utf-8", "ignore")
    return f"{prefix}… ({len(text) - len(prefix)} more characters)"
