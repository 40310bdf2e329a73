"""Answers of real servers as the captures in ../shared/field have them, served by the script that lies beside them."""

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from assistant.errors import ModelError, ModelMissing, ModelUnavailable
from assistant.models.chat_model import GenerationRequest, Judgement, Message
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from tests.models.conftest import events_of, text_of

ANSWER = (
    "ToySum comprises 2200 toy screenplays with their plot summaries [1]. "
    "It is twice the size of previous toy screenplay datasets [1]."
)
ASKED = GenerationRequest(
    (Message("system", "Be brief."), Message("user", "How many toy screenplays does it have?")), max_output_tokens=500
)

Serve = Callable[..., HostedModel]


@pytest.fixture
def served(shared: Path) -> Iterator[Serve]:
    """Makes a hosted model on a case of the field."""
    script = shared / "field" / "serve_case.py"
    if not script.is_file():
        pytest.skip("../shared/field is not on this machine")
    with ExitStack() as stack:

        def serve(case: str, file: str = "case.json", **settings: object) -> HostedModel:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            command = [sys.executable, str(script), str(script.parent / case), str(port), file]
            server = stack.enter_context(subprocess.Popen(command))
            stack.callback(server.kill)
            _wait_until_it_listens(port, server)
            defaults = {
                "base_url": f"http://127.0.0.1:{port}/v1",
                "model": "m",
                "api_key": "sk-toy-1234",
                "max_retries": 0,
            }
            return HostedModel(HostedModelSettings(**{**defaults, **settings}))  # type: ignore[arg-type]  # by name

        yield serve


def _wait_until_it_listens(port: int, server: "subprocess.Popen[bytes]") -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while server.poll() is None:
        try:
            direct.open(f"http://127.0.0.1:{port}/", timeout=5).close()
        except urllib.error.HTTPError as answered:
            answered.close()
            return
        except OSError:
            continue
    pytest.fail("serve_case.py did not start")


@pytest.mark.parametrize(
    ("case", "file"),
    [
        ("hosted_think_tags", "case.json"),
        ("hosted_harmony", "case.json"),
        ("hosted_thinking_budget", "case.json"),
        ("hosted_thinking_budget", "case_azure.json"),
        ("hosted_no_system_role", "case.json"),
        ("hosted_done_without_finish", "case.json"),
        ("hosted_whole_json", "case.json"),
        ("hosted_no_text", "case_list.json"),
        ("hosted_error_bodies", "case_list_parameter.json"),
    ],
)
async def test_the_answer_alone_is_read(served: Serve, case: str, file: str) -> None:
    model = served(case, file)

    assert text_of(await events_of(model, ASKED)).strip() == ANSWER
    await model.aclose()


@pytest.mark.parametrize(
    ("case", "file", "kind", "says"),
    [
        ("hosted_403_not_the_key", "case.json", ModelUnavailable, "region, or territory not supported"),
        ("hosted_403_not_the_key", "case_flagged.json", ModelUnavailable, "your input was flagged"),
        ("hosted_error_bodies", "case_detail.json", ModelUnavailable, "The model is still loading"),
        ("hosted_error_bodies", "case_json_200.json", ModelUnavailable, "rate limited upstream"),
        ("hosted_error_bodies", "case_list_key.json", ModelUnavailable, "refuses the key in OPENAI_API_KEY"),
        ("hosted_error_bodies", "case_list_model.json", ModelMissing, "has no model m (404): models/m is not found"),
        ("hosted_no_text", "case_empty.json", ModelUnavailable, "sent an empty answer"),
        (
            "hosted_no_text",
            "case_refusal.json",
            ModelUnavailable,
            "refuses to answer: I'm sorry, I cannot help with that",
        ),
        ("hosted_no_text", "case_tool.json", ModelUnavailable, "called a tool instead of answering"),
    ],
)
async def test_a_failure_has_the_servers_words_and_a_remedy(
    served: Serve, case: str, file: str, kind: type[ModelError], says: str
) -> None:
    model = served(case, file)

    with pytest.raises(kind) as raised:
        await events_of(model, ASKED)

    assert says in raised.value.message
    assert raised.value.remedy
    assert case != "hosted_403_not_the_key" or "the key" not in raised.value.message
    await model.aclose()


@pytest.mark.parametrize("case", ["hosted_think_tags", "hosted_harmony"])
async def test_a_thought_is_no_judgement(served: Serve, case: str) -> None:
    model = served(case)

    (judged,) = await model.judge([Judgement((Message("user", "Does it hold?"),))])

    assert judged is None or judged == (0.5, 0.5)
    await model.aclose()


async def test_a_model_that_was_seen_to_think_is_known_the_next_time(served: Serve, tmp_path: Path) -> None:
    first = served("hosted_thinking_budget", traits_file=tmp_path / "state" / "models.json")
    assert first.hidden_output_tokens == 0
    await events_of(first, ASKED)
    assert first.hidden_output_tokens > 900
    await first.aclose()

    second = HostedModel(first._settings)

    assert second.hidden_output_tokens == first.hidden_output_tokens
    assert "sk-toy" not in (tmp_path / "state" / "models.json").read_text()
