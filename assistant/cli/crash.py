"""What is kept of an unexpected failure: a file with its traceback, so that the terminal needs none."""

import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from assistant._version import __version__
from assistant.paths import default_folders


def write_crash_report(error: BaseException) -> Path | None:
    """Write the traceback to the log folder and return its path; None when nothing can be written there."""
    folder = default_folders().logs
    now = datetime.now(UTC)
    head = f"daily-papers-assistant {__version__}, Python {sys.version.split()[0]}, {sys.platform}, {now.isoformat()}\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        report = folder / f"crash-{now:%Y%m%d-%H%M%S}.log"
        report.write_text(head + "".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return None
    return report
