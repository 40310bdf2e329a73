"""Which certificates are trusted, and what is said of variables that name none."""

import re
import ssl
from pathlib import Path

import pytest
import trustme

from assistant.tls import CERTIFICATE_VARIABLES, CertificatesUnusable, named_certificates, tls_context

BROKEN_PEM = "-----BEGIN CERTIFICATE-----\nno base64\n-----END CERTIFICATE-----\n"


@pytest.fixture(scope="module")
def company() -> trustme.CA:
    return trustme.CA(organization_name="Example Company")


@pytest.fixture
def bundle(company: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "company.pem"
    company.cert_pem.write_to_path(str(path))
    return path


def organizations(context: ssl.SSLContext) -> set[str]:
    """Who signed the certificates that a context has read."""
    return set(re.findall(r"'organizationName', '([^']*)'", str(context.get_ca_certs())))


@pytest.mark.parametrize("variable", [name for name in CERTIFICATE_VARIABLES if name != "SSL_CERT_DIR"])
def test_a_named_file_stands_in_place_of_the_systems(variable: str, bundle: Path) -> None:
    context = tls_context({variable: str(bundle)})

    assert "Example Company" in organizations(context)
    assert len(context.get_ca_certs()) == 1
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("variable", ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_folder_with_hashed_names_is_taken(variable: str, bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / "9d66eef0.0").write_bytes(bundle.read_bytes())

    assert tls_context({variable: str(folder)}).get_ca_certs() == []  # read when a server shows one that it signed
    assert tls_context({"SSL_CERT_DIR": f"{tmp_path / 'missing'}:{folder}"})


@pytest.mark.parametrize("variable", CERTIFICATE_VARIABLES)
@pytest.mark.parametrize("content", [None, "", "no certificate", BROKEN_PEM, "\x00\xff"])
def test_what_holds_no_certificate_is_named_with_its_variable(
    variable: str, content: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "broken.pem"
    if content is not None:
        path.write_text(content)

    with pytest.raises(CertificatesUnusable) as caught:
        tls_context({variable: str(path)})

    assert variable in caught.value.message
    assert str(path) in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("variable", CERTIFICATE_VARIABLES)
def test_a_folder_without_hashed_names_is_an_error(variable: str, bundle: Path) -> None:
    with pytest.raises(CertificatesUnusable, match=variable):
        tls_context({variable: str(bundle.parent)})


def test_a_name_that_no_file_can_have_is_an_error() -> None:
    with pytest.raises(CertificatesUnusable, match="SSL_CERT_FILE"):
        tls_context({"SSL_CERT_FILE": "a\0b"})


def test_openssls_variables_come_first_and_empty_ones_do_not_count(bundle: Path) -> None:
    environment = {"SSL_CERT_FILE": "", "REQUESTS_CA_BUNDLE": "/one.pem", "CURL_CA_BUNDLE": "/two.pem"}

    assert named_certificates(environment) == {"REQUESTS_CA_BUNDLE": "/one.pem"}
    assert named_certificates(environment | {"SSL_CERT_DIR": "/d"}) == {"SSL_CERT_DIR": "/d"}
    assert named_certificates(environment | {"SSL_CERT_DIR": "/d", "SSL_CERT_FILE": "/f"}) == {
        "SSL_CERT_FILE": "/f",
        "SSL_CERT_DIR": "/d",
    }
    assert named_certificates({}) == {}
    assert tls_context({"SSL_CERT_FILE": str(bundle), "REQUESTS_CA_BUNDLE": "/missing"})


def test_without_variables_the_systems_are_trusted() -> None:
    context = tls_context({})

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert "Example Company" not in organizations(context)
