"""Reading JSON that strangers wrote: nothing here trusts a type, a size or a depth."""

import json
import re
from datetime import UTC, date, datetime

from assistant.papers import clean_text
from assistant.text import quoted

_LARGEST_COUNT = 2**31 - 1
_LONGEST_LINK = 2_000
_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


class BrokenJson(ValueError):
    """The text is not JSON, or is JSON that this machine cannot hold; the message says where."""


def parse_json(text: str | bytes) -> object:
    """Parse a JSON text; `NaN` and infinities, which JSON does not have, become None.

    Raises:
        BrokenJson: also for numbers of thousands of digits and for nesting without end.
    """
    try:
        parsed: object = json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise BrokenJson(f"{error.msg} at line {error.lineno}, column {error.colno}") from error
    except ValueError as error:
        raise BrokenJson("a number or a character that cannot be read") from error
    except RecursionError as error:
        raise BrokenJson("nested too deeply") from error
    return parsed


def compact_json(value: object) -> str:
    """One line of JSON in ASCII: safe to store and to print, whatever the strings hold.

    Raises:
        BrokenJson: nested too deeply to be written.
    """
    try:
        return json.dumps(value, separators=(",", ":"))
    except RecursionError as error:
        raise BrokenJson("nested too deeply") from error


def count_of(value: object) -> int | None:
    """A count of votes or comments; None for anything that is not a whole number from 0 to 2^31."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_COUNT:
        return value
    return None


def day_of(value: object) -> date | None:
    """The UTC day of an ISO 8601 date or time (``2025-10-15T01:02:03.000Z``); None when it is neither."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        return None


def link_of(value: object) -> str | None:
    """An http or https address without white space; None for every other thing a link field may hold."""
    if not isinstance(value, str) or len(value) > _LONGEST_LINK:
        return None
    address = clean_text(value)
    return address if _WEB_ADDRESS.fullmatch(address) else None


def texts_of(value: object) -> tuple[str, ...]:
    """The texts of a list, cleaned, in order; what is empty or not text is left out."""
    if not isinstance(value, list):
        return ()
    cleaned = (clean_text(entry) for entry in value if isinstance(entry, str))
    return tuple(text for text in cleaned if text)


def error_text(value: object) -> str | None:
    """The reason in an ``{"error": …}`` body; None when the value is no such body."""
    if not isinstance(value, dict):
        return None
    reason = value.get("error")
    if isinstance(reason, dict):
        reason = reason.get("message")
    return quoted(reason) if isinstance(reason, str) and reason.strip() else None
