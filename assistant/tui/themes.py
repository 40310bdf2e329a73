"""The application's own themes, dark and light; Textual's others can be chosen with `/theme` in the chat."""

from textual.theme import Theme

DARK = Theme(
    name="papers-dark",
    dark=True,
    primary="#f2b84b",
    secondary="#7aa2f7",
    accent="#9ece6a",
    foreground="#d8dbe2",
    background="#14161b",
    surface="#1a1d24",
    panel="#232730",
    success="#9ece6a",
    warning="#e0af68",
    error="#f7768e",
)
LIGHT = Theme(
    name="papers-light",
    dark=False,
    primary="#8a5200",
    secondary="#2952a3",
    accent="#2e6b1f",
    foreground="#22252b",
    background="#fdfcf9",
    surface="#f6f3ec",
    panel="#ebe6da",
    success="#2e6b1f",
    warning="#8a5200",
    error="#b3261e",
)
