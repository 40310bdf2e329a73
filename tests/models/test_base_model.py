"""A model file without a chat template: a base model, which goes on with texts and answers nothing."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from assistant.errors import ModelUnavailable
from assistant.models.base import Judgement, Message, WritingRequest
from assistant.models.local import LocalModel
from tests.models.conftest import events_of

KEY = b"tokenizer.chat_template"
ASKED = (Message("user", "Why?"),)


@pytest.fixture(scope="module")
def base_gguf(small_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small model with its template under a name of the same length that nobody knows."""
    content = small_gguf.read_bytes()
    assert content.count(KEY) == 1
    path = tmp_path_factory.mktemp("base") / "small-base.gguf"
    path.write_bytes(content.replace(KEY, b"tokenizer.chat_templatX"))
    return path


async def test_a_file_without_a_chat_template_is_said_to_be_a_base_model(base_gguf: Path) -> None:
    async with aclosing(LocalModel(base_gguf, threads=1, context_tokens=512)) as model:
        for asking in (
            events_of(model, WritingRequest(ASKED, max_output_tokens=8)),
            model.judge([Judgement(ASKED)]),
            model.count_tokens(ASKED),
        ):
            with pytest.raises(ModelUnavailable, match="small-base is a base model") as caught:
                await asyncio.ensure_future(asking)
            assert caught.value.remedy is not None
            assert "assistant assets list" in caught.value.remedy
