"""The application in a browser: who may reach it, and that a question typed there is answered."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.addresses import is_loopback
from assistant.cli.web_server import Address
from tests.cli.conftest import Assistant
from tests.conftest import ASSETS
from tests.support.terminal import screen_text

_PATIENCE_SECONDS = 90.0
CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
PICTURES = os.environ.get("TEST_PICTURES")
"""A folder for a picture of the browser's page, to look at."""

LISTED = re.compile(r"""["'](/static/[^"']*)["']""")
ADDRESS = re.compile(r"""(?:\b(?:https?|wss?):|["'(=\s])//([\w.-]+\.\w+|localhost(?::\d+)?)""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

LISTEN = """
window.received = "";
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...parts) {
    super(...parts);
    const decoder = new TextDecoder();
    let before = Promise.resolve();
    this.addEventListener("message", ({data}) => {
      if (typeof data === "string") return;
      const bytes = data instanceof Blob ? data.arrayBuffer() : Promise.resolve(data);
      before = before.then(() => bytes).then(it => { window.received += decoder.decode(it, {stream: true}); });
    });
  }
};
"""


class Served:
    """A running `assistant serve`."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.process = process
        self.url = url
        self.port = int(url.rpartition(":")[2])

    def status(self, path: str = "/", **headers: str) -> tuple[int, str]:
        """What a request with these headers gets, underscores for hyphens: the status and the text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_SECONDS)
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        text = "" if answer.status == 101 else answer.read().decode(errors="replace")
        connection.close()
        return answer.status, text

    def connect(self, **headers: str) -> int:
        """The status that a WebSocket handshake gets."""
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
        return self.status("/ws", **upgrade, Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==", **headers)[0]

    def children(self) -> list[int]:
        """The processes that it started."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(line) for line in listed.stdout.split()]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> dict[str, str]:
    home = tmp_path_factory.mktemp("served")
    shutil.copytree(sample_data, home / "data")
    folders = {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("data", "config", "state", "cache")}
    kept = {name: value for name, value in os.environ.items() if name not in {"OPENAI_API_KEY", "TEXTUAL_DRIVER"}}
    return kept | folders | {"ASSISTANT_PATHS_ASSETS": str(ASSETS), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def served(environment: dict[str, str]) -> Iterator[Served]:
    """The application, served on a free port, offline, quoting."""
    with start(environment) as process:
        yield Served(process, first_line(process).split()[1])
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=_PATIENCE_SECONDS) == 0


def start(environment: dict[str, str], folder: Path | None = None) -> "subprocess.Popen[str]":
    options = ["--offline", "--set", "model=extractive"]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "assistant", *options, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder,
    )


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Open http://localhost:"), line
    return line


def until(condition: Callable[[], Any], otherwise: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.05)


def left_of(screen: str, panel: str) -> str:
    """The words left of the panel that has this title."""
    lines = screen.splitlines()
    edge = next((line.index(panel) for line in lines if panel in line), 0)
    return " ".join(" ".join(line[: max(0, edge - 2)] for line in lines).split())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "papers.example", "localhost.example"])
def test_a_host_that_others_reach_is_refused_and_the_risk_explained(filled: Assistant, host: str) -> None:
    ran = filled("serve", "--host", host)

    assert ran.code == 2
    assert "can be reached from other machines" in ran.err
    assert "no password" in ran.err
    assert "--allow-public" in ran.err


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "::1", "[::1]"])
def test_loopback_hosts_are_private(host: str) -> None:
    assert is_loopback(host)


def test_every_address_needs_the_name_that_browsers_use(filled: Assistant) -> None:
    ran = filled("serve", "--host", "0.0.0.0", "--allow-public")

    assert ran.code == 2
    assert "--public-url" in ran.err


@pytest.mark.parametrize("url", ["papers.example", "ftp://papers.example", "http://", "http://papers.example/below"])
def test_a_public_url_must_be_an_origin(filled: Assistant, url: str) -> None:
    ran = filled("serve", "--public-url", url)

    assert ran.code == 2
    assert "--public-url" in ran.err


