"""A digest as Markdown."""

import re

from assistant.answering.markdown import escaped
from assistant.answering.marks import only_doubtful
from assistant.digest.digest import Digest, DigestEntry

SAMPLE_NOTICE = "Sample feed: real papers and counts, abstracts in our own words and not the authors'."


def digest_markdown(digest: Digest) -> str:
    """The digest as Markdown; text of papers and models cannot add markup to it."""
    parts = [f"# Daily Papers, {digest.period.label}"]
    if digest.from_sample:
        parts.append(f"_{SAMPLE_NOTICE}_")
    if digest.overview:
        parts.append(_with_links(" ".join(map(only_doubtful, digest.overview)), digest))
    parts.extend(_markdown_entry(entry, digest) for entry in digest.entries)
    parts.append("## Evidence of the overview")
    evidence = overview_evidence(digest)
    parts.extend(f"{_with_links(f'[{number}]', digest)} “{escaped(text)}”" for number, text in evidence)
    parts.append(f"_{escaped(digest.coverage)}_")
    return "\n\n".join(parts)


def overview_evidence(digest: Digest) -> list[tuple[int, str]]:
    """Number and sentence of the abstract for every citation of the overview, each once, by number."""
    found = {
        (citation.number, citation.evidence.text)
        for sentence in digest.overview
        for citation in sentence.citations
        if citation.evidence
    }
    return sorted(found)


def upvotes_text(entry: DigestEntry) -> str:
    """The upvotes of an entry as they are shown: "▲ 63"; empty when they are not known."""
    upvotes = entry.source.paper.upvotes
    return "" if upvotes is None else f"▲ {upvotes}"


def _markdown_entry(entry: DigestEntry, digest: Digest) -> str:
    paper, day = entry.source.paper.paper, entry.source.paper.day_text
    title = escaped(paper.title)
    linked = f"[{title}]({paper.link})" if paper.link else title
    facts = " · ".join(escaped(part) for part in (upvotes_text(entry), day, paper.byline) if part)
    summary = " ".join(map(only_doubtful, entry.summary.sentences))
    return f"## {entry.source.number}. {linked}\n\n{facts}\n\n{_with_links(summary, digest)}"


def _with_links(text: str, digest: Digest) -> str:
    """Escaped text whose citation markers lead to the papers."""
    links = {str(entry.source.number): entry.source.paper.paper.link for entry in digest.entries}

    def marker(match: re.Match[str]) -> str:
        link = links.get(match.group(1))
        return f"[\\[{match.group(1)}\\]]({link})" if link else match.group()

    return re.sub(r"\\\[(\d+)\\\]", marker, escaped(text))
