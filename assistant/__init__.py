"""Daily Papers assistant: summaries, comparisons and answers with checked citations.

Importing any part of it switches off the telemetry of the packages below it, for the process and its children: see
`assistant.telemetry`.
"""

from typing import TYPE_CHECKING

from assistant import telemetry
from assistant._version import __version__

if TYPE_CHECKING:
    from assistant.services import Assistant

telemetry.switch_off()

__all__ = ["Assistant", "__version__"]


def __getattr__(name: str) -> object:
    """`Assistant`, loaded when a program asks for it: the command line does without."""
    if name == "Assistant":
        from assistant.services import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
