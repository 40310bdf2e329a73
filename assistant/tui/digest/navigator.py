"""Which period the page shows, for whose profile, and the ways from there to others."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from textual.message import Message

from assistant.errors import AssistantError, NothingFound
from assistant.models import ModelChoice
from assistant.periods import Period, PeriodKind
from assistant.tui.digest.periods import PeriodChooser, neighbour
from assistant.tui.messages import Failed
from assistant.tui.session import Session

_NO_PROFILES = "The configuration has no profiles."
_PROFILES_REMEDY = "Write a table such as [profiles.robotics] into it."


class PeriodView(Protocol):
    """What the navigator needs of the page."""

    @property
    def session(self) -> Session:
        """What the pages share."""
        ...

    def load_period(self, label: str | None, profile: str) -> None:
        """Load a period as the reader names it, None for the newest day; ``profile`` "" takes all papers."""
        ...

    def show_remark(self, text: str) -> None:
        """Show a line for a short while."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the application."""
        ...


class PeriodNavigator:
    """Goes from one period to others.

    ``period`` is the one that is shown, None before any; ``days`` are those that have papers, with how many.
    """

    def __init__(self, view: PeriodView) -> None:
        self.period: Period | None = None
        self.days: Mapping[date, int] = {}
        self._view = view
        self._label: str | None = None
        self._profile: str | None = None
        self._loaded_once = False
        self._choice: ModelChoice | None = None

    @property
    def profile(self) -> str:
        """The profile that is shown, at first the configuration's; "" is everything."""
        return self._view.session.config.digest.profile if self._profile is None else self._profile

    def begin(self) -> None:
        """Go to the newest day, unless another period was asked for."""
        if not self._loaded_once:
            self.go_to(None)

    def go_to(self, label: str | None) -> None:
        """Load a period; None is the newest day that has papers."""
        self._loaded_once, self._label, self._choice = True, label, self._model_choice()
        self._view.load_period(label, self.profile)

    def reload(self) -> None:
        """Load the same period again."""
        self.go_to(self._label)

    @property
    def is_outdated(self) -> bool:
        """Whether the reader chose another model since the period was loaded."""
        return self._loaded_once and self._choice != self._model_choice()

    def shown(self, period: Period | None, days: Mapping[date, int]) -> None:
        """Go on from this period, which is shown now; from the one before where it could not be read (None)."""
        self.period = period or self.period
        self.days = days

    def step(self, direction: int) -> None:
        """Go to the period before (-1) or after (1) that has papers."""
        if self.period is None:
            return
        label = neighbour(self.period, self.days, direction)
        if label is None:
            self._view.show_remark(f"No {'earlier' if direction < 0 else 'later'} papers are in the library")
        else:
            self.go_to(label)

    def resize(self, kind: PeriodKind) -> None:
        """Go to the newest day of the period that has papers, or to the week or month around that."""
        if self.period is not None:
            within = [day for day in self.days if self.period.first <= day <= self.period.last]
            self.go_to(Period.containing(max(within, default=self.period.last), kind).label)

    def chooser(self) -> PeriodChooser:
        """Asks for another period; its answer is for `choose`."""
        current = self.period.label if self.period else ""
        return PeriodChooser(self.days, current, self._view.session.clock().date())

    def choose(self, label: str | None) -> None:
        """Go to a period that was chosen; None is no choice."""
        if label is not None:
            self.go_to(label)

    def show_profile(self, profile: str) -> None:
        """Show the same period for a profile; "" is everything."""
        self._profile = profile
        self.reload()

    def next_profile(self) -> None:
        """Show the papers for the next profile; behind the last one everything."""
        profiles = ["", *self._view.session.config.profiles]
        if len(profiles) == 1:
            self._view.post_message(Failed(NothingFound(_NO_PROFILES, _PROFILES_REMEDY)))
            return
        at = profiles.index(self.profile) if self.profile in profiles else -1
        self.show_profile(profiles[(at + 1) % len(profiles)])

    def _model_choice(self) -> ModelChoice | None:
        """Who would write; None when the configuration names no model."""
        try:
            return self._view.session.choice
        except AssistantError:
            return None
