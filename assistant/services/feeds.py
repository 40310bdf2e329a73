"""Where papers come from over the network, as the configuration says."""

from collections.abc import Mapping

from assistant.config import Config
from assistant.errors import FeedError
from assistant.feeds import SECONDS_BETWEEN_REQUESTS, ArxivFeed, FeedHttp, HuggingFaceFeed

_TRIES_AFTER_THE_FIRST = 1
_LONGEST_WAIT_SECONDS = 10.0


class Feeds:
    """The feeds, and the clients that ask them; ``environment`` has proxies and certificates."""

    def __init__(self, config: Config, environment: Mapping[str, str]) -> None:
        self._config = config
        self._environment = environment

    def daily_papers_client(self) -> FeedHttp:
        """A client for the Daily Papers feed. Raises `FeedError` when offline."""
        return self._client(0.0)

    def arxiv_client(self) -> FeedHttp:
        """A client for arXiv, which wants three seconds between requests. Raises `FeedError` when offline."""
        return self._client(SECONDS_BETWEEN_REQUESTS)

    def impatient_client(self) -> FeedHttp:
        """A client for the Daily Papers feed that gives up soon: somebody waits, and the library may do."""
        return FeedHttp(
            timeout_seconds=min(self._config.feeds.timeout_seconds, _LONGEST_WAIT_SECONDS),
            retries=_TRIES_AFTER_THE_FIRST,
            environment=self._environment,
        )

    def daily_papers(self, client: FeedHttp) -> HuggingFaceFeed:
        """The Daily Papers feed."""
        return HuggingFaceFeed(client, self._config.feeds.base_url)

    def arxiv(self, client: FeedHttp) -> ArxivFeed:
        """ArXiv."""
        return ArxivFeed(client)

    def _client(self, min_interval_seconds: float) -> FeedHttp:
        if self._config.offline:
            raise FeedError("Offline: no feed is asked.", "Leave --offline (or `offline = true`) away to sync.")
        settings = self._config.feeds
        return FeedHttp(
            timeout_seconds=settings.timeout_seconds,
            retries=settings.retries,
            min_interval_seconds=min_interval_seconds,
            environment=self._environment,
        )
