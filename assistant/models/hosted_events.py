"""The JSON of a response as it comes: events of a stream, or one whole body where a stream was asked for.

The openai package's own stream swallows ``[DONE]``, so that a whole answer without ``finish_reason`` looks like one
that was cut off; it gives nothing for a body of plain JSON; and it knows an error by one form only (seen with 3.52).
"""

import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2

_DONE = "[DONE]"
_LONGEST_BODY = 8_000_000


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
        return json.loads(body)

    async def _streamed(self, head: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[object]:
        import httpx2

        async def content() -> AsyncIterator[bytes]:
            yield head
            async for piece in pieces:
                yield piece
            yield b"\n\n"  # servers end without the blank line that completes the last event

        plain = httpx2.Response(
            200, headers={"content-type": "text/event-stream"}, content=content(), request=self._response.request
        )
        async for event in httpx2.EventSource(plain):
            if event.data.startswith(_DONE):
                self.complete = True
                return
            if event.event == "error":
                yield {"error": _as_json(event.data) or "the server tells no reason"}
            elif event.data:
                yield json.loads(event.data)


def _as_json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def with_attributes(value: object) -> object:
    """JSON whose objects are read by attribute."""
    match value:
        case dict():
            return SimpleNamespace(**{str(name): with_attributes(inner) for name, inner in value.items()})
        case list():
            return [with_attributes(inner) for inner in value]
        case _:
            return value
