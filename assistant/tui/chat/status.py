"""The line of facts below the chat: who writes, on what, how fast, for how much."""

from dataclasses import dataclass, field, replace
from time import monotonic

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from assistant.library import Filters, filter_labels
from assistant.models import ModelKind
from assistant.retrieval.query import ExtractedFilter
from assistant.tui.chat.answer_settings import WRITING_OPTIONS, NextAnswer
from assistant.tui.widgets.text_layout import papers_text

_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Status:
    """What the line says; None where there is nothing to say yet.

    ``question_filters`` are those that the last question's own words made. So many ``kept_papers`` answer the next
    question, unless it is ``about_papers`` that the reader chose. ``context_used`` and ``context_size`` are tokens,
    ``cost`` is in US dollars, ``seconds`` runs while ``writing``.
    """

    model: str = ""
    mode: str = ""
    settings: NextAnswer = field(default_factory=NextAnswer)
    question_filters: tuple[ExtractedFilter, ...] = ()
    kept_papers: int = 0
    about_papers: int = 0
    context_used: int | None = None
    context_size: int | None = None
    tokens_per_second: float | None = None
    cost: float | None = None
    seconds: float | None = None
    writing: bool = False

    def begun(self) -> "Status":
        """The status of a turn that begins now."""
        return replace(self, writing=True, seconds=0.0, tokens_per_second=None, context_used=None, question_filters=())


@dataclass(frozen=True, slots=True)
class _Part:
    """One fact: as it stands with room, and shortened; ``rank`` 0 is the last to go. A click runs the action."""

    text: str
    short: str
    rank: int
    action: str = ""


class StatusLine(Static):
    """Facts in one line; with little room they are shortened, then left out from the least to the most important."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; background: $surface; color: $text-muted; text-wrap: nowrap; }
    StatusLine.-writing { color: $secondary; }
    """

    status: reactive[Status] = reactive(Status(), init=False)

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def watch_status(self, status: Status) -> None:
        """Show it."""
        self.set_class(status.writing, "-writing")
        self._draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()

    def _draw(self) -> None:
        self.update(status_content(self.status, self.content_size.width), layout=False)


def status_content(status: Status, width: int) -> Content:
    """The line, at most ``width`` cells wide where that can be."""
    parts = _parts(status)
    texts = {part: part.text for part in parts}
    for shorten in (True, False):
        for part in sorted(parts, key=lambda each: -each.rank):
            if _width(texts) <= width or (not shorten and part.rank == 0):
                break
            if shorten:
                texts[part] = part.short
            else:
                del texts[part]
    contents = [
        Content(text).stylize(Style.from_meta({"@click": part.action}) + Style(underline=True)) if part.action
        else Content(text)
        for part, text in texts.items()
    ]  # fmt: skip
    return Content(_SEPARATOR).join(contents)


def _width(texts: dict[_Part, str]) -> int:
    return Content(_SEPARATOR.join(texts.values())).cell_length


def _parts(status: Status) -> list[_Part]:
    parts: list[_Part] = []
    if status.writing:
        seconds = status.seconds or 0.0
        parts.append(_Part(f"✎ writing {seconds:.1f} s", f"✎ {seconds:.0f}s", 1))
    if status.model:
        parts.append(_Part(status.model, _cut(status.model, 16), 0))
    if status.mode:
        parts.append(_Part(status.mode, status.mode, 2))
    if filters := filters_text(status.settings.filters):
        parts.append(_Part(f"{filters} ✕", f"{_cut(filters, 24)} ✕", 1, "screen.clear_filters"))
    for question_filter in status.question_filters:
        label = " ".join(question_filter.label.split())
        action = f"screen.ignore_found('{question_filter.kind.value}')"
        parts.append(_Part(f"{label} (from the question) ✕", f"{_cut(label, 24)} asked ✕", 1, action))
    parts += [
        _Part(text, text.partition(" ")[2], option.rank, option.click)
        for option in WRITING_OPTIONS
        if (text := option.status_text(status.settings))
    ]
    parts += _paper_parts(status)
    if status.context_used is not None and status.context_size:
        used, size = status.context_used, status.context_size
        parts.append(_Part(f"{used:,} of {size:,} tokens", f"{_thousands(used)}/{_thousands(size)}", 5))
    if status.tokens_per_second is not None:
        parts.append(_Part(f"{status.tokens_per_second:.1f} tokens/s", f"{status.tokens_per_second:.0f} t/s", 6))
    if status.cost is not None:
        parts.append(_Part(f"${status.cost:.4f}", f"${status.cost:.3f}", 4))
    if status.seconds is not None and not status.writing:
        parts.append(_Part(f"{status.seconds:.1f} s", f"{status.seconds:.0f}s", 7))
    return parts


def _paper_parts(status: Status) -> list[_Part]:
    """The papers that the next question is answered from; a click forgets them."""
    action = "screen.forget_papers"
    if status.about_papers:
        return [_Part(f"about {papers_text(status.about_papers)} ✕", f"{status.about_papers} chosen ✕", 2, action)]
    if status.kept_papers:
        return [_Part(f"{papers_text(status.kept_papers)} kept ✕", f"{status.kept_papers} kept ✕", 4, action)]
    return []


def mode_text(kind: ModelKind, *, offline: bool) -> str:
    """Where the text is written: "hosted", "offline local"; the extractive model's name says it already."""
    place = "" if kind is ModelKind.EXTRACTIVE else kind.value
    return " ".join(part for part in ("offline" if offline else "", place) if part)


def filters_text(filters: Filters) -> str:
    """The filters in force in few signs; empty when everything passes."""
    return ", ".join(filter_labels(filters))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _thousands(tokens: int) -> str:
    return str(tokens) if tokens < 1000 else f"{tokens / 1000:.1f}k"


_CHARACTERS_PER_TOKEN = 4
_SHORTEST_SECONDS = 0.3


@dataclass(slots=True)
class Speed:
    """Counts what comes; without ``measured`` only time is told, for what is no language model."""

    measured: bool = True
    _began: float = field(default_factory=monotonic)
    _first: float | None = None
    _last: float = 0.0
    _characters: int = 0

    def add(self, text: str) -> None:
        """Text came."""
        self._last = monotonic()
        if self._first is None:
            self._first = self._last
        self._characters += len(text)

    @property
    def seconds(self) -> float:
        """Since the question."""
        return monotonic() - self._began

    def tokens_per_second(self, tokens: int = 0) -> float | None:
        """Tokens a second since the first text; estimated from the text when the model's own count is not known (0).

        None before there is enough to tell.
        """
        if not self.measured or self._first is None or self._last - self._first < _SHORTEST_SECONDS:
            return None
        return (tokens or self._characters / _CHARACTERS_PER_TOKEN) / (self._last - self._first)
