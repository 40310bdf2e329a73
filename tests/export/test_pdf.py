"""PDFs: the first converter that makes one does; without any, or when all fail, the reader is told."""

import shutil
from pathlib import Path

import pytest

from assistant.errors import DeliveryError
from assistant.export.html.page import digest_page
from assistant.export.pdf import CONVERTERS, pdf_of
from tests.support.digest_factory import digest_by_topic

SHELL = "#!/bin/sh\n"
WRITES = SHELL + 'printf "%%PDF-1.7 of %s" "$(cat "$1")" > "$2"\n'


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole search path, with `cat` and `sleep` alone in it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cat", "sleep"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)


def test_without_a_converter_the_reader_is_told_which_there_are(programs: Path) -> None:
    with pytest.raises(DeliveryError, match="No program on this machine") as caught:
        pdf_of("<p>page</p>")
    assert "weasyprint, chromium or wkhtmltopdf" in (caught.value.remedy or "")


def test_the_first_converter_of_the_table_is_taken(programs: Path) -> None:
    install(programs, "weasyprint", WRITES)
    install(programs, "chromium", SHELL + "exit 1\n")
    assert pdf_of("<p>pägé</p>").decode() == "%PDF-1.7 of <p>pägé</p>"


def test_a_converter_keeps_nothing_in_the_readers_home(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    keeps = "\n".join(f'echo crash > "${name}/kept"' for name in ("HOME", "XDG_STATE_HOME/..", "XDG_CACHE_HOME/.."))
    install(programs, "weasyprint", f'{SHELL}{keeps}\nprintf "%%PDF-1.7 of %s" "$HOME" > "$2"\n')
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    place = Path(pdf_of("<p>page</p>").decode().partition(" of ")[2])

    assert list(home.iterdir()) == []
    assert not place.exists()


def test_when_one_fails_the_next_is_asked(programs: Path) -> None:
    install(programs, "weasyprint", SHELL + "echo no fonts >&2; exit 1\n")
    install(programs, "wkhtmltopdf", SHELL + 'while [ $# -gt 1 ]; do shift; done; printf "%%PDF-1.4" > "$1"\n')
    assert pdf_of("<p>page</p>") == b"%PDF-1.4"


def test_what_each_converter_said_is_told_when_none_makes_a_pdf(programs: Path) -> None:
    install(programs, "weasyprint", SHELL + "echo no fonts >&2; exit 1\n")
    install(programs, "chromium", SHELL + 'for a; do case $a in --print-to-pdf=*) echo x > "${a#*=}";; esac; done\n')
    install(programs, "wkhtmltopdf", "#!/no/such/interpreter\n")
    with pytest.raises(DeliveryError) as caught:
        pdf_of("<p>page</p>")
    assert (
        "weasyprint made no PDF: no fonts; chromium made no PDF; wkhtmltopdf could not be run" in caught.value.message
    )


def test_a_converter_that_hangs_is_ended_with_its_children(programs: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    install(programs, "weasyprint", SHELL + f"sleep 600 &\necho $! $$ > {pids}\nwait\n")
    with pytest.raises(DeliveryError, match=r"weasyprint took longer than 0\.5 seconds"):
        pdf_of("<p>page</p>", timeout_seconds=0.5)
    for pid in pids.read_text().split():
        assert _is_gone(int(pid))


def _is_gone(pid: int) -> bool:
    """Whether a process has ended; one that its parent has not looked after yet has."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return status.rpartition(")")[2].split()[0] in {"Z", "X"}


def test_nothing_is_left_behind(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))
    (tmp_path / "work").mkdir()
    install(programs, "weasyprint", WRITES)
    pdf_of("<p>page</p>")
    assert not list((tmp_path / "work").iterdir())


def test_a_real_converter_makes_a_pdf_of_a_digest() -> None:
    if not any(shutil.which(converter.program) for converter in CONVERTERS):
        pytest.skip("no converter is installed")
    made = pdf_of(digest_page(digest_by_topic()))
    assert made.startswith(b"%PDF-")
    assert b"%%EOF" in made[-64:]
