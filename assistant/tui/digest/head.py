"""The head of the page: the period with the ways around it, for whom its papers are, and remarks."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from assistant.reports.digest import SAMPLE_NOTICE
from assistant.text import counted
from assistant.tui.digest.navigator import title_of
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.widgets.action_link import ActionWord


class DigestHead(Widget):
    """One line with the period, one with the profile where there are some, one when papers are of the sample feed.

    ``keys`` are shown beside what they do, by the name of their action.
    """

    DEFAULT_CSS = """
    DigestHead { height: auto; padding: 0 1 0 0; }
    DigestHead > Horizontal { height: 1; }
    DigestHead ActionWord { padding: 0 1; color: $secondary; }
    DigestHead .-period { width: auto; max-width: 1fr; height: 1; text-style: bold; }
    DigestHead .-fill { width: 1fr; height: 1; }
    DigestHead > .-for { display: none; }
    DigestHead .-profile { width: 1fr; height: 1; padding: 0 0 0 3; color: $text-muted; text-overflow: ellipsis; }
    DigestHead > .-remark { height: auto; padding: 0 3; color: $text-muted; display: none; }
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Ways back and forth around the period; the lengths on the right."""
        with Horizontal():
            yield ActionWord(f"◀ {self._keys['digest.previous']}", "screen.step(-1)", tooltip="Earlier")
            yield Static("", classes="-period", markup=False)
            yield ActionWord(f"{self._keys['digest.next']} ▶", "screen.step(1)", tooltip="Later")
            yield Static("", classes="-fill")
            for length in ("day", "week", "month"):
                yield ActionWord(
                    f"{self._keys[f'digest.{length}']} {length}",
                    f"screen.resize('{length}')",
                    tooltip=f"The {length} here",
                )
            yield ActionWord(
                f"{self._keys['digest.choose']} other…", "screen.choose", tooltip="Choose a day, a week or a month"
            )
        with Horizontal(classes="-for"):
            yield Static("", classes="-profile", markup=False)
            yield ActionWord(
                f"{self._keys['digest.next_profile']} other profile",
                "screen.next_profile",
                tooltip="Papers for another profile",
            )
        yield Static("", classes="-remark", markup=False)

    def show_profile(self, text: str) -> None:
        """Say for whom the papers are chosen; the line is hidden when the text is empty."""
        self.query_one(".-profile", Static).update(Content(text))
        self.query_one(".-for").display = bool(text)

    def show(self, title: str, view_model: DigestViewModel | None) -> None:
        """Show the period of a digest, how many papers it has, and how many of them are selected; else the title."""
        if view_model is not None:
            selected = f" · {view_model.selected} selected" if view_model.selected else ""
            title = f"{title_of(view_model.period)} · {_papers_text(view_model)}{selected}"
        self.query_one(".-period", Static).update(Content(title))
        remark = self.query_one(".-remark", Static)
        remark.display = view_model is not None and view_model.from_sample
        remark.update(Content(SAMPLE_NOTICE if remark.display else ""))


def profile_text(profile: str, profiles: Sequence[str], view_model: DigestViewModel | None) -> str:
    """Whose papers are shown and which are left out; empty where there are no ``profiles``. ``profile`` "": all."""
    if not profile and not profiles:
        return ""
    left_out = [*view_model.plan.left_out, *_missing_texts(view_model)] if view_model else []
    return " · ".join((f"for {profile}" if profile else "everything", *left_out))


def _papers_text(view_model: DigestViewModel) -> str:
    papers, listed = len(view_model.sources), view_model.plan.listed
    return counted(papers, "paper") if papers == listed else f"{papers} of {counted(listed, 'paper')}"


def _missing_texts(view_model: DigestViewModel) -> list[str]:
    """The examples of the profile that are missing, in words; none when all are here."""
    return [f"not in the library: {', '.join(view_model.missing)}"] if view_model.missing else []
