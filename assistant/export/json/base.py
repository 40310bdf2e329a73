"""What all published shapes have in common."""

from typing_extensions import TypedDict  # the one that pydantic reads on Python 3.11


class Published(TypedDict):
    """A JSON object with exactly the keys of its shape."""


Published.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]  # where pydantic looks for it
