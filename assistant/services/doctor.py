"""Checking every part of the program: what `assistant doctor` shows."""

import asyncio
import os
import shlex
import sqlite3
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from assistant.addresses import masked_address
from assistant.answering import prompt_names
from assistant.errors import AssistantError
from assistant.export.json import DoctorJson
from assistant.models import ModelKind
from assistant.proxies import ProxyUnusable, proxy_for
from assistant.services.container import AppContainer
from assistant.telemetry import SWITCHES, leftovers
from assistant.tls import CertificatesUnusable, named_certificates, tls_context

_OLDEST_SQLITE = (3, 35, 0)
_HUB = "https://huggingface.co"  # where models and tokenizers come from unless HF_ENDPOINT names another hub


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the diagnosis; a ``note`` costs something but nothing is broken."""

    part: str
    state: Literal["ok", "note", "wrong"]
    message: str
    remedy: str | None = None


async def diagnose(container: AppContainer) -> AsyncGenerator[Finding, None]:
    """Check the parts one after the other; a failure of one is a finding and ends nothing."""
    for part, check in _CHECKS:
        try:
            for finding in await asyncio.to_thread(_all_of, check, container):
                yield finding
        except AssistantError as error:
            yield Finding(part, "wrong", error.message, error.remedy)
    yield await _feed(container)


def diagnosis_json(findings: Sequence[Finding]) -> DoctorJson:
    """The object of `doctor`."""
    return {
        "findings": [
            {"part": each.part, "state": each.state, "message": each.message, "remedy": each.remedy}
            for each in findings
        ]
    }


def _all_of(check: Callable[[AppContainer], Iterator[Finding]], container: AppContainer) -> list[Finding]:
    return list(check(container))


def _python(_container: AppContainer) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", "ok", f"{version}, SQLite {sqlite3.sqlite_version}")
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        yield Finding("python", "wrong", "SQLite is too old.", "Use a Python that was built with SQLite 3.35 or newer.")


def _configuration(container: AppContainer) -> Iterator[Finding]:
    yield Finding("configuration", "ok", str(container.loaded.file or "defaults; no file is read"))
    for name in prompt_names():
        container.prompt(name)
    yield Finding("prompts", "ok", f"{len(prompt_names())} read")


def _telemetry(_container: AppContainer) -> Iterator[Finding]:
    yield Finding("telemetry", "ok", f"switched off: {', '.join(switch.package for switch in SWITCHES)}")
    for folder in leftovers(os.environ, Path.home()):
        message = (
            f"{folder} holds an id of this device and events for Microsoft; onnxruntime wrote it, for an earlier "
            "version of this program or for another program"
        )
        yield Finding("telemetry", "note", message, f"remove it with `rm -r {shlex.quote(str(folder))}`")


def _assets(container: AppContainer) -> Iterator[Finding]:
    defaults = container.assets.catalog.defaults()
    missing = [asset.name for asset in defaults if not container.assets.status(asset.name).usable]
    if missing:
        yield Finding("assets", "note", f"not here: {', '.join(missing)}", "run `assistant assets pull`")
    else:
        yield Finding("assets", "ok", f"{len(defaults)} default assets in {container.folders.assets}")


def _embedder(container: AppContainer) -> Iterator[Finding]:
    state = container.embedder
    if state.embedder is None:
        yield Finding(
            "embedder", "note", f"{state.missing} is not here: search by words alone", "run `assistant assets pull`"
        )
        return
    state.embedder.embed(["a sentence to try the embedder with"])
    yield Finding("embedder", "ok", f"{container.config.embedder.model} works")


def _reader(container: AppContainer) -> Iterator[Finding]:
    if reader := container.readers.sentence_reader():
        reader.require("support")
        reader.support("a sentence to try the reader with", ["evidence"])
        yield Finding("reader", "ok", f"{reader.name} works")
    if reader := container.readers.paper_reader():
        reader.relevance("a question to try the reader with", ["a paper"])
        yield Finding("reader of papers", "ok", f"{reader.name} works")


def _models(container: AppContainer) -> Iterator[Finding]:
    choice = container.models.choose(container.config.model)
    kind = choice.kind.value
    if choice.kind is ModelKind.HOSTED:
        server = masked_address(container.config.hosted.base_url)
        kind += f" at {server}, from {container.loaded.place_of('hosted.base_url')}"
    yield Finding("model", "ok", f"{choice.model} ({kind}), because {choice.reason}")
    if find_spec("llama_cpp") is None:
        yield Finding(
            "local models",
            "note",
            "llama-cpp-python is not installed",
            "CMAKE_ARGS=\"-DGGML_NATIVE=OFF\" pip install 'daily-papers-assistant[local]'",
        )
    container.model()


def _library(container: AppContainer) -> Iterator[Finding]:
    stats = container.library.stats()
    if not stats.papers:
        yield Finding("library", "note", f"no papers in {stats.folder}", "run `assistant sync`")
        return
    container.library.check_embedder()
    report = container.library.check()
    state: Literal["ok", "wrong"] = "ok" if report.clean else "wrong"
    remedy = None if report.clean else "run `assistant library rebuild`"
    yield Finding("library", state, f"{stats.papers} papers in {stats.folder}", remedy)
    if stats.sample_papers:
        message = f"{stats.sample_papers} papers are of the sample feed, whose abstracts are not the authors' own words"
        yield Finding("library", "note", message, "run `assistant library remove --sample` to take them out")


def _network(container: AppContainer) -> Iterator[Finding]:
    """The proxy in use and the certificates; both are told also offline, where nothing is asked."""
    environment = container.environment
    hosted = container.config.hosted.base_url if container.models.api_key is not None else None
    addresses = dict.fromkeys(
        filter(None, (container.config.feeds.base_url, environment.get("HF_ENDPOINT") or _HUB, hosted))
    )
    routes: dict[str, list[str]] = {}
    for address in addresses:
        try:
            proxy = proxy_for(address, environment)
        except ProxyUnusable as error:
            yield Finding("proxy", "wrong", f"{_host(address)}: {error.message}", error.remedy)
        else:
            way = "directly" if proxy is None else f"through {proxy.masked_url} ({proxy.variable})"
            routes.setdefault(way, []).append(_host(address))
    for way, hosts in routes.items():
        yield Finding("proxy", "ok", f"{', '.join(hosts)}: {way}")
    try:
        tls_context(environment)
    except CertificatesUnusable as error:
        yield Finding("certificates", "wrong", error.message, error.remedy)
    else:
        named = ", ".join(f"{path} ({variable})" for variable, path in named_certificates(environment).items())
        yield Finding("certificates", "ok", named or "the system's own")


def _host(address: str) -> str:
    try:
        return urlsplit(masked_address(address)).hostname or masked_address(address)
    except ValueError:
        return masked_address(address)


async def _feed(container: AppContainer) -> Finding:
    if container.config.offline:
        return Finding("feed", "note", "offline: not asked")
    url = masked_address(container.config.feeds.base_url)
    try:
        async with container.feeds.impatient_client() as client:
            async for _ in container.feeds.daily_papers(client).day(datetime.now(UTC).date()):
                break
    except AssistantError as error:
        return Finding("feed", "note", f"{url}: {error.message}", error.remedy)
    return Finding("feed", "ok", f"{url} answers")


_CHECKS: tuple[tuple[str, Callable[[AppContainer], Iterator[Finding]]], ...] = (
    ("python", _python),
    ("configuration", _configuration),
    ("telemetry", _telemetry),
    ("network", _network),
    ("assets", _assets),
    ("embedder", _embedder),
    ("reader", _reader),
    ("model", _models),
    ("library", _library),
)
