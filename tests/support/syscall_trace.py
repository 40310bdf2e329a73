"""What a process and its children do below Python: the addresses they name to the kernel, the files they make.

Debian's `strace` sees the system calls of native libraries too, which Python's audit events do not.
"""

import ipaddress
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CALLS = "connect,sendto,sendmsg,sendmmsg"
_MAKING = "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mknod,mknodat"
_MADE_AT = re.compile(r"\bO_CREAT\b|\bO_TMPFILE\b|^(?:creat|mkdir|rename|link|symlink|mknod)")
_OPENED = re.compile(r" = \d+<(?P<path>/.*)>(?: \(deleted\))?$")
_QUOTED = re.compile(r'(?:(?:AT_FDCWD|\d+)<(?P<folder>[^>]*)>, )?"(?P<path>(?:[^"\\]|\\.)*)"')
_FAMILY = re.compile(r"sa_family=(\w+)")
_IPV4 = re.compile(r'sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)')
_IPV6 = re.compile(r'sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]+)"')
_UNIX = re.compile(r'sun_path=@?"([^"]+)"')
_HARMLESS = {"AF_UNIX", "AF_LOCAL", "AF_NETLINK", "AF_UNSPEC"}
_NAME_SERVICE_PORT = 53
_NAME_SERVICE_SOCKET = "io.systemd.Resolve"


@dataclass(frozen=True)
class Trace:
    """Addresses that are not this machine's, look-ups of names among them, and paths that were made or written anew."""

    outside: frozenset[str]
    made: frozenset[str]

    def made_outside(self, *folders: Path) -> set[str]:
        """What was made that lies in none of the folders and leads to none of them."""
        return {path for path in self.made if not any(leads(Path(path), folder) for folder in folders)}


@cache
def why_not() -> str | None:
    """Why nothing can be traced here; None when it can."""
    strace = shutil.which("strace")
    if sys.platform != "linux" or strace is None:
        return "strace is not installed (Debian: strace)"
    tried = subprocess.run([strace, "-f", "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    return f"strace may not trace here: {tried.stderr.strip()}" if tried.returncode else None


def traced(command: Sequence[str], folder: Path) -> list[str]:
    """The command line that runs ``command`` and traces it and its children into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    calls = ",".join(f"?{call}" for call in f"{_CALLS},{_MAKING}".split(","))
    strace = ["strace", "-ff", "--seccomp-bpf", "-qq", "-y", "-e", "signal=none", "-e", f"trace={calls}"]
    return [*strace, "-o", str(folder / "trace"), *command]


def read_trace(folder: Path) -> Trace:
    """What `traced` wrote; raises `AssertionError` when it wrote nothing: then nothing was looked at."""
    files = list(folder.glob("trace.*"))
    assert files, "nothing was traced"
    lines = [line for file in files for line in file.read_text(errors="replace").splitlines()]
    return Trace(
        frozenset(address for line in lines for address in _outside(line)),
        frozenset(path for line in lines for path in _made(line)),
    )


def _outside(line: str) -> Iterator[str]:
    if not line.startswith(tuple(_CALLS.split(","))):
        return
    addresses = [*_IPV4.findall(line), *_IPV6.findall(line)]
    for port, address in addresses:
        if int(port) == _NAME_SERVICE_PORT or not _is_loopback(address):
            yield f"[{address}]:{port}"
    yield from (path for path in _UNIX.findall(line) if _NAME_SERVICE_SOCKET in path)
    families = set(_FAMILY.findall(line)) - _HARMLESS
    if families and not addresses:
        yield line


def _is_loopback(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


def _made(line: str) -> Iterator[str]:
    if line.startswith(tuple(_CALLS.split(","))) or not _MADE_AT.search(line) or " = -1 " in line:
        return
    if opened := _OPENED.search(line):
        yield opened["path"]
        return
    *_, named = _QUOTED.finditer(line)  # of two names the last one is the new one
    yield os.path.normpath(Path(named["folder"] or "") / named["path"])


def leads(path: Path, folder: Path) -> bool:
    """Whether the path lies in the folder, or is one that the folder lies in."""
    return path.is_relative_to(folder) or folder.is_relative_to(path)
