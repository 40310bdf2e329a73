"""The program that talks to the model hub, run as a child: a stalled connection is ended by ending it.

Called with repository, file, revision, destination, size in bytes and SHA-256. It writes one line for each step:
``ready`` (libraries are loaded), ``reached`` (the hub knows the file), ``Progress DONE of TOTAL``, and on failure
``failed KIND REASON`` with a kind of `unreachable`, `refused`, `wrong`, `full`. It is started by its path and uses
nothing else of this package.
"""

import errno
import io
import sys
from pathlib import Path
from urllib.parse import urlsplit

# The library's own step is ten times this: what an interruption loses, and what passes between two reports.
CHUNK_BYTES = 1 << 20


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
        """Write and report."""
        written = super().write(content)
        say(f"Progress {self.tell()} of {self._total}")
        return written


def fetch(repository: str, file: str, revision: str, destination: Path, size: int, sha256: str) -> None:
    """Download a file of the hub, going on where ``destination`` ends."""
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # exported lazily

    constants.DOWNLOAD_CHUNK_SIZE = CHUNK_BYTES
    say("ready")
    url = hf_hub_url(repository, file, revision=revision or None)
    found = get_hf_file_metadata(url, timeout=constants.HF_HUB_ETAG_TIMEOUT)
    say("reached")
    is_sha256 = found.etag is not None and len(found.etag) == len(sha256)
    if found.size not in {None, size} or (is_sha256 and found.etag != sha256):
        raise WrongFile(f"the file there is another one: {found.size} bytes, {found.etag}")
    headers = build_hf_headers()
    headers["Accept-Encoding"] = "identity"
    if urlsplit(found.location).netloc != urlsplit(url).netloc:
        headers.pop("authorization", None)  # a token is for the hub, not for the store it points to
    with CountedFile(destination, size) as content:
        if content.tell() > size:
            content.seek(0)
            content.truncate()
        http_get(found.location, content, resume_size=content.tell(), headers=headers, expected_size=size)


class WrongFile(Exception):
    """The hub has other bytes under this name."""


def explain(error: Exception) -> str:
    """The kind of a failure and its reason."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    match error:
        case WrongFile():
            return f"wrong {error}"
        case OfflineModeIsEnabled():
            return "unreachable it is switched off by HF_HUB_OFFLINE"
        case HfHubHTTPError():
            status = error.response.status_code
            kind = "unreachable" if status == 407 or status >= 500 else "refused"
            return f"{kind} it answers {status}"
        case httpx2.TransportError():
            return f"unreachable it does not answer ({type(error).__name__}: {error})"
        case OSError() if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return f"full {error}"
        case _:
            return f"refused {error}"


def main(arguments: list[str]) -> int:
    """Fetch, and say how it went; the exit code is 0 when the whole file is there."""
    import httpx2

    repository, file, revision, destination, size, sha256 = arguments
    try:
        fetch(repository, file, revision, Path(destination), int(size), sha256)
    except (OSError, WrongFile, httpx2.TransportError) as error:
        say(f"failed {explain(error)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
