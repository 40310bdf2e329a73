"""arXiv by id or query, through the ``arxiv`` package: its query language, its paging, its Atom reader.

The package's own session knows no time-out and repeats every failure, a refusal too. It gets one here that goes
through `FeedHttp`, which also keeps the three seconds between requests that arXiv asks for.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeVar

from assistant.arxiv_ids import parse_paper_ids
from assistant.errors import FeedError
from assistant.feeds.http_client import FeedHttp, HttpAnswer, HttpRefused
from assistant.feeds.record_parser import RecordRejected, api_record, read_records
from assistant.papers import FeedBatch, FeedRecord, Provenance, Rejection, parse_paper_id
from assistant.text import quoted

QUERY_URL = "https://export.arxiv.org/api/query"
SECONDS_BETWEEN_REQUESTS = 3.0
"""What arXiv's terms of use ask for; give it to `FeedHttp` as ``min_interval_seconds``."""

_PAGE_SIZE = 100
_SUBJECT_CLASS = re.compile(r"^([a-z-]+)\.[A-Z]{2}/")
_SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.DOTALL)
_SYNTAX = "the query language is described at https://info.arxiv.org/help/api/user-manual.html#query_details"
_LATER = "try again later"

Batches = AsyncGenerator[FeedBatch, None]
Found = TypeVar("Found")


class ArxivFeed:
    """Papers of arXiv, which have no listing day; one `FeedBatch` a request.

    Methods raise `FeedError` when arXiv does not answer, refuses, or answers something else.
    """

    def __init__(self, http: FeedHttp, query_url: str = QUERY_URL) -> None:
        self._http = http
        self._query_url = query_url

    async def by_ids(self, ids: Sequence[str]) -> Batches:
        """The papers of these ids or links; what is no id, or the id of no paper, is a `Rejection`."""
        recognized, rejections = _recognized(ids)
        if rejections:
            yield FeedBatch("arXiv", (), rejections)
        for start in range(0, len(recognized), _PAGE_SIZE):
            yield await self._chunk(recognized[start : start + _PAGE_SIZE])

    async def query(self, text: str, limit: int) -> Batches:
        """At most ``limit`` papers for a query in arXiv's language (``ti:attention AND cat:cs.CL``), best first."""
        if limit < 1:
            return  # the package takes 0 for "all there are"
        page_size = min(limit, _PAGE_SIZE)
        session = _Session(self._http)
        results = self._client(session, page_size).results(_package().Search(query=text, max_results=limit))
        origin = f"arXiv {quoted(text)}"
        position = 0
        try:
            while page := await session.run(lambda: list(islice(results, page_size))):
                placed = [(f"{origin}[{position + index}]", result) for index, result in enumerate(page)]
                yield FeedBatch(origin, *read_records(placed, _record))
                position += len(page)
        except HttpRefused as refused:
            raise FeedError(f"arXiv refuses the query {quoted(text)}{_summary_of(refused)}", _SYNTAX) from refused

    async def _chunk(self, ids: Sequence[str]) -> FeedBatch:
        """Ask for some ids at once; when arXiv refuses all for the sake of one, ask again in halves."""
        session = _Session(self._http)
        results = self._client(session, len(ids)).results(_package().Search(id_list=list(ids), max_results=len(ids)))
        try:
            papers = await session.run(lambda: list(results))
        except HttpRefused as refused:
            if refused.status != 400:
                raise
            if len(ids) == 1:
                return FeedBatch(
                    "arXiv", (), (Rejection(f"arXiv {ids[0]}", f"arXiv refuses the id{_summary_of(refused)}"),)
                )
            first, second = [await self._chunk(half) for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :])]
            return FeedBatch("arXiv", first.records + second.records, first.rejections + second.rejections)
        records, rejections = read_records([(f"arXiv {result.entry_id}", result) for result in papers], _record)
        received_ids = {record.paper.paper_id for record in records}
        missing = [each for each in ids if _canonical(each) not in received_ids]
        return FeedBatch(
            "arXiv", records, rejections + tuple(Rejection(f"arXiv {each}", "no such paper") for each in missing)
        )

    def _client(self, session: "_Session", page_size: int) -> Any:
        client = _package().Client(page_size=page_size, delay_seconds=0.0)
        client.query_url_format = self._query_url + "?{}"
        client._session = session  # noqa: SLF001  the package has no public way to give it a session
        return client


