"""A digest as plain text and JSON."""

from typing import Any

from assistant.answering.marks import only_doubtful
from assistant.cli import console
from assistant.cli.render.sources import day_text, paper_json
from assistant.conversations.answer_json import sentence_json
from assistant.digest.digest import Digest, DigestEntry
from assistant.digest.markdown import SAMPLE_NOTICE, overview_evidence, upvotes_text


def digest_plain(digest: Digest) -> str:
    """The digest for a terminal or a mail."""
    parts = [console.strong(f"Daily Papers, {digest.period.label}")]
    if digest.from_sample:
        parts.append(console.dim(SAMPLE_NOTICE))
    if digest.overview:
        parts.append("\n" + console.wrapped(" ".join(map(only_doubtful, digest.overview))))
    parts.extend(_plain_entry(entry) for entry in digest.entries)
    parts.append("\n" + console.strong("Evidence of the overview"))
    parts.extend(console.wrapped(f"[{number}] “{text}”", "    ") for number, text in overview_evidence(digest))
    parts.append("\n" + console.dim(digest.coverage))
    return "\n".join(parts)


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


def _plain_entry(entry: DigestEntry) -> str:
    paper = entry.source.paper
    known = (upvotes_text(entry), day_text(paper), paper.paper.byline, paper.paper.link)
    facts = " · ".join(part for part in known if part)
    head = f"\n[{entry.source.number}] {console.strong(paper.paper.title)}"
    summary = " ".join(map(only_doubtful, entry.summary.sentences))
    return f"{head}\n    {console.dim(facts)}\n{console.wrapped(summary, '    ')}"


def _entry_json(entry: DigestEntry) -> dict[str, Any]:
    return {
        "number": entry.source.number,
        **paper_json(entry.source.paper),
        "summary": [sentence_json(sentence) for sentence in entry.summary.sentences],
        "cached": entry.summary.cached,
        "quoted": entry.summary.quoted,
    }
