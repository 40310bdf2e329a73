"""The HTTP seam: what it repeats, how long it waits, and what it says in the end."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from assistant.errors import FeedError
from assistant.feeds.http_client import FeedHttp, HttpRefused
from tests.support.http_server import Answer, Server, json_answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_an_answer_carries_its_content_and_the_next_pages_link(server: Server, http: FeedHttp) -> None:
    server.answers(json_answer([1], Link='</api?p=1>; rel="next", </api?p=9>; rel="last"'))
    answer = await http.get(f"{server.url}/api", {"p": 0, "date": "2025-10-15"})
    assert answer.json() == [1]
    assert answer.next_link == f"{server.url}/api?p=1"
    assert server.asked[0].query == {"p": "0", "date": "2025-10-15"}
    assert server.asked[0].headers["User-Agent"].startswith("daily-papers-assistant/")


async def test_server_errors_are_tried_again_with_growing_waits(
    server: Server, http: FeedHttp, waits: list[float]
) -> None:
    server.answers(Answer(status=500), Answer(status=502), Answer(status=503), json_answer([]))
    assert (await http.get(server.url)).json() == []
    assert len(waits) == 3
    assert 0.5 <= waits[0] <= 1.0
    assert 2.0 <= waits[2] <= 2.5


async def test_the_last_failure_is_an_error_that_counts_the_tries(server: Server, http: FeedHttp) -> None:
    server.answers(Answer(status=500))
    with pytest.raises(FeedError, match=r"a problem of its own \(HTTP 500\) \(5 tries\)") as caught:
        await http.get(server.url)
    assert caught.value.remedy
    assert len(server.asked) == 5


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "7"}, 7, 7),
        ({"Retry-After": "86400"}, 90, 90),
        ({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(hours=9))}, 90, 90),
        ({"Retry-After": format_datetime(datetime.now(UTC) - timedelta(hours=9))}, 0, 0),
        ({"Retry-After": "soon"}, 0.5, 1.0),
        ({"RateLimit": '"api";r=0;t=55'}, 55, 55),
        ({}, 0.5, 1.0),
    ],
)
async def test_a_wait_that_the_server_asks_for_is_kept_within_bounds(
    server: Server, http: FeedHttp, waits: list[float], headers: dict[str, str], least: float, most: float
) -> None:
    server.answers(Answer(status=429, headers=headers), json_answer([]))
    await http.get(server.url)
    assert len(waits) == 1
    assert least <= waits[0] <= most


async def test_a_refusal_is_an_error_at_once_in_the_servers_words(
    server: Server, http: FeedHttp, waits: list[float]
) -> None:
    server.answers(Answer(b'{"error": "Invalid date\\u001b[31m"}', 400))
    with pytest.raises(HttpRefused, match=r"HTTP 400\): “Invalid date”") as caught:
        await http.get(server.url)
    assert (caught.value.status, waits, len(server.asked)) == (400, [], 1)


async def test_a_refusal_without_words_is_an_error_too(server: Server, http: FeedHttp) -> None:
    server.answers(Answer(b"<html>no such page</html>", 404))
    with pytest.raises(HttpRefused, match="HTTP 404") as caught:
        await http.get(server.url)
    assert "feeds.base_url" in str(caught.value.remedy)


async def test_a_hanging_server_is_left_after_the_timeout(server: Server) -> None:
    server.answers(Answer(hangs=True))
    async with FeedHttp(timeout_seconds=0.05, retries=0) as client:
        with pytest.raises(FeedError, match=r"did not answer within 0.05 s \(1 try\)"):
            await client.get(server.url)


async def test_a_server_that_drips_bytes_is_left_too(server: Server) -> None:
    server.answers(Answer(b"[" + b" " * 200 + b"]", drips_seconds=0.02))
    async with FeedHttp(timeout_seconds=0.05, retries=0) as client:
        with pytest.raises(FeedError, match="did not answer"):
            await client.get(server.url)


async def test_a_cut_answer_is_asked_for_again(server: Server, http: FeedHttp, waits: list[float]) -> None:
    server.answers(Answer(b'[{"paper', promised_bytes=4000), json_answer(["whole"]))
    assert (await http.get(server.url)).json() == ["whole"]
    assert len(waits) == 1


async def test_an_answer_that_stays_cut_is_an_error(server: Server, http: FeedHttp) -> None:
    server.answers(Answer(b'[{"paper', promised_bytes=4000))
    with pytest.raises(FeedError, match="broke off"):
        await http.get(server.url)


async def test_a_damaged_compression_is_an_error(server: Server, http: FeedHttp) -> None:
    server.answers(Answer(b"not gzip", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FeedError, match="broke off"):
        await http.get(server.url)


async def test_who_never_answers_is_tried_twice_only(http: FeedHttp, waits: list[float]) -> None:
    with pytest.raises(FeedError, match=r"cannot be reached.*\(2 tries\)") as caught:
        await http.get(f"http://127.0.0.1:{free_port()}/api")
    assert len(waits) == 1
    assert "sync" in str(caught.value.remedy) or "files" in str(caught.value.remedy)


async def test_the_page_of_another_site_is_said_to_be_one(server: Server, http: FeedHttp) -> None:
    server.answers(Answer(b"  <!doctype html><title>Sign in to the airport</title>"))
    with pytest.raises(FeedError, match="a web page where paper records belong"):
        (await http.get(server.url)).json()


async def test_a_redirect_to_a_login_page_names_that_host(server: Server, http: FeedHttp) -> None:
    server.answer = lambda asked: (
        Answer(status=302, headers={"Location": f"{server.url}/login"}) if asked.path == "/api" else Answer(b"<html>")
    )
    with pytest.raises(FeedError, match=r"127\.0\.0\.1:.*a web page"):
        (await http.get(f"{server.url}/api")).json()


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"", "not JSON"), (b"[1, 2", "not JSON"), (b'{"error": {"message": "over capacity"}}', "over capacity")],
)
async def test_what_is_no_list_of_records_is_said(server: Server, http: FeedHttp, body: bytes, words: str) -> None:
    server.answers(Answer(body))
    with pytest.raises(FeedError, match=words):
        (await http.get(server.url)).json()


async def test_an_endless_answer_is_not_read_to_its_end(server: Server) -> None:
    server.answers(Answer(b" " * 100_000))
    async with FeedHttp(most_bytes=1_000, retries=0) as client:
        with pytest.raises(FeedError, match="larger than 1,000 bytes"):
            await client.get(server.url)


@pytest.mark.parametrize("url", ["huggingface.co/api", "ftp://127.0.0.1/x", "http://[bad", "http://127.0.0.1:99999/"])
async def test_an_address_that_is_none_is_an_error(http: FeedHttp, url: str) -> None:
    with pytest.raises(FeedError) as caught:
        await http.get(url)
    assert "feeds.base_url" in str(caught.value.remedy)


@pytest.mark.parametrize("url", ["http://me:hidden@[bad", "ftp://me:hidden@127.0.0.1/x", "http://me:hidden@h:99999/"])
async def test_credentials_in_an_address_are_not_shown(http: FeedHttp, url: str) -> None:
    with pytest.raises(FeedError) as caught:
        await http.get(url)
    assert "hidden" not in caught.value.message


async def test_a_circle_of_redirects_is_an_error(server: Server, http: FeedHttp) -> None:
    server.answers(Answer(status=302, headers={"Location": "/again"}))
    with pytest.raises(FeedError, match="cannot be fetched"):
        await http.get(server.url)


async def test_requests_keep_their_distance_retries_included(server: Server, waits: list[float]) -> None:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    server.answers(json_answer([]))
    async with FeedHttp(min_interval_seconds=3.0, sleep=sleep) as client:
        await client.get(server.url)
        await client.get(server.url)
    assert len(waits) == 1
    assert 2.0 < waits[0] <= 3.0


async def test_a_cancelled_request_ends_at_once(server: Server) -> None:
    server.answers(Answer(hangs=True))
    async with FeedHttp() as client:
        asking = asyncio.create_task(client.get(server.url))
        assert await asyncio.to_thread(server.was_asked.wait, 5)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking


async def test_closing_twice_is_harmless(server: Server, http: FeedHttp) -> None:
    await http.get(server.url)
    await http.aclose()
    await http.aclose()


@pytest.mark.parametrize("password", ["p/secret", "p?secret", "p#secret", "p@1/secret", "12/secret"])
async def test_no_part_of_a_password_is_asked_for_or_shown(http: FeedHttp, password: str) -> None:
    with pytest.raises(FeedError, match=r"https://\*\*\*@feed\.test/api” is not an address to fetch") as raised:
        await http.get(f"https://me:{password}@feed.test/api")
    assert "secret" not in raised.value.message
