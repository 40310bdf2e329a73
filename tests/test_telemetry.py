"""Telemetry of packages: off on every way in, whatever the environment says; tried without the variables of a CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import telemetry

USES_IT = """
from pathlib import Path
from assistant.errors import AssetMissing
from assistant.models.embedder import OnnxEmbedder
try:
    OnnxEmbedder(Path("absent"), Path("absent"), fingerprint="f")._session_of(1)
except AssetMissing:
    import sys
    assert "onnxruntime" in sys.modules
"""


def run_python(code: str, home: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Python with a home of its own and nothing that tells of a CI: onnxruntime is silent where ``CI`` is set."""
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_") or name == "PATH"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=kept | {"HOME": str(home)} | variables,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def _reports_by_itself(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The onnxruntime here writes a queue of events when nothing keeps it from that."""
    alone = tmp_path_factory.mktemp("alone")
    assert run_python("import onnxruntime", alone).returncode == 0
    if not list(alone.rglob("*")):
        pytest.skip("this onnxruntime writes nothing by itself (wheels for Linux from 1.29.0 on do)")


@pytest.mark.usefixtures("_reports_by_itself")
@pytest.mark.parametrize(
    "code",
    [
        "import assistant, onnxruntime",
        "from assistant import Assistant; import onnxruntime; Assistant()",
        "import assistant.sentences, onnxruntime",
        "import benchmarks.common, onnxruntime",
        "import tests.conftest, onnxruntime",
        "import assistant; from chromadb.utils.embedding_functions import DefaultEmbeddingFunction as make; make()",
        USES_IT,
        f"import os, assistant; os.environ.clear()\n{USES_IT}",
        f"import os, assistant; os.environ['ORT_DISABLE_TELEMETRY'] = '0'\n{USES_IT}",
        "import subprocess, sys, assistant; subprocess.run([sys.executable, '-c', 'import onnxruntime'], check=True)",
        "import runpy, sys; sys.argv = ['assistant', '--help']\n"
        "try: runpy.run_module('assistant', run_name='__main__')\nexcept SystemExit: import onnxruntime",
    ],
)
def test_no_way_in_lets_onnxruntime_report(tmp_path: Path, code: str) -> None:
    ran = run_python(code, tmp_path / "home", ORT_DISABLE_TELEMETRY="0")

    assert ran.returncode == 0, ran.stderr
    assert list((tmp_path / "home").rglob("*")) == []


def test_a_program_that_imported_onnxruntime_first_is_warned(tmp_path: Path) -> None:
    late = "import onnxruntime; from assistant import Assistant; Assistant()"

    warned = run_python(late, tmp_path)
    assert ("ORT_DISABLE_TELEMETRY=1" in warned.stderr) == (sys.platform == "linux")
    assert run_python(late, tmp_path, ORT_DISABLE_TELEMETRY="1").returncode == 0


def test_every_switch_is_set_here_and_for_children_whatever_they_are_given() -> None:
    asked_for = {switch.variable: "0" for switch in telemetry.SWITCHES} | {"HF_TOKEN": "t"}

    child = telemetry.without_telemetry(asked_for)

    assert child.pop("HF_TOKEN") == "t"
    assert child == {switch.variable: switch.value for switch in telemetry.SWITCHES}
    assert child.items() <= os.environ.items()
