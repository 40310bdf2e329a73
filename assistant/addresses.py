"""Addresses as they may be shown, and which of them are this machine: by what is written, nothing is resolved.

A password may hold any sign, also those that end the host of a URL when nobody has quoted them (``/``, ``?``, ``#``, a
blank): what stands before the last ``@`` is never shown, unless the address can be read without credentials only.
"""

import ipaddress
import re

_MASK = "***@"
_BEFORE_HOST = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?//")
_AT = re.compile("[@\ufe6b\uff20]")  # the wide and the small one too, which `urlsplit` refuses with the whole host
_AFTER_HOST = re.compile(r"[/?#\\]")
_WITHOUT_CREDENTIALS = re.compile(
    r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:/@?[^@/?#\\]*)*(?:\?[\w.~-]+=.*)?", re.DOTALL
)
"""A host with its port, segments of a path that may begin with @, and a query with a name, in which @ may stand."""


def masked_address(address: str) -> str:
    """The address with ``***`` in place of user and password; one without them stays as it is.

    Any text will do, also what is no URL: ``u:secret@host/v1``. ``https://host/@user/x`` has no credentials.
    """
    before, credentials, rest = _parts(address)
    return f"{before}{_MASK}{rest}" if credentials else address


def without_credentials(address: str) -> str:
    """The address without user and password."""
    before, _, rest = _parts(address)
    return f"{before}{rest}"


def has_misplaced_credentials(address: str) -> bool:
    """Whether the user and password of an address hold a sign that ends its host too early, such as a slash.

    Clients take what stands before that sign for the host, and would ask it.
    """
    _, credentials, _ = _parts(address)
    return bool(_AFTER_HOST.search(credentials))


def is_loopback(host: str, *, or_unspecified: bool = False) -> bool:
    """Whether a host is this machine alone: localhost and names below it, 127.0.0.0/8, ::1; brackets do not matter.

    With ``or_unspecified`` 0.0.0.0 and :: count too: to connect to them is to connect to this machine, but whoever
    listens on them is reached by others.
    """
    name = host.strip().removeprefix("[").removesuffix("]").removesuffix(".").casefold()
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    effective_address = mapped or address
    return effective_address.is_loopback or (or_unspecified and effective_address.is_unspecified)


def _parts(address: str) -> tuple[str, str, str]:
    """What stands before the credentials, the credentials (empty where there are none), and what follows their @."""
    scheme = _BEFORE_HOST.match(address)
    start = scheme.end() if scheme else 0
    *_, at = [None, *_AT.finditer(address, start)]
    if at is None or _WITHOUT_CREDENTIALS.fullmatch(address, start):
        return address[:start], "", address[start:]
    return address[:start], address[start : at.start()], address[at.end() :]
