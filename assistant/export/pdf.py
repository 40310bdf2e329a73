"""A page as PDF, through a converter that is on the machine."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import DeliveryError

if TYPE_CHECKING:
    from assistant.reports import Document
    from assistant.reports.digest import Digest

_REMEDY = "Install weasyprint, chromium or wkhtmltopdf, or take the page itself (a file in .html) and print it."
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Converter:
    """A program that turns a page into a PDF; ``arguments`` are its own for a page, a PDF and a folder to work in."""

    program: str
    arguments: Callable[[Path, Path, Path], Sequence[str]]


def _weasyprint(page: Path, pdf: Path, folder: Path) -> Sequence[str]:
    del folder
    return [str(page), str(pdf)]


def _chromium(page: Path, pdf: Path, folder: Path) -> Sequence[str]:
    options = [
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-dev-shm-usage",
        "--disable-extensions",
        "--no-pdf-header-footer",
    ]
    # The page needs nothing from outside, and the browser itself is to ask for nothing either: no name is looked up,
    # and what it tries all the same goes to a proxy that is not there. (Chromium 156 asks the system for a route to an
    # IPv6 address of Google's; no flag ends that, and no packet is sent.)
    options += [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-default-browser-check",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--proxy-server=http://127.0.0.1:9",
        "--proxy-bypass-list=<-loopback>",
    ]
    # Its sandbox does not work for root; the page has no script and loads nothing.
    options += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*options, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={pdf}", page.as_uri()]


def _wkhtmltopdf(page: Path, pdf: Path, folder: Path) -> Sequence[str]:
    del folder
    return ["--quiet", "--print-media-type", "--disable-javascript", "--disable-local-file-access", str(page), str(pdf)]


CONVERTERS = (
    Converter("weasyprint", _weasyprint),
    Converter("chromium", _chromium),
    Converter("chromium-browser", _chromium),
    Converter("google-chrome", _chromium),
    Converter("wkhtmltopdf", _wkhtmltopdf),
)
"""The converters that are known, the one that is asked first first."""


def require_converter() -> None:
    """Raise the `DeliveryError` of `pdf_of` when there is no converter on the search path."""
    if not any(shutil.which(converter.program) for converter in CONVERTERS):
        raise DeliveryError("No program on this machine makes a PDF of a page.", _REMEDY)


def pdf_of(page_html: str, *, timeout_seconds: float = 120.0) -> bytes:
    """The page as PDF, by the first converter on the search path that makes one. Blocking: seconds.

    ``timeout_seconds`` is what each converter may take. Raises `DeliveryError` without a converter, and with what
    each of them said when none makes a PDF.
    """
    require_converter()
    available = [(converter, path) for converter in CONVERTERS if (path := shutil.which(converter.program))]
    failures = []
    for converter, path in available:
        try:
            return _converted(converter, path, page_html, timeout_seconds)
        except _ConverterFailed as failed:
            failures.append(f"{converter.program} {failed}")
    raise DeliveryError(f"No PDF could be made: {'; '.join(failures)}.", "Take the page itself, a file in .html.")


def digest_pdf(digest: "Digest") -> bytes:
    """The page of a digest as PDF. Blocking, and raises, as `pdf_of`."""
    from assistant.export.html.page import digest_page

    return pdf_of(digest_page(digest))


def document_pdf(document: "Document") -> bytes:
    """The page of a document as PDF. Blocking, and raises, as `pdf_of`."""
    from assistant.export.html.page import document_page

    return pdf_of(document_page(document))


class _ConverterFailed(Exception):
    """A converter made no PDF; the text goes behind its name."""


def _converted(converter: Converter, path: str, page_html: str, timeout_seconds: float) -> bytes:
    try:
        with tempfile.TemporaryDirectory(prefix="assistant-pdf-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            page, pdf = folder / "page.html", folder / "page.pdf"
            page.write_text(page_html, encoding="utf-8", errors="replace")
            error_text = _run([path, *converter.arguments(page, pdf, folder)], folder, timeout_seconds)
            pdf_bytes = pdf.read_bytes() if pdf.is_file() else b""
    except OSError as error:
        raise _ConverterFailed(f"could not be run: {error.strerror or error}") from error
    if not pdf_bytes.startswith(b"%PDF-"):
        raise _ConverterFailed(f"made no PDF{': ' + error_text if error_text else ''}")
    return pdf_bytes


def _run(command: Sequence[str], folder: Path, timeout_seconds: float) -> str:
    """Run the converter to its end and return the last line it said; its children end with it."""
    log = folder / "log"
    # Its output goes to a file: a child that lives on would keep a pipe open.
    with (
        log.open("wb") as stream,
        subprocess.Popen(  # noqa: S603  # a program of the table above, with our own files
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        ) as process,
    ):
        try:
            process.wait(timeout_seconds)
        except subprocess.TimeoutExpired as error:
            raise _ConverterFailed(f"took longer than {timeout_seconds:g} seconds") from error
        finally:
            _end(process)
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:_LONGEST_REASON] if lines else ""


def _environment(folder: Path) -> dict[str, str]:
    """Ours, with a home for the converter that goes with its folder: browsers keep crash reports and caches there.

    Fonts of the user's own are found all the same: fontconfig looks into ``XDG_DATA_HOME`` for them.
    """
    fonts = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    own = {"HOME": str(folder)} | {
        f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "CACHE", "STATE")
    }
    return {**os.environ, **own, "XDG_DATA_HOME": fonts}


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the converter and what it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    except PermissionError:
        process.kill()
