"""Hosted models over TLS with certificates of one's own, on this machine and as through a company's network."""

import ssl
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
import trustme

from assistant.errors import ModelUnavailable
from assistant.models.chat_model import GenerationRequest, Message
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from assistant.tls import CERTIFICATE_VARIABLES
from tests.models.conftest import HostedOn, events_of, text_of
from tests.support.openai_server import Answer, ScriptedServer

ASKED = GenerationRequest((Message("user", "Why?"),))


@pytest.fixture(autouse=True)
def _without_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CERTIFICATE_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def company() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secured(company: trustme.CA) -> Iterator[ScriptedServer]:
    """A server on this machine with a certificate of the company's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    company.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    with ScriptedServer([Answer("Because.")], context) as server:
        yield server


def model_of(server: ScriptedServer) -> HostedModel:
    return HostedModel(HostedModelSettings(base_url=server.base_url, model="scripted", max_retries=0))


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
async def test_a_private_certificate_is_trusted_on_this_machine(
    secured: ScriptedServer, company: trustme.CA, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.cert_pem.write_to_path(str(tmp_path / "company.pem"))
    monkeypatch.setenv(variable, str(tmp_path / "company.pem"))

    async with aclosing(model_of(secured)) as model:
        assert text_of(await events_of(model, ASKED)) == "Because."


async def test_a_folder_of_certificates_is_trusted(
    secured: ScriptedServer, company: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess

    company.cert_pem.write_to_path(str(tmp_path / "company.pem"))
    rehash = subprocess.run(["openssl", "rehash", str(tmp_path)], capture_output=True, check=False)  # noqa: ASYNC221
    if rehash.returncode != 0:
        pytest.skip("openssl rehash does not work here")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    async with aclosing(model_of(secured)) as model:
        assert text_of(await events_of(model, ASKED)) == "Because."


async def test_an_unknown_certificate_is_an_error_with_the_way_to_name_it(secured: ScriptedServer) -> None:
    async with aclosing(model_of(secured)) as model:
        with pytest.raises(ModelUnavailable, match="CERTIFICATE_VERIFY_FAILED") as caught:
            await events_of(model, ASKED)

    assert caught.value.remedy is not None
    assert "SSL_CERT_FILE" in caught.value.remedy
    assert "the usual ones" in caught.value.remedy


async def test_a_broken_certificate_file_is_named(
    secured: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path))

    async with aclosing(model_of(secured)) as model:
        with pytest.raises(ModelUnavailable) as caught:
            await events_of(model, ASKED)

    assert "SSL_CERT_FILE" in caught.value.message
    assert str(tmp_path) in caught.value.message


async def test_without_tls_a_broken_certificate_file_does_not_matter(
    hosted_on: HostedOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/missing.pem")
    model, _ = hosted_on([Answer("Because.")])

    assert text_of(await events_of(model, ASKED)) == "Because."
