"""The program that talks to the model hub, run as a child: a stalled connection is ended by ending it.

Called with repository, file, revision, destination, size in bytes (0 where it is not known), SHA-256 (likewise empty),
and the seconds to wait before trying once more. It writes one line for each step: ``ready`` (libraries are loaded),
``reached`` (the hub knows the file), ``Progress DONE of TOTAL``, and on failure ``failed KIND REASON`` with a kind of
`unreachable`, `refused`, `wrong`, `full`. It is started by its path and uses nothing else of this package.

The hub library's own download keeps what came in whole chunks alone, waits a second after each cut, and goes one call
deeper with each: over a line that is cut every 100 kB it gets nowhere. So the body is read here.
"""

import errno
import hashlib
import io
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx2

_TRIES_IN_VAIN = 5
_SHA256_DIGITS = 64
_LONGEST_WAIT_SECONDS = 16.0
_WAIT_AFTER_PROGRESS_SECONDS = 0.05
_RANGE_UNSATISFIABLE = 416
_RUN_OUT_STATUSES = frozenset({401, 403})
_PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_CONTENT_RANGE = re.compile(r"bytes\s+(\d+)-", re.IGNORECASE)


def say(line: str) -> None:
    """Tell the parent; a parent that is gone ends this program."""
    sys.stdout.write(" ".join(line.split()) + "\n")
    sys.stdout.flush()


class CountedFile(io.BufferedRandom):
    """A file that tells how much of it is written."""

    def __init__(self, path: Path, total: int) -> None:
        path.touch()
        super().__init__(io.FileIO(path, "r+"))
        self.seek(0, io.SEEK_END)
        self._total = total

    def write(self, content: bytes, /) -> int:  # type: ignore[override]  # the one kind of buffer that comes here
        """Write, so that nothing is lost when this program is ended, and report."""
        written = super().write(content)
        self.flush()
        say(f"Progress {self.tell()} of {self._total}")
        return written

    def discard(self) -> None:
        """Begin again with nothing."""
        self.seek(0)
        self.truncate()


@dataclass(frozen=True, slots=True)
class Order:
    """The file to bring, where to, what it is to be, and the first wait after a try that brought nothing."""

    repository: str
    file: str
    revision: str
    destination: Path
    size: int
    sha256: str
    wait_seconds: float


def fetch(order: Order) -> None:
    """Download a file of the hub, going on where the destination ends."""
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
    from huggingface_hub.utils import build_hf_headers, get_session  # type: ignore[attr-defined]  # exported lazily

    say("ready")
    url = hf_hub_url(order.repository, order.file, revision=order.revision or None)
    metadata = get_hf_file_metadata(url, timeout=constants.HF_HUB_ETAG_TIMEOUT)
    say("reached")
    requested, order = order, completed(order, metadata.size, metadata.etag)
    size = order.size
    is_sha256 = metadata.etag is not None and len(metadata.etag) == len(order.sha256)
    if metadata.size not in {None, size} or (is_sha256 and metadata.etag != order.sha256):
        raise WrongFile(f"the file there is another one: {metadata.size} bytes, {metadata.etag}")
    headers = build_hf_headers()
    headers["Accept-Encoding"] = "identity"

    def place(location: str) -> Place:
        # A token is for the hub, not for the store that it points to.
        is_hub = urlsplit(location).netloc == urlsplit(url).netloc
        return Place(location, {key: value for key, value in headers.items() if is_hub or key != "authorization"})

    def place_again() -> Place:
        return place(get_hf_file_metadata(url, timeout=constants.HF_HUB_ETAG_TIMEOUT).location)

    with CountedFile(order.destination, size) as content:
        if content.tell() > size:
            content.discard()
        download(get_session(), place(metadata.location), place_again, content, order)
    if order.sha256 != requested.sha256 and (got := sha256_of(order.destination)) != order.sha256:
        raise WrongFile(f"its bytes have the SHA-256 {got}, and the hub says {order.sha256}")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def completed(order: Order, size: int | None, etag: str | None) -> Order:
    """The order, with what the hub says of a file whose bytes the list does not know."""
    if order.size:
        return order
    if not size:
        raise WrongFile("the hub does not say how long the file is")
    return replace(order, size=size, sha256=etag if etag and len(etag) == _SHA256_DIGITS else "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the file is asked for, and with which headers."""

    url: str
    headers: Mapping[str, str]


def download(
    session: "httpx2.Client", place: Place, place_again: Callable[[], Place], content: CountedFile, order: Order
) -> None:
    """Ask for the rest of a file until it is whole, however often the line is cut; only tries in vain are counted.

    ``place_again`` asks the hub for the place: the links to its store run out. Raises `BrokenOff`, or what the last try
    failed with where no byte ever came.
    """
    import httpx2

    size, furthest, in_vain, discarded = order.size, content.tell(), 0, False
    placed_at = content.tell()
    while content.tell() < size:
        failure: Exception | None = None
        try:
            receive(session, place, content, size)
        except (httpx2.HTTPError, OutOfRange) as error:
            if is_out_of_range(error):
                if discarded:
                    where = f"{content.tell()} of {size} bytes"
                    raise BrokenOff(f"nothing follows after {where}; what came is kept") from error
                content.discard()
                furthest, discarded = 0, True
                continue
            if has_run_out(error) and content.tell() > placed_at:
                place, placed_at = place_again(), content.tell()
                continue
            if not may_pass(error):
                raise
            failure = error
        in_vain = 0 if content.tell() > furthest else in_vain + 1
        furthest = max(furthest, content.tell())
        if in_vain == _TRIES_IN_VAIN:
            if furthest == 0 and failure is not None:
                raise failure
            where = f"the answer broke off at {furthest} of {size} bytes"
            raise BrokenOff(f"{where}, and {in_vain} more tries brought nothing; what came is kept")
        longer = min(_LONGEST_WAIT_SECONDS, order.wait_seconds * 2.0 ** (in_vain - 1))
        time.sleep(longer if in_vain else _WAIT_AFTER_PROGRESS_SECONDS)


def receive(session: "httpx2.Client", place: Place, content: CountedFile, size: int) -> None:
    """Take what one answer gives, each piece as it comes.

    Of an answer that begins before the end of the file, as those of servers without ranges do, that much is skipped.
    """
    from huggingface_hub import constants
    from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]  # exported lazily

    start, timeout = content.tell(), constants.HF_HUB_DOWNLOAD_TIMEOUT
    ranged = {**place.headers, "Range": f"bytes={start}-"} if start else dict(place.headers)
    with session.stream("GET", place.url, headers=ranged, timeout=timeout, follow_redirects=True) as response:
        hf_raise_for_status(response)
        begins = first_byte(response, start)
        if begins > start:
            raise OutOfRange
        to_skip = start - begins
        for piece in response.iter_bytes():
            fresh, to_skip = piece[to_skip:], max(0, to_skip - len(piece))
            if content.tell() + len(fresh) > size:
                raise WrongFile(f"it has more than the {size} bytes that the list names")
            if fresh:
                content.write(fresh)


