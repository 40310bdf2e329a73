"""A digest as other programs read it."""

from assistant.export.json.answers import SentenceJson, sentence_json
from assistant.export.json.base import Published, json_text
from assistant.export.json.papers import ModelJson, PaperJson, model_json, paper_json
from assistant.library import LinkKind
from assistant.periods import Period
from assistant.reports.digest import Difference, Digest, DigestEntry, Topic, heading_of, links_of


class PeriodJson(Published):
    """The days of a digest, both included."""

    label: str
    """How the period is called: 2026-08-21, 2026-W34, 2026-08."""
    first: str
    last: str


class TopicJson(Published):
    """Papers about one thing."""

    name: str
    numbers: list[int]
    """The numbers of its papers, in the order of the digest."""
    sentences: list[SentenceJson]
    rest: bool
    """Whether these are the papers that share no topic with others."""


class DigestPaperJson(PaperJson):
    """A paper of a digest."""

    number: int
    """What sentences of topics call it."""
    code: str | None
    """Where its code lies, as the feed or its abstract says."""
    project_page: str | None
    summary: list[SentenceJson]
    why: list[str]
    """The reasons that a profile shows it for; empty without a profile."""
    cached: bool
    """Whether the summary was kept from an earlier run."""
    quoted: bool
    """Whether sentences of the abstract stand in for a text that had no evidence."""


class DifferenceJson(Published):
    """Something that is counted now and in the week before, per day."""

    text: str
    name: str
    """What is counted: "papers", "upvotes", or a term."""
    now: float
    before: float


class CoverageJson(Published):
    """How many papers of the period are in the digest."""

    papers: int
    listed: int
    left_out: list[str]
    """Why some of them are not in it."""
    text: str


class DigestJson(Published):
    """A digest: every paper once, under its topic."""

    period: PeriodJson
    profile: str | None
    topics: list[TopicJson]
    papers: list[DigestPaperJson]
    differences: list[DifferenceJson]
    """What is different from the week before."""
    coverage: CoverageJson
    model: ModelJson
    sample: bool
    """Whether any text comes from the sample feed, whose abstracts are not the authors' own words."""


def digest_json(digest: Digest) -> DigestJson:
    """The object of `today`."""
    plan = digest.plan
    return {
        "period": period_json(digest.period),
        "profile": plan.profile,
        "topics": [_topic_json(topic, digest.period) for topic in digest.topics],
        "papers": [_entry_json(entry) for entry in digest.entries],
        "differences": [_difference_json(difference) for difference in plan.differences],
        "coverage": {
            "papers": len(digest.entries),
            "listed": plan.listed,
            "left_out": list(plan.left_out),
            "text": digest.coverage,
        },
        "model": model_json(digest.writer),
        "sample": digest.from_sample,
    }


def digest_json_file(digest: Digest) -> str:
    """The object as the text of a file."""
    return json_text(digest_json(digest)) + "\n"


def period_json(period: Period) -> PeriodJson:
    """The days of a digest and their name."""
    return {"label": period.label, "first": period.first.isoformat(), "last": period.last.isoformat()}


def _topic_json(topic: Topic, period: Period) -> TopicJson:
    return {
        "name": heading_of(topic, period),
        "numbers": list(topic.numbers),
        "sentences": [sentence_json(sentence) for sentence in topic.sentences],
        "rest": topic.is_rest,
    }


def _entry_json(entry: DigestEntry) -> DigestPaperJson:
    links = dict(links_of(entry.source.paper))
    return {
        "number": entry.source.number,
        **paper_json(entry.source.paper),
        "code": links.get(LinkKind.CODE),
        "project_page": links.get(LinkKind.PROJECT),
        "summary": [sentence_json(sentence) for sentence in entry.summary.sentences],
        "why": list(entry.why),
        "cached": entry.summary.cached,
        "quoted": entry.summary.quoted,
    }


def _difference_json(difference: Difference) -> DifferenceJson:
    return {
        "text": difference.text,
        "name": difference.name,
        "now": difference.now,
        "before": difference.before,
    }
