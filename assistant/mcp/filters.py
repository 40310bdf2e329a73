"""The filters of search as arguments of tools, made from the one table of them."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from inspect import Parameter
from typing import Annotated, Any, cast

from mcp.types import CallToolResult
from pydantic import Field

from assistant.library import READER_FILTERS, FilterOptions, ReaderFilter

Method = Callable[..., Awaitable[CallToolResult]]

SEARCH_FILTERS = tuple(each for each in READER_FILTERS if each.field != "paper_ids")
"""Those of a search, which names no papers."""


def with_filters(method: Method, filters: Sequence[ReaderFilter] = READER_FILTERS) -> Method:
    """The method with an argument for each filter behind its first one, which it takes as ``**filters``."""

    @wraps(method)
    async def tool(*arguments: Any, **named: Any) -> CallToolResult:
        return await method(*arguments, **named)

    signature = inspect.signature(method)
    first, *others = [each for each in signature.parameters.values() if each.kind is not Parameter.VAR_KEYWORD]
    parameters = [first, *map(_parameter, filters), *others]
    tool.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # read by inspect
    return tool


def filter_options(arguments: Mapping[str, object]) -> FilterOptions:
    """The arguments of a tool as options of the Python API."""
    return cast("FilterOptions", {each.name: arguments.get(each.argument) for each in READER_FILTERS})


def _parameter(each: ReaderFilter) -> Parameter:
    field = Field(description=each.description, ge=each.least)
    return Parameter(
        each.argument, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[each.argument_type, field]
    )
