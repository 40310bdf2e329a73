"""What only shows in a process of its own: its terminal, its signals, its memory, its imports."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest

PREPARE = """
    import asyncio, sys
    from pathlib import Path
    from assistant.errors import ModelError
    from assistant.models.chat_model import Message, TextDelta, GenerationRequest
    from assistant.models.llama.model import LocalModel

    async def write(path, tokens, **settings):
        model = LocalModel(Path(path), threads=1, **settings)
        try:
            request = GenerationRequest(
                (Message("user", "Tell a story. " * 20),), max_output_tokens=tokens, grammar="root ::= [a-z ] root"
            )
            async for event in model.stream(request):
                if isinstance(event, TextDelta):
                    print(event.text, end="", flush=True)
        except ModelError as error:
            print("error:", error.message)
        finally:
            await model.aclose()
"""


def python(script: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", dedent(PREPARE) + dedent(script), *map(str, arguments)]


def run(script: str, *arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        python(script, *arguments),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def test_nothing_but_the_answer_reaches_the_terminal(small_gguf: Path) -> None:
    done = run("asyncio.run(write(sys.argv[1], 8))", small_gguf)

    assert done.returncode == 0
    assert len(done.stdout) >= 8
    assert done.stderr == ""


def test_a_model_that_does_not_load_says_so_once(small_gguf: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(small_gguf.read_bytes()[:30_000_000])

    done = run("asyncio.run(write(sys.argv[1], 8))", cut)

    assert done.stdout.startswith(f"error: The model file {cut} cannot be loaded: ")
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on address space is Linux' own")
def test_too_little_memory_is_an_error_and_no_crash(small_gguf: Path) -> None:
    done = run(
        """
        import resource
        from assistant.models.llama.bindings import load_library
        load_library()
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + 300_000_000, resource.RLIM_INFINITY))
        asyncio.run(write(sys.argv[1], 8, context_tokens=8192))
        """,
        small_gguf,
    )

    assert done.returncode == 0
    assert done.stdout.startswith("error: ")
    assert "cannot be started: insufficient memory" in done.stdout


@pytest.mark.parametrize("wait_for_text", [True, False])
def test_ctrl_c_ends_the_process_promptly(small_gguf: Path, wait_for_text: bool) -> None:
    script = "print('ready', flush=True); asyncio.run(write(sys.argv[1], 2000))"
    with subprocess.Popen(
        python(script, small_gguf), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        if wait_for_text:
            process.stdout.read(5)
        else:
            time.sleep(0.2)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        seconds = time.monotonic() - started
        last_line = process.stderr.read().strip().splitlines()[-1]

    assert seconds < 3
    assert last_line == "KeyboardInterrupt"
    assert process.returncode == -signal.SIGINT


LOAD = """
    import os
    from assistant.models.llama.bindings import load_library
    load_library()
    maps = Path("/proc/self/maps")
    print("libgomp" in (maps.read_text() if maps.exists() else ""), os.environ.get("GOMP_SPINCOUNT"))
"""


@pytest.mark.parametrize(
    ("environment", "spins", "left"),
    [({}, "300", "None"), ({"GOMP_SPINCOUNT": "77"}, "77", "77"), ({"OMP_WAIT_POLICY": "PASSIVE"}, "0", "None")],
)
def test_threads_spin_briefly_unless_the_user_says_otherwise(
    small_gguf: Path, environment: dict[str, str], spins: str, left: str
) -> None:
    done = run(LOAD, **environment, OMP_DISPLAY_ENV="verbose")

    uses_openmp, in_environment = done.stdout.split()
    assert in_environment == left
    if uses_openmp == "True":
        assert f"GOMP_SPINCOUNT = '{spins}'" in done.stderr


def test_the_vendors_are_imported_only_when_they_write() -> None:
    done = run(
        """
        from assistant.models.extractive import ExtractiveModel
        from assistant.models.hosted.model import HostedModel
        from assistant.models.hosted.server import HostedModelSettings
        HostedModel(HostedModelSettings(base_url="http://localhost:1/v1", model="m"))
        ExtractiveModel()
        print(*sorted({"openai", "httpx2", "tiktoken", "llama_cpp", "jinja2", "numpy"} & set(sys.modules)))
        """
    )

    assert done.stdout.strip() == ""
    assert done.returncode == 0
