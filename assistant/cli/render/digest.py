"""A digest as plain text, Markdown and JSON."""

import re
from typing import Any

from assistant.cli import console
from assistant.cli.render.markdown import escaped
from assistant.cli.render.sources import day_text, paper_json, sentence_json
from assistant.digest.digest import Digest, DigestEntry

SAMPLE_NOTICE = "Sample feed: real papers and counts, abstracts in our own words and not the authors'."


def digest_plain(digest: Digest) -> str:
    """The digest for a terminal or a mail."""
    parts = [console.strong(f"Daily Papers, {digest.period.label}")]
    if digest.from_sample:
        parts.append(console.dim(SAMPLE_NOTICE))
    if digest.overview:
        parts.append("\n" + console.wrapped(" ".join(sentence.text for sentence in digest.overview)))
    parts.extend(_plain_entry(entry) for entry in digest.entries)
    parts.append("\n" + console.strong("Evidence of the overview"))
    parts.extend(console.wrapped(f"[{number}] “{text}”", "    ") for number, text in _overview_evidence(digest))
    parts.append("\n" + console.dim(digest.coverage))
    return "\n".join(parts)


def digest_markdown(digest: Digest) -> str:
    """The digest as Markdown; text of papers and models cannot add markup to it."""
    parts = [f"# Daily Papers, {digest.period.label}"]
    if digest.from_sample:
        parts.append(f"_{SAMPLE_NOTICE}_")
    if digest.overview:
        parts.append(_with_links(" ".join(sentence.text for sentence in digest.overview), digest))
    parts.extend(_markdown_entry(entry, digest) for entry in digest.entries)
    parts.append("## Evidence of the overview")
    evidence = _overview_evidence(digest)
    parts.extend(f"{_with_links(f'[{number}]', digest)} “{escaped(text)}”" for number, text in evidence)
    parts.append(f"_{escaped(digest.coverage)}_")
    return "\n\n".join(parts)


def digest_json(digest: Digest) -> dict[str, Any]:
    """The documented object of `today`."""
    return {
        "period": {
            "label": digest.period.label,
            "first": digest.period.first.isoformat(),
            "last": digest.period.last.isoformat(),
        },
        "overview": [sentence_json(sentence) for sentence in digest.overview],
        "papers": [_entry_json(entry) for entry in digest.entries],
        "coverage": {"papers": len(digest.entries), "listed": digest.listed, "text": digest.coverage},
        "model": {"name": digest.writer.name, "kind": digest.writer.kind.value},
        "sample": digest.from_sample,
    }


def _overview_evidence(digest: Digest) -> list[tuple[int, str]]:
    """Number and sentence of the abstract for every citation of the overview, each once, by number."""
    found = {
        (citation.number, citation.evidence.text)
        for sentence in digest.overview
        for citation in sentence.citations
        if citation.evidence
    }
    return sorted(found)


def _plain_entry(entry: DigestEntry) -> str:
    paper = entry.source.paper
    known = (_upvotes(entry), day_text(paper), paper.paper.byline, paper.paper.link)
    facts = " · ".join(part for part in known if part)
    head = f"\n[{entry.source.number}] {console.strong(paper.paper.title)}"
    return f"{head}\n    {console.dim(facts)}\n{console.wrapped(entry.summary.text, '    ')}"


def _markdown_entry(entry: DigestEntry, digest: Digest) -> str:
    paper, day = entry.source.paper.paper, day_text(entry.source.paper)
    title = escaped(paper.title)
    linked = f"[{title}]({paper.link})" if paper.link else title
    facts = " · ".join(escaped(part) for part in (_upvotes(entry), day, paper.byline) if part)
    return f"## {entry.source.number}. {linked}\n\n{facts}\n\n{_with_links(entry.summary.text, digest)}"


def _upvotes(entry: DigestEntry) -> str:
    upvotes = entry.source.paper.upvotes
    return "" if upvotes is None else f"▲ {upvotes}"


def _entry_json(entry: DigestEntry) -> dict[str, Any]:
    return {
        "number": entry.source.number,
        **paper_json(entry.source.paper),
        "summary": [sentence_json(sentence) for sentence in entry.summary.sentences],
        "cached": entry.summary.cached,
        "quoted": entry.summary.quoted,
    }


def _with_links(text: str, digest: Digest) -> str:
    """Escaped text whose citation markers lead to the papers."""
    links = {str(entry.source.number): entry.source.paper.paper.link for entry in digest.entries}

    def marker(match: re.Match[str]) -> str:
        link = links.get(match.group(1))
        return f"[\\[{match.group(1)}\\]]({link})" if link else match.group()

    return re.sub(r"\\\[(\d+)\\\]", marker, escaped(text))
