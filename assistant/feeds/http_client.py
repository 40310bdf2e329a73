"""The one HTTP seam of the feeds: GET with time-outs, retries, a size limit, links to further pages, errors in words.

Time-outs, broken connections, 408, 425, 429 and 5xx are tried again with exponential back-off and jitter; a wait that
the server names (``Retry-After``, or ``RateLimit: …;t=55`` as Hugging Face sends it) is kept up to a minute and
a half. What never answered at all is tried once more only: a machine without network learns of it within seconds.
Every other answer that is no success is an error at once.
"""

import asyncio
import os
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from assistant._version import __version__
from assistant.addresses import has_misplaced_credentials, masked_address
from assistant.errors import FeedError
from assistant.feeds.json_values import BrokenJson, error_text, parse_json
from assistant.proxies import ProxyUnusable, proxy_for, route_text
from assistant.text import quoted
from assistant.tls import CERTIFICATES_REMEDY, CertificatesUnusable

if TYPE_CHECKING:
    import httpx2
    import tenacity

_BETWEEN_LINKS = re.compile(r"[\s,]*")
_PARAMETER = re.compile(
    r"""\s*;\s*(?:(?P<name>[^\s=;,"'<>]+)\s*"""
    r"""(?:=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"?|'(?P<single>[^']*)'|(?P<token>[^\s;,]*)))?)?""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TRANSIENT_STATUSES = frozenset({408, 425, 429})
_LONGEST_WAIT_SECONDS = 90.0  # four of these outlast the five minutes of Hugging Face's rate limit
_UNREACHABLE_TRIES = 2
_WHOLE_ANSWER_TIMEOUTS = 6  # a server that drips bytes is left after so many time-outs
_MOST_BYTES = 64 * 2**20
_RATE_LIMIT_RESET = re.compile(r"\bt=(\d{1,6})\b")
_LATER = "try again later, or read papers from files: `assistant sync FILE`"
_NETWORK = "check the network, a proxy (HTTPS_PROXY) and `feeds.base_url`, or read papers from files"
_ADDRESS = "check `feeds.base_url` in the configuration"
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class WebLink:
    """One link: the address as written, and its parameters by name in lower case; of several of a name the first."""

    target: str
    parameters: dict[str, str]

    @property
    def relations(self) -> frozenset[str]:
        """What the address is to the page, in lower case."""
        return frozenset(self.parameters.get("rel", "").lower().split())


def next_link(headers: Sequence[str]) -> str | None:
    """The address of the next page, relative as it may be; None where no header names one.

    A link that has another page as its ``anchor`` says nothing about this one.
    """
    for header in headers:
        for link in web_links(header):
            if "next" in link.relations and not link.parameters.get("anchor"):
                return link.target
    return None


def web_links(header: str) -> Iterator[WebLink]:
    """The links of one header, in order; what does not begin with an address in angle brackets is passed over."""
    position = 0
    while (start := _between_links(header, position)) < len(header):
        if header[start] == "<":
            if (end := header.find(">", start)) < 0:
                return
            position, parameters = _parameters(header, end + 1)
            yield WebLink(header[start + 1 : end].strip(), parameters)
        elif (position := header.find(",", start)) < 0:
            return


def _between_links(header: str, position: int) -> int:
    separators = _BETWEEN_LINKS.match(header, position)
    return separators.end() if separators else position


def _parameters(header: str, position: int) -> tuple[int, dict[str, str]]:
    """The parameters that stand behind an address, and where they end."""
    parameters: dict[str, str] = {}
    while (parameter := _PARAMETER.match(header, position)) is not None:
        position = parameter.end()
        if name := parameter["name"]:
            quoted, single, token = parameter["quoted"], parameter["single"], parameter["token"]
            value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else single or token or ""
            parameters.setdefault(name.lower(), value)
    return position, parameters


class HttpRefused(FeedError):
    """The server understood the request and said no (4xx); ``status`` and ``body`` are what it sent."""

    def __init__(self, message: str, remedy: str, status: int, body: bytes) -> None:
        super().__init__(message, remedy)
        self.status = status
        self.body = body


class _Transient(Exception):
    """A failure that may pass: how long the server wants to be left alone, and whether it answered at all."""

    def __init__(self, reason: str, remedy: str, *, wait_seconds: float | None = None, answered: bool = True) -> None:
        super().__init__(reason)
        self.remedy = remedy
        self.wait_seconds = wait_seconds
        self.answered = answered


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A successful answer: ``url`` after redirects, the whole ``content``, and the next page's link if it named one."""

    url: str
    content: bytes
    next_link: str | None = None

    def json(self) -> object:
        """The content as JSON.

        Raises:
            FeedError: it is something else, such as the page of a login portal, or an ``{"error": …}`` body.
        """
        host = _host(self.url)
        try:
            parsed = parse_json(self.content)
        except BrokenJson as error:
            what = "a web page" if self.content.lstrip()[:1] == b"<" else f"something that is not JSON ({error})"
            remedy = f"is a login page or a proxy in the way? {_ADDRESS}"
            raise FeedError(f"{host} answered {what} where paper records belong", remedy) from error
        if reason := error_text(parsed):
            raise FeedError(f"{host} answered with an error: {reason}", _LATER)
        return parsed


class FeedHttp:
    """A client for one feed; use it in one event loop and close it, or use it as ``async with``.

    ``retries`` are the tries after the first one. ``min_interval_seconds`` keeps requests apart, retries included.
    ``sleep`` is what waits; tests pass one that does not. ``environment`` names proxies and certificates (the process's
    own when None).
    """

    def __init__(
        self,
        *,
        timeout_seconds: float = 20.0,
        retries: int = 4,
        min_interval_seconds: float = 0.0,
        most_bytes: int = _MOST_BYTES,
        sleep: Sleep = asyncio.sleep,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._retries = retries
        self._min_interval_seconds = min_interval_seconds
        self._most_bytes = most_bytes
        self._sleep = sleep
        self._environment = os.environ if environment is None else environment
        self._last_request: float | None = None
        self._opened: httpx2.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._opened = self._opened, None
        if client is not None:
            await client.aclose()

    async def get(self, url: str, params: Mapping[str, str | int] | None = None) -> HttpAnswer:
        """Fetch an address; ``params`` replace its query.

        Raises:
            HttpRefused: a 4xx answer.
            FeedError: no answer, or none that can be used, after the last try.
        """
        from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential, wait_random

        backoff = wait_exponential(multiplier=0.5, max=20.0) + wait_random(0.0, 0.5)

        def wait(state: "tenacity.RetryCallState") -> float:
            seconds = _failure(state).wait_seconds
            return backoff(state) if seconds is None else min(seconds, _LONGEST_WAIT_SECONDS)

        def gives_up(state: "tenacity.RetryCallState") -> bool:
            most = self._retries + 1
            return state.attempt_number >= (most if _failure(state).answered else min(most, _UNREACHABLE_TRIES))

        retrying = AsyncRetrying(
            sleep=self._sleep, stop=gives_up, wait=wait, retry=retry_if_exception_type(_Transient), reraise=True
        )
        try:
            return await retrying(self._try_once, url, params)
        except _Transient as failure:
            tries = retrying.statistics.get("attempt_number", 1)
            raise FeedError(f"{failure} ({tries} {'try' if tries == 1 else 'tries'})", failure.remedy) from failure

    async def _try_once(self, url: str, params: Mapping[str, str | int] | None) -> HttpAnswer:
        import httpx2

        host = _host(url)
        await self._keep_interval()
        try:
            async with asyncio.timeout(self._timeout_seconds * _WHOLE_ANSWER_TIMEOUTS):
                async with self._client().stream("GET", url, params=params) as response:
                    return _accepted(response, host, await self._content(response, host))
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.TooManyRedirects) as error:
            raise FeedError(f"{_masked(url)} cannot be fetched: {quoted(str(error))}", _ADDRESS) from error
        except (ProxyUnusable, CertificatesUnusable) as error:
            raise FeedError(f"{host} cannot be reached: {error.message}", error.remedy) from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            remedy = CERTIFICATES_REMEDY if "CERTIFICATE" in str(error) else _NETWORK
            reason = f"{host} cannot be reached{self._through(url)}: {quoted(str(error) or 'no connection')}"
            raise _Transient(reason, remedy, answered=False) from error
        except (httpx2.TimeoutException, TimeoutError) as error:
            reason = f"{host} did not answer within {self._timeout_seconds:g} s{self._through(url)}"
            raise _Transient(reason, _LATER) from error
        except httpx2.RequestError as error:
            raise _Transient(f"the answer of {host} broke off", _LATER) from error

    def _through(self, url: str) -> str:
        """The proxy of an address, for messages."""
        return route_text(proxy_for(url, self._environment))

    async def _content(self, response: "httpx2.Response", host: str) -> bytes:
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > self._most_bytes:
                raise FeedError(f"the answer of {host} is larger than {self._most_bytes:,} bytes", _ADDRESS)
        return bytes(content)

    async def _keep_interval(self) -> None:
        if self._last_request is not None:
            remaining = self._last_request + self._min_interval_seconds - time.monotonic()
            if remaining > 0:
                await self._sleep(remaining)
        self._last_request = time.monotonic()

    def _client(self) -> "httpx2.AsyncClient":
        import httpx2

        from assistant.transport import RoutedTransport

        if self._opened is None:
            self._opened = httpx2.AsyncClient(
                transport=RoutedTransport(self._environment),
                trust_env=False,
                timeout=httpx2.Timeout(self._timeout_seconds, connect=min(self._timeout_seconds, 5.0)),
                headers={"User-Agent": f"daily-papers-assistant/{__version__}"},
                follow_redirects=True,
                max_redirects=5,
            )
        return self._opened


def _host(url: str) -> str:
    """The host and port of an address that can be asked at all."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        usable = usable and not has_misplaced_credentials(url)
    except ValueError:
        usable = False
    if not usable:
        raise FeedError(f"{_masked(url)} is not an address to fetch", _ADDRESS)
    return parts.netloc.rpartition("@")[2]


def _masked(url: str) -> str:
    """An address for the reader, without the user and password that may stand in it."""
    return quoted(masked_address(url))


def _failure(state: "tenacity.RetryCallState") -> _Transient:
    """The failure that a retry is being decided on; no other kind gets this far."""
    failure = state.outcome.exception() if state.outcome else None
    return failure if isinstance(failure, _Transient) else _Transient("no answer", _LATER)


def _accepted(response: "httpx2.Response", host: str, content: bytes) -> HttpAnswer:
    status = response.status_code
    if response.is_success:
        following = next_link(response.headers.get_list("link"))
        return HttpAnswer(str(response.url), content, str(response.url.join(following)) if following else None)
    if status in _TRANSIENT_STATUSES or status >= 500:
        reason = "asks to slow down" if status == 429 else "has a problem of its own"
        raise _Transient(f"{host} {reason} (HTTP {status})", _LATER, wait_seconds=_asked_wait(response.headers))
    server_reason = _reason_in(content)
    remedy = _ADDRESS if status in {401, 403, 404} else "the request itself is refused: check dates, ids and query"
    raise HttpRefused(f"{host} refused the request (HTTP {status}){server_reason}", remedy, status, content)


def _reason_in(content: bytes) -> str:
    try:
        reason = error_text(parse_json(content))
    except BrokenJson:
        return ""
    return f": {reason}" if reason else ""


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait; None when it does not say."""
    retry_after = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", retry_after):
        return float(retry_after)
    if retry_after:
        try:
            moment = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    reset = _RATE_LIMIT_RESET.search(headers.get("RateLimit", ""))
    return float(reset.group(1)) if reset else None
