"""A page that shows one period: to the ones before and after it, to its day, week or month, or to any other."""

from collections.abc import Mapping
from datetime import date

from assistant.reports.digest.values import DigestPeriod
from assistant.tui.digest.periods import PeriodChooser, Span, label_of, neighbour
from assistant.tui.page import Page


class PeriodPage(Page):
    """Knows the period and the days that have papers; subclasses show them."""

    def __init__(self) -> None:
        super().__init__()
        self.period: DigestPeriod | None = None
        self.days: Mapping[date, int] = {}

    def go_to_period(self, label: str | None) -> None:
        """Show a period; None is the newest day that has papers."""
        raise NotImplementedError

    def action_previous(self) -> None:
        """Go to the period before."""
        self._step(-1)

    def action_next(self) -> None:
        """Go to the period after."""
        self._step(1)

    def action_newest(self) -> None:
        """Go to the newest day."""
        self.go_to_period(None)

    def action_day(self) -> None:
        """Go to the newest day of the period."""
        self._resize(Span.DAY)

    def action_week(self) -> None:
        """Go to the week of the day."""
        self._resize(Span.WEEK)

    def action_month(self) -> None:
        """Go to the month of the day."""
        self._resize(Span.MONTH)

    def action_choose(self) -> None:
        """Choose a period by hand."""
        current = self.period.label if self.period else ""
        self.app.push_screen(PeriodChooser(self.days, current, self.session.clock().date()), self._chosen_period)

    def _chosen_period(self, label: str | None) -> None:
        if label is not None:
            self.go_to_period(label)

    def _step(self, direction: int) -> None:
        if self.period is None:
            return
        label = neighbour(self.period, self.days, direction)
        if label is None:
            which = "earlier" if direction < 0 else "later"
            self.notify("", title=f"No {which} papers are in the library", markup=False)
        else:
            self.go_to_period(label)

    def _resize(self, span: Span) -> None:
        if self.period is not None:
            within = [day for day in self.days if self.period.first <= day <= self.period.last]
            self.go_to_period(label_of(max(within, default=self.period.last), span))
