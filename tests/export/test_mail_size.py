"""Mails that Gmail would cut off are slimmed until they fit, and say what is left out of them."""

import re
from datetime import date
from html import unescape

import pytest

from assistant.config.settings import MailSettings
from assistant.export.mail import Mailer, digest_mail
from assistant.library.records import StoredPaper
from assistant.periods import Period, PeriodKind
from assistant.reports.digest.values import Digest, Topic
from tests.support.digest_factory import DAY, WEEK, digest_of, topic_sentence
from tests.support.paper_factory import paper, sources

MONTH = Period(date(2026, 1, 1), date(2026, 1, 31), PeriodKind.MONTH)
SINCE = Period(date(2026, 1, 2), date(2026, 1, 6))


def many_papers(count: int, sentences: int = 4) -> list[StoredPaper]:
    """Papers with long titles and abstracts; the extractive summaries of digests quote these."""
    words = "prunes the attention heads of small networks during training at no cost in accuracy"
    abstract = " ".join(f"FooNet {part} {words} — “Ärger” × {part}." for part in range(sentences))
    return [
        paper(f"2601.{number:05}", f"FooNet {number}: {words}", abstract=abstract) for number in range(1, count + 1)
    ]


def grouped(count: int, period: Period) -> Digest:
    """A digest with half of its papers in topics whose sentences have evidence, the other half under the rest."""
    papers = many_papers(count)
    given = sources(papers)
    topics = [
        Topic(f"topic {first}", numbers, (topic_sentence(given, *numbers),))
        for first in range(1, count // 2, 10)
        if (numbers := tuple(range(first, min(first + 10, count // 2 + 1))))
    ]
    rest = tuple(range(topics[-1].numbers[-1] + 1, count + 1))
    return digest_of(papers, [*topics, Topic("Also today", rest, is_rest=True)], period=period, profile="my robots")


@pytest.mark.parametrize(
    ("count", "period", "told", "shown"),
    [
        (20, DAY, None, 20),
        (110, DAY, "assistant today --date 2026-01-05 --again --profile 'my robots' --out digest.html", 110),
        (200, WEEK, "assistant today --week 2026-W01 --again", 200),
        (470, MONTH, "assistant today --month 2026-01 --again", None),
        (470, SINCE, "The plain text of this mail has it all.", None),
    ],
)
def test_a_page_that_gmail_would_cut_is_slimmed_and_says_so(
    count: int, period: Period, told: str | None, shown: int | None
) -> None:
    made = grouped(count, period)
    mail = digest_mail(made, "the whole text")
    composed = Mailer(MailSettings(host="localhost", sender="a@example.org", to="b@example.org"), {})._composed(mail)
    html = composed.get_body(("html",))
    assert html
    assert len(html.as_bytes()) < 102 * 1024
    articles = mail.html.count("<article")
    assert mail.text == "the whole text"
    assert (told is None) == ("Shortened" not in mail.html)
    assert unescape(mail.html).count(told or "") >= 1
    if shown is None:
        assert 100 < articles < count
        assert f"and {count - articles} of {count} papers" in mail.html
    else:
        assert articles == shown
    anchors = set(re.findall(r'id="([^"]+)"', mail.html))
    assert set(re.findall(r'href="#([^"]+)"', mail.html)) <= anchors


def test_a_page_is_slimmed_no_more_than_it_must_be() -> None:
    sizes = {count: len(digest_mail(grouped(count, DAY), "").html) for count in (20, 70, 110, 200, 300)}
    assert sizes[20] < sizes[70]
    assert all(size > 50_000 for count, size in sizes.items() if count >= 70)
