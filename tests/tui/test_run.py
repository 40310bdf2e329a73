"""The application in a real terminal: it opens, it leaves, and whatever ends it leaves the terminal as it was."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ASSETS
from tests.support.terminal import ALTERNATE_SCREEN, USUAL_SCREEN, Terminal, terminal

CTRL_Q, F10 = b"\x11", b"\x1b[21~"

Environment = dict[str, str]


@pytest.fixture
def environment(tmp_path: Path, sample_library: Path) -> Environment:
    """A home of its own, with the sample papers and without a network."""
    shutil.copytree(sample_library, tmp_path / "data" / "daily-papers" / "library")
    folders = {f"XDG_{name.upper()}_HOME": str(tmp_path / name) for name in ("data", "config", "state", "cache")}
    kept = {name: value for name, value in os.environ.items() if name not in {"OPENAI_API_KEY", "NO_COLOR"}}
    return kept | folders | {
        "ASSISTANT_PATHS_ASSETS": str(ASSETS),
        "ASSISTANT_FEEDS_BASE_URL": "http://127.0.0.1:9",
        "TERM": "xterm-256color",
    }  # fmt: skip


def replacing_theme_key(body: str) -> str:
    """Code that gives F10 another meaning."""
    return f"""
import os
from assistant.tui import app
def action_next_theme(self):
    {body}
app.AssistantApp.action_next_theme = action_next_theme
"""


def logs(environment: Environment) -> Path:
    return Path(environment["XDG_STATE_HOME"]) / "daily-papers"


def assert_left_as_it_was(opened: Terminal) -> None:
    assert opened.output.count(ALTERNATE_SCREEN) == opened.output.count(USUAL_SCREEN) == 1
    assert opened.attributes == opened.attributes_before
    assert b"\x1b[?25h" in opened.output.rpartition(b"\x1b[?25l")[2], "the cursor is hidden"
    assert b"\x1b[?1000l" in opened.output, "the mouse is still reported"


def test_it_opens_in_a_terminal_and_leaves_it_as_it_was(environment: Environment) -> None:
    with terminal("--offline", "--set", "model=extractive", environment=environment) as opened:
        opened.wait_for("extractive (offline)")
        opened.press(CTRL_Q)

        assert opened.wait_for_end() == 0
        assert_left_as_it_was(opened)
        assert "Traceback" not in opened.text
    assert (logs(environment) / "state.json").is_file()


def test_it_is_drawn_on_the_terminal_also_when_errors_are_led_elsewhere(environment: Environment) -> None:
    with terminal("--offline", environment=environment, stderr=subprocess.DEVNULL) as opened:
        opened.wait_for("offline")
        opened.press(CTRL_Q)

        assert opened.wait_for_end() == 0
        assert_left_as_it_was(opened)


def test_the_first_start_without_papers_opens_the_first_steps(environment: Environment) -> None:
    shutil.rmtree(Path(environment["XDG_DATA_HOME"]) / "daily-papers")
    with terminal("--offline", environment=environment, size=(80, 24)) as opened:
        opened.wait_for("the library is empty")
        opened.press(CTRL_Q)

        assert opened.wait_for_end() == 0


@pytest.mark.parametrize("missing", ["stdin", "stdout"])
def test_without_a_terminal_it_prints_the_help(environment: Environment, missing: str) -> None:
    ours, theirs = os.openpty()
    ends = {"stdin": theirs, "stdout": theirs, "stderr": subprocess.PIPE}
    ran = subprocess.run(
        [sys.executable, "-m", "assistant"],
        **ends | {missing: subprocess.PIPE if missing == "stdout" else subprocess.DEVNULL},  # type: ignore[call-overload]
        env=environment,
        check=False,
        timeout=60,
    )
    printed = ran.stdout if missing == "stdout" else os.read(ours, 65536)
    os.close(ours)
    os.close(theirs)

    assert ran.returncode == 0
    assert b"Usage: assistant" in printed
    assert ALTERNATE_SCREEN not in printed


def test_an_unknown_action_among_the_keys_is_an_error_before_the_screen(environment: Environment) -> None:
    config = Path(environment["XDG_CONFIG_HOME"]) / "daily-papers" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[keys]\n"app.hlep" = "f12"\n')
    with terminal(environment=environment) as opened:
        assert opened.wait_for_end() == 2
        assert "app.hlep" in opened.text
        assert "app.help" in opened.text
        assert ALTERNATE_SCREEN not in opened.output


def test_a_damaged_library_is_an_error_before_the_screen(environment: Environment) -> None:
    (Path(environment["XDG_DATA_HOME"]) / "daily-papers" / "library" / "papers.db").write_bytes(b"damaged" * 1000)
    with terminal(environment=environment) as opened:
        assert opened.wait_for_end() == 6
        assert "error: " in opened.text
        assert "Traceback" not in opened.text
        assert ALTERNATE_SCREEN not in opened.output


def test_an_unexpected_failure_leaves_a_sane_terminal_and_a_crash_report(environment: Environment) -> None:
    code = replacing_theme_key("secret = 'sk-very-secret'; 1 / 0")
    with terminal("--offline", environment=environment, code=code) as opened:
        opened.wait_for("offline")
        opened.press(F10)

        assert opened.wait_for_end() == 1
        assert_left_as_it_was(opened)
        after = opened.text.rpartition("error: ")[2]
        assert "ZeroDivisionError" in after
        assert "Traceback" not in opened.text
    reports = list(logs(environment).glob("crash-*.log"))
    assert len(reports) == 1
    assert str(reports[0]) in after.replace("\r\n", "")
    assert "action_next_theme" in reports[0].read_text()
    kept = "".join(file.read_text() for file in logs(environment).iterdir())
    assert "very-secret" not in kept.replace("secret = 'sk-very-secret'; 1 / 0", "")


def test_what_libraries_print_goes_to_the_log_and_not_over_the_screen(environment: Environment) -> None:
    code = replacing_theme_key("os.write(1, b'noise on one'); os.write(2, b'noise on two'); self.exit()")
    with terminal("--offline", environment=environment, code=code) as opened:
        opened.wait_for("offline")
        opened.press(F10)

        assert opened.wait_for_end() == 0
        assert "noise" not in opened.text
    log = (logs(environment) / "assistant.log").read_text()
    assert "noise on one" in log
    assert "noise on two" in log


def test_a_request_to_end_is_followed_as_the_quit_key_is(environment: Environment) -> None:
    with terminal("--offline", environment=environment) as opened:
        opened.wait_for("offline")
        opened.process.send_signal(signal.SIGTERM)

        assert opened.wait_for_end() == 128 + signal.SIGTERM
        assert_left_as_it_was(opened)
