"""The Daily Papers feed, against a server that replays its real answers."""

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import FeedError, UsageError
from assistant.feeds.http_client import FeedHttp
from assistant.feeds.huggingface import Batches, HuggingFaceFeed
from assistant.papers import FeedBatch
from tests.support.http_server import Answer, Asked, Server, json_answer

DAY = date(2025, 10, 15)


def item(number: int, **changes: object) -> dict[str, object]:
    listed = "2025-10-15T00:00:00.000Z"
    return {
        "paper": {"id": f"2510.{number:05}", "title": f"T{number}", "summary": "A.", "submittedOnDailyAt": listed}
        | changes
    }


def next_link(query: str, host: str = "https://huggingface.co") -> str:
    return f'<{host}/api/daily_papers?{query}>; rel="next"'


async def gathered(batches: Batches) -> list[FeedBatch]:
    return [batch async for batch in batches]


@pytest.fixture
def feed(http: FeedHttp, server: Server) -> HuggingFaceFeed:
    return HuggingFaceFeed(http, server.url + "/", today=lambda: date(2026, 8, 21))


async def test_a_day_is_read_page_after_page(feed: HuggingFaceFeed, server: Server, shared: Path) -> None:
    items = json.loads((shared / "feeds/hf_api/daily_papers_date_2025-10-15.json").read_bytes())

    def answer(asked: Asked) -> Answer:
        page = int(asked.query["p"])
        more = {"Link": next_link(f"date=2025-10-15&p={page + 1}&limit=10")} if page < 2 else {}
        return Answer(json.dumps(items[10 * page : 10 * page + 10]).encode(), headers=more)

    server.answer = answer
    batches = await gathered(feed.day(DAY))
    assert [len(batch.records) for batch in batches] == [10, 10, 6]
    assert {batch.day for batch in batches} == {DAY}
    assert {batch.origin for batch in batches} == {"Hugging Face 2025-10-15"}
    assert batches[2].records[5].place == "Hugging Face 2025-10-15[25]"
    assert {record.listing.day for batch in batches for record in batch.records if record.listing} == {DAY}
    assert server.asked[0].path == "/api/daily_papers"
    assert server.asked[0].query == {"date": "2025-10-15", "limit": "100", "p": "0"}
    assert [asked.query["p"] for asked in server.asked] == ["0", "1", "2"]


async def test_an_empty_day_is_an_empty_batch(feed: HuggingFaceFeed, server: Server) -> None:
    server.answers(json_answer([]))
    assert await gathered(feed.day(DAY)) == [FeedBatch("Hugging Face 2025-10-15", (), (), DAY)]


async def test_one_odd_record_never_costs_the_day(feed: HuggingFaceFeed, server: Server) -> None:
    server.answers(json_answer([item(1), {"paper": {"id": "2510.00002", "title": "No text"}}, 7, item(3)]))
    (batch,) = await gathered(feed.day(DAY))
    assert [record.paper.title for record in batch.records] == ["T1", "T3"]
    assert [rejection.place for rejection in batch.rejections] == [
        "Hugging Face 2025-10-15[1]",
        "Hugging Face 2025-10-15[2]",
    ]


async def test_what_came_before_a_failing_page_stands(feed: HuggingFaceFeed, server: Server) -> None:
    server.answers(json_answer([item(1)], Link=next_link("date=2025-10-15&p=1")), Answer(status=500))
    batches = feed.day(DAY)
    assert len((await anext(batches)).records) == 1
    with pytest.raises(FeedError, match="HTTP 500"):
        await anext(batches)


async def test_the_server_refuses_a_day_in_the_future(feed: HuggingFaceFeed, server: Server) -> None:
    server.answers(Answer(b'{"error":"Invalid date, must be before today"}', 400))
    with pytest.raises(FeedError, match="must be before today"):
        await gathered(feed.day(date(2030, 1, 1)))


@pytest.mark.parametrize("body", [b'{"dailyPapers": []}', b'"soon"', b"12"])
async def test_an_answer_that_is_no_list_is_an_error(feed: HuggingFaceFeed, server: Server, body: bytes) -> None:
    server.answers(Answer(body))
    with pytest.raises(FeedError, match="not a list of papers"):
        await gathered(feed.day(DAY))


async def test_pages_in_a_circle_end_in_an_error(feed: HuggingFaceFeed, server: Server) -> None:
    server.answers(
        json_answer([item(1)], Link=next_link("p=1")),
        json_answer([item(2)], Link=next_link("p=2")),
        json_answer([item(1)], Link=next_link("p=1")),
    )
    with pytest.raises(FeedError, match="have no end"):
        await gathered(feed.day(DAY))
    assert len(server.asked) == 3


