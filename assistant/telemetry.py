"""What packages of others would report to their makers, switched off in one place.

Some packages report about their use from the moment they are imported, unseen by Python: the Linux wheels of
onnxruntime (1.29.0 to 1.31.1 at least) write an id of the device and a queue of events into the user's cache folder and
send them from a native thread some ten seconds later. Their own function that switches it off comes after the import
and is too late, so the environment has to say it before. The package `assistant` does so when any part of it is
imported; adapters say it again right before they import such a package, for a program may have changed its environment
meanwhile; child processes get it with their environment.

A program that imported onnxruntime before this package has started its telemetry already: nothing ends it then, and
`Assistant` warns of it.
"""

import os
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Switch:
    """A variable that a package reads, the value that switches its telemetry off, and what that telemetry is."""

    package: str
    variable: str
    value: str
    ends: str


SWITCHES = (
    Switch("onnxruntime", "ORT_DISABLE_TELEMETRY", "1", "device id, platform and use, to Microsoft"),
    Switch("huggingface-hub", "HF_HUB_DISABLE_TELEMETRY", "1", "coding agents it runs under, to the hub"),
    Switch("chromadb", "ANONYMIZED_TELEMETRY", "False", "use of the index, to Chroma"),
)
"""All that is switched off. A value of the user's own does not turn one on: the program promises that none runs."""

_LEFT_BY_ONNXRUNTIME = Path("Microsoft", "DeveloperTools", ".onnxruntime")


def switch_off() -> None:
    """Switch telemetry off for this process and the ones it starts; cheap, and has to run before the packages load."""
    os.environ.update(_VARIABLES)


def without_telemetry(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process, whatever it says about telemetry."""
    return {**environment, **_VARIABLES}


def warn_if_started() -> None:
    """Warn a program that imported onnxruntime before this package, with its telemetry on: that cannot be ended."""
    if _STARTED:
        warnings.warn(
            "onnxruntime was imported before `assistant`, so its telemetry runs in this process. Import `assistant` "
            "first, or set ORT_DISABLE_TELEMETRY=1 before the program starts.",
            RuntimeWarning,
            stacklevel=3,
        )


def leftovers(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Folders that onnxruntime's telemetry wrote earlier, for this program or another one."""
    caches = [home / ".cache"]
    if cache := environment.get("XDG_CACHE_HOME"):
        caches.insert(0, Path(cache))
    folders = dict.fromkeys(cache / _LEFT_BY_ONNXRUNTIME for cache in caches)
    return tuple(folder for folder in folders if folder.is_dir())


_VARIABLES = {switch.variable: switch.value for switch in SWITCHES}
_ON = ("1", "true", "yes", "on")  # what onnxruntime 1.31 takes for a yes, in any case
_STARTED = (
    sys.platform == "linux"
    and "onnxruntime" in sys.modules
    and os.environ.get("ORT_DISABLE_TELEMETRY", "").casefold() not in _ON
)
