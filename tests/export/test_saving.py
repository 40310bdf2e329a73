"""Files are written whole or not at all, and what the system refuses is said with what to do about it."""

import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import DeliveryError
from assistant.files import replacing, require_writable, save_bytes, save_text

ROOT = os.geteuid() == 0
LIMITED = """
import resource, signal, sys
from pathlib import Path
from assistant.files import save_bytes
from assistant.errors import DeliveryError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    save_bytes(Path(sys.argv[1]), b"x" * 10_000)
except DeliveryError as error:
    print(error.message)
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    mounted = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("no disk can be mounted here; the size limit of a process is tested everywhere")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_file_is_written_and_replaced_with_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "digest.md"
    assert save_text(file, "first ▲\n") == file
    file.chmod(0o640)
    save_bytes(file, b"second")

    assert file.read_bytes() == b"second"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_has_the_permissions_that_any_program_gives(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    save_text(tmp_path / "ours", "text")
    require_writable(tmp_path / "ours")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_home_is_filled_in_and_links_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    assert save_text(Path("~/link.md"), "text") == tmp_path / "real.md"
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "text"


def test_lone_surrogates_do_not_lose_the_file(tmp_path: Path) -> None:
    assert save_text(tmp_path / "a", "a\ud800b").read_text() == "a?b"


def test_a_name_of_the_longest_length_can_be_written(tmp_path: Path) -> None:
    assert save_text(tmp_path / ("x" * 255), "text").read_text() == "text"


def test_a_failure_in_the_middle_keeps_the_former_file(tmp_path: Path) -> None:
    file = save_text(tmp_path / "digest.md", "former")
    with pytest.raises(ZeroDivisionError), replacing(file) as stream:
        stream.write(b"half" * (1 // (stream.write(b"half") - 4)))
    assert file.read_text() == "former"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("place", "message", "remedy"),
    [
        ("missing/digest.md", "The folder .*missing does not exist", "mkdir -p"),
        ("folder", "folder is a folder, not a file", "Name a file in it"),
        ("file/digest.md", "file is a file, not a folder", "another folder"),
        ("\0", "is no place for a file", "another folder"),
        ("x" * 300, "cannot be written: File name too long", "another folder"),
        ("~nobody-of-this-name/digest.md", "is no place for a file", "another folder"),
    ],
)
def test_a_place_that_cannot_be_is_an_error_with_a_remedy(
    tmp_path: Path, place: str, message: str, remedy: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(DeliveryError, match=message) as caught:
        save_text(Path(place) if place.startswith("~") else tmp_path / place, "text")
    assert remedy in (caught.value.remedy or "")
    assert caught.value.exit_code == 9
    with pytest.raises(DeliveryError, match=message):
        require_writable(Path(place) if place.startswith("~") else tmp_path / place)


def test_a_full_disk_is_said_and_the_former_file_stays(small_disk: Path) -> None:
    file = save_text(small_disk / "digest.html", "former")
    with pytest.raises(DeliveryError, match="No space is left on the disk") as caught:
        save_bytes(file, b"x" * 200_000)

    assert "Free some space" in (caught.value.remedy or "")
    assert file.read_text() == "former"
    assert list(small_disk.iterdir()) == [file]


def test_the_device_that_is_always_full_is_one_too() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(DeliveryError, match="No space is left"):
        save_text(Path("/dev/full"), "text")


def test_a_file_over_the_limit_of_the_process_leaves_the_former_one(tmp_path: Path) -> None:
    file = save_text(tmp_path / "digest.html", "former")
    ran = subprocess.run([sys.executable, "-c", LIMITED, str(file)], capture_output=True, text=True, check=True)

    assert "larger than the system allows" in ran.stdout
    assert file.read_text() == "former"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not ROOT, reason="only root can become somebody else")
def test_a_folder_that_may_not_be_written_to_is_said() -> None:
    script = (
        "import os\nfrom pathlib import Path\nfrom assistant.files import save_text\n"
        "from assistant.errors import DeliveryError\nos.setuid(65534)\n"
        "try:\n    save_text(Path('/usr/digest.md'), 'x')\nexcept DeliveryError as error:\n    print(error.message)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "The folder /usr may not be written to.\n"


@pytest.mark.skipif(ROOT, reason="root may write everywhere")
def test_a_folder_or_file_without_permission_is_said(tmp_path: Path) -> None:
    kept = save_text(tmp_path / "kept.md", "former")
    kept.chmod(0o400)
    with pytest.raises(DeliveryError, match=r"kept\.md may not be written to"):
        save_text(kept, "text")
    tmp_path.chmod(0o500)
    with pytest.raises(DeliveryError, match=r"The folder .* may not be written to"):
        save_text(tmp_path / "new.md", "text")
    tmp_path.chmod(0o700)
    assert kept.read_text() == "former"


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    save_text(pipe, "through")
    reader.join()
    assert read == [b"through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