def test_a_port_that_is_taken_is_an_error(filled: Assistant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = filled("serve", "--host", "127.0.0.1", "--port", str(taken.getsockname()[1]))

    assert ran.code == 1
    assert "Address already in use" in ran.err
    assert "--port" in ran.err


def test_a_wrong_configuration_is_an_error_here_and_not_in_the_browser(filled: Assistant, home: Path) -> None:
    config = home / "own.toml"
    config.write_text('[keys]\n"app.hlep" = "f12"\n')

    assert filled("serve", "--config", str(config)).code == 2


def test_the_addresses_of_a_public_server_are_its_own_alone() -> None:
    behind_proxy = Address("localhost", 8000, "https://papers.example")
    assert behind_proxy.url == "https://papers.example"
    assert behind_proxy.hosts == {"localhost:8000", "127.0.0.1:8000", "[::1]:8000", "papers.example"}
    assert Address("192.168.1.20", 80).origins == {"http://192.168.1.20"}
    assert Address("::1", 8000).url == "http://[::1]:8000"


def test_the_page_loads_nothing_from_elsewhere_and_cannot_be_framed(served: Served) -> None:
    connection = http.client.HTTPConnection("localhost", served.port, timeout=_PATIENCE_SECONDS)
    connection.request("GET", "/")
    answer = connection.getresponse()
    policy = answer.headers["Content-Security-Policy"]
    connection.close()

    assert answer.status == 200
    assert "frame-ancestors 'none'" in policy
    assert policy.startswith("default-src 'none'; script-src 'self'")
    addresses = {word.partition("://")[2] for word in policy.replace(";", " ").split() if "://" in word}
    assert addresses == {f"localhost:{served.port}"}


def test_all_that_is_served_names_no_address_but_the_servers_own(served: Served) -> None:
    texts: dict[str, str] = {}
    waiting = ["/", "/?fontsize=20&delay=1", "/static/"]
    while waiting:
        path = waiting.pop()
        status, texts[path] = served.status(path)
        assert status == 200, path
        waiting += {link for link in LISTED.findall(texts[path]) if link not in texts}

    assert {Path(path).suffix for path in texts} >= {".css", ".js", ".ttf"}
    for path, text in texts.items():
        if Path(path).suffix not in {".ttf", ".png"}:
            outside = {found for found in ADDRESS.findall(COMMENT.sub("", text)) if found != f"localhost:{served.port}"}
            assert not outside, path


@pytest.mark.parametrize(
    "text",
    [
        '<link href="https://fonts.googleapis.com/css?family=Roboto">',
        "<script src=//cdn.example/x.js>",
        "@import url('http://fonts.example/f.css')",
        "src: url(https://fonts.example/f.woff2)",
        "//# sourceMappingURL=https://cdn.example/textual.js.map",
        'new WebSocket("wss://relay.example/")',
    ],
)
def test_the_search_for_outside_addresses_finds_them(text: str) -> None:
    assert ADDRESS.findall(COMMENT.sub("", text))


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost", "localhost:1", ""])
def test_a_request_under_another_name_is_forbidden(served: Served, host: str) -> None:
    status, text = served.status(Host=host.format(port=served.port))

    assert status == 403
    assert served.url in text


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}"])
def test_every_name_of_this_machine_may_be_used(served: Served, host: str) -> None:
    assert served.status(Host=host.format(port=served.port))[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost", "https://localhost:{port}"])
def test_a_page_from_elsewhere_may_not_connect(served: Served, origin: str) -> None:
    assert served.connect(Origin=origin.format(port=served.port)) == 403
    assert served.children() == []


def test_a_connection_without_an_origin_is_forbidden(served: Served) -> None:
    assert served.connect() == 403


def test_a_connection_that_breaks_ends_its_process(served: Served) -> None:
    assert served.connect(Origin=served.url) == 101
    until(lambda: served.children() == [])


@contextmanager
def page_of(server: Served) -> Iterator[None]:
    """A connection on which the application has begun to draw."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=_PATIENCE_SECONDS) as page:
        page.sendall(
            f"GET /ws HTTP/1.1\r\nHost: localhost:{server.port}\r\nOrigin: {server.url}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        received = bytearray()
        while b"\x1b[?1049h" not in received:
            piece = page.recv(65536)
            assert piece, bytes(received)
            received += piece
        yield


def test_no_process_stays_behind_when_the_server_is_killed(environment: dict[str, str]) -> None:
    with start(environment) as process:
        server = Served(process, first_line(process).split()[1])
        with page_of(server):
            (child,) = server.children()
            process.kill()
            process.wait()

    until(lambda: not Path(f"/proc/{child}").exists(), lambda: f"{child} is still there")


def test_the_very_program_is_served_also_where_a_folder_has_its_name(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "assistant").mkdir()
    (tmp_path / "assistant" / "__main__.py").write_text("raise SystemExit('another program')")
    with start(environment, tmp_path) as process:
        with page_of(Served(process, first_line(process).split()[1])):
            pass
        process.send_signal(signal.SIGTERM)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    if not (CHROMIUM.exists() and DRIVER.exists()):
        pytest.skip("Chromium or its driver is not installed (Debian: chromium, chromium-driver)")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for option in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-sync",
        "--disable-component-update",
        "--window-size=1300,850",
        f"--user-data-dir={tmp_path / 'profile'}",
    ):
        options.add_argument(option)
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTEN})
    yield driver
    driver.quit()


def test_a_question_typed_in_the_browser_is_answered_with_its_citation(served: Served, browser: Any) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    def screen() -> str:
        return screen_text(browser.execute_script("return window.received"))

    browser.get(served.url)
    until(lambda: "extractive (offline)" in screen(), screen)
    browser.execute_script("document.querySelector('.xterm-helper-textarea').focus()")
    ActionChains(browser).send_keys("what is the layer of EnvHarness made of?").perform()
    until(lambda: "what is the layer of EnvHarness made of?" in screen(), screen)
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    until(lambda: "logic inside untouched" in left_of(screen(), "Sources"), screen)
    loaded = browser.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert {name.rpartition("/")[0] for name in loaded if not name.startswith("data:")} == {
        f"{served.url}/static/{folder}" for folder in ("css", "js", "fonts")
    }
    if PICTURES:
        browser.save_screenshot(str(Path(PICTURES) / "browser.png"))
