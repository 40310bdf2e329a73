"""Answers from the tables of the library, as other programs read them."""

from assistant.export.json.base import Published
from assistant.library import LinkKind
from assistant.retrieval.query_plan import Asks, CollectionResult, NameKind, PlanOrder, QueryPlan


class UnclearNameJson(Published):
    """A name in the question that nobody here has, or too many."""

    kind: NameKind
    name: str
    nearest: list[str]
    bearers: int
    """How many have it; 0 for nobody."""


class PlanJson(Published):
    """What the question asks the tables for."""

    asks: Asks
    order: PlanOrder
    limit: int | None
    authors: list[str]
    """All of them wrote each paper, but where the question joins them with "or"."""
    organizations: list[str]
    since: str | None
    until: str | None
    min_upvotes: int | None
    links: list[LinkKind]
    """Links that each paper has."""
    words: list[str]
    """Words or phrases that each paper has in its title or abstract."""
    name: str | None
    """How the question calls the papers that it is about."""
    unclear: list[UnclearNameJson]
    language: str
    """The question's language, ISO 639-1."""


class CollectionRowJson(Published):
    """A paper of the list; the source of the same number has its facts."""

    number: int
    id: str
    place: int | None
    """Its rank, from 1; equal counts share one. Null without a ranking."""
    code: str | None
    """From the feed, else from the abstract."""
    project_page: str | None


class WriterCountJson(Published):
    """An author or an organization with the number of its papers."""

    name: str
    papers: int


class CollectionJson(Published):
    """What the tables answer to a question about the collection."""

    plan: PlanJson
    total: int
    """Papers that fit, also those that are not listed."""
    papers: list[CollectionRowJson]
    writers: list[WriterCountJson]
    nearest_day: str | None
    """The nearest day that has papers, where the days of the question have none."""


def collection_json(result: CollectionResult) -> CollectionJson:
    """The plan, and what came of it."""
    return {
        "plan": plan_json(result.plan),
        "total": result.total,
        "papers": [
            {
                "number": number,
                "id": row.paper.paper_id,
                "place": row.place,
                "code": row.links.code,
                "project_page": row.links.project,
            }
            for number, row in enumerate(result.rows, start=1)
        ],
        "writers": [{"name": name, "papers": papers} for name, papers in result.writers],
        "nearest_day": result.nearest_day.isoformat() if result.nearest_day else None,
    }


def plan_json(plan: QueryPlan) -> PlanJson:
    """A plan, whether rules or a model made it."""
    filters = plan.filters
    return {
        "asks": plan.asks,
        "order": plan.order,
        "limit": plan.limit,
        "authors": list(plan.authors) if filters.authors else [],
        "organizations": list(filters.organizations),
        "since": filters.since.isoformat() if filters.since else None,
        "until": filters.until.isoformat() if filters.until else None,
        "min_upvotes": filters.min_upvotes,
        "links": list(filters.links),
        "words": list(filters.words),
        "name": plan.name or None,
        "unclear": [
            {"kind": name.kind, "name": name.written, "nearest": list(name.nearest), "bearers": name.bearers}
            for name in plan.unclear
        ],
        "language": plan.language,
    }
