"""One paper in full: facts, authors, links, abstract, note, upvotes over time, similar papers."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.widgets import Static

from assistant.errors import AssistantError
from assistant.export import PaperLink, paper_links
from assistant.library import PaperMarks, PaperRow, Snapshot, StoredPaper
from assistant.tui.messages import OpenLink
from assistant.tui.widgets.action_link import ActionWord
from assistant.tui.widgets.notice import Notice
from assistant.tui.widgets.paper_list import PaperList
from assistant.tui.widgets.text_layout import comments_text

_BARS = "▁▂▃▄▅▆▇█"
_WIDEST = 40


def history_text(snapshots: Sequence[Snapshot]) -> str:
    """Bars, first and last count with their days, and the last changes; says so when there is no history yet."""
    counted = [(snapshot.observed_at, snapshot.upvotes) for snapshot in snapshots if snapshot.upvotes is not None]
    if not counted:
        return "No upvotes are known."
    (first_at, first), (last_at, last) = counted[0], counted[-1]
    if len(counted) == 1:
        return f"No history yet: ▲ {first} on {first_at:%Y-%m-%d}. Each sync adds what changed."
    bars = sparkline([upvotes for _, upvotes in counted])
    changes = "  ".join(f"{at:%m-%d} ▲{upvotes}" for at, upvotes in counted[-6:])
    return f"{bars}  ▲ {first} → {last}, {first_at:%Y-%m-%d} to {last_at:%Y-%m-%d}\n{changes}"


def sparkline(numbers: Sequence[int]) -> str:
    """One bar a number, from lowest to highest; at most 40, evenly chosen, the first and the last among them."""
    if len(numbers) > _WIDEST:
        numbers = [numbers[round(place * (len(numbers) - 1) / (_WIDEST - 1))] for place in range(_WIDEST)]
    lowest, highest = min(numbers), max(numbers)
    if highest == lowest:
        return _BARS[3] * len(numbers)
    return "".join(_BARS[(number - lowest) * (len(_BARS) - 1) // (highest - lowest)] for number in numbers)


_AUTHORS_AT_FIRST = 12
_LONGEST_TITLE = 600
_LINK_KINDS = ("page", "pdf", "code", "project")


@dataclass(frozen=True, slots=True)
class DetailedPaper:
    """A paper with the reader's marks and its counts over time, oldest first."""

    stored: StoredPaper
    marks: PaperMarks
    snapshots: tuple[Snapshot, ...]

    @property
    def paper_id(self) -> str:
        """The paper's id."""
        return self.stored.paper.paper_id


