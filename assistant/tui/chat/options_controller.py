"""What holds from the next answer on: the reader's settings, the papers it is about, filters to leave out."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.verification import CheckMode
from assistant.errors import AssistantError
from assistant.library import Filters, StoredPaper
from assistant.retrieval.query import FilterKind
from assistant.tui.chat.answer_settings import WRITING_OPTIONS, AnswerOption, NextAnswer
from assistant.tui.chat.status import StatusLine, mode_text
from assistant.tui.session import Session
from assistant.tui.widgets.notice import Notice

_TITLES_SHOWN = 3
_LONGEST_TITLE = 80
_CHECK = next(option for option in WRITING_OPTIONS if option.name == "check")


class OptionsController:
    """Sets what the session's next answers come about by, and shows it in the status line.

    ``papers`` are the only ones that the next question is answered from, if there are some; ``ignored`` filters are
    not read out of a question that is asked again.
    """

    def __init__(self, session: Session, status_line: StatusLine, notice: Notice) -> None:
        self.papers: tuple[StoredPaper, ...] = ()
        self.ignored: frozenset[FilterKind] = frozenset()
        self._session = session
        self._status_line = status_line
        self._notice = notice

    @property
    def settings(self) -> NextAnswer:
        """The settings in force."""
        session = self._session
        return NextAnswer(session.filters, session.model_name, session.answer_options)

    def parse(self, option: AnswerOption, text: str) -> NextAnswer:
        """The settings with one changed as it is typed; nothing is set. Raises `UsageError`."""
        choices = option.choices(self._session) if option.choices else ()
        return option.parse(text, self.settings, choices)

    def set(self, option: AnswerOption, text: str) -> None:
        """Have a setting hold from the next answer on. Raises `UsageError`."""
        settings = self.parse(option, text)
        self._take(settings)
        if remark := option.remark(settings):
            self._notice.show_remark(remark)

    def next_check(self) -> None:
        """The next way of checking answers."""
        modes = list(CheckMode)
        self.set(_CHECK, modes[(modes.index(self.settings.check) + 1) % len(modes)])

    def clear_filters(self) -> None:
        """Remove the filters."""
        self._take(replace(self.settings, filters=Filters()))

    def ask_about(self, papers: Sequence[StoredPaper], remedy: str) -> None:
        """Have the next question answered from just these papers; ``remedy`` says how they are forgotten."""
        self.papers = tuple(papers)
        titles = "; ".join(paper.title[:_LONGEST_TITLE] for paper in papers[:_TITLES_SHOWN])
        more = f" and {len(papers) - _TITLES_SHOWN} more" if len(papers) > _TITLES_SHOWN else ""
        self._notice.show_remark(f"The next question is answered from {titles}{more}.", remedy)
        self.show()

    def forget_papers(self) -> None:
        """Have the next question answered from any paper."""
        self.papers = ()
        self.show()

    def forget_question(self) -> None:
        """Drop what held for one question alone: its papers, and the filters left out of it."""
        self.papers, self.ignored = (), frozenset()
        self.show()

    def show(self) -> None:
        """Show what holds now."""
        line = self._status_line
        line.status = replace(line.status, settings=self.settings, about_papers=len(self.papers))

    def show_writer(self) -> None:
        """Show who would write now, and everything else that holds."""
        self.show()
        try:
            choice = self._session.choice
        except AssistantError:
            return
        mode = mode_text(choice.kind, offline=self._session.config.offline)
        self._status_line.status = replace(self._status_line.status, model=choice.model, mode=mode)

    def _take(self, settings: NextAnswer) -> None:
        session = self._session
        session.filters, session.model_name = settings.filters, settings.model
        session.answer_options = settings.options
        self.show()
