"""The page alone, on the sample library."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from textual.pilot import Pilot

from assistant.library.library import Library
from tests.support.paper_hosts import PageHost, opened
from tests.tui.conftest import MakeApp

OpenPage = Callable[..., AbstractAsyncContextManager[tuple[PageHost, Pilot[None]]]]


@pytest.fixture
def open_page(make_app: MakeApp) -> OpenPage:
    """Opens the page; ``before`` changes the library first, the other arguments are those of `make_app`."""

    @asynccontextmanager
    async def open_on(
        size: tuple[int, int] = (120, 40), *, before: Callable[[Library], None] | None = None, **choices: object
    ) -> AsyncGenerator[tuple[PageHost, Pilot[None]], None]:
        session = make_app(**choices).session
        if before is not None:
            before(await session.library())
        host = PageHost(session)
        async with host.run_test(size=size) as pilot:
            await opened(pilot)
            yield host, pilot
        assert host.failures == []
        await session.container.aclose()

    return open_on
