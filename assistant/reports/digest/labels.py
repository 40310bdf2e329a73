"""What every form of a digest says alike: its title, headings, facts and reasons."""

import re
from datetime import timedelta

from assistant.answering import cited_once, only_doubtful
from assistant.library import LinkKind, StoredPaper, paper_links
from assistant.papers import WITHDRAWN
from assistant.periods import Period
from assistant.reports.digest.values import Digest, DigestEntry, Topic

SAMPLE_NOTICE = "Sample feed: real papers and counts, abstracts in our own words and not the authors'."
DIFFERENT = "What is different from last week"
EVIDENCE = "Evidence of the topics"

_OLD = timedelta(days=30)
_NUMBERS = dict(enumerate(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"], 2))
_WEB_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'\\`|]+", re.IGNORECASE)


def title_of(digest: Digest) -> str:
    """The digest's title: "Daily Papers, 2026-08-21", with its profile when it has one."""
    profile = f" · {digest.plan.profile}" if digest.plan.profile else ""
    return f"Daily Papers, {digest.period.label}{profile}"


def different_of(period: Period) -> str:
    """The heading above what is different: a month is not held against a week."""
    return DIFFERENT if period.last - period.first < timedelta(days=7) else "What is different from before"


def has_headings(digest: Digest) -> bool:
    """Whether the topics need headings: papers that share no topic, and nothing beside them, need none."""
    return any(not topic.is_rest for topic in digest.topics)


def heading_of(topic: Topic, period: Period) -> str:
    """A topic's name as a heading; a name that has a spelling of its own ("iPhone", "vLLM") keeps it."""
    if topic.is_rest and period.first != period.last:
        return "Also in these days"
    first, _, rest = topic.name.partition(" ")
    return (first.capitalize() if first.islower() else first) + (f" {rest}" if rest else "")


def entries_of(topic: Topic, digest: Digest) -> list[DigestEntry]:
    """The papers of a topic, in its order."""
    return [digest.entry(number) for number in topic.numbers]


def prose_of(topic: Topic) -> str:
    """The sentences of a topic as one text, marked where a reader is to look twice; empty before it is written."""
    return " ".join(map(only_doubtful, cited_once(topic.sentences)))


def summary_of(entry: DigestEntry) -> str:
    """A paper's summary as one text, marked where a reader is to look twice."""
    return " ".join(map(only_doubtful, cited_once(entry.summary.sentences)))


def facts_of(entry: DigestEntry) -> list[str]:
    """Upvotes, day, age and who wrote it, as far as known: "▲ 63", "2026-08-21", "three months old", "Google"."""
    paper = entry.source.paper
    upvotes = "" if paper.upvotes is None else f"▲ {paper.upvotes}"
    withdrawn = WITHDRAWN if paper.paper.withdrawn else ""
    return [part for part in (withdrawn, upvotes, paper.day_text, age_of(paper), paper.paper.byline) if part]


def age_of(paper: StoredPaper) -> str:
    """How long before its day a paper was published: "three months old", "a year old"; empty below thirty days."""
    published, day = paper.paper.published, paper.day
    if published is None or day is None or day - published < _OLD:
        return ""
    months = max((day.year - published.year) * 12 + day.month - published.month - (day.day < published.day), 1)
    count, unit = (months // 12, "year") if months >= 12 else (months, "month")
    return f"a {unit} old" if count == 1 else f"{_NUMBERS.get(count, str(count))} {unit}s old"


def links_of(paper: StoredPaper) -> list[tuple[str, str]]:
    """Where a paper's code and its project page lie: what each is, and its web address."""
    links = paper_links(paper.paper.github, paper.paper.project_page, paper.abstract)
    addresses = [(kind.value, links.of(kind)) for kind in LinkKind]
    return [(name, address) for name, address in addresses if address and _WEB_ADDRESS.fullmatch(address)]


def why_of(entry: DigestEntry) -> str:
    """Why a profile shows the paper: "why: Google; words: robot"; empty without a profile."""
    return f"why: {'; '.join(entry.why)}" if entry.why else ""
