"""Nothing leaves the machine unasked, and nothing is written elsewhere: proven below Python, in an empty home.

Every command, the application in a terminal and in a browser, the MCP server and the Python API run under `strace`. A
native library that begins to call home turns this red; what it does may come late, so four of them stay for 40 seconds.
The environment is made from nothing: onnxruntime's telemetry, for one, is silent where ``CI`` is set.
"""

import asyncio
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.cli.main import COMMANDS
from tests.conftest import ASSETS
from tests.support.http_server import running_server
from tests.support.openai_server import Answer, ScriptedServer
from tests.support.syscall_trace import Trace, leads, read_trace, traced, why_not
from tests.support.terminal import Terminal

pytestmark = [
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
    pytest.mark.usefixtures("small_gguf", "bpe_folder"),
]

STAY_SECONDS = 40.0
"""onnxruntime's telemetry connects some ten seconds after its import, and tries again later."""
PATIENCE_SECONDS = 240.0
CHROMIUM_ROUTE = "[2001:4860:4860::8888]:443"
"""Chromium asks the system for a route to this address, by a UDP socket through which it sends nothing."""
SAMPLE = Path(__file__).parents[1] / "assistant/feeds/sample/daily_papers.jsonl"
REPOSITORY = Path(__file__).parents[1]
OWN_PAPERS = (
    {"id": "2608.00001", "title": "Counting quokkas by ear", "abstract": "We count quokkas by their calls. " * 9},
    {"id": "2608.00002", "title": "A lamp for tired moths", "abstract": "The lamp lets moths rest at night. " * 9},
)
QUESTION = "what is the layer of EnvHarness made of?"
LOCAL = ("--model", "smollm2-135m")
QUOTING = ("--model", "extractive")

OFFLINE: tuple[tuple[str, ...], ...] = (
    ("today", *QUOTING, "--top", "2"),
    ("today", *LOCAL, "--top", "1", "--out", "{out}/digest.md", "--out", "{out}/digest.html", "--atom", "{out}/feeds"),
    ("schedule",),
    ("ask", QUESTION, *LOCAL),
    ("search", "agents that remember"),
    ("summarize", "2608.19880", *QUOTING),
    ("compare", "2608.19880", "2608.18580", *QUOTING),
    ("survey", "agents", *QUOTING),
    ("ideas", "agents", *LOCAL),
    ("cite", "2608.19880"),
    ("sync", "{out}/own.json"),
    ("library",),
    ("library", "check"),
    ("library", "rebuild"),
    ("library", "export", "-"),
    ("assets", "list"),
    ("assets", "pull"),
    ("assets", "verify", "minilm"),
    ("config",),
    ("doctor",),
    ("eval", "{out}/questions.jsonl", *QUOTING),
    ("trends", "--format", "svg"),
    ("trends", "--format", "plot"),
    ("schema", "ask"),
    ("completion", "bash"),
)
ONLINE: tuple[tuple[str, ...], ...] = (
    ("ask", QUESTION, *LOCAL),
    ("search", "agents that remember"),
    ("today", *QUOTING, "--date", "2026-08-21", "--top", "1"),
    ("doctor",),
)
"""What needs no network, without --offline; a feed on loopback stands for the one that is due to be asked again."""


