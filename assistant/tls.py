"""Which certificates the program trusts: the system's, or those that the environment names instead.

The variables are those of OpenSSL and of the HTTP clients beside us (pip, requests, curl). What a variable names stands
*in place of* the system's certificates, with OpenSSL and with all of them; so a bundle that holds nothing but a
company's own certificate makes every other server unknown.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ConfigError

if TYPE_CHECKING:
    import ssl

CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The variables that may name certificates; the last two count where neither of the first two is set."""

CERTIFICATES_REMEDY = (
    "name in SSL_CERT_FILE one file that holds your network's certificates and the usual ones (a copy of the system's "
    "file, often /etc/ssl/certs/ca-certificates.crt, with yours added): it stands in place of the system's"
)
"""What to do where a server's certificate is not trusted."""

_OF_OPENSSL = CERTIFICATE_VARIABLES[:2]
_HASHED_NAME = re.compile(r"[0-9a-fA-F]{8}\.r?\d+")


class CertificatesUnusable(ConfigError):
    """What an environment variable names as certificates cannot be used; the message names both."""


def named_certificates(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables in force and what they name; empty where the system's certificates are trusted."""
    named = {name: environment[name] for name in CERTIFICATE_VARIABLES if environment.get(name)}
    of_openssl = {name: path for name, path in named.items() if name in _OF_OPENSSL}
    return of_openssl or dict(list(named.items())[:1])


def tls_context(environment: Mapping[str, str]) -> "ssl.SSLContext":
    """The context of TLS connections with what is trusted here. Reads files: blocking.

    Raises:
        CertificatesUnusable: a variable names what is missing, unreadable or no certificate.
    """
    import ssl

    import httpx2

    named = named_certificates(environment)
    if not named:
        return httpx2.create_ssl_context(trust_env=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for variable, path in named.items():
        is_folder = variable == "SSL_CERT_DIR" or (variable not in _OF_OPENSSL and Path(path).is_dir())
        (_trust_folders if is_folder else _trust_file)(context, variable, path)
    return context


def _trust_file(context: "ssl.SSLContext", variable: str, path: str) -> None:
    import ssl

    try:
        context.load_verify_locations(cafile=path)
    except ssl.SSLError as error:
        raise _unusable(variable, path, "holds no certificate that can be read") from error
    except (OSError, ValueError) as error:
        raise _unusable(variable, path, f"cannot be read: {_reason(error)}") from error


def _trust_folders(context: "ssl.SSLContext", variable: str, paths: str) -> None:
    """Trust what stands in folders. OpenSSL takes several, skips those that are missing and says nothing of it."""
    problem = "names no folder"
    for folder in filter(None, paths.split(os.pathsep)):
        try:
            names = [entry.name for entry in Path(folder).iterdir()]
        except (OSError, ValueError) as error:
            problem = f"cannot be read: {_reason(error)}"
            continue
        if any(map(_HASHED_NAME.fullmatch, names)):
            context.load_verify_locations(capath=paths)
            return
        problem = "holds no certificate under a name that OpenSSL looks for (`openssl rehash` makes these names)"
    raise _unusable(variable, paths, problem)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _unusable(variable: str, path: str, problem: str) -> CertificatesUnusable:
    return CertificatesUnusable(
        f"{variable} names {path!r}, which {problem}.",
        "Unset it, or name in SSL_CERT_FILE a PEM file with your network's certificates and the usual ones.",
    )
