"""How many threads a model in this process should compute with."""

import os
from pathlib import Path

_MOST_THREADS = 8
_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_TOPOLOGY = Path("/sys/devices/system/cpu")


def auto_threads(quota_file: Path = _QUOTA, topology: Path = _TOPOLOGY) -> int:
    """The physical cores this process may use, at least 1 and at most 8.

    Two hardware threads of one core share its arithmetic units, so the second one only costs. Memory bandwidth
    ends the gain soon after 8. A container's quota counts as cores.
    """
    cores = _physical_cores(topology)
    quota = _quota_cores(quota_file)
    return max(1, min(cores, quota or cores, _MOST_THREADS))


def _physical_cores(topology: Path) -> int:
    usable = _usable_processors()
    try:
        siblings = {(topology / f"cpu{cpu}/topology/thread_siblings_list").read_text() for cpu in usable}
    except OSError:
        # Without Linux' own description: most processors with more than 4 hardware threads run two a core.
        return len(usable) if len(usable) <= 4 else len(usable) // 2
    return len(siblings)


def _usable_processors() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _quota_cores(quota_file: Path) -> int | None:
    """Cores of a cgroup v2 quota (``200000 100000`` is two); None without one."""
    try:
        quota, period = quota_file.read_text().split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return None
