"""Fixtures for every test."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from hypothesis import settings

from assistant.errors import AssetError
from assistant.models.assets.catalog import load_catalog
from assistant.models.assets.store import AssetStore
from assistant.paths import default_folders

settings.register_profile("no deadlines", deadline=None)  # machines are shared; no test is timed
settings.load_profile("no deadlines")

SHARED = Path(__file__).parents[2] / "shared"
ASSETS = Path(os.environ.get("ASSISTANT_PATHS_ASSETS") or default_folders().assets)
"""Where the assets of the machine lie, found before a test gives itself other folders."""

AssetPath = Callable[[str], Path]


@pytest.fixture(scope="session", autouse=True)
def _interrupts_reach_children() -> Iterator[None]:
    """Let Ctrl-C end the children that tests start, also where these tests run in the background.

    ``nohup``, services and background jobs of scripts ignore interrupts, and a child inherits that. A handler it does
    not inherit: with one here every child begins with the system's default, and Python in it with KeyboardInterrupt.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def shared() -> Path:
    """The folder of captures, corpus and evaluation data that lies next to a checkout."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def asset_path() -> AssetPath:
    """The file of an asset by its name; `make test` pulls those that tests need."""
    store = AssetStore(ASSETS, load_catalog())

    def path(name: str) -> Path:
        try:
            return store.path(name)
        except AssetError as error:
            pytest.skip(f"{error.message} ({error.remedy})")

    return path


@pytest.fixture(scope="session")
def small_gguf(asset_path: AssetPath) -> Path:
    """A small chat model as GGUF, SmolLM2-135M-Instruct."""
    return asset_path("smollm2-135m")


@pytest.fixture(scope="session")
def bpe_folder(asset_path: AssetPath) -> Path:
    """The folder with the ranks of o200k_base and cl100k_base, as tiktoken's cache names them."""
    asset_path("cl100k_base")
    return asset_path("o200k_base").parent


@pytest.fixture(scope="session")
def llama_server(small_gguf: Path) -> Iterator[str]:
    """llama-cpp-python's own OpenAI-compatible server with the small model; its address."""
    pytest.importorskip("sse_starlette", reason="llama_cpp.server needs the dev group")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "llama_cpp.server",
        "--model",
        str(small_gguf),
        "--port",
        str(port),
    ]
    command += ["--host", "127.0.0.1", "--n_ctx", "1024", "--n_threads", "1", "--n_threads_batch", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_until_it_answers(f"http://127.0.0.1:{port}/v1/models", server)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()


def _wait_until_it_answers(address: str, server: "subprocess.Popen[bytes]") -> None:
    without_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            without_proxy.open(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    pytest.fail("llama_cpp.server did not start")
