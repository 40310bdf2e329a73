"""The application: its pages, what they ask of it, and the outermost edge where failures end."""

import asyncio
import logging
from contextlib import aclosing
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on, work
from textual.app import App
from textual.dom import DOMNode
from textual.reactive import reactive
from textual.screen import ModalScreen, Screen
from textual.theme import Theme
from textual.worker import Worker, WorkerState

from assistant.errors import AssistantError
from assistant.tui import messages
from assistant.tui.actions import ACTIONS, Action, bindings_of
from assistant.tui.exporting import has_browser, keep_copy
from assistant.tui.keymap import keymap_of
from assistant.tui.page import Page
from assistant.tui.session import Session
from assistant.tui.themes import DARK, LIGHT
from assistant.tui.ui_state import UiState
from assistant.tui.widgets.dialog import Dialog
from assistant.tui.widgets.title_bar import PAGES, TitleBar

if TYPE_CHECKING:
    from assistant.tui.chat.page import ChatPage
    from assistant.tui.digest.page import DigestPage
    from assistant.tui.papers.page import PapersPage

_PAGE_CLASSES = {
    "chat": "assistant.tui.chat.page:ChatPage",
    "papers": "assistant.tui.papers.page:PapersPage",
    "digest": "assistant.tui.digest.page:DigestPage",
    "trends": "assistant.tui.trends.page:TrendsPage",
    "conversations": "assistant.tui.conversations.page:ConversationsPage",
    "setup": "assistant.tui.setup.screen:SetupScreen",
}
"""Where each page is; imported when it is first opened."""

_SYNC = "sync"
_LOOKED_AT_SECONDS, _LONGEST_WAIT_SECONDS = 0.02, 10.0
"""How long the end waits for what a dialog gave to be kept."""

_log = logging.getLogger(__name__)


def _page_of(scope: str) -> Page:
    module, _, name = _PAGE_CLASSES[scope].partition(":")
    page = getattr(import_module(module), name)()
    assert isinstance(page, Page)  # noqa: S101  # the table names pages
    return page


def _action_provider() -> Any:
    from assistant.tui.palette import ActionProvider

    return ActionProvider


def _paper_provider() -> Any:
    from assistant.tui.palette import PaperProvider

    return PaperProvider


def _failure_text(error: BaseException, log_file: Path) -> tuple[str, str | None]:
    """What went wrong and its remedy; a failure that nobody expected is logged, and the log is the remedy."""
    if isinstance(error, AssistantError):
        return error.message, error.remedy
    _log.error("unexpected failure", exc_info=error)
    return f"Something unexpected happened: {type(error).__name__}", f"The details are in {log_file}."


def _writer_text(session: Session) -> str:
    """Who writes, for the title bar."""
    try:
        choice = session.choice
    except AssistantError as error:
        text = error.message
    else:
        kind = None if choice.model == choice.kind else choice.kind.value
        facts = ", ".join(fact for fact in ("offline" if session.config.offline else None, kind) if fact)
        text = f"{choice.model} ({facts})" if facts else choice.model
    return f"sample papers · {text}" if session.container.shows_sample else text


