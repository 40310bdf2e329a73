"""The writing of the digest that is shown: what was written before, beginning, stopping, failing, and new papers."""

from collections.abc import AsyncGenerator
from typing import Protocol, assert_never

from textual.message import Message

from assistant.errors import AssistantError
from assistant.reports.digest import DigestFinished
from assistant.tui.digest.progress import Stage
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.digest.worker import CachedShown, DigestGrew, WritingFailed, cached_digest, write_digest
from assistant.tui.session import Session

WritingMessage = DigestGrew | CachedShown | WritingFailed
"""What the writing posts, or the reading of cached texts."""


class WritingView(Protocol):
    """What the writing needs of the page."""

    @property
    def session(self) -> Session:
        """What the pages share."""
        ...

    def receive(self, messages: AsyncGenerator[Message, None]) -> None:
        """Post these messages as they come, in place of those of a writing before; `stop_receiving` closes them."""
        ...

    def stop_receiving(self) -> None:
        """Let no more messages of the writing come."""
        ...

    def show_activity(self, text: str) -> None:
        """Show what runs in the background; "" for nothing."""
        ...

    def redraw(self) -> None:
        """Show the digest as it is now."""
        ...

    def redraw_soon(self) -> None:
        """Show the digest as it is in a moment, together with what comes until then."""
        ...

    def announce(self, view_model: DigestViewModel) -> None:
        """Say that a digest is written, to a reader who is elsewhere."""
        ...

    def show_failure(self, error: AssistantError, *, reloads: bool) -> None:
        """Show why the writing ended; with ``reloads`` the period is loaded again meanwhile."""
        ...

    def clear_failure(self) -> None:
        """Show no failure any more."""
        ...

    def reload(self) -> None:
        """Load the period again."""
        ...


class DigestWriting:
    """Has the digest of one period written; ``view_model`` is that digest, None while no period is shown.

    It goes on when the reader leaves the page, and ends when another period is shown.
    """

    def __init__(self, view: WritingView) -> None:
        self.view_model: DigestViewModel | None = None
        self._view = view
        self._papers_changed = False

    @property
    def is_running(self) -> bool:
        """Whether a model writes."""
        return self.view_model is not None and self.view_model.stage is Stage.WRITING

    def show(self, view_model: DigestViewModel | None) -> None:
        """Stop what was being written of the period before; the new one has None where it has no papers."""
        self._view.stop_receiving()
        self._view.show_activity("")
        self._papers_changed = False
        self.view_model = view_model

    def load_cached(self) -> None:
        """Show what was written before."""
        if self.view_model is not None:
            self._view.receive(cached_digest(self._view.session, self.view_model))

    def begin(self) -> None:
        """Write what is missing, unless that is being done."""
        view_model = self.view_model
        if view_model is None or view_model.stage in {Stage.WRITING, Stage.DONE}:
            return
        self._view.clear_failure()
        view_model.begin()
        self._show_progress(view_model)
        self._view.redraw()
        self._view.receive(write_digest(self._view.session, view_model))

    def stop(self) -> None:
        """Stop at once; what came is kept."""
        if self.view_model is not None and self.is_running:
            self._view.stop_receiving()
            self.view_model.stop()
            self._view.show_activity("")
            self._view.redraw()
            self._catch_up()

    def papers_changed(self) -> None:
        """Load the period again, after the writing when it runs."""
        if self.is_running:
            self._papers_changed = True
        else:
            self._view.reload()

    # What comes of it

    def take(self, message: WritingMessage) -> None:
        """Take in what comes; of a period that is not shown any more it changes nothing on the page."""
        match message:
            case DigestGrew():
                self._grew(message)
            case CachedShown():
                message.view_model.offer(message.offer)
                self._view.redraw_soon()
            case WritingFailed():
                self._failed(message)
            case _:
                assert_never(message)

    def _grew(self, message: DigestGrew) -> None:
        view_model = message.view_model
        view_model.take(message.event)
        if view_model is not self.view_model:
            return
        if self.is_running:
            self._show_progress(view_model)
        if isinstance(message.event, DigestFinished):
            self._view.show_activity("")
            self._view.announce(view_model)
            self._catch_up()
        self._view.redraw_soon()

    def _failed(self, message: WritingFailed) -> None:
        message.view_model.fail()
        if message.view_model is self.view_model:
            self._view.show_activity("")
            self._view.redraw_soon()
            self._view.show_failure(message.error, reloads=self._catch_up())

    def _show_progress(self, view_model: DigestViewModel) -> None:
        self._view.show_activity(f"digest {view_model.period.label}: {view_model.progress}")

    def _catch_up(self) -> bool:
        """Load the period again when papers came while it was written."""
        if self._papers_changed:
            self._view.reload()
        return self._papers_changed
