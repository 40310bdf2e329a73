"""A digest, or a document, as one HTML page that asks nothing of the network.

A citation leads to its evidence: browsers open the `<details>` that an anchor stands in.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.answering import AnswerSentence, Citation, cited_once, mark_of, needs_attention, reason_of
from assistant.periods import Period
from assistant.reports.digest import (
    SAMPLE_NOTICE,
    Digest,
    DigestEntry,
    Topic,
    different_of,
    entries_of,
    facts_of,
    has_headings,
    heading_of,
    links_of,
    title_of,
    why_of,
)
from assistant.sentences import Sentence
from assistant.text import counted

if TYPE_CHECKING:
    from jinja2 import Environment

    from assistant.reports import Document

_MARKER = re.compile(r"(\[\d+\])")
_SAFE_LINK = re.compile(r"https?://|#", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text of a page; ``anchor`` is where a citation leads, or the name of a marked sentence."""

    text: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence in pieces, with its mark and the reason of it where a reader is to look twice."""

    pieces: tuple[_Piece, ...]
    mark: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Evidence:
    number: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class _Paper:
    number: int
    title: str
    link: str | None
    facts: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    why: str
    claims: tuple[_Claim, ...]
    abstract: tuple[_Piece, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    anchor: str
    heading: str
    claims: tuple[_Claim, ...]
    evidence: tuple[_Evidence, ...]
    entries: tuple[_Paper, ...]


@dataclass(frozen=True, slots=True)
class PageDetail:
    """How much of a digest its page shows.

    ``abstracts`` and the ``evidence`` of topics are folded up. ``sentences`` is the most of each paper's summary, and
    ``rest_sentences`` of those that share no topic; ``papers`` how many papers, in the digest's order; None is all.
    """

    abstracts: bool = True
    evidence: bool = True
    sentences: int | None = None
    rest_sentences: int | None = None
    papers: int | None = None


_WHOLE = PageDetail()


def digest_page(digest: Digest, detail: PageDetail = _WHOLE, *, left_out: str = "") -> str:
    """The digest as a page of its own: styles inside, nothing loaded, no script.

    Every paper's abstract is folded up under it, the sentences behind its summary marked. ``left_out`` tells the
    reader what the page lacks.
    """
    numbers = frozenset(number for topic in digest.topics for number in topic.numbers)
    if detail.papers is not None:
        numbers = frozenset([number for topic in digest.topics for number in topic.numbers][: detail.papers])
    topics = [
        _section(place, topic, _PageView(digest, detail, numbers))
        for place, topic in enumerate(digest.topics, start=1)
        if numbers.intersection(topic.numbers)
    ]
    return _rendered(
        "digest.html",
        title=title_of(digest),
        profile=digest.plan.profile,
        heading=_days(digest.period),
        counts=_counts(digest),
        notices=[notice for notice in (SAMPLE_NOTICE if digest.from_sample else "", left_out) if notice],
        headed=has_headings(digest),
        topics=topics,
        different=different_of(digest.period),
        differences=[difference.text for difference in digest.plan.differences],
        coverage=digest.coverage,
    )


def markdown_page(title: str, markdown: str) -> str:
    """A Markdown document as a page of its own; HTML in it is text, only http(s) addresses and anchors are links."""
    from markupsafe import Markup

    # Markdown's own signs alone make elements here: `html` is off.
    return _rendered("document.html", title=title, body=Markup(_markdown().render(markdown)))  # noqa: S704


def document_page(document: "Document") -> str:
    """A survey, or a comparison as a document, as a page of its own."""
    from assistant.export.markdown.document import document_markdown

    return markdown_page(document.title, document_markdown(document))


def _rendered(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("assistant.export.html", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.validateLink = lambda url: bool(_SAFE_LINK.match(url))  # type: ignore[method-assign]
    parser.add_render_rule("table_open", lambda *_: '<div class="scroll"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


def _days(period: Period) -> str:
    """The days as a reader says them: "Friday, 21 August 2026", "17 to 21 August 2026"."""
    first, last = period.first, period.last
    if first == last:
        return f"{last:%A}, {last.day} {last:%B %Y}"
    begin = f"{first.day}"
    if first.month != last.month or first.year != last.year:
        begin = f"{first.day} {first:%B}" + (f" {first.year}" if first.year != last.year else "")
    return f"{begin} to {last.day} {last:%B %Y}"


def _counts(digest: Digest) -> str:
    papers, topics = len(digest.entries), sum(not topic.is_rest for topic in digest.topics)
    return counted(papers, "paper") + (f" in {counted(topics, 'topic')}" if topics else "")


@dataclass(frozen=True, slots=True)
class _PageView:
    """What of a digest its page shows, down to the numbers of the papers."""

    digest: Digest
    detail: PageDetail
    numbers: frozenset[int]


def _section(place: int, topic: Topic, view: _PageView) -> _Section:
    def anchor(citation: Citation) -> str | None:
        if citation.spans and view.detail.evidence:
            return f"e{place}-{citation.number}-{citation.spans[0].start}"
        return f"p{citation.number}" if citation.number in view.numbers else None

    evidence = {
        (citation.number, span.start): span.text
        for sentence in topic.sentences
        for citation in sentence.citations
        for span in citation.spans
        if view.detail.evidence
    }
    sentences = view.detail.rest_sentences if topic.is_rest else view.detail.sentences
    return _Section(
        f"t{place}",
        heading_of(topic, view.digest.period),
        _claims(topic.sentences, anchor),
        tuple(_Evidence(n, text, f"e{place}-{n}-{start}") for (n, start), text in sorted(evidence.items())),
        tuple(
            _paper(entry, sentences, abstracts=view.detail.abstracts)
            for entry in entries_of(topic, view.digest)
            if entry.source.number in view.numbers
        ),
    )


def _paper(entry: DigestEntry, most_sentences: int | None, *, abstracts: bool) -> _Paper:
    number, paper = entry.source.number, entry.source.paper.paper

    def anchor(citation: Citation) -> str | None:
        return f"p{number}-{citation.spans[0].start}" if abstracts and citation.spans else f"p{number}"

    sentences = entry.summary.sentences[:most_sentences]
    spans = [span for sentence in sentences for c in sentence.citations for span in c.spans]
    return _Paper(
        number,
        paper.title,
        paper.link,
        tuple(facts_of(entry)),
        tuple(links_of(entry.source.paper)),
        why_of(entry),
        _claims(sentences, anchor),
        _marked(paper.abstract, spans, f"p{number}") if abstracts else (),
    )


def _claims(sentences: Sequence[AnswerSentence], anchor: Callable[[Citation], str | None]) -> tuple[_Claim, ...]:
    claims = []
    for place, sentence in enumerate(cited_once(sentences), start=1):
        leads = {f"[{citation.number}]": anchor(citation) for citation in sentence.citations}
        # A marker does not stand alone at the beginning of a line.
        kept_together = sentence.text.replace(" [", "\u00a0[")
        pieces = tuple(_Piece(text, leads.get(text)) for text in _MARKER.split(kept_together) if text)
        doubtful = needs_attention(sentence)
        claims.append(
            _Claim(pieces, mark_of(sentence) if doubtful else "", reason_of(sentence, place) if doubtful else "")
        )
    return tuple(claims)


def _marked(abstract: str, spans: Iterable[Sentence], prefix: str) -> tuple[_Piece, ...]:
    """The abstract in pieces, those named that stand behind the summary."""
    pieces, end = [], 0
    for span in sorted(set(spans), key=lambda span: span.start):
        if span.start >= end and abstract[span.start : span.end] == span.text:
            pieces += [_Piece(abstract[end : span.start]), _Piece(span.text, f"{prefix}-{span.start}")]
            end = span.end
    return tuple(piece for piece in (*pieces, _Piece(abstract[end:])) if piece.text)
