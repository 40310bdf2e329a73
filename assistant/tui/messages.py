"""What pages ask the application to do, and how a sync goes on: typed messages that bubble up to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from assistant.errors import AssistantError
from assistant.library import Filters, StoredPaper


@dataclass
class AskAbout(Message):
    """Open the chat on just these papers; the next question is answered from them."""

    papers: Sequence[StoredPaper]


@dataclass
class SummarizePapers(Message):
    """Open the chat and summarize just these papers."""

    papers: Sequence[StoredPaper]


@dataclass
class ComparePapers(Message):
    """Open the comparison table of these papers."""

    papers: Sequence[StoredPaper]


@dataclass
class ShowPaper(Message):
    """Open the papers page with this paper's detail."""

    paper_id: str


@dataclass
class ShowPapers(Message):
    """Open the papers page on what passes the filters; ``label`` says what they are ("2026-W34")."""

    filters: Filters
    label: str


@dataclass
class ShowDigest(Message):
    """Open the digest page on a period as the reader names it: a day, an ISO week, a month; None is the newest day."""

    period: str | None = None


@dataclass
class ShowProfile(Message):
    """Open the digest page for a profile of the configuration, "" for everything, on the period it shows."""

    profile: str


@dataclass
class OpenConversation(Message):
    """Open the chat on a kept conversation."""

    conversation_id: int


@dataclass
class OpenSetup(Message):
    """Lead the reader through papers, models and keys."""


@dataclass
class PaperMarksChanged(Message):
    """Papers were starred, read or noted; the application tells every page that is open (`Page.marks_changed`)."""

    paper_ids: Sequence[str]


@dataclass
class Copy(Message):
    """Copy text; ``what`` says for the notice what it is ("the link")."""

    text: str
    what: str


@dataclass
class OpenLink(Message):
    """Open an address in the browser."""

    url: str


@dataclass
class Failed(Message):
    """Something could not be done; shown with its remedy, unless the page shows it in place itself."""

    error: AssistantError


@dataclass
class SyncProgress(Message):
    """A sync goes on; ``text`` says where it is, ``remark`` is something to be kept in view."""

    text: str
    remark: str | None = None


@dataclass
class SyncEnded(Message):
    """A sync is over. ``text`` says what it brought; ``error`` why it ended early, None when it did not."""

    text: str
    error: AssistantError | None = None