@dataclass(frozen=True, slots=True)
class _Response:
    """The part of a ``requests`` response that the package reads."""

    status_code: int
    content: bytes


class _Session:
    """The part of a ``requests`` session that the package uses, over the asynchronous seam.

    The package blocks, so it works in a thread (`run`), and each of its requests goes back to the event loop. When
    the waiting task is cancelled the request is cancelled too, and the thread ends.
    """

    def __init__(self, http: FeedHttp) -> None:
        self._http = http
        self._loop = asyncio.get_running_loop()
        self._request: Future[HttpAnswer] | None = None
        self._stopped = False

    async def run(self, work: Callable[[], Found]) -> Found:
        """Do the package's work in a thread; its errors become `FeedError`."""
        try:
            return await asyncio.to_thread(work)
        except asyncio.CancelledError:
            self._stopped = True
            if self._request is not None:
                self._request.cancel()
            raise
        except (_package().ArxivError, ValueError) as error:
            raise FeedError(f"the answer of arXiv cannot be read: {quoted(str(error))}", _LATER) from error

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> _Response:
        """Fetch one page of Atom; called by the package, in the thread."""
        del headers  # the seam says who asks
        if self._stopped:
            raise CancelledError
        self._request = asyncio.run_coroutine_threadsafe(self._http.get(url), self._loop)
        content = self._request.result().content
        # The package mends broken XML silently: a login page would become "no such paper", a cut feed fewer papers.
        if b"<feed" not in content[:1000] or not content.rstrip().endswith(b"</feed>"):
            raise FeedError("arXiv answered something that is not a whole Atom feed", _LATER)
        return _Response(200, content)


def _package() -> Any:
    import arxiv  # type: ignore[import-untyped]  # the package ships no type marker

    return arxiv


def _recognized(texts: Sequence[str]) -> tuple[list[str], tuple[Rejection, ...]]:
    ids: dict[str, None] = {}
    rejections = []
    for text in texts:
        if recognized := parse_paper_ids(text):
            ids |= dict.fromkeys(recognized)
        else:
            rejections.append(Rejection(f"arXiv {quoted(text)}", "not an arXiv id, such as 2501.01234 or cs/0112017"))
    return list(ids), tuple(rejections)


def _canonical(paper_id: str) -> str:
    """The id as arXiv writes it in answers: without the subject class of ``math.GT/0309136``."""
    return _SUBJECT_CLASS.sub(r"\1/", paper_id)


def _record(result: object, place: str) -> FeedRecord:
    """Read one result of the package, by the rules of the other feeds."""
    entry: Any = result
    if parse_paper_id(entry.entry_id) is None:
        raise RecordRejected(f"arXiv answers: {quoted(entry.summary)}")
    fields = {
        "id": entry.entry_id,
        "title": entry.title,
        "summary": entry.summary,
        "authors": [author.name for author in entry.authors],
        "publishedAt": entry.published.isoformat(),
        "updatedAt": entry.updated.isoformat(),
        "categories": entry.categories,
        "comment": entry.comment,
        "journalReference": entry.journal_ref,
        "doi": entry.doi,
    }
    record = api_record(fields, place)
    return replace(record, paper=replace(record.paper, source=Provenance.ARXIV))


def _summary_of(refused: HttpRefused) -> str:
    summary = _SUMMARY.search(refused.body.decode(errors="replace"))
    return f": {quoted(summary[1])}" if summary else ""