async def test_pages_without_end_end_in_an_error(feed: HuggingFaceFeed, server: Server) -> None:
    server.answer = lambda asked: json_answer([item(1)], Link=next_link(f"p={int(asked.query['p']) + 1}"))
    with pytest.raises(FeedError, match="have no end"):
        await gathered(feed.day(DAY))
    assert len(server.asked) == 200


async def test_an_empty_page_is_the_last(feed: HuggingFaceFeed, server: Server) -> None:
    server.answers(json_answer([], Link=next_link("p=1")))
    assert len(await gathered(feed.day(DAY))) == 1


@pytest.mark.parametrize("link", ["</api/other?p=1>; rel=next", "</api/daily_papers?date=x>; rel=next"])
async def test_a_next_page_elsewhere_is_not_followed(feed: HuggingFaceFeed, server: Server, link: str) -> None:
    server.answers(json_answer([item(1)], Link=link))
    with pytest.raises(FeedError, match="a next page elsewhere"):
        await gathered(feed.day(DAY))
    assert len(server.asked) == 1


async def test_a_week_is_one_request_and_each_paper_has_its_own_day(feed: HuggingFaceFeed, server: Server) -> None:
    server.answers(json_answer([item(1), item(2, submittedOnDailyAt="2025-10-16T01:00:00.000Z")]))
    (batch,) = await gathered(feed.week("2025w42"))
    assert server.asked[0].query == {"week": "2025-W42", "limit": "100", "p": "0"}
    assert [record.listing.day for record in batch.records if record.listing] == [DAY, date(2025, 10, 16)]
    assert batch.day is None


async def test_a_week_whose_records_tell_a_day_outside_of_it_is_asked_day_by_day(
    feed: HuggingFaceFeed, server: Server
) -> None:
    late = item(1, submittedOnDailyAt="2025-10-21T01:00:00.000Z")
    asked_day = {"week": "2025-W42"}, {"date": "2025-10-17"}
    server.answer = lambda asked: json_answer(
        [late] if any(each.items() <= asked.query.items() for each in asked_day) else []
    )
    batches = await gathered(feed.week("2025-W42"))
    assert [asked.query["date"] for asked in server.asked[1:]] == [f"2025-10-{day}" for day in range(13, 20)]
    days = [record.listing.day for batch in batches for record in batch.records if record.listing]
    assert days == [date(2025, 10, 17)]


async def test_a_month_of_records_without_day_is_asked_day_by_day(
    feed: HuggingFaceFeed, server: Server, shared: Path
) -> None:
    early = json.loads((shared / "feeds/hf_api/daily_papers_date_2024-05-27.json").read_bytes())
    server.answer = lambda asked: json_answer(
        early if "month" in asked.query or asked.query.get("date") == "2024-05-27" else []
    )
    batches = await gathered(feed.month("2024-5"))
    assert server.asked[0].query["month"] == "2024-05"
    assert [asked.query["date"] for asked in server.asked[1:]] == [f"2024-05-{day:02}" for day in range(1, 32)]
    records = [record for batch in batches for record in batch.records]
    assert len(records) == 13
    assert {record.listing.day for record in records if record.listing} == {date(2024, 5, 27)}


async def test_a_53rd_week_which_the_server_does_not_know_is_asked_day_by_day(http: FeedHttp, server: Server) -> None:
    server.answers(json_answer([]))
    feed = HuggingFaceFeed(http, server.url, today=lambda: date(2027, 1, 1))
    assert len(await gathered(feed.week("2026-W53"))) == 5
    assert {"week" in asked.query for asked in server.asked} == {False}


def test_a_period_that_is_none_is_said_before_anything_is_asked(feed: HuggingFaceFeed, server: Server) -> None:
    with pytest.raises(UsageError, match="not a week"):
        feed.week("2025-42")
    with pytest.raises(UsageError, match="in the future"):
        feed.month("2026-09")
    assert server.asked == []


async def test_trending_stops_at_the_limit(feed: HuggingFaceFeed, server: Server) -> None:
    server.answer = lambda asked: json_answer(
        [item(100 * int(asked.query["p"]) + number) for number in range(100)],
        Link=next_link(f"sort=trending&limit=100&p={int(asked.query['p']) + 1}"),
    )
    batches = await gathered(feed.trending(150))
    assert [len(batch.records) for batch in batches] == [100, 50]
    assert server.asked[0].query == {"sort": "trending", "limit": "100", "p": "0"}
    assert len(server.asked) == 2


async def test_trending_asks_for_no_more_than_it_wants(feed: HuggingFaceFeed, server: Server) -> None:
    server.answers(json_answer([item(number) for number in range(3)]))
    (batch,) = await gathered(feed.trending(5))
    assert server.asked[0].query["limit"] == "5"
    assert len(batch.records) == 3


async def test_the_default_clock_is_today_in_utc(http: FeedHttp) -> None:
    with pytest.raises(UsageError, match="in the future"):
        HuggingFaceFeed(http).month("9998-12")