def first_byte(response: "httpx2.Response", requested_start: int) -> int:
    """Where in the file the body begins."""
    if response.status_code != 206:
        return 0
    content_range = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    return int(content_range[1]) if content_range else requested_start


def is_out_of_range(error: Exception) -> bool:
    """Whether the server has nothing where the file ends here: what is here is not the beginning of what is there."""
    from huggingface_hub.errors import HfHubHTTPError

    return isinstance(error, OutOfRange) or (
        isinstance(error, HfHubHTTPError) and error.response.status_code == _RANGE_UNSATISFIABLE
    )


def has_run_out(error: Exception) -> bool:
    """Whether the link may have been good for a time only."""
    from huggingface_hub.errors import HfHubHTTPError

    return isinstance(error, HfHubHTTPError) and error.response.status_code in _RUN_OUT_STATUSES


def may_pass(error: Exception) -> bool:
    """Whether trying once more may help."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError

    if isinstance(error, HfHubHTTPError):
        return error.response.status_code in _PASSING_STATUSES
    return isinstance(error, httpx2.TransportError | httpx2.DecodingError) and not isinstance(
        error, httpx2.UnsupportedProtocol
    )


class OutOfRange(Exception):
    """The server gives a part of the file that lies behind the one asked for."""


class BrokenOff(Exception):
    """Answers of the hub end before the file does, and no try brings more of it; what came is kept."""

    kind = "refused"


class WrongFile(Exception):
    """The hub has other bytes under this name."""

    kind = "wrong"


def explain(error: Exception) -> str:
    """The kind of a failure and its reason."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    match error:
        case WrongFile() | BrokenOff():
            explanation = f"{error.kind} {error}"
        case OfflineModeIsEnabled():
            explanation = "unreachable it is switched off by HF_HUB_OFFLINE"
        case HfHubHTTPError():
            status = error.response.status_code
            kind = "unreachable" if status == 407 or status >= 500 else "refused"
            explanation = f"{kind} it answers {status}"
        case httpx2.RemoteProtocolError() | httpx2.ReadError() | httpx2.DecodingError():
            explanation = f"refused the answer broke off ({error})"
        case httpx2.RequestError():
            explanation = f"unreachable it does not answer ({type(error).__name__}: {error})"
        case OSError() if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            explanation = f"full {error}"
        case _:
            explanation = f"refused {error}"
    return explanation


def main(arguments: list[str]) -> int:
    """Fetch, and say how it went; the exit code is 0 when the whole file is there."""
    import httpx2

    repository, file, revision, destination, size, sha256, wait_seconds = arguments
    try:
        fetch(Order(repository, file, revision, Path(destination), int(size), sha256, float(wait_seconds)))
    except (OSError, WrongFile, BrokenOff, httpx2.RequestError) as error:
        say(f"failed {explain(error)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
