"""The model hub as a source. `hub_worker` does the talking; this module starts it, watches it and ends it."""

import asyncio
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.concurrency import in_thread
from assistant.errors import ConfigError
from assistant.models.assets.catalog import Asset, HubFile
from assistant.models.assets.events import SourceFailure, full_disk, require_space
from assistant.models.assets.subprocesses import Child, running
from assistant.papers import clean_text
from assistant.proxies import child_environment, is_secure, proxy_for, without_unusable
from assistant.tls import CERTIFICATE_VARIABLES, CertificatesUnusable, named_certificates, tls_context

REACH_SECONDS = 5.0
RETRY_SECONDS = 1.0

_ENDPOINT = "https://huggingface.co"

_WORKER = Path(__file__).with_name("hub_worker.py")
_REASON_LENGTH = 300
_PARTIAL = "hub.partial"
# An environment variable of the user's wins over these.
_TIMEOUTS = {"HF_HUB_ETAG_TIMEOUT": "4"}
# Xet cannot go on with a file that an earlier run began.
_SETTINGS = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_XET": "1"}
_PROGRESS = re.compile(r"Progress (\d+) of \d+")


async def fetch_file(
    asset: Asset,
    source: HubFile,
    folder: Path,
    environment: Mapping[str, str],
    report: Callable[[int], None],
    *,
    reach_seconds: float = REACH_SECONDS,
    retry_seconds: float = RETRY_SECONDS,
) -> Path:
    """Download the asset's file from the hub; its path, not yet verified.

    ``folder`` keeps the unfinished file between runs. A hub that does not answer within ``reach_seconds`` is
    unreachable; ``retry_seconds`` is the first wait after a try that brought nothing. HF_ENDPOINT, HF_TOKEN,
    HF_HUB_OFFLINE and proxies of the environment apply. Raises `SourceFailure`, or `AssetError` when the disk is full.
    """
    destination = folder / _PARTIAL
    have = destination.stat().st_size if destination.exists() else 0
    require_space(folder, asset.size - have)
    report(have)
    argv = [sys.executable, "-P", str(_WORKER), source.repository, source.file, source.revision or ""]
    argv += [str(destination), str(asset.size), asset.sha256, str(retry_seconds)]
    connection = await in_thread(lambda: _connection(environment))
    try:
        async with running(argv, {**_TIMEOUTS, **connection, **_SETTINGS}, folder / "hub-errors.txt") as worker:
            failure = await _watch(worker, report, reach_seconds)
            code = await worker.ended()
            errors = worker.error_text().strip().splitlines()
    except TimeoutError as error:
        raise SourceFailure(f"it does not answer within {reach_seconds:g} s", unreachable=True) from error
    if code != 0:
        raise _failure(failure or f"refused {errors[-1] if errors else 'it gives no reason'}", folder)
    return destination


def discard(folder: Path) -> None:
    """Remove what `fetch_file` keeps between runs."""
    (folder / _PARTIAL).unlink(missing_ok=True)


def _connection(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for the worker, whose HTTP client fails on proxies and certificates before it needs them."""
    endpoint = environment.get("HF_ENDPOINT") or _ENDPOINT
    connection = without_unusable(child_environment(environment))
    named = named_certificates(environment)
    try:
        proxy = proxy_for(endpoint, environment)
        tls_context(environment)
    except CertificatesUnusable as error:
        if is_secure(endpoint, proxy):
            raise _unusable(error) from error
        connection = {name: value for name, value in connection.items() if name not in CERTIFICATE_VARIABLES}
        named = {}
    except ConfigError as error:
        raise _unusable(error) from error
    for variable, path in named.items():
        if not variable.startswith("SSL_"):  # of other programs: the worker's client knows OpenSSL's own alone
            connection["SSL_CERT_DIR" if Path(path).is_dir() else "SSL_CERT_FILE"] = path
    return connection


def _unusable(error: ConfigError) -> SourceFailure:
    return SourceFailure(f"{error.message} {error.remedy}".rstrip("."), unreachable=True)


async def _watch(worker: Child, report: Callable[[int], None], reach_seconds: float) -> str | None:
    """Follow the worker to its last line; the failure that it tells of, if any."""
    clock = asyncio.get_running_loop().time
    async with asyncio.timeout(None) as patience:
        async for line in worker.lines():
            if line == "ready":
                patience.reschedule(clock() + reach_seconds)
            elif line == "reached":
                patience.reschedule(None)
            elif progress := _PROGRESS.fullmatch(line):
                report(int(progress[1]))
            elif line.startswith("failed "):
                return line.removeprefix("failed ")
    return None


def _failure(failure: str, folder: Path) -> Exception:
    kind, _, reason = failure.partition(" ")
    reason = clean_text(reason)[:_REASON_LENGTH]
    if kind == "full":
        return full_disk(folder)
    return SourceFailure(reason, unreachable=kind == "unreachable", wrong_bytes=kind == "wrong")
