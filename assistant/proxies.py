"""Which proxy of the environment an address is reached through, and whether that proxy can be used at all.

The variables are those that shells and desktops set: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in either case,
lower case first. Nobody but this module reads them, so that every client goes the same way: what this machine serves
itself is asked directly, and a variable that no address needs hinders nothing. Credentials are never shown.
"""

import ipaddress
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import SplitResult, quote, unquote, urlsplit

from assistant.addresses import is_loopback, masked_address
from assistant.errors import ConfigError

PROXY_VARIABLES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
)
"""The variables that say which way requests go."""

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_ALIASES = {"socks": "socks5h"}  # as GNOME writes it; names are resolved by the proxy there
_HOST_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
_HOST_WITH_PORT = re.compile(r"\[?(?P<host>[^\[\]]+?)\]?(?::(?P<port>\d+))?")
_SEPARATORS = re.compile(r"[,\s]+")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EXAMPLE = "such as http://proxy.example:8080 or socks5h://127.0.0.1:1080 (signs in a password as %40 and the like)"


class ProxyUnusable(ConfigError):
    """The proxy that an address needs cannot be used; the message names the variable and not its value."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy as ``variable`` names it: ``scheme`` is http, https, socks5 or socks5h; ``host`` has no brackets."""

    variable: str
    scheme: str
    host: str
    port: int
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """The proxy's URL without credentials."""
        return f"{self.scheme}://{self._place}"

    @property
    def masked_url(self) -> str:
        """The proxy's URL for the reader, credentials masked."""
        return masked_address(self.full_address)

    @property
    def full_address(self) -> str:
        """The proxy's URL with its credentials: a secret, for programs that are started."""
        if self.username is None:
            return self.address
        password = "" if self.password is None else f":{quote(self.password, safe='')}"
        return f"{self.scheme}://{quote(self.username, safe='')}{password}@{self._place}"

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS and not HTTP."""
        return self.scheme.startswith("socks")

    @property
    def _place(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def proxy_for(url: str, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy for an address; None where it is reached directly: on this machine, in NO_PROXY, or without a proxy.

    What is no address needs none either: whoever asks for it says what is wrong.

    Raises:
        ProxyUnusable: a variable names a proxy for this address that is no proxy, or one of a kind that is not spoken.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    settings = _system_settings(environment)
    if is_loopback(host, or_unspecified=True) or _bypassed(host, port, settings):
        return None
    for kind in (parts.scheme, "all"):
        if named := _variable(f"{kind}_proxy", settings):
            return _usable(_parsed(*named))
    return None


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that reads the variables itself: each proxy in the form that all understand.

    What cannot be read as a proxy stays as it is, `without_unusable` leaves it out. Addresses of this machine are
    never to go through a proxy.
    """
    changed = dict(environment)
    for variable, value in environment.items():
        if variable.lower() in {"http_proxy", "https_proxy", "all_proxy"} and value.strip():
            try:
                changed[variable] = _parsed(variable, value).full_address
            except ProxyUnusable:
                continue
    if any(variable.lower().endswith("_proxy") for variable in changed):
        name, listed = _variable("no_proxy", environment) or ("no_proxy", "")
        entries = [entry for entry in _SEPARATORS.split(listed) if entry]
        changed[name] = ",".join(dict.fromkeys([*entries, *_LOOPBACK]))
    return changed


