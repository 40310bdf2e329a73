import os
from pathlib import Path

import pytest

from assistant.models.llama.model import auto_threads


@pytest.fixture
def topology(tmp_path: Path) -> Path:
    """Sixteen hardware threads on twelve cores: 0 to 3 run two each, 0 with 4 and so on."""
    for cpu in range(16):
        folder = tmp_path / f"cpu{cpu}/topology"
        folder.mkdir(parents=True)
        pair = cpu % 4 if cpu < 8 else None
        (folder / "thread_siblings_list").write_text(f"{pair},{pair + 4}\n" if pair is not None else f"{cpu}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("usable", "threads"),
    [({0}, 1), ({0, 4}, 1), ({0, 1}, 2), ({0, 1, 4, 5, 8}, 3), (set(range(16)), 8)],
)
def test_hardware_threads_of_one_core_count_once_and_eight_are_enough(
    topology: Path, monkeypatch: pytest.MonkeyPatch, usable: set[int], threads: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: usable)

    assert auto_threads(topology / "no-quota", topology) == threads


@pytest.mark.parametrize(
    ("quota", "threads"),
    [("200000 100000", 2), ("150000 100000", 1), ("50000 100000", 1), ("max 100000", 4), ("nonsense", 4), ("1 0", 4)],
)
def test_a_containers_quota_counts_as_cores(
    topology: Path, monkeypatch: pytest.MonkeyPatch, quota: str, threads: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2, 3})
    (topology / "cpu.max").write_text(quota)

    assert auto_threads(topology / "cpu.max", topology) == threads


@pytest.mark.parametrize(("count", "threads"), [(1, 1), (4, 4), (8, 4), (64, 8), (None, 1)])
def test_without_a_description_of_the_processor_half_of_many_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int | None, threads: int
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)

    assert auto_threads(tmp_path / "no-quota", tmp_path) == threads


def test_this_machine_has_a_thread() -> None:
    assert 1 <= auto_threads() <= 8
