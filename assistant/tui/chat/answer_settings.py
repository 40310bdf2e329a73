"""How the next answer comes about: every setting a reader can change in the chat, in one table.

Slash commands, completion and the status line are made from the table.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Unpack

from assistant.answering.verification import CheckMode
from assistant.errors import UsageError
from assistant.library import READER_FILTERS, Filters, ReaderFilter, require_ordered
from assistant.models.assets import AssetKind
from assistant.services import AnswerOptions
from assistant.text import counted
from assistant.tui.session import Session

MOST_SAMPLES = 16
"""As the setting ``answers.samples`` has it."""

_CHECK_REMARKS = {
    CheckMode.MARK: "check: mark. Sentences that are not supported are marked.",
    CheckMode.REPAIR: "check: repair. Sentences that are not supported are rewritten, or replaced by a quote.",
    CheckMode.STRICT: "check: strict. Only supported sentences are shown.",
}
_WRITERS = ("auto", "hosted", "local", "extractive")


@dataclass(frozen=True, slots=True)
class NextAnswer:
    """The settings in force; ``model`` is a name as the reader gave it, such as "auto"."""

    filters: Filters = field(default_factory=Filters)
    model: str = "auto"
    options: AnswerOptions = field(default_factory=AnswerOptions)

    @property
    def check(self) -> CheckMode:
        """How answers are checked."""
        return self.options.get("check") or CheckMode.REPAIR

    @property
    def samples(self) -> int:
        """How many answers are written for a question."""
        return self.options.get("samples") or 1

    def with_options(self, **options: Unpack[AnswerOptions]) -> "NextAnswer":
        """The settings with other options of answers."""
        return replace(self, options={**self.options, **options})


Prepare = Callable[[Session, NextAnswer], Awaitable[None]]


def _nothing(_: NextAnswer) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class AnswerOption:
    """One setting: the slash command ``/name arguments``, what its text means, and how the status line shows it.

    ``parse`` takes the typed text, the settings in force and the ``choices``, which completion offers; it raises
    `UsageError`. ``prepare`` is awaited before the setting holds, for what takes a while. ``status_text`` is "" while
    the setting is as usual; with little room its first word goes, then the one of the highest ``rank``. ``click`` is
    the action of a click on it. ``remark`` says above the input what holds now.
    """

    name: str
    arguments: str
    meaning: str
    parse: Callable[[str, NextAnswer, Sequence[str]], NextAnswer]
    status_text: Callable[[NextAnswer], str] = _nothing
    rank: int = 1
    click: str = ""
    choices: Callable[[Session], Sequence[str]] | None = None
    prepare: Prepare | None = None
    remark: Callable[[NextAnswer], str] = _nothing


def _parse_filter(reader_filter: ReaderFilter, text: str, now: NextAnswer, _: Sequence[str]) -> NextAnswer:
    values: dict[str, Any] = {reader_filter.field: reader_filter.read(text)}
    filters = replace(now.filters, **values)
    require_ordered(filters, "Change one of them with /since or /until.")
    return replace(now, filters=filters)


def _parse_model(text: str, now: NextAnswer, choices: Sequence[str]) -> NextAnswer:
    if not text:
        raise UsageError(f"{now.model} writes now.", f"/model NAME takes one of {', '.join(choices)}, or a GGUF file.")
    return replace(now, model=text)


def _parse_check(text: str, now: NextAnswer, choices: Sequence[str]) -> NextAnswer:
    if text.casefold() not in choices:
        raise UsageError(f"{now.check} is how answers are checked now.", f"/check takes one of {', '.join(choices)}.")
    return now.with_options(check=CheckMode(text.casefold()))


def _parse_samples(text: str, now: NextAnswer, _: Sequence[str]) -> NextAnswer:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_SAMPLES):
        remedy = f"/samples takes a number from 1 to {MOST_SAMPLES}."
        raise UsageError(f"{counted(now.samples, 'answer')} written for a question now.", remedy)
    return now.with_options(samples=int(text))


def _samples_remark(now: NextAnswer) -> str:
    if now.samples == 1:
        return "One answer is written for a question."
    return f"{now.samples} answers are written for a question; the best supported one is kept."


def _model_names(session: Session) -> Sequence[str]:
    assets = session.container.assets.catalog
    return [*_WRITERS, *(asset.name for asset in assets if asset.kind is AssetKind.GGUF)]


async def _load_model(session: Session, settings: NextAnswer) -> None:
    await session.warm()
    await asyncio.to_thread(partial(session.container.models.choose, settings.model))
    await asyncio.to_thread(session.container.model, settings.model)


FILTER_OPTIONS = tuple(
    AnswerOption(
        each.command,
        each.command_argument,
        f"{each.help.rstrip('.')}; without a {each.noun} any",
        partial(_parse_filter, each),
    )
    for each in READER_FILTERS
    if each.command
)
"""The filters; the status line joins their labels, and one click removes them all."""

WRITING_OPTIONS = (
    AnswerOption(
        "model",
        "NAME",
        "Write with another model: auto, hosted, local, extractive or a name",
        _parse_model,
        choices=_model_names,  # the status line begins with the model that writes, which "auto" does not say
        prepare=_load_model,
        remark=lambda now: f"{now.model} writes from now on.",
    ),
    AnswerOption(
        "check",
        "MODE",
        "Sentences that are not supported: mark, repair, or strict (left out)",
        _parse_check,
        lambda now: "" if now.check is CheckMode.REPAIR else f"check: {now.check.value}",
        rank=3,
        click="screen.next_check",
        choices=lambda _: tuple(CheckMode),
        remark=lambda now: _CHECK_REMARKS[now.check],
    ),
    AnswerOption(
        "samples",
        "N",
        "Write so many answers and keep the best supported one",
        _parse_samples,
        lambda now: f"best of {now.samples}" if now.samples > 1 else "",
        rank=5,
        remark=_samples_remark,
    ),
)
"""How an answer is written and checked; each stands alone in the status line."""
