"""The part of the chat page that is chosen: filters, papers kept, the model, how answers are checked."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on

from assistant.answering import TalkEvent
from assistant.answering.verification import CheckMode
from assistant.errors import AssistantError
from assistant.library import Filters
from assistant.models.assets import AssetKind
from assistant.retrieval.query import FilterKind
from assistant.services import ChatSession
from assistant.tui.chat.command_handlers import ModelChosen
from assistant.tui.chat.status import mode_text
from assistant.tui.chat.turn_controller import WritingPage

if TYPE_CHECKING:
    from assistant.answering import QuestionAnswerer

_CHECKS = {
    CheckMode.MARK: "check: mark. Sentences that are not supported are marked.",
    CheckMode.REPAIR: "check: repair. Sentences that are not supported are rewritten, or replaced by a quote.",
    CheckMode.STRICT: "check: strict. Only supported sentences are shown.",
}


class ChoosingPage(WritingPage):
    """What the chat page is to a reader who wants answers to come about in another way."""

    # Filters and papers kept

    def set_filters(self, filters: Filters) -> None:
        """Hold every question to these filters."""
        self.session.filters = filters
        self._update_status(self._status)

    def action_clear_filters(self) -> None:
        """Remove the filters."""
        self.set_filters(Filters())

    def action_forget_papers(self) -> None:
        """Let the next question search."""
        if self.talk is not None:
            self.talk.forget_papers()
        self._chosen = ()
        self.clear_remark()
        self._update_status(replace(self._status, kept=len(self.kept)))

    # Who writes

    def show_writer(self) -> None:
        """Show who would write now."""
        try:
            choice = self.session.choice
        except AssistantError:
            return
        mode = mode_text(choice.kind, offline=self.session.config.offline)
        self._update_status(replace(self._status, model=choice.model, mode=mode))

    @on(ModelChosen)
    def _model_chosen(self, event: ModelChosen) -> None:
        self.session.model_name = event.name
        self.host.refresh_writer()
        self.show_writer()
        self.remark(f"{event.name} writes from now on.")

    def arguments_of(self, command: str) -> Sequence[str]:
        """What may stand behind a command."""
        match command:
            case "model":
                return self.model_names()
            case "theme":
                return sorted(self.app.available_themes)
            case "check":
                return tuple(CheckMode)
            case "ignore":
                return tuple(FilterKind)
            case _:
                return ("md", "json")

    def model_names(self) -> list[str]:
        """The names that a model can be chosen by."""
        local = [asset.name for asset in self.session.container.assets.catalog if asset.kind is AssetKind.GGUF]
        return ["auto", "hosted", "local", "extractive", *local]

    # How answers are checked

    def set_check(self, mode: CheckMode) -> None:
        """Have answers checked so from the next one on."""
        self.session.check = mode
        self._update_status(self._status)
        self.remark(_CHECKS[mode])

    def action_next_check(self) -> None:
        """The next way of checking answers."""
        modes = list(CheckMode)
        self.set_check(modes[(modes.index(self.session.check) + 1) % len(modes)])

    def set_samples(self, samples: int) -> None:
        """Have so many answers written for a question from the next one on."""
        self.session.samples = samples
        self._update_status(self._status)
        many = f"{samples} answers are written for a question; the best supported one is kept."
        self.remark(many if samples > 1 else "One answer is written for a question.")

    async def action_anyway(self) -> None:
        """Have the last question answered although it was refused."""
        turns = self.talk.turns if self.talk else ()
        answer = turns[-1].answer if turns else None
        if answer is None or answer.refusal is None:
            self.remark("The last question was not refused.")
        else:
            await self.action_again(refuse=False)

    # What a question's own words ask for

    async def action_ignore_found(self, kind: str = "") -> None:
        """Ask the last question again without a filter that its words made, or without any of them."""
        turns = self.talk.turns if self.talk else ()
        understood = turns[-1].answer.understood if turns and turns[-1].answer else None
        found = {each.kind for each in understood.found} if understood else set()
        unwanted = found & {FilterKind(kind)} if kind else found
        if self.writing or not unwanted:
            self.remark("An answer is being written." if self.writing else "The question made no such filter.")
            return
        ignored, question, filters = self._ignored | unwanted, turns[-1].question, self.session.filters

        def begin(talk: ChatSession, answerer: "QuestionAnswerer") -> AsyncGenerator[TalkEvent, None]:
            return talk.ask_afresh(answerer, question, filters, ignored=ignored)

        if await self._start(begin, question, ""):
            self._ignored = ignored