def without_unusable(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the variables that name no proxy: libraries fail on them before they are needed."""
    return {variable: value for variable, value in environment.items() if variable not in unusable(environment)}


def unusable(environment: Mapping[str, str]) -> dict[str, ProxyUnusable]:
    """The proxy variables that cannot be used, each with the error."""
    wrong: dict[str, ProxyUnusable] = {}
    for variable, value in environment.items():
        if variable.lower() in {"http_proxy", "https_proxy", "all_proxy"} and value.strip():
            try:
                _usable(_parsed(variable, value))
            except ProxyUnusable as error:
                wrong[variable] = error
    return wrong


def is_secure(url: str, proxy: Proxy | None) -> bool:
    """Whether a request to an address speaks TLS, with the server or with the proxy on the way."""
    return url.strip().lower().startswith("https:") or (proxy is not None and proxy.scheme == "https")


def route_text(proxy: Proxy | None) -> str:
    """The way that a request went, for messages: nothing where no proxy stood on it."""
    return "" if proxy is None else f" through the proxy {proxy.masked_url} of {proxy.variable}"


def _system_settings(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The variables, or what macOS and Windows have in their settings where no variable says anything."""
    named = any(_variable(f"{kind}_proxy", environment) for kind in ("http", "https", "all"))
    if named or environment is not os.environ or platform.system() not in {"Darwin", "Windows"}:
        return environment
    from urllib.request import getproxies

    return {f"{kind}_proxy": address for kind, address in getproxies().items()}


def _variable(name: str, environment: Mapping[str, str]) -> tuple[str, str] | None:
    """The variable in lower or upper case with its value; an empty one in lower case switches the other off."""
    for variable in (name, name.upper()):
        if variable in environment:
            value = environment[variable].strip()
            return (variable, value) if value else None
    return None


def _bypassed(host: str, port: int | None, environment: Mapping[str, str]) -> bool:
    """Whether NO_PROXY names the host: by name, as a domain, by address or network, with or without a port."""
    named = _variable("no_proxy", environment)
    return named is not None and any(_names(entry, host, port) for entry in _SEPARATORS.split(named[1]))


def _names(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    text = entry.rpartition("://")[2].lower().rstrip("/")
    if text.count(":") > 1 and "[" not in text:  # an address of IPv6, which has no port without brackets
        named, named_port = text, None
    elif (matched := _HOST_WITH_PORT.fullmatch(text)) is not None:
        named, named_port = matched["host"], matched["port"]
    else:
        return False
    if named_port is not None and int(named_port) != port:
        return False
    try:
        return ipaddress.ip_address(host.partition("%")[0]) in ipaddress.ip_network(named, strict=False)
    except ValueError:
        domain = named.removeprefix("*").strip(".")
        return bool(domain) and f".{host.lower()}".endswith(f".{domain}")


def _parsed(variable: str, value: str) -> Proxy:
    text = value.strip()
    if "://" not in text:
        text = f"http://{text.removeprefix('//')}"
    try:
        parts = urlsplit(text)
        # A sign such as / in a password would end the host too early.
        host = "" if "@" in parts.path + parts.query + parts.fragment else parts.hostname or ""
    except ValueError as error:
        raise _not_a_proxy(variable, "its host cannot be read") from error
    scheme = _ALIASES.get(parts.scheme, parts.scheme)
    if scheme in {"socks4", "socks4a"}:
        message = f"{variable} names a proxy that speaks SOCKS 4, which is not supported."
        raise ProxyUnusable(message, f"Name it as socks5h:// if it speaks SOCKS 5 too, or unset {variable}.")
    if scheme not in _DEFAULT_PORTS:
        raise _not_a_proxy(variable, "it begins with none of http://, https://, socks5://, socks5h:// and socks://")
    if not _is_host(host):
        raise _not_a_proxy(variable, "its host cannot be read")
    username = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    return Proxy(variable, scheme, host, _port(variable, parts, scheme), username, password)


def _port(variable: str, parts: SplitResult, scheme: str) -> int:
    try:
        port = _DEFAULT_PORTS[scheme] if parts.port is None else parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise _not_a_proxy(variable, "its port is not a number from 1 to 65535")
    return port


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        try:
            return bool(_HOST_NAME.fullmatch(host)) and bool(host.encode("idna"))
        except UnicodeError:
            return False
    return True


def _not_a_proxy(variable: str, why: str) -> ProxyUnusable:
    remedy = f"Set {variable} to the proxy's address, {_EXAMPLE}, or unset it; NO_PROXY names what needs no proxy."
    return ProxyUnusable(f"{variable} is not the address of a proxy: {why}.", remedy)


def _usable(proxy: Proxy) -> Proxy:
    if proxy.is_socks and find_spec("socksio") is None:
        message = f"{proxy.variable} names a SOCKS proxy, and the package that speaks SOCKS is not installed."
        raise ProxyUnusable(message, f"Run `pip install socksio`, or unset {proxy.variable}.")
    return proxy
