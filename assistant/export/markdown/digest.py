"""A digest as Markdown."""

import re

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
from assistant.text import escaped

_MARKER = re.compile(r"\\\[(\d+)\\\]")


def digest_markdown(digest: Digest) -> str:
    """The digest as Markdown; text of papers and models cannot add markup to it."""
    parts = [f"# {_escaped(title_of(digest))}"]
    if digest.from_sample:
        parts.append(f"_{SAMPLE_NOTICE}_")
    if digest.plan.differences:
        parts.append(f"## {different_of(digest.period)}")
        parts.append("\n".join(f"- {_escaped(difference.text)}" for difference in digest.plan.differences))
    for topic in digest.topics:
        parts.extend(_topic(topic, digest))
    if digest.evidence:
        parts.append(f"## {EVIDENCE}")
        parts.extend(_linked(f"[{number}] “{text}”", digest) for number, text in digest.evidence)
    parts.append(f"_{_escaped(digest.coverage)}_")
    return "\n\n".join(parts)


def digest_markdown_file(digest: Digest) -> str:
    """The same as the text of a file, which ends with a line break."""
    return digest_markdown(digest) + "\n"


def _topic(topic: Topic, digest: Digest) -> list[str]:
    headed = has_headings(digest)
    parts = [f"## {_escaped(heading_of(topic, digest.period))}"] if headed else []
    if topic.sentences:
        parts.append(_linked(prose_of(topic), digest))
    for entry in entries_of(topic, digest):
        parts.extend(_entry(entry, digest, "###" if headed else "##"))
    return parts


def _entry(entry: DigestEntry, digest: Digest, signs: str) -> list[str]:
    paper = entry.source.paper.paper
    title = _escaped(paper.title)
    linked = f"[{title}]({paper.link})" if paper.link else title
    why = f"_{_escaped(why_of(entry))}_" if entry.why else ""
    links = [f"[{name}]({address})" for name, address in links_of(entry.source.paper)]
    facts = " · ".join([*map(_escaped, facts_of(entry)), *links])
    parts = [f"{signs} {entry.source.number}. {linked}", facts, why, _linked(summary_of(entry), digest)]
    return [part for part in parts if part]


def _linked(text: str, digest: Digest) -> str:
    """Escaped text whose citation markers lead to the papers."""
    links = {str(entry.source.number): entry.source.paper.link for entry in digest.entries}

    def marker(match: re.Match[str]) -> str:
        link = links.get(match.group(1))
        return f"[{match.group()}]({link})" if link else match.group()

    return _MARKER.sub(marker, _escaped(text))


def _escaped(text: str) -> str:
    """`escaped`, in one line: a line break could begin a heading or a list."""
    return escaped(" ".join(text.split()))
