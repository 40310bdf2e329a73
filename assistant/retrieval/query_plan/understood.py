"""A question about the collection as it is understood: its plan, and the filters that can be taken off."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from assistant.library import Filters
from assistant.periods import Window
from assistant.retrieval.query.parser import ExtractedFilter, FilterKind, ParsedQuery
from assistant.retrieval.query_plan.names import NamedTables, NameResolver
from assistant.retrieval.query_plan.plan import Asks, QueryPlan
from assistant.retrieval.query_plan.rules import plan_question

_OWN_FIELDS = {
    FilterKind.DATES: ("since", "until"),
    FilterKind.ORGANIZATIONS: ("organizations",),
    FilterKind.UPVOTES: ("min_upvotes",),
    FilterKind.AUTHORS: ("authors",),
    FilterKind.LINKS: ("links",),
    FilterKind.WORDS: ("words",),
}


def understand_plan(
    question: str, today: date, explicit_filters: Filters, ignored: Collection[FilterKind], library: NamedTables
) -> ParsedQuery | None:
    """The plan of a question under the filters given; None when it is no question about the collection.

    Of filters that the question names and that are ``ignored`` nothing is left; the plan stands without them. Filters
    that are given stand above the question's own. Reads the library and blocks.
    """
    plan = plan_question(question, today, NameResolver(library))
    return understood_plan(question, plan, explicit_filters, ignored) if plan else None


def understood_plan(
    question: str, plan: QueryPlan, explicit_filters: Filters, ignored: Collection[FilterKind]
) -> ParsedQuery:
    """A plan with the filters that it was read with, each one to be taken off, and those that are given."""
    own, extracted = plan.filters, []
    for kind, fields in _OWN_FIELDS.items():
        empty = {name: getattr(Filters(), name) for name in fields}
        is_given = any(getattr(explicit_filters, name) != value for name, value in empty.items())
        if kind in ignored or is_given:
            own = replace(own, **{name: getattr(explicit_filters, name) for name in fields})
        elif label := _label(kind, plan):
            extracted.append(ExtractedFilter(kind, label, label))
    filters = replace(own, paper_ids=explicit_filters.paper_ids)
    selected_ids = tuple(paper_id for paper_id in plan.named if paper_id in explicit_filters.paper_ids)
    extracted.append(ExtractedFilter(FilterKind.PLAN, question, plan_label(plan)))
    narrowed_plan = replace(plan, filters=filters, named=selected_ids or plan.named)
    return ParsedQuery(question, "", filters, tuple(extracted), plan=narrowed_plan)


def plan_label(plan: QueryPlan) -> str:
    """What a plan asks for in a few words: "papers, most upvotes first", "code of ReferTrack"."""
    if plan.name:
        return f"{plan.link or plan.asks} of {plan.name}"
    number = f" {plan.limit}" if plan.limit and plan.asks is Asks.PAPERS else ""
    order = "" if plan.asks in {Asks.TOP_AUTHORS, Asks.TOP_ORGANIZATIONS} else f", {plan.order}"
    return f"{plan.asks}{order}{number}"


def _label(kind: FilterKind, plan: QueryPlan) -> str:
    filters = plan.filters
    match kind:
        case FilterKind.DATES:
            return Window(filters.since, filters.until).label if filters.since or filters.until else ""
        case FilterKind.UPVOTES:
            return "" if filters.min_upvotes is None else f"{filters.min_upvotes} upvotes or more"
        case FilterKind.AUTHORS:
            return (" and " if len(filters.authors) > 1 else " or ").join(plan.authors)
        case FilterKind.ORGANIZATIONS:
            return " or ".join(filters.organizations)
        case FilterKind.LINKS:
            return " and ".join(filters.links)
        case _:
            return " and ".join(filters.words)
