"""Fixtures for the tests of the feeds: a loopback server and a client that does not wait."""

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings

from assistant.feeds.http_client import FeedHttp
from tests.support.http_server import Server, running_server

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loopback device is asked directly, whatever the machine's proxy is."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the client would have waited."""
    return []


@pytest.fixture
async def http(waits: list[float]) -> AsyncIterator[FeedHttp]:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with FeedHttp(timeout_seconds=2.0, retries=4, sleep=sleep) as client:
        yield client
