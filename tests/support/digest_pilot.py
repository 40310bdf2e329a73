"""Driving digests and comparisons in tests, honest models, and what is shown."""

from collections.abc import Sequence
from datetime import date

from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Static

from assistant.library.library import Library
from assistant.models.chat_model import GenerationRequest
from assistant.papers import Author, FeedBatch, FeedRecord, Listing, Paper, Provenance, clean_text
from assistant.tui.app import AssistantApp
from assistant.tui.digest.digest_list import DigestList
from assistant.tui.digest.items import Item
from assistant.tui.digest.page import DigestPage
from assistant.tui.digest.rendering import draw
from assistant.tui.page import Page
from assistant.tui.widgets.abstract import AbstractView
from assistant.tui.widgets.notice import Notice
from tests.tui.conftest import NOW, settled


def honest(request: GenerationRequest) -> str:
    """Sentences of what stands in the prompt: of an abstract its first three, of notes the first one's, or a title."""
    prompt = request.messages[-1].content
    if "Abstract: " in prompt:
        return ". ".join(prompt.split("Abstract: ")[1].split(". ")[:3])
    return notes_of(request)[0] if notes_of(request) else prompt.splitlines()[0]


def notes_of(request: GenerationRequest) -> list[str]:
    """What is said of each paper that a sentence of a topic is to be about; nothing for other prompts."""
    notes, asked, _ = request.messages[-1].content.partition("\n\nSentence:")
    return [note.split(": ", 1)[1] for note in notes.splitlines()] if asked else []


def add_papers(library: Library, titles: Sequence[str], day: date, abstract: str = "It works. It works well.") -> None:
    """Take papers of these titles in, as listed on a day; ids count from the day."""
    papers = [
        Paper(
            f"{day:%y%m}.{day:%d}{number:03}",
            clean_text(title),
            clean_text(abstract),
            Provenance.EXPORT,
            authors=(Author(clean_text(title)[:50]),),
            organization=clean_text(title)[:300],
        )
        for number, title in enumerate(titles, start=1)
    ]
    records = tuple(FeedRecord(paper, Listing(day, 7, 1), "{}", "test") for paper in papers)
    library.ingest(FeedBatch("test", records), NOW)


def digest_page(app: AssistantApp) -> DigestPage:
    """The digest page, which is open."""
    assert isinstance(app.screen, DigestPage)
    return app.screen


async def open_digest(pilot: Pilot[None], app: AssistantApp) -> DigestPage:
    """Go to the digest and wait until everything that starts by itself is done."""
    await pilot.press("f4")
    await drawn(pilot)
    return digest_page(app)


async def drawn(pilot: Pilot[None]) -> None:
    """Wait until workers are done and what they told is on the screen."""
    await settled(pilot)
    await pilot.pause(0.1)
    await settled(pilot)


def listing(app: AssistantApp) -> DigestList:
    """The list of the digest."""
    return digest_page(app).query_one(DigestList)


def items(app: AssistantApp) -> list[Item]:
    """What stands in the list."""
    return listing(app)._items


def listed_text(app: AssistantApp, width: int = 110) -> str:
    """The whole list as text."""
    return "\n".join(line.plain for item in items(app) for line in draw(item, width))


def status_text(app: AssistantApp) -> str:
    """The line about how far the digest is."""
    return listed_text(app).splitlines()[0]


def head_text(app: AssistantApp) -> str:
    """The line with the period."""
    return str(app.screen.query_one(".-period", Static).content)


def for_whom(app: AssistantApp) -> str:
    """The line about the profile; empty while it is hidden."""
    line = app.screen.query_one(".-profile", Static)
    return str(line.content) if line.parent and line.parent.display else ""


def notice_text(page: Page) -> str:
    """What the notice says; empty while it is hidden."""
    notice = page.query_one(Notice)
    return str(notice.content) if notice.display else ""


def abstract_text(page: Page) -> str:
    """Title and abstract that are shown, the evidence between « and »."""
    return "\n".join(str(part.content) for part in page.query_one(AbstractView).query(Static))


def heard(page: Page, kind: type[Message]) -> list[Message]:
    """The messages of a kind that the page sends from now on; the application does not get them."""
    caught: list[Message] = []
    post = page.post_message

    def catch(message: Message) -> bool:
        if isinstance(message, kind):
            caught.append(message)
            return True
        return post(message)

    page.post_message = catch  # type: ignore[method-assign]
    return caught