class AssistantApp(App[None]):
    """The terminal application on a session; what it remembers is read from and written to ``state_file``.

    Raises `ConfigError` when the configuration's key map names an unknown action.
    """

    TITLE = "Daily Papers"
    CSS = "Screen { background: $background; } ModalScreen { background: $background 60%; }"
    BINDINGS = bindings_of(ACTIONS["app"])
    COMMANDS = {_action_provider, _paper_provider}
    MODES: ClassVar[Any] = {scope: partial(_page_of, scope) for scope in _PAGE_CLASSES}

    activity: reactive[str] = reactive("", init=False)
    """What runs in the background, for the title bar; its parts come by `show_activity`."""

    def __init__(self, session: Session, state_file: Path) -> None:
        super().__init__()
        self.failure: Exception | None = None
        self.session = session
        self.remembered = UiState.read(state_file)
        self._state_file = state_file
        self._activities: dict[str, str] = {}
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        theme = self.remembered.theme
        self.theme = theme if theme in self.available_themes else DARK.name
        self._own_keys = keymap_of(session.config.keys)
        self.set_keymap(self._own_keys)

    async def on_mount(self) -> None:
        """Open the page of the last run; load what search needs behind it."""
        page = self.remembered.page
        await self.switch_mode(page if page in PAGES else "chat")
        self.theme_changed_signal.subscribe(self, self._theme_changed)
        self.call_after_refresh(self._begin)

    def _theme_changed(self, theme: Theme) -> None:
        self.remembered.theme = theme.name
        self.remember()

    @work(exit_on_error=False, group="start")
    async def _begin(self) -> None:
        library = await self.session.library()
        self.refresh_writer()
        if not self.remembered.introduced and await asyncio.to_thread(library.newest_day) is None:
            await self.action_setup()
        await self.session.warm()

    def on_unmount(self) -> None:
        """Keep what the application remembers."""
        self.remember()

    def remember(self) -> None:
        """Write what the application remembers: at the end, and after each change that must outlive a crash."""
        self.remembered.write(self._state_file)

    # The outermost edge

    def _handle_exception(self, error: Exception) -> None:
        """Keep what ended the application: it is raised again when the terminal is as it was (`run_application`)."""
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave out the traceback that Textual 8 prints, with the values of variables: the crash report has it."""
        self._close_messages_no_wait()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Failures of background work end here: shown with their remedy, details in the log."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.report(event.worker.error)
        if event.state is WorkerState.CANCELLED and event.worker.group == _SYNC:
            self.papers_changed()

    def report(self, error: BaseException) -> None:
        """Show a failure; one that nobody expected is written to the log and said so."""
        message, remedy = _failure_text(error, self.session.container.folders.logs / "assistant.log")
        self.notify(remedy or "", title=message, severity="error", timeout=10, markup=False)

    @on(messages.Failed)
    def _failed(self, event: messages.Failed) -> None:
        self.report(event.error)

    # Pages

    async def action_show_page(self, scope: str) -> None:
        """Go to a page; a dialog that is open stays on its own page."""
        if self.current_mode == scope and isinstance(self.screen, Page):
            await self._uncover()
        await self.switch_mode(scope)
        self._page_shown(scope)

    async def open_page(self, scope: str) -> Page:
        """Go to a page and return it, mounted, with nothing above it."""
        await self.switch_mode(scope)
        await self._uncover()
        self._page_shown(scope)
        page = self.screen
        assert isinstance(page, Page)  # noqa: S101  # every mode begins with its page
        return page

    async def _uncover(self) -> None:
        """Close everything above the page; a dialog keeps what was typed, and who waits for one gets its answer."""
        while len(self.screen_stack) > 1:
            screen = self.screen
            if isinstance(screen, Dialog):
                screen.leave()
            elif isinstance(screen, ModalScreen):
                screen.dismiss(None)
            else:
                await self.pop_screen()

    async def action_quit(self) -> None:
        """Leave the application; what is typed in dialogs is kept first."""
        await self.leave()

    async def leave(self, return_code: int = 0) -> None:
        """Close every dialog, on whatever page, wait for what its page does with the answer, and end."""
        for mode, stack in tuple(self._screen_stacks.items()):
            if any(isinstance(screen, Dialog) for screen in stack):
                await self.switch_mode(mode)
                await self._uncover()
                await self._wait_for_work_of(self.screen)
        self.exit(return_code=return_code)

    async def _wait_for_work_of(self, screen: Screen[Any]) -> None:
        now = asyncio.get_running_loop().time
        ends = now() + _LONGEST_WAIT_SECONDS
        while now() < ends and self._work_of(screen):  # noqa: ASYNC110  # more may begin meanwhile
            await asyncio.sleep(_LOOKED_AT_SECONDS)

    def _work_of(self, node: DOMNode) -> list[Worker[Any]]:
        return [worker for worker in self.workers if worker.node is node and not worker.is_finished]

    def _page_shown(self, scope: str) -> None:
        self.remembered.page = scope
        self.refresh_writer()
        self._show_activity()

    @on(messages.AskAbout)
    async def _ask_about(self, event: messages.AskAbout) -> None:
        chat = cast("ChatPage", await self.open_page("chat"))
        await chat.ask_about(event.papers)

    @on(messages.SummarizePapers)
    async def _summarize(self, event: messages.SummarizePapers) -> None:
        chat = cast("ChatPage", await self.open_page("chat"))
        await chat.turns.summarize(event.papers)

    @on(messages.OpenConversation)
    async def _open_conversation(self, event: messages.OpenConversation) -> None:
        chat = cast("ChatPage", await self.open_page("chat"))
        await chat.open_conversation(event.conversation_id)

    @on(messages.ShowPaper)
    async def _show_paper(self, event: messages.ShowPaper) -> None:
        papers = cast("PapersPage", await self.open_page("papers"))
        await papers.show_paper(event.paper_id)

    @on(messages.ShowPapers)
    async def _show_papers(self, event: messages.ShowPapers) -> None:
        papers = cast("PapersPage", await self.open_page("papers"))
        await papers.show_filtered(event.filters, event.label)

    @on(messages.ShowDigest)
    async def _show_digest(self, event: messages.ShowDigest) -> None:
        digest = cast("DigestPage", await self.open_page("digest"))
        await digest.show_period(event.period)

    @on(messages.ShowProfile)
    async def _show_profile(self, event: messages.ShowProfile) -> None:
        digest = cast("DigestPage", await self.open_page("digest"))
        digest.show_profile(event.profile)

    @on(messages.ComparePapers)
    async def _compare(self, event: messages.ComparePapers) -> None:
        from assistant.tui.compare.screen import CompareScreen

        await self.push_screen(CompareScreen(event.papers))

    @on(messages.OpenSetup)
    async def action_setup(self) -> None:
        """Lead the reader through papers, models and keys."""
        await self.switch_mode("setup")
        self.refresh_writer()
        self._show_activity()

    async def action_help(self) -> None:
        """Show every key."""
        from assistant.tui.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
            return
        scope = self.screen.SCOPE if isinstance(self.screen, Page) else "app"
        keys = {action.name: self.keys_of(action) for table in ACTIONS.values() for action in table}
        await self.push_screen(HelpScreen(scope, keys))

    def keys_of(self, action: Action) -> str:
        """The keys of an action as they are shown, the reader's own in place of the usual ones."""
        keys = self._own_keys.get(action.name, action.keys)
        return " ".join(key.strip().replace("ctrl+", "^") for key in keys.split(",") if key)

    def action_next_theme(self) -> None:
        """Change between the dark and the light theme."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    # Background work

    def refresh_writer(self) -> None:
        """Show in the title bar who writes; called when the model or the page changed."""
        text = _writer_text(self.session)
        for bar in self.screen.query(TitleBar):
            bar.writer = text

    def show_activity(self, source: str, text: str) -> None:
        """Say what one source does in the background ("sync", "digest"); "" when it does nothing any more."""
        self._activities[source] = text
        self.activity = " · ".join(text for text in self._activities.values() if text)

    def watch_activity(self) -> None:
        """Show what runs."""
        self._show_activity()

    def _show_activity(self) -> None:
        for bar in self.screen.query(TitleBar):
            bar.activity = self.activity

    def action_sync(self) -> None:
        """Fetch the newest papers in the background; stop it when it runs."""
        if self._syncs:
            self.workers.cancel_group(self, _SYNC)
            self.show_activity(_SYNC, "")
            self.notify("What came is kept.", title="Sync stopped")
        else:
            self._sync()

    @property
    def _syncs(self) -> list[Worker[Any]]:
        return [worker for worker in self._work_of(self) if worker.group == _SYNC]

    @work(group=_SYNC, exit_on_error=False)
    async def _sync(self) -> None:
        from assistant.tui.sync_progress import sync_newest

        async with aclosing(sync_newest(self.session)) as progress:
            async for message in progress:
                self.post_message(message)

    @on(messages.SyncProgress)
    def _sync_goes_on(self, event: messages.SyncProgress) -> None:
        if any(not worker.is_cancelled for worker in self._syncs):
            self.show_activity(_SYNC, event.text)

    @on(messages.SyncEnded)
    def _sync_ended(self, event: messages.SyncEnded) -> None:
        self.show_activity(_SYNC, "")
        if event.error is not None:
            self.report(event.error)
        else:
            self.notify(event.text, title="Sync finished", markup=False)
        self.papers_changed()

    def papers_changed(self) -> None:
        """Tell every page that the library changed."""
        self.refresh_writer()
        for page in self._open_pages():
            page.papers_changed()

    @on(messages.PaperMarksChanged)
    def _marks_changed(self, event: messages.PaperMarksChanged) -> None:
        for page in self._open_pages():
            page.marks_changed(event.paper_ids)

    def _open_pages(self) -> list[Page]:
        return [screen for stack in self._screen_stacks.values() for screen in stack if isinstance(screen, Page)]

    # Copying and links

    @on(messages.Copy)
    def _copy(self, event: messages.Copy) -> None:
        self.copy_to_clipboard(event.text)
        file = keep_copy(event.text, self.session.container.folders.logs)
        also = f"also in {file}" if file else ""
        self.notify(also, title=f"Copied {event.what}", markup=False)

    @on(messages.OpenLink)
    def _open_link(self, event: messages.OpenLink) -> None:
        if not self.is_web and not has_browser():
            self._copy(messages.Copy(event.url, "the link, for there is no browser here"))
            return
        self.open_url(event.url)
        self.notify(event.url, title="Opened in the browser", markup=False)