class LinkLine(Static):
    """An address; a click opens it."""

    DEFAULT_CSS = """
    LinkLine { height: 1; text-wrap: nowrap; text-overflow: ellipsis; color: $secondary; }
    LinkLine:hover { text-style: underline; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._link: PaperLink | None = None

    def show(self, link: PaperLink | None) -> None:
        """Show an address, or nothing."""
        self._link = link
        self.display = link is not None
        self.update(Content(f"↗ {link.name}  {link.url}" if link else ""))

    def on_click(self, event: Click) -> None:
        """Open it."""
        if self._link is not None:
            event.stop()
            self.post_message(OpenLink(self._link.url))


class AuthorLine(Static):
    """The authors, the first twelve at first; a click shows the others."""

    def __init__(self) -> None:
        super().__init__("", classes="-authors", markup=False)
        self._names: Sequence[str] = ()
        self._folded = True

    def show(self, names: Sequence[str]) -> None:
        """Show the authors of a paper; the same ones stay unfolded."""
        if list(names) != list(self._names):
            self._names, self._folded = names, True
        self._write()

    def toggle(self) -> None:
        """Show all authors, or the first ones."""
        self._folded = not self._folded
        self._write()

    def on_click(self) -> None:
        """Show all authors, or the first ones."""
        self.toggle()

    def _write(self) -> None:
        rest = len(self._names) - _AUTHORS_AT_FIRST
        self.display = bool(self._names)
        if rest <= 0:
            self.update(Content(", ".join(self._names)))
        elif self._folded:
            self.update(Content(", ".join(self._names[:_AUTHORS_AT_FIRST]) + f" ▸ and {rest} more"))
        else:
            self.update(Content(", ".join(self._names) + " ▾ fewer"))


class PaperDetail(VerticalScroll):
    """The paper that is read or looked at; `opened` says whether the reader went into it."""

    DEFAULT_CSS = """
    PaperDetail { padding: 0 1; scrollbar-size-vertical: 1; border-left: vkey $panel; background: $surface; }
    PaperDetail:focus-within { border-left: vkey $primary; }
    PaperDetail > Static { width: 1fr; height: auto; }
    PaperDetail > .-title { text-style: bold; color: $primary; }
    PaperDetail > .-facts, PaperDetail > .-authors { margin-bottom: 1; }
    PaperDetail > .-facts, PaperDetail > .-authors, PaperDetail > .-keywords { color: $text-muted; }
    PaperDetail > .-keywords { margin-top: 1; }
    PaperDetail > .-heading { text-style: bold; color: $secondary; margin-top: 1; }
    PaperDetail > PaperList { height: auto; max-height: 18; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.paper: DetailedPaper | None = None
        self.opened = False

    def compose(self) -> ComposeResult:
        """Everything there may be; what a paper lacks is hidden."""
        yield ActionWord("‹ back to the list (Esc)", "screen.back", id="close-paper")
        yield Static("", classes="-title", markup=False)
        yield Static("", classes="-facts", markup=False)
        yield AuthorLine()
        for _ in _LINK_KINDS:
            yield LinkLine()
        yield Static("", classes="-keywords", markup=False)
        yield from _section("Abstract", "abstract")
        yield from _section("Note", "note")
        yield from _section("Upvotes", "history")
        yield Static("Similar papers", classes="-heading -for-similar", markup=False)
        yield Static("", classes="-similar", markup=False)
        yield PaperList(id="similar", selectable=False)
        yield Notice()

    def on_mount(self) -> None:
        """There is no paper yet."""
        self.clear_paper()

    def clear_paper(self) -> None:
        """Show no paper."""
        self.paper, self.opened = None, False
        self._display_all(False)

    def show(self, paper: DetailedPaper, *, opened: bool) -> None:
        """Show a paper; its similar papers follow with `show_similar` when it is opened.

        Another paper is shown from its top; going into the one that is looked at leaves the place.
        """
        same = self.paper is not None and self.paper.paper_id == paper.paper_id
        self.opened = opened
        self._display_all(True)
        self.renew(paper)
        self._text(".-similar", "looking for similar papers…" if opened else "Enter opens the paper and finds them.")
        self.query_one("#similar").display = False
        self.query_one(Notice).display = False
        if not same:
            self.scroll_home(animate=False)

    def renew(self, paper: DetailedPaper) -> None:
        """Show what is known of the paper now; similar papers and the place stay."""
        self.paper = paper
        text = paper.stored.paper
        title = text.title if len(text.title) <= _LONGEST_TITLE else text.title[:_LONGEST_TITLE] + "…"
        self._text(".-title", title)
        self.query_one(AuthorLine).show([author.name for author in text.authors])
        links = {link.kind: link for link in paper_links(text)}
        for line, kind in zip(self.query(LinkLine), _LINK_KINDS, strict=True):
            line.show(links.get(kind))
        self._text(".-keywords", " · ".join(text.keywords))
        self._text(".-abstract", text.abstract or "No abstract is known: the source gave none.")
        self._text(".-history", history_text(paper.snapshots))
        self.show_marks(paper.marks)

    def show_marks(self, marks: PaperMarks) -> None:
        """Show the reader's marks of the paper."""
        if self.paper is None:
            return
        self.paper = DetailedPaper(self.paper.stored, marks, self.paper.snapshots)
        self._text(".-facts", _facts(self.paper))
        self._text(".-note", marks.note)
        self.query_one(".-for-note").display = bool(marks.note)

    def show_similar(self, rows: Sequence[PaperRow]) -> None:
        """Show the papers that are like this one."""
        self._text(".-similar", "" if rows else "None.")
        similar = self.query_one("#similar", PaperList)
        similar.display = bool(rows)
        similar.set_rows(rows, to_top=True)

    def show_error(self, error: AssistantError) -> None:
        """Say why similar papers cannot be had."""
        self._text(".-similar", "")
        notice = self.query_one(Notice)
        notice.display = True
        notice.show_error(error)

    def toggle_authors(self) -> None:
        """Show all authors, or the first ones."""
        self.query_one(AuthorLine).toggle()

    def _display_all(self, displayed: bool) -> None:
        for child in self.query("PaperDetail > *").exclude("ActionWord"):
            child.display = displayed

    def _text(self, selector: str, text: str) -> None:
        widget = self.query_one(selector, Static)
        widget.display = bool(text)
        widget.update(Content(text))


def _section(heading: str, name: str) -> ComposeResult:
    yield Static(heading, classes=f"-heading -for-{name}", markup=False)
    yield Static("", classes=f"-{name}", markup=False)


def _facts(detailed: DetailedPaper) -> str:
    stored, marks = detailed.stored, detailed.marks
    days = [day.isoformat() for day in stored.days[-1:]]
    published = stored.paper.published
    if published is not None and published not in stored.days:
        days.append(f"arXiv {published.isoformat()}")
    counts = [
        f"▲ {stored.upvotes}" if stored.upvotes is not None else "",
        comments_text(stored.comments),
    ]
    reading_mark = f"read {marks.read_at:%Y-%m-%d}" if marks.read_at else "● unread"
    marked = [reading_mark, "★ starred" if marks.starred else ""]
    return " · ".join(part for part in (*days, *counts, stored.paper.organization or "", *marked) if part)
