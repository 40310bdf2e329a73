"""Which papers a digest is made from: what is asked for, and the configuration where nothing is."""

from dataclasses import dataclass
from datetime import date, datetime

from assistant.config import Config, Profile, profile_named
from assistant.errors import UsageError
from assistant.reports.digest import (
    Choice,
    DigestPeriod,
    Order,
    PeriodPapers,
    first_missed_day,
    interests_of,
    new_papers,
    newest_day,
    period_papers,
)
from assistant.services.container import AppContainer


@dataclass(frozen=True, slots=True)
class DigestOptions:
    """What a reader asks for; None leaves it to the configuration.

    ``period`` None is the newest day, or with ``new`` everything since last time. ``profile`` "" is no profile.
    """

    period: DigestPeriod | None = None
    profile: str | None = None
    new: bool | None = None
    order: Order | None = None
    top: int | None = None


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """A wish with everything filled in; ``order`` None is that of the profile's scores."""

    period: DigestPeriod | None
    profile: Profile | None
    new: bool
    order: Order | None
    top: int
    catch_up_days: int

    @property
    def profile_name(self) -> str:
        """The name of the profile; empty without one."""
        return self.profile.name if self.profile else ""


def resolve_request(config: Config, wish: DigestOptions) -> DigestRequest:
    """The wish, filled in from the configuration. Raises `UsageError` for a profile that there is not."""
    settings = config.digest
    if wish.new and wish.period:
        raise UsageError(
            f"What is new has no period of its own: --new and {wish.period.label} do not go together.",
            "Leave one of them away.",
        )
    name = settings.profile if wish.profile is None else wish.profile
    profile = profile_named(config.profiles, name) if name else None
    return DigestRequest(
        wish.period,
        profile,
        (settings.new if wish.new is None else wish.new) and wish.period is None,
        wish.order or (None if profile else Order(settings.by)),
        wish.top or (profile.top if profile else 0) or settings.top,
        settings.catch_up_days,
    )


def days_of_request(container: AppContainer, request: DigestRequest, now: datetime) -> tuple[date, ...]:
    """The days that the feed is asked for, newest first; with ``new`` also days that were missed. Blocking."""
    from assistant.services.library_refresh import days_to_refresh

    library, today = container.library, now.date()
    missed = first_missed_day(library, request.profile_name, today, request.catch_up_days) if request.new else None
    return days_to_refresh(library, request.period, now, container.config.feeds.refresh_minutes, missed)


def selection_criteria(container: AppContainer, request: DigestRequest, now: datetime) -> Choice:
    """How the papers are chosen; its interests say which examples are missing. Blocking."""
    if request.profile is None:
        return Choice(request.order, request.top)
    until = request.period.last if request.period else now.date()
    interests = interests_of(container.library, request.profile, until)
    return Choice(request.order, request.top, interests, container.vectors.of)


def select_papers(container: AppContainer, request: DigestRequest, choice: Choice, now: datetime) -> PeriodPapers:
    """The papers; ``new`` may find none, see `nothing_new`. Blocking. Raises `NothingFound`."""
    library, today = container.library, now.date()
    if request.new:
        return new_papers(library, choice, today, request.catch_up_days)
    return period_papers(library, request.period or newest_day(library, today), choice, now)
