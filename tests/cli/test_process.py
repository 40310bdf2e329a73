"""The command as a process of its own: what it imports, that offline opens no socket, how it is interrupted."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Assistant
from tests.support.syscall_trace import why_not

HEAVY = (
    "chromadb",
    "openai",
    "llama_cpp",
    "textual",
    "onnxruntime",
    "tantivy",
    "tokenizers",
    "tiktoken",
    "numpy",
    "rich",
    "mcp",
    "pydantic",
    "pygal",
    "plotext",
)

# Python's own audit events see every name look-up and connection; the event loop's self-pipe is a local pair.
GUARD = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"):
        print("SOCKET", event, arguments[1:], file=sys.stderr)
        import os; os._exit(99)
sys.addaudithook(refuse)
from assistant.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def python(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=300
    )


def test_the_help_loads_none_of_the_heavy_packages() -> None:
    loaded = f"print([name for name in {HEAVY!r} if name in sys.modules])"
    code = f"import sys; from assistant.cli.main import run; run(['--help']); {loaded}"

    assert python(code).stdout.splitlines()[-1] == "[]"


SEEN_BELOW = pytest.mark.skipif(why_not() is None, reason="tests/test_no_network.py sees more of it, below Python")


@SEEN_BELOW
@pytest.mark.parametrize(
    "arguments",
    [
        ["today", "--model", "extractive", "--top", "2"],
        ["today", "--date", "2026-08-20", "--top", "1", "--model", "extractive"],
        ["today", "--new", "--model", "extractive"],
        ["schedule"],
        ["ask", "what is EnvHarness?", "--model", "extractive"],
        ["search", "agents"],
        ["trends"],
        ["trends", "--format", "svg"],
        ["trends", "--format", "plot"],
        ["summarize", "2608.19880", "--model", "extractive"],
        ["compare", "2608.19880", "2608.18580", "--model", "extractive"],
        ["sync", "--week", "2026-W34"],
        ["sync", "--arxiv", "2608.19880"],
        ["library"],
        ["library", "check"],
        ["library", "rebuild"],
        ["library", "export", "-"],
        ["assets", "list"],
        ["assets", "pull"],
        ["assets", "verify", "minilm"],
        ["assets", "where"],
        ["config"],
        ["doctor"],
        ["completion", "bash"],
    ],
    ids=" ".join,
)
def test_offline_opens_no_socket(filled: Assistant, arguments: list[str]) -> None:
    ran = python(GUARD, "--offline", *arguments)

    assert ran.returncode != 99, ran.stderr
    assert "SOCKET" not in ran.stderr
    assert "Traceback" not in ran.stderr


@SEEN_BELOW
@pytest.mark.usefixtures("small_gguf")
def test_offline_opens_no_socket_with_a_local_model(filled: Assistant) -> None:
    ran = python(GUARD, "--offline", "ask", "what is EnvHarness?", "--model", "smollm2-135m")

    assert ran.returncode == 0, ran.stderr
    assert "SOCKET" not in ran.stderr


def test_the_guard_does_see_sockets(home: Path) -> None:
    assert python(GUARD, "sync", "--date", "2026-08-21").returncode == 99


@pytest.mark.usefixtures("small_gguf")
def test_ctrl_c_while_a_model_writes_ends_with_130(filled: Assistant) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "--offline", "today", "--model", "smollm2-135m"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=4)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "interrupted" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("command", ["library export -", "search agents", "today --model extractive"])
def test_a_reader_that_leaves_is_no_failure(filled: Assistant, command: str) -> None:
    line = f"{sys.executable} -m assistant --offline {command} | head -n 1; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, timeout=120)

    assert ran.stdout.count("\n") == 1
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr
    assert ran.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_behind_stdout_is_an_error(filled: Assistant) -> None:
    ran = subprocess.run(
        f"{sys.executable} -m assistant --offline today --model extractive > /dev/full",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ran.returncode == 1
    assert "No space left" in ran.stderr
    assert "Traceback" not in ran.stderr