@dataclass(frozen=True)
class Home:
    """An empty home, and beside it what the reader hands over and takes: ``out`` is the reader's own folder."""

    folder: Path

    @property
    def home(self) -> Path:
        """What HOME is."""
        return self.folder / "home"

    @property
    def out(self) -> Path:
        """Where files lie that a command line names."""
        return self.folder / "out"

    @property
    def own(self) -> tuple[Path, ...]:
        """The program's own folders; and where temporary and named files may go."""
        places = (".local/share", ".local/state", ".config", ".cache")
        program = [self.home / place / "daily-papers" for place in places]
        return (*program, self.out, self.folder / "tmp", ASSETS, Path("/dev"), Path("/proc"))

    def make(self) -> "Home":
        """Make the folders and the reader's files."""
        for folder in (self.home, self.out, self.folder / "tmp"):
            folder.mkdir(parents=True)
        (self.out / "own.json").write_text(json.dumps(OWN_PAPERS))
        (self.out / "questions.jsonl").write_text(json.dumps({"question": QUESTION, "paper_id": "2608.19880"}) + "\n")
        return self

    def environment(self, **more: str) -> dict[str, str]:
        """The variables that a login gives, the assets of this machine, and coverage's own."""
        kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_") or name == "PATH"}
        return {
            **kept,
            "HOME": str(self.home),
            "TERM": "xterm-256color",
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "ASSISTANT_PATHS_ASSETS": str(ASSETS),
            **more,
        }

    def command(self, name: str, program: Sequence[str]) -> list[str]:
        """The command line that traces a program under this name."""
        return traced([sys.executable, *program], self.folder / "traces" / name)

    def trace(self, name: str) -> Trace:
        """What was traced under this name."""
        return read_trace(self.folder / "traces" / name)

    def run(self, *arguments: str, code: str | None = None, **more: str) -> tuple[Trace, int, str]:
        """Run the command; its trace, its exit code and what it printed."""
        name = str(len(list((self.folder / "traces").glob("*"))))
        places = [argument.format(out=self.out) for argument in arguments]
        program = ["-c", code] if code else ["-P", "-m", "assistant", *places]
        ran = subprocess.run(
            self.command(name, program),
            env=self.environment(**more),
            cwd=self.out,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        return self.trace(name), ran.returncode, ran.stdout + ran.stderr

    def assert_silent(self, trace: Trace) -> None:
        """Nothing was asked outside of this machine, and nothing written outside of the program's folders."""
        made = {path for path in trace.made_outside(*self.own) if not Path(path).name.startswith(".coverage")}
        assert sorted(trace.outside) == []
        assert sorted(made) == []
        assert [path for path in self.home.rglob("*") if not any(leads(path, own) for own in self.own)] == []


def filled(folder: Path) -> Home:
    """A home whose library was filled from a file, by the command."""
    home = Home(folder).make()
    trace, code, printed = home.run("--offline", "sync", str(SAMPLE))
    assert code == 0, printed
    home.assert_silent(trace)
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of the commands that end at once."""
    return filled(tmp_path_factory.mktemp("commands"))


def stay(home: Home, *options: str) -> Trace:
    """The application in a terminal: a question is asked, and then it stays."""
    command = home.command("application", ["-P", "-m", "assistant", *options])
    opened = Terminal(command, home.environment(ASSISTANT_FEEDS_BASE_URL="http://127.0.0.1:9"), (120, 40), None)
    try:
        opened.wait_for(options[-1])
        opened.press(QUESTION.encode() + b"\r")
        read_until(opened, time.monotonic() + STAY_SECONDS)
        opened.press(b"\x11")
        assert opened.wait_for_end() == 0
    finally:
        opened.close()
    return home.trace("application")


def read_until(opened: Terminal, end: float) -> None:
    while time.monotonic() < end:
        opened.read()


def serve(home: Home) -> Trace:
    """The server, with a page that stays open: the application runs as its child."""
    command = home.command("serve", ["-P", "-m", "assistant", "--offline", *LOCAL, "serve", "--port", "0"])
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=home.environment(), cwd=home.out) as served:
        assert served.stdout is not None
        url = served.stdout.readline().split()[1]
        asyncio.run(ask_in_a_page(url))
        children(served.pid, signal.SIGINT)
        assert served.wait(PATIENCE_SECONDS) == 0
    return home.trace("serve")


async def ask_in_a_page(url: str) -> None:
    """Open the page's connection, ask, and keep it open."""
    from aiohttp import ClientSession

    async with ClientSession() as session, session.ws_connect(f"{url}/ws", origin=url) as page:
        for key in (*QUESTION, "\r"):
            await page.send_str(json.dumps(["stdin", key]))
        with suppress(TimeoutError):
            async with asyncio.timeout(STAY_SECONDS):
                async for message in page:
                    assert message.data is not None


def children(tracer: int, number: int) -> None:
    """Send a signal to what strace runs: strace itself keeps signals from a terminal for itself."""
    for task in Path(f"/proc/{tracer}/task").iterdir():
        for child in (task / "children").read_text().split():
            os.kill(int(child), number)


def mcp(home: Home) -> Trace:
    """The MCP server, asked for a search and an answer by a client that then stays."""
    calls = [
        (
            "initialize",
            {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}},
        ),
        ("tools/call", {"name": "search", "arguments": {"query": "agents"}}),
        ("tools/call", {"name": "ask", "arguments": {"question": QUESTION}}),
    ]
    command = home.command("mcp", ["-P", "-m", "assistant", "--offline", *LOCAL, "mcp"])
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=home.environment(), cwd=home.out
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for number, (method, parameters) in enumerate(calls):
            message = {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
            server.stdin.write(json.dumps(message).encode() + b"\n")
            server.stdin.flush()
            answer = json.loads(server.stdout.readline())
            assert not answer["result"].get("isError"), answer
        select.select([server.stdout], [], [], STAY_SECONDS)
        server.stdin.close()
        assert server.wait(PATIENCE_SECONDS) == 0
    return home.trace("mcp")


API = """
import asyncio, threading
from assistant import Assistant
import onnxruntime, chromadb

async def use() -> None:
    async with Assistant(model="smollm2-135m") as papers:
        assert await papers.search("agents that remember")
        assert await papers.ask({question!r})
        assert await papers.digest("2026-08-21", top=1)

asyncio.run(use())
threading.Event().wait({seconds})
"""


def api(home: Home) -> Trace:
    """A program of somebody else's that uses the API, and onnxruntime and Chroma of its own behind it."""
    trace, code, printed = home.run(code=API.format(question=QUESTION, seconds=STAY_SECONDS))
    assert code == 0, printed
    return trace


STAYING: Mapping[str, Callable[[Home], Trace]] = {
    "the application": lambda home: stay(home, "--offline", *LOCAL),
    "the application online": lambda home: stay(home, *QUOTING),
    "serve": serve,
    "mcp": mcp,
    "the Python API": api,
}


@pytest.fixture(scope="module", autouse=True)
def staying(tmp_path_factory: pytest.TempPathFactory, home: Home) -> Iterator[dict[str, tuple[Home, Future[Trace]]]]:
    """Those that stay, each in a home of its own, while the commands run: waiting costs nothing."""
    with ThreadPoolExecutor(len(STAYING)) as pool:

        def started(kind: str) -> tuple[Home, Future[Trace]]:
            own = Home(tmp_path_factory.mktemp("staying")).make()
            return own, pool.submit(lambda: STAYING[kind](copied(home, own)))

        yield {kind: started(kind) for kind in STAYING}


def copied(filled: Home, empty: Home) -> Home:
    """The library of a filled home in an empty one."""
    subprocess.run(["cp", "-a", filled.home / ".local", empty.home], check=True)
    return empty


def test_every_command_is_tried() -> None:
    assert {arguments[0] for arguments in OFFLINE} | {"serve", "mcp"} == set(COMMANDS)


def test_a_connection_a_look_up_and_a_stray_file_are_seen(tmp_path: Path) -> None:
    home = Home(tmp_path / "seen").make()
    code = (
        "import ctypes, os, socket, struct\n"
        "libc = ctypes.CDLL(None)\n"
        "s = libc.socket(socket.AF_INET, socket.SOCK_DGRAM, 0)\n"  # no packet is sent: UDP
        "to = struct.pack('=H', socket.AF_INET) + struct.pack('!H', 9) + socket.inet_aton('192.0.2.1') + bytes(8)\n"
        "libc.connect(s, to, 16)\n"
        "to = struct.pack('=H', socket.AF_INET) + struct.pack('!H', 53) + socket.inet_aton('127.0.0.53') + bytes(8)\n"
        "libc.connect(s, to, 16)\n"
        "home = os.environ['HOME'].encode()\n"
        "libc.mkdir(home + b'/.cache', 0o700); libc.creat(home + b'/.cache/deviceid', 0o600)\n"
    )
    trace, _, _ = home.run(code=code)

    assert trace.outside == {"[192.0.2.1]:9", "[127.0.0.53]:53"}
    assert str(home.home / ".cache/deviceid") in trace.made_outside(*home.own)
    with pytest.raises(AssertionError):
        home.assert_silent(trace)


def test_the_sample_feed_is_shown_offline_in_an_empty_home(tmp_path: Path) -> None:
    empty = Home(tmp_path / "empty").make()
    trace, code, printed = empty.run("--offline", "today", *QUOTING, "--top", "1")

    assert code == 0, printed
    empty.assert_silent(trace)


@pytest.mark.parametrize("arguments", OFFLINE, ids=" ".join)
def test_offline_nothing_is_asked_and_nothing_written_elsewhere(home: Home, arguments: tuple[str, ...]) -> None:
    trace, code, printed = home.run("--offline", *arguments)

    assert code in {0, 3, 4, 7}, printed
    assert "Traceback" not in printed
    home.assert_silent(trace)


@pytest.mark.parametrize("arguments", ONLINE, ids=" ".join)
def test_online_what_needs_no_network_asks_nothing(home: Home, arguments: tuple[str, ...]) -> None:
    with running_server() as feed:
        trace, code, printed = home.run(*arguments, ASSISTANT_FEEDS_BASE_URL=feed.url)

    assert code in {0, 3, 4}, printed  # 4: the small model may stop at its limit
    home.assert_silent(trace)
    assert feed.asked == [] or arguments[0] in {"today", "doctor"}


@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed (Debian: chromium)")
def test_a_digest_as_pdf_asks_nothing_and_leaves_nothing_of_the_browser(home: Home) -> None:
    trace, code, printed = home.run("--offline", "today", *QUOTING, "--top", "1", "--out", "{out}/digest.pdf")

    assert code == 0, printed
    assert (home.out / "digest.pdf").read_bytes().startswith(b"%PDF")
    home.assert_silent(Trace(trace.outside - {CHROMIUM_ROUTE}, trace.made))


def test_a_hosted_model_is_asked_where_openai_base_url_says_and_nowhere_else(home: Home) -> None:
    with ScriptedServer([Answer("EnvHarness wraps static environments [1].")]) as server:
        trace, code, printed = home.run(
            "ask", QUESTION, "--set", "answers.judge=false", OPENAI_API_KEY="sk-x", OPENAI_BASE_URL=server.base_url
        )

    assert code == 0, printed
    assert server.requests
    home.assert_silent(trace)


@pytest.mark.parametrize("kind", STAYING)
def test_nothing_is_asked_in_forty_seconds(staying: dict[str, tuple[Home, Future[Trace]]], kind: str) -> None:
    own, trace = staying[kind]

    own.assert_silent(trace.result())
