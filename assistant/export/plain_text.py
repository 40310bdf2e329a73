"""A digest as plain text, for a file, a mail or a terminal."""

from collections.abc import Callable
from dataclasses import dataclass

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
_LONGEST_RULE = 60


def _plain(text: str) -> str:
    return text


def _on_one_line(text: str, indent: str = "") -> str:
    return indent + text


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a terminal draws what stands out, what stands back, and prose (with its indent); as it is by default."""

    strong: Callable[[str], str] = _plain
    dim: Callable[[str], str] = _plain
    prose: Callable[[str, str], str] = _on_one_line


def digest_text(digest: Digest, style: TextStyle | None = None) -> str:
    """The digest as text; without a style every paragraph is one line and nothing has colours."""
    style = style or TextStyle()
    parts = [style.strong(title_of(digest))]
    if digest.from_sample:
        parts.append(style.dim(SAMPLE_NOTICE))
    if digest.plan.differences:
        parts.append("\n" + style.strong(different_of(digest.period)))
        parts.extend(style.prose(f"- {difference.text}", "") for difference in digest.plan.differences)
    for topic in digest.topics:
        parts.extend(_topic(topic, digest, style))
    if digest.evidence:
        parts.append("\n" + style.strong(EVIDENCE))
        parts.extend(style.prose(f"[{number}] “{text}”", _INDENT) for number, text in digest.evidence)
    parts.append("\n" + style.dim(digest.coverage))
    return "\n".join(parts)


def digest_text_file(digest: Digest) -> str:
    """The text of a file, which ends with a line break."""
    return digest_text(digest) + "\n"


def _topic(topic: Topic, digest: Digest, style: TextStyle) -> list[str]:
    parts = []
    if has_headings(digest):
        name = heading_of(topic, digest.period)
        parts.append(f"\n{style.strong(name)}\n{style.dim('─' * min(len(name), _LONGEST_RULE))}")
    if topic.sentences:
        parts.append(style.prose(prose_of(topic), ""))
    return [*parts, *(_entry(entry, style) for entry in entries_of(topic, digest))]


def _entry(entry: DigestEntry, style: TextStyle) -> str:
    paper = entry.source.paper.paper
    facts = " · ".join([*facts_of(entry), *([paper.link] if paper.link else [])])
    lines = [f"\n[{entry.source.number}] {style.strong(paper.title)}"]
    links = " · ".join(f"{name} {address}" for name, address in links_of(entry.source.paper))
    lines += [_INDENT + style.dim(line) for line in (facts, links, why_of(entry)) if line]
    return "\n".join([*lines, style.prose(summary_of(entry), _INDENT)])
