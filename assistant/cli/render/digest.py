"""A digest as plain text."""

from assistant.cli import console
from assistant.reports.digest import (
    EVIDENCE,
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
    prose_of,
    summary_of,
    title_of,
    why_of,
)

_INDENT = "    "


def digest_plain(digest: Digest) -> str:
    """The digest for a terminal or a mail; `click.unstyle` takes the colours away."""
    parts = [console.strong(title_of(digest))]
    if digest.from_sample:
        parts.append(console.dim(SAMPLE_NOTICE))
    if digest.plan.differences:
        parts.append("\n" + console.strong(different_of(digest.period)))
        parts.extend(console.wrapped(f"- {difference.text}") for difference in digest.plan.differences)
    for topic in digest.topics:
        parts.extend(_topic(topic, digest))
    if digest.evidence:
        parts.append("\n" + console.strong(EVIDENCE))
        parts.extend(console.wrapped(f"[{number}] “{text}”", _INDENT) for number, text in digest.evidence)
    parts.append("\n" + console.dim(digest.coverage))
    return "\n".join(parts)


def _topic(topic: Topic, digest: Digest) -> list[str]:
    parts = []
    if has_headings(digest):
        name = heading_of(topic, digest.period)
        parts.append(f"\n{console.strong(name)}\n{console.dim('─' * min(len(name), 60))}")
    if topic.sentences:
        parts.append(console.wrapped(prose_of(topic)))
    return [*parts, *(_entry(entry) for entry in entries_of(topic, digest))]


def _entry(entry: DigestEntry) -> str:
    paper = entry.source.paper.paper
    facts = " · ".join([*facts_of(entry), *([paper.link] if paper.link else [])])
    lines = [f"\n[{entry.source.number}] {console.strong(paper.title)}"]
    links = " · ".join(f"{name} {address}" for name, address in links_of(entry.source.paper))
    lines += [_INDENT + console.dim(line) for line in (facts, links, why_of(entry)) if line]
    return "\n".join([*lines, console.wrapped(summary_of(entry), _INDENT)])
