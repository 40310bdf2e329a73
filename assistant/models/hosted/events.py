"""The JSON of a response as it comes: events of a stream, or one whole body where a stream was asked for.

The openai package's own stream swallows ``[DONE]``, so that a whole answer without ``finish_reason`` looks like one
that was cut off; it gives nothing for a body of plain JSON; and it knows an error by one form only (seen with 3.52).
"""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import TYPE_CHECKING

from assistant.models.hosted.words import is_keep_alive, parsed_json

if TYPE_CHECKING:
    import httpx2

_DONE = "[DONE]"
_LONGEST_BODY = 8_000_000
_LONGEST_TEXT = 2_000
_FIELDS = (":", "event:", "id:", "retry:", "data:")


class ResponseEvents:
    """One response of status 200, read once; ``complete`` when its end was told, by ``[DONE]`` or by being whole."""

    def __init__(self, response: "httpx2.Response") -> None:
        self.complete = False
        self.content_type = response.headers.get("content-type", "nothing")
        self._response = response
        self._events = self._read()
        self._first: list[object] = []

    async def peek(self) -> object:
        """The first JSON value, which `next` gives again. Raises what that raises."""
        if not self._first:
            self._first.append(await self.next())
        return self._first[0]

    async def next(self) -> object:
        """The next JSON value; None at the end.

        Raises:
            ValueError: it is no JSON.
            httpx2.HTTPError: the connection broke.
        """
        return self._first.pop() if self._first else await anext(self._events, None)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._response.aclose()

    async def _read(self) -> AsyncIterator[object]:
        """Tell by the first character what the body is: servers send either kind under either name."""
        pieces = self._response.aiter_bytes()
        head = b""
        async for piece in pieces:
            head += piece
            if head.strip():
                break
        if head.lstrip()[:1] in {b"{", b"["}:
            yield await self._whole(head, pieces)
        else:
            async for event in self._streamed(head, pieces):
                yield event

    async def _whole(self, head: bytes, pieces: AsyncIterator[bytes]) -> object:
        body = bytearray(head)
        async for piece in pieces:
            body += piece
            if len(body) > _LONGEST_BODY:
                raise ValueError("the body is too long")
        self.complete = True
        return parsed_json(body)

    async def _streamed(self, head: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[object]:
        import httpx2

        beginning = bytearray()

        async def content() -> AsyncIterator[bytes]:
            beginning.extend(head)
            yield head
            async for piece in pieces:
                beginning.extend(piece[: _LONGEST_TEXT - len(beginning)] if len(beginning) < _LONGEST_TEXT else b"")
                yield piece
            yield b"\n\n"  # servers end without the blank line that completes the last event

        plain = httpx2.Response(
            200, headers={"content-type": "text/event-stream"}, content=content(), request=self._response.request
        )
        is_empty = True
        async for event in httpx2.EventSource(plain):
            is_empty = False
            if event.data.startswith(_DONE):
                self.complete = True
                return
            if event.event == "error":
                yield {"error": _as_json(event.data) or "the server tells no reason"}
            elif event.data and not is_keep_alive(event.event):
                yield _json_or_failure(event.data)
        if is_empty and (text := _plain_text(beginning)):
            yield {"error": text}


def _as_json(text: str) -> object:
    try:
        return parsed_json(text)
    except ValueError:
        return text


def _json_or_failure(text: str) -> object:
    """The JSON that an event holds; a failure where it holds words. Raises `ValueError` for JSON that is damaged."""
    try:
        return parsed_json(text)
    except ValueError:
        if text.lstrip()[:1].isalnum():
            return {"error": text}
        raise


def _plain_text(body: bytes | bytearray) -> object:
    """What a body says that is no event stream; nothing where it is a page or holds comments alone."""
    lines = body.decode("utf-8", "replace").lstrip("\ufeff").strip().splitlines()
    text = "\n".join(line for line in lines if not line.startswith(_FIELDS))
    return "" if text.startswith("<") else _as_json(text)


def with_attributes(value: object) -> object:
    """JSON whose objects are read by attribute."""
    match value:
        case dict():
            return SimpleNamespace(**{str(name): with_attributes(inner) for name, inner in value.items()})
        case list():
            return [with_attributes(inner) for inner in value]
        case _:
            return value
