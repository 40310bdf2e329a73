"""What a server says of a failure, in whatever form its body has.

Forms: ``{"error": {"message", "code", "type", "param"}}`` of OpenAI, the same in a list (Google), as text (Ollama) or
with another server's error as text inside (OpenRouter's ``metadata.raw``), ``{"detail"}`` of FastAPI with its list of
places, ``{"object": "error", "message"}`` of vLLM, ``{"errors": [...]}`` of Cloudflare, ``{"errors": {name: [...]}}``
of Laravel and ASP.NET, ``{"base_resp": {"status_code", "status_msg"}}`` of MiniMax, plain text. Names are compared
without case and underscores, since each server spells them its own way.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_INNER = frozenset(("error", "errors", "err", "detail", "fault", "baseresp"))
_TEXTS = frozenset(
    (
        *("message", "msg", "errormessage", "errormsg", "errmsg", "errordescription"),
        *("statusmsg", "statusmessage", "faultstring", "title", "reason"),
    )
)
_CODES = frozenset(("code", "type", "status", "statuscode", "errorcode", "errcode"))
_NO_WORDS = frozenset(("ok", "success"))
_KEEP_ALIVE = frozenset(("ping", "keepalive", "heartbeat"))
_DEEPEST = 5
_DEEPEST_JSON = 100
_STATUS_LENGTH = 3


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
    """Read a body: parsed JSON, or text; pages of HTML say nothing. Of an unknown form all texts are the words."""
    texts: dict[str, None] = {}
    codes: dict[str, None] = {}
    params: list[str] = []
    for holder in _holders(body, _DEEPEST):
        if isinstance(holder, str):
            texts[holder] = None
            continue
        texts |= dict.fromkeys(_texts(holder))
        codes |= {str(value).casefold(): None for value in _named(holder, _CODES) if isinstance(value, str | int)}
        if isinstance(param := holder.get("param"), str):
            params.append(param)
    distinct = [text for text in texts if not any(text != other and text in other for other in texts)]
    if not distinct and isinstance(body, Mapping):
        distinct = list(dict.fromkeys(_leaves(body, _DEEPEST)))
    numbers = [int(code) for code in codes if code.isdecimal() and len(code) == _STATUS_LENGTH]
    status = next((number for number in numbers if 400 <= number < 600), None)
    return ServerWords(": ".join(distinct), frozenset(codes), params[0] if params else None, status)


def is_failure(event: object, *, is_finished: bool = False) -> bool:
    """Whether a piece of a stream, or a whole body, is a failure and no part of an answer.

    ``is_finished`` is that the answer's end was told before: what comes then is a failure only where it says so by
    name, and not by words alone.
    """
    chunks = event if isinstance(event, list) else [event]
    return any(_is_failure(chunk, is_finished) for chunk in chunks if isinstance(chunk, Mapping))


def is_keep_alive(name: object) -> bool:
    """Whether an event of this name or type only keeps the connection open, whatever it says."""
    return isinstance(name, str) and _plain(name) in _KEEP_ALIVE


def parsed_json(text: str | bytes | bytearray) -> object:
    """JSON of a server, of no more than a hundred levels: what reads it may follow them all.

    Raises:
        ValueError: it is no JSON, or deeper.
    """
    try:
        parsed: object = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    level = [parsed]
    for _ in range(_DEEPEST_JSON):
        level = [inner for value in level for inner in _values(value)]
        if not level:
            return parsed
    raise ValueError("nested too deeply")


def _values(value: object) -> Iterator[object]:
    match value:
        case dict():
            yield from value.values()
        case list():
            yield from value


def _is_failure(chunk: Mapping[str, Any], is_finished: bool) -> bool:
    if chunk.get("error") or chunk.get("errors") or chunk.get("object") == "error":
        return True
    choices = chunk.get("choices")
    if isinstance(choices, list) and choices:
        first = choices[0]
        return isinstance(first, Mapping) and (bool(first.get("error")) or first.get("finish_reason") == "error")
    if is_finished or chunk.get("usage") or is_keep_alive(chunk.get("type")):
        return False
    return any(isinstance(holder, str) or any(_texts(holder)) for holder in _holders(chunk, _DEEPEST))


def _holders(body: object, depth: int) -> Iterator[Mapping[str, Any] | str]:
    """Every object and text that speaks of the failure, the outer ones first."""
    if depth == 0:
        return
    match body:
        case str():
            text = body.lstrip("\ufeff").strip()
            if (inner := _parsed(text)) is not None:
                yield from _holders(inner, depth - 1)
            elif text and not text.startswith("<") and text.casefold() not in _NO_WORDS:
                yield text
        case list():
            for item in body:
                yield from _holders(item, depth - 1)
        case Mapping():
            yield from _of_object(body, depth)


def _of_object(body: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any] | str]:
    yield body
    for name, inner in body.items():
        if _plain(name) in _INNER:
            yield from _holders(inner, depth - 1)
            if isinstance(inner, Mapping):
                yield from _of_fields(inner, with_texts=_plain(name) == "errors")
        elif _plain(name) in _TEXTS:
            yield from _holders(inner if isinstance(inner, Mapping | list) else _parsed(inner), depth - 1)
    metadata = body.get("metadata")
    if isinstance(metadata, Mapping):
        yield from _holders(metadata.get("raw"), depth - 1)
    choices = body.get("choices")
    if isinstance(choices, list):
        for choice in choices:
            yield from _holders(choice.get("error") if isinstance(choice, Mapping) else None, depth - 1)


def _of_fields(body: Mapping[str, Any], *, with_texts: bool) -> Iterator[str]:
    """What is said of fields of the request, by their names: lists of texts, and texts where nothing else is one."""
    for name, value in body.items():
        if _plain(name) in _INNER | _TEXTS | _CODES or name == "loc":
            continue
        for text in value if isinstance(value, list) else [value] if with_texts else []:
            if isinstance(text, str) and text.strip():
                yield f"{name}: {text.strip()}"


def _texts(holder: Mapping[str, Any]) -> Iterator[str]:
    """The texts of one object; FastAPI's entries name the place of what they speak of."""
    place = holder.get("loc")
    where = ".".join(str(part) for part in place) if isinstance(place, list) else ""
    for value in _named(holder, _TEXTS):
        text = value.strip() if isinstance(value, str) else ""
        if text and text.casefold() not in _NO_WORDS and _parsed(text) is None:
            yield f"{where}: {text}" if where else text


def _named(holder: Mapping[str, Any], names: frozenset[str]) -> Iterator[object]:
    return (value for name, value in holder.items() if _plain(name) in names)


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")


def _parsed(text: object) -> object:
    """The JSON object or list that a text is; None for any other."""
    if not isinstance(text, str) or not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return parsed_json(text)
    except ValueError:
        return None


def _leaves(value: object, depth: int) -> Iterator[str]:
    """All texts of a value of unknown form."""
    if isinstance(value, str):
        if value.strip() and not value.lstrip().startswith("<"):
            yield value.strip()
    elif depth:
        for inner in _values(value):
            yield from _leaves(inner, depth - 1)
