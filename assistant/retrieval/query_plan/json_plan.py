"""Plans as JSON, as a model writes them: read strictly, and held to the words of the question."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from assistant.library import Filters, LinkKind
from assistant.retrieval.query_plan.names import NameResolver
from assistant.retrieval.query_plan.plan import OF_A_PAPER, Asks, NameKind, PlanOrder, QueryPlan, UnclearName
from assistant.retrieval.query_plan.rules import left_over

_MOST = 100
_LISTS = ("authors", "organizations", "words", "links")
_FIELDS = frozenset({"asks", "paper", "since", "until", "min_upvotes", "order", "limit", *_LISTS})
_MOST_LEFT = 3
"""Words of a question that a plan may pass over; with more of them the question asks for something else."""
_NONE = "none"
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_WORD = re.compile(r"\w+")


Choice = TypeVar("Choice", Asks, PlanOrder, LinkKind)


class InvalidPlan(ValueError):
    """What a model wrote is no plan of the question; the message says why."""


def plan_from_json(text: str, question: str, resolver: NameResolver) -> QueryPlan | None:
    """The plan in a model's answer; None where it says that the question asks for none.

    Names and words must stand in the question; a name that nobody has or comes near to was none. Reads the library and
    blocks.

    Raises:
        InvalidPlan: a field is unknown, of the wrong type, or tells what the question does not.
    """
    fields = _object(text)
    if fields.get("asks") == _NONE:
        return None
    asks = _choice(Asks, fields.get("asks"), "asks")
    name = _text(fields, "paper")
    names = [name, *(part for field in _LISTS[:3] for part in _texts(fields, field))]
    for written_name in names:
        if not set(_WORD.findall(written_name.casefold())) <= set(_WORD.findall(question.casefold())):
            raise InvalidPlan(f"{written_name!r} does not stand in the question")
    if len(left := left_over(question, names)) > _MOST_LEFT:
        raise InvalidPlan(f"it leaves out {' '.join(left)!r}")
    if asks in OF_A_PAPER:
        return _of_paper(asks, name, _links(fields), resolver)
    order = _choice(PlanOrder, fields.get("order") or PlanOrder.NEWEST, "order")
    plan = QueryPlan(asks, _filters(fields), order, _number(fields, "limit"))
    return _with_names(plan, fields, resolver)


def plan_grammar() -> str:
    """The form of a plan as GBNF, for local models: every field in its order, no other."""
    asks = " | ".join(f'"\\"{each}\\""' for each in (*Asks, _NONE))
    order = " | ".join(f'"\\"{each}\\""' for each in PlanOrder)
    link = " | ".join(f'"\\"{each}\\""' for each in LinkKind)
    return (
        'root ::= "{\\"asks\\": " asks ", \\"paper\\": " text ", \\"authors\\": " texts ", \\"organizations\\": " texts'
        ' ", \\"words\\": " texts ", \\"links\\": " links ", \\"since\\": " day ", \\"until\\": " day'
        ' ", \\"min_upvotes\\": " number ", \\"order\\": " order ", \\"limit\\": " number "}"\n'
        f"asks ::= {asks}\norder ::= {order}\nlink ::= {link}\n"
        'links ::= "[" (link (", " link)?)? "]"\n'
        'texts ::= "[" (string (", " string){0,3})? "]"\n'
        'text ::= string | "null"\nstring ::= "\\"" [^"\\\\\\n]{1,80} "\\""\n'
        'day ::= "null" | "\\"" [0-9]{4} "-" [0-9]{2} "-" [0-9]{2} "\\""\n'
        'number ::= "null" | [1-9] [0-9]{0,3}\n'
    )


def _object(text: str) -> Mapping[str, object]:
    match = _OBJECT.search(text)
    try:
        value = json.loads(match[0]) if match else None
    except ValueError as error:
        raise InvalidPlan("it is no JSON object") from error
    if not isinstance(value, dict):
        raise InvalidPlan("it is no JSON object")
    if unknown := sorted(set(map(str, value)) - _FIELDS):
        raise InvalidPlan(f"there is no field {unknown[0]!r}")
    return {str(key): each for key, each in value.items()}


def _of_paper(asks: Asks, name: str, links: tuple[LinkKind, ...], resolver: NameResolver) -> QueryPlan:
    if not name:
        raise InvalidPlan("it names no paper")
    match = resolver.paper_spans([name])
    link = links[0] if len(links) == 1 else None
    if match is None:
        return QueryPlan(asks, link=link, name=name, unclear=(UnclearName(NameKind.PAPER, name),))
    return QueryPlan(asks, link=link, name=name, named=match[1])


def _filters(fields: Mapping[str, object]) -> Filters:
    since, until = _day(fields, "since"), _day(fields, "until")
    if since and until and since > until:
        raise InvalidPlan("since is after until")
    return Filters(
        since=since,
        until=until,
        min_upvotes=_number(fields, "min_upvotes"),
        links=_links(fields),
        words=_texts(fields, "words"),
    )


def _with_names(plan: QueryPlan, fields: Mapping[str, object], resolver: NameResolver) -> QueryPlan:
    authors: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    unclear: tuple[UnclearName, ...] = ()
    for written in _texts(fields, "authors"):
        match = resolver.author(written)
        if match is None or len(match.persons) > 1:
            near = tuple(person.name for person in match.persons[:3]) if match else resolver.authors().nearest(written)
            unclear += (UnclearName(NameKind.AUTHOR, written, near, len(match.persons) if match else 0),)
        else:
            authors, names = (*authors, match.persons[0].spellings), (*names, match.persons[0].name)
    for written in _texts(fields, "organizations"):
        matches = resolver.organizations(written)
        organizations += matches
        unclear += () if matches else (UnclearName(NameKind.ORGANIZATION, written),)
    if unknown := next((name for name in unclear if not name.bearers and not name.nearest), None):
        raise InvalidPlan(f"nobody is called {unknown.written!r}")
    filters = replace(plan.filters, authors=authors, organizations=organizations)
    return replace(plan, filters=filters, authors=names, unclear=unclear)


def _links(fields: Mapping[str, object]) -> tuple[LinkKind, ...]:
    return tuple(_choice(LinkKind, each, "links") for each in _texts(fields, "links"))


def _choice(kind: type[Choice], value: object, field: str) -> Choice:
    try:
        return kind(str(value))
    except ValueError as error:
        raise InvalidPlan(f"{field} is not one of {', '.join(kind)}") from error


def _text(fields: Mapping[str, object], field: str) -> str:
    value = fields.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidPlan(f"{field} is no text")
    return value.strip()


def _texts(fields: Mapping[str, object], field: str) -> tuple[str, ...]:
    value = fields.get(field) or []
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise InvalidPlan(f"{field} is no list of texts")
    return tuple(each.strip() for each in value)


def _number(fields: Mapping[str, object], field: str) -> int | None:
    value = fields.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1 or (field == "limit" and value > _MOST):
        raise InvalidPlan(f"{field} is no number of {'papers' if field == 'limit' else 'upvotes'}")
    return value


def _day(fields: Mapping[str, object], field: str) -> date | None:
    value = _text(fields, field)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InvalidPlan(f"{field} is no day") from error
