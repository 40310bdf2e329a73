"""arXiv through its package, against a server that replays recorded answers."""

import asyncio
import threading
from concurrent.futures import CancelledError
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import FeedError
from assistant.feeds.arxiv import ArxivFeed, Batches, _Session
from assistant.feeds.http_client import FeedHttp
from assistant.papers import Author, FeedBatch, Provenance
from tests.support.http_server import Answer, Asked, Server

ERROR_ENTRY = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>https://arxiv.org/api/errors#incorrect_id</id><title>Error</title>
<summary>incorrect id format for 2512.99999</summary>
%s</entry></feed>"""


def entry(paper_id: str, *, abstract: str = "An abstract.", published: str = "2025-01-02T03:04:05Z") -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{paper_id}v2</id><title>Paper {paper_id}</title><summary>{abstract}</summary>"
        f"<published>{published}</published><updated>2025-01-03T00:00:00Z</updated></entry>"
    )


def atom(*entries: str, total: int | None = None) -> Answer:
    namespaces = 'xmlns="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/"'
    header = f"<o:totalResults>{len(entries) if total is None else total}</o:totalResults>"
    return Answer(f"<?xml version='1.0'?>\n<feed {namespaces}>{header}{''.join(entries)}</feed>\n".encode())


async def gathered(batches: Batches) -> list[FeedBatch]:
    return [batch async for batch in batches]


@pytest.fixture
def feed(http: FeedHttp, server: Server) -> ArxivFeed:
    return ArxivFeed(http, server.url + "/api/query")


@pytest.fixture
def replay(server: Server, shared: Path) -> Server:
    """The server with the recorded answers, by query or ids, start and page size."""
    recorded = {path.name.rsplit("_", 1)[0]: path.read_bytes() for path in (shared / "feeds/arxiv_atom").glob("*.xml")}

    def answer(asked: Asked) -> Answer:
        ids = asked.query["id_list"].replace(",", "_").replace("/", "_")
        ids = ids.replace("0808.9539", "0808.05394")  # the recorded unknown id is one that arXiv never gives out
        what = f"id_{ids}" if ids else f"q_{asked.query['search_query']}"
        name = f"{what}_s{asked.query['start']}_m{asked.query['max_results']}"
        if name not in recorded:
            name = f"{what}_s{asked.query['start']}_m100"
        return Answer(recorded[name], status=400 if "abc" in name else 200)

    server.answer = answer
    return server


async def test_a_paper_is_found_by_id(feed: ArxivFeed, replay: Server) -> None:
    (batch,) = await gathered(feed.by_ids(["https://arxiv.org/abs/1605.08386v1"]))
    (record,) = batch.records
    assert record.paper.paper_id == "1605.08386"
    assert record.paper.title == "Heat-bath random walks with Markov bases"
    assert record.paper.abstract.startswith("Graphs on lattice points are studied")
    assert record.paper.authors == (Author("Caprice Stanley"), Author("Tobias Windisch"))
    assert record.paper.published == date(2016, 5, 26)
    assert record.paper.source is Provenance.ARXIV
    assert record.listing is None
    assert batch.rejections == ()
    assert '"categories":["math.CO","math.ST"]' in record.raw


async def test_an_unknown_id_among_known_ones_is_rejected(feed: ArxivFeed, replay: Server) -> None:
    (batch,) = await gathered(feed.by_ids(["0808.9539", "1707.08567", "0808.9539"]))
    assert [record.paper.paper_id for record in batch.records] == ["1707.08567"]
    assert [(each.place, each.reason) for each in batch.rejections] == [("arXiv 0808.9539", "no such paper")]


async def test_an_unknown_id_alone_is_rejected(feed: ArxivFeed, replay: Server) -> None:
    (batch,) = await gathered(feed.by_ids(["0808.9539"]))
    assert batch.records == ()
    assert [each.reason for each in batch.rejections] == ["no such paper"]


@pytest.mark.parametrize("paper_id", ["astro-ph/0601001"])
async def test_an_old_id_is_found(feed: ArxivFeed, replay: Server, paper_id: str) -> None:
    (batch,) = await gathered(feed.by_ids([paper_id]))
    assert [record.paper.paper_id for record in batch.records] == [paper_id]


async def test_an_id_with_its_subject_class_is_the_one_without(feed: ArxivFeed, server: Server) -> None:
    server.answers(atom(entry("math/0309136")))
    (batch,) = await gathered(feed.by_ids(["math.GT/0309136"]))
    assert batch.rejections == ()
    assert batch.records[0].paper.paper_id == "math/0309136"


async def test_what_is_no_id_is_rejected_and_not_asked(feed: ArxivFeed, server: Server) -> None:
    (batch,) = await gathered(feed.by_ids(["abc", "title:abc", "٢٥٠١.٠١٢٣٤", "2513.00001", "0808.05394"]))
    assert len(batch.rejections) == 5
    assert "not an arXiv id" in batch.rejections[0].reason
    assert server.asked == []


async def test_an_id_that_arxiv_refuses_costs_itself_only(feed: ArxivFeed, server: Server) -> None:
    def answer(asked: Asked) -> Answer:
        ids = asked.query["id_list"].split(",")
        if "2512.99999" in ids:
            return Answer(ERROR_ENTRY % b"", status=400)
        return atom(*(entry(each) for each in ids))

    server.answer = answer
    (batch,) = await gathered(feed.by_ids(["2501.00001", "2512.99999", "2501.00002", "2501.00003"]))
    assert [record.paper.paper_id for record in batch.records] == ["2501.00001", "2501.00002", "2501.00003"]
    assert [each.reason for each in batch.rejections] == ["arXiv refuses the id: “incorrect id format for 2512.99999”"]


async def test_an_error_in_a_successful_answer_is_a_rejection(feed: ArxivFeed, server: Server) -> None:
    dated = b"<published>2025-01-01T00:00:00Z</published><updated>2025-01-01T00:00:00Z</updated>"
    server.answers(Answer(ERROR_ENTRY % dated))
    (batch,) = await gathered(feed.by_ids(["2512.99999"]))
    assert batch.rejections[0].reason == "arXiv answers: “incorrect id format for 2512.99999”"
    assert batch.records == ()


async def test_many_ids_are_asked_a_hundred_at_a_time(feed: ArxivFeed, server: Server) -> None:
    server.answer = lambda asked: atom(*(entry(each) for each in asked.query["id_list"].split(",")))
    batches = await gathered(feed.by_ids([f"2501.{number:05}" for number in range(250)]))
    assert [len(batch.records) for batch in batches] == [100, 100, 50]


async def test_a_query_is_read_page_after_page(feed: ArxivFeed, replay: Server) -> None:
    (whole,) = await gathered(feed.query("testing", 100))
    assert len(whole.records) == 100
    assert whole.origin == "arXiv “testing”"
    assert whole.records[99].place == "arXiv “testing”[99]"
    assert len(replay.asked) == 1
    assert replay.asked[0].query["max_results"] == "100"


async def test_a_query_goes_on_over_pages_until_the_limit(feed: ArxivFeed, server: Server) -> None:
    def answer(asked: Asked) -> Answer:
        start = int(asked.query["start"])
        return atom(*(entry(f"2501.{number:05}") for number in range(start, start + 100)), total=900)

    server.answer = answer
    batches = await gathered(feed.query("ti:attention AND cat:cs.CL", 150))
    assert [len(batch.records) for batch in batches] == [100, 50]
    assert [asked.query["start"] for asked in server.asked] == ["0", "100"]
    assert server.asked[0].query["search_query"] == "ti:attention AND cat:cs.CL"


async def test_a_small_limit_asks_for_a_small_page(feed: ArxivFeed, replay: Server) -> None:
    (batch,) = await gathered(feed.query("testing", 10))
    assert len(batch.records) == 10
    assert replay.asked[0].query["max_results"] == "10"


async def test_a_query_without_results_or_limit_gives_nothing(feed: ArxivFeed, server: Server) -> None:
    server.answers(atom())
    assert await gathered(feed.query("nothing", 10)) == []
    assert await gathered(feed.query("nothing", 0)) == []
    assert len(server.asked) == 1


async def test_a_query_that_arxiv_refuses_is_an_error_at_once(feed: ArxivFeed, server: Server) -> None:
    server.answers(Answer(ERROR_ENTRY % b"", status=400))
    with pytest.raises(FeedError, match="arXiv refuses the query “ti:”: “incorrect id format") as caught:
        await gathered(feed.query("ti:", 10))
    assert "user-manual" in str(caught.value.remedy)
    assert len(server.asked) == 1


async def test_another_refusal_of_ids_is_an_error(feed: ArxivFeed, server: Server) -> None:
    server.answers(Answer(b"", status=403))
    with pytest.raises(FeedError, match="HTTP 403"):
        await gathered(feed.by_ids(["2501.00001", "2501.00002"]))
    assert len(server.asked) == 1


async def test_a_server_error_is_tried_again(feed: ArxivFeed, server: Server, waits: list[float]) -> None:
    server.answers(Answer(status=503), atom(entry("2501.00001")))
    (batch,) = await gathered(feed.by_ids(["2501.00001"]))
    assert len(batch.records) == 1
    assert len(waits) == 1


async def test_a_page_that_is_unexpectedly_empty_is_asked_again(feed: ArxivFeed, server: Server) -> None:
    page = [entry(f"2501.{number:05}") for number in range(100)]
    server.answers(atom(*page, total=200), atom(total=200), atom(*page, total=200))
    assert [len(batch.records) for batch in await gathered(feed.query("x", 200))] == [100, 100]


async def test_pages_that_stay_empty_are_an_error(feed: ArxivFeed, server: Server) -> None:
    page = [entry(f"2501.{number:05}") for number in range(100)]
    server.answers(atom(*page, total=200), atom(total=200))
    with pytest.raises(FeedError, match=r"cannot be read.*unexpectedly empty"):
        await gathered(feed.query("x", 200))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Sign in</html>", b"<?xml version='1.0'?><feed><entry><id>http://arxiv.org/abs/2501.00001v1</id>"],
)
async def test_what_is_no_whole_feed_is_an_error(feed: ArxivFeed, server: Server, body: bytes) -> None:
    server.answers(Answer(body))
    with pytest.raises(FeedError, match="not a whole Atom feed"):
        await gathered(feed.by_ids(["2501.00001"]))


async def test_a_date_that_is_none_is_an_error(feed: ArxivFeed, server: Server) -> None:
    server.answers(atom(entry("2501.00001", published="yesterday")))
    with pytest.raises(FeedError, match="cannot be read"):
        await gathered(feed.by_ids(["2501.00001"]))


async def test_a_paper_without_abstract_is_rejected(feed: ArxivFeed, server: Server) -> None:
    server.answers(atom(entry("2501.00001", abstract=""), entry("2501.00002")))
    (batch,) = await gathered(feed.query("x", 2))
    assert len(batch.records) == 1
    assert batch.rejections[0].reason.endswith("no abstract")


async def test_requests_keep_the_distance_that_the_client_is_told(server: Server, waits: list[float]) -> None:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    server.answer = lambda asked: atom(*(entry(each) for each in asked.query["id_list"].split(",")))
    async with FeedHttp(min_interval_seconds=3.0, sleep=sleep) as client:
        await gathered(ArxivFeed(client, server.url).by_ids([f"2501.{number:05}" for number in range(150)]))
    assert len(waits) == 1
    assert 2.0 < waits[0] <= 3.0


async def test_a_cancelled_query_ends_its_thread(server: Server, http: FeedHttp) -> None:
    server.answers(Answer(hangs=True))
    asking = asyncio.create_task(gathered(ArxivFeed(http, server.url).query("x", 10)))
    assert await asyncio.to_thread(server.was_asked.wait, 5)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    async with asyncio.timeout(1):
        await asyncio.get_running_loop().shutdown_default_executor()


async def test_a_thread_that_is_stopped_asks_for_nothing_more(server: Server, http: FeedHttp) -> None:
    session = _Session(http)
    begun, stopped = threading.Event(), threading.Event()
    ended: list[str] = []

    def work() -> None:
        begun.set()
        stopped.wait()
        try:
            session.get(server.url)
        except CancelledError:
            ended.append("stopped")

    running = asyncio.create_task(session.run(work))
    assert await asyncio.to_thread(begun.wait, 5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    stopped.set()
    await asyncio.get_running_loop().shutdown_default_executor()
    assert ended == ["stopped"]
    assert server.asked == []
