"""What a server says of a failure, in whatever form its body has.

Forms: ``{"error": {"message", "code", "type", "param"}}`` of OpenAI, the same in a list (Google), as text (Ollama) or
with another server's error as text inside (OpenRouter's ``metadata.raw``), ``{"detail"}`` of FastAPI with its list of
places, ``{"object": "error", "message"}`` of vLLM, ``{"errors": [...]}`` of Cloudflare, plain text.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_INNER = ("error", "errors", "detail", "fault")
_TEXTS = ("message", "msg", "error_message", "error_description", "faultstring", "Message", "title", "reason")
_CODES = ("code", "type", "status")
_DEEPEST = 5


class ServerFailure(Exception):
    """A failure as the server tells it: ``status`` of the response, None within a stream, and its body."""

    def __init__(self, status: int | None, body: object) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class ServerWords:
    """``text`` for the reader, ``codes`` as the server names the failure, in lower case; ``param`` may be a path.

    ``status`` is the HTTP status that the body itself tells, which may come with another one in the head.
    """

    text: str = ""
    codes: frozenset[str] = field(default_factory=frozenset)
    param: str | None = None
    status: int | None = None


def server_words(body: object) -> ServerWords:
    """Read a body: parsed JSON, or text; pages of HTML say nothing."""
    texts: dict[str, None] = {}
    codes: dict[str, None] = {}
    params: list[str] = []
    for holder in _holders(body, _DEEPEST):
        if isinstance(holder, str):
            texts[holder] = None
            continue
        texts |= dict.fromkeys(_texts(holder))
        codes |= {str(holder[name]).casefold(): None for name in _CODES if isinstance(holder.get(name), str | int)}
        if isinstance(param := holder.get("param"), str):
            params.append(param)
    shown = [text for text in texts if not any(text != other and text in other for other in texts)]
    if not shown and isinstance(body, Mapping):
        shown = list(_leaves(body))
    numbers = [int(code) for code in codes if code.isdecimal()]
    status = next((number for number in numbers if 400 <= number < 600), None)
    return ServerWords(": ".join(shown), frozenset(codes), params[0] if params else None, status)


def is_failure(chunk: object) -> bool:
    """Whether a piece of a stream, or a whole body, is a failure and no part of an answer."""
    if isinstance(chunk, list):
        return any(is_failure(one) for one in chunk)
    if not isinstance(chunk, Mapping):
        return False
    if chunk.get("error") or chunk.get("errors") or chunk.get("object") == "error":
        return True
    choices = chunk.get("choices")
    if isinstance(choices, list) and choices:
        first = choices[0]
        return isinstance(first, Mapping) and (bool(first.get("error")) or first.get("finish_reason") == "error")
    told = (chunk.get(name) for name in ("detail", "fault", *_TEXTS))
    return choices is None and "usage" not in chunk and any(text and isinstance(text, str | list) for text in told)


def _holders(body: object, depth: int) -> Iterator[Mapping[str, Any] | str]:
    """Every object and text that speaks of the failure, the outer ones first."""
    if depth == 0:
        return
    match body:
        case str():
            text = body.strip()
            if (inner := _parsed(text)) is not None:
                yield from _holders(inner, depth - 1)
            elif text and not text.startswith("<"):
                yield text
        case list():
            for one in body:
                yield from _holders(one, depth - 1)
        case Mapping():
            yield from _of_object(body, depth)


def _of_object(body: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any] | str]:
    yield body
    for name in _INNER:
        yield from _holders(body.get(name), depth - 1)
    for name in _TEXTS:
        if (inner := _parsed(body.get(name))) is not None:
            yield from _holders(inner, depth - 1)
    metadata = body.get("metadata")
    if isinstance(metadata, Mapping):
        yield from _holders(metadata.get("raw"), depth - 1)
    choices = body.get("choices")
    if isinstance(choices, list):
        for choice in choices:
            yield from _holders(choice.get("error") if isinstance(choice, Mapping) else None, depth - 1)


def _texts(holder: Mapping[str, Any]) -> Iterator[str]:
    """The texts of one object; FastAPI's entries name the place of what they speak of."""
    place = holder.get("loc")
    where = ".".join(str(part) for part in place) if isinstance(place, list) else ""
    for name in _TEXTS:
        text = holder.get(name)
        if isinstance(text, str) and text.strip() and _parsed(text) is None:
            yield f"{where}: {text.strip()}" if where else text.strip()


def _parsed(text: object) -> object:
    """The JSON object or list that a text is; None for any other."""
    if not isinstance(text, str) or not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _leaves(body: Mapping[str, Any]) -> Iterator[str]:
    """All texts of an object of unknown form."""
    for value in body.values():
        if isinstance(value, str) and value.strip():
            yield value.strip()
        elif isinstance(value, Mapping):
            yield from _leaves(value)
