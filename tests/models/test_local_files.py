import asyncio
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import ModelMissing, ModelUnavailable
from assistant.models.chat_model import GenerationRequest, Judgement, Message, TextDelta
from assistant.models.llama.bindings import load_library
from assistant.models.llama.model import LocalModel
from assistant.models.llama.runtime import LlamaRuntime, RuntimeSettings
from tests.models.conftest import events_of, text_of

FRUITS = (Message("system", "You are brief."), Message("user", "Name three fruits."))


def changed(gguf: Path, folder: Path, old: bytes = b"", new: bytes = b"", keep: int | None = None) -> Path:
    """A copy of a model file with some bytes replaced by as many others, or cut after ``keep`` bytes."""
    content = gguf.read_bytes()[:keep]
    assert len(old) == len(new)
    assert old in content
    path = folder / "changed.gguf"
    path.write_bytes(content.replace(old, new) if old else content)
    return path


@pytest.fixture(scope="module")
def runtime(small_gguf: Path) -> Iterator[LlamaRuntime]:
    loaded = LlamaRuntime(small_gguf, "small", RuntimeSettings(2048, 1, 512))
    yield loaded
    loaded.close()


@pytest.mark.parametrize("content", [b"<html>", b"GGUF", b""])
def test_a_broken_file_is_known_before_anything_is_loaded(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)

    with pytest.raises(ModelUnavailable, match="is not a whole GGUF model file"):
        LocalModel(path)
    with pytest.raises(ModelMissing, match="There is no model file"):
        LocalModel(tmp_path / "none.gguf")


async def test_a_file_cut_in_its_weights_is_unavailable_with_the_reason(small_gguf: Path, tmp_path: Path) -> None:
    model = LocalModel(changed(small_gguf, tmp_path, keep=20_000_000), threads=1)

    with pytest.raises(ModelUnavailable, match=r"cannot be loaded: .*(corrupt|incomplete|bounds)") as raised:
        await events_of(model, GenerationRequest(FRUITS))

    assert "assets pull" in (raised.value.remedy or "")
    await model.aclose()


async def test_a_model_without_template_is_said_to_be_a_base_model(small_gguf: Path, tmp_path: Path) -> None:
    model = LocalModel(changed(small_gguf, tmp_path, b"tokenizer.chat_template", b"tokenizer.chat_tempIate"), threads=1)

    for asking in (
        events_of(model, GenerationRequest(FRUITS, max_output_tokens=8)),
        model.judge([Judgement(FRUITS)]),
        model.count_tokens(FRUITS),
    ):
        with pytest.raises(ModelUnavailable, match=r"changed has no chat template .* it is a base model") as raised:
            await asyncio.ensure_future(asking)
        assert "assistant assets list" in (raised.value.remedy or "")
    await model.aclose()


async def test_a_model_that_wants_a_beginning_gets_one_and_never_two(small_gguf: Path, tmp_path: Path) -> None:
    add_bos, bos_token = b"tokenizer.ggml.add_bos_token\x07\0\0\0", b"tokenizer.ggml.bos_token_id\x04\0\0\0"
    wants = changed(small_gguf, tmp_path, add_bos + b"\0", add_bos + b"\1")
    (other := tmp_path / "other").mkdir()
    wants_another = changed(wants, other, bos_token + b"\1", bos_token + b"\0")

    counts = []
    for path in (small_gguf, wants, wants_another):
        async with aclosing(LocalModel(path, threads=1)) as model:
            counts.append(await model.count_tokens(FRUITS))

    assert counts == [counts[0], counts[0], counts[0] + 1]


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"{% for message", b"{% fro message"), (b"{{'<|im_start|>' + m", b"{{1/0 + '<|im_s' + m")],
)
async def test_a_broken_template_is_an_error_with_its_reason(
    small_gguf: Path, tmp_path: Path, old: bytes, new: bytes
) -> None:
    model = LocalModel(changed(small_gguf, tmp_path, old, new), threads=1)

    with pytest.raises(ModelUnavailable, match="chat template of changed cannot be used"):
        await model.count_tokens(FRUITS)
    await model.aclose()


SPECIAL = [
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<repo_name>",
    "<|im_",
    "end|>",
    "system\n",
    " ",
    "é",
    "🙂",
    "x",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.lists(st.sampled_from(SPECIAL) | st.text(max_size=8), max_size=12).map("".join))
def test_no_text_becomes_a_control_token(runtime: LlamaRuntime, data: str) -> None:
    vocabulary = runtime._tokenizer()
    frame = [token for token in runtime.prompt_tokens([Message("user", "")]) if vocabulary.is_control(token)]

    tokens = runtime.prompt_tokens([Message("user", data)])

    assert [token for token in tokens if vocabulary.is_control(token)] == frame


@given(names=st.lists(st.sampled_from(SPECIAL), min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_names_of_control_tokens_are_read_as_they_are_written(runtime: LlamaRuntime, names: list[str]) -> None:
    tokens = runtime.prompt_tokens([Message("user", "".join(names))])

    text = b"".join(runtime._tokenizer().piece(token) for token in tokens).decode()
    assert "".join(names).strip() in text


def test_the_template_itself_does_write_control_tokens(runtime: LlamaRuntime) -> None:
    vocabulary = runtime._tokenizer()

    assert vocabulary.is_control(vocabulary.tokenize("<|im_end|>", special=True)[0])
    assert not any(vocabulary.is_control(token) for token in vocabulary.tokenize("<|im_end|>", special=False))


async def test_characters_that_span_tokens_come_whole(local_model: LocalModel) -> None:
    grammar = 'root ::= "数据🙂 naïve" " é🙂"'

    pieces = [
        event.text
        for event in await events_of(local_model, GenerationRequest(FRUITS, max_output_tokens=40, grammar=grammar))
        if isinstance(event, TextDelta)
    ]

    assert "".join(pieces) == "数据🙂 naïve é🙂"
    assert all(piece and "\ufffd" not in piece for piece in pieces)


async def test_a_character_cut_by_the_limit_is_left_out(local_model: LocalModel) -> None:
    for limit in range(1, 6):
        request = GenerationRequest(FRUITS, max_output_tokens=limit, grammar='root ::= "🙂数🙂"')
        assert "🙂数🙂".startswith(text_of(await events_of(local_model, request)))


async def test_without_the_package_the_remedy_names_the_extra_and_the_flag(
    small_gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_library.cache_clear()
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    model = LocalModel(small_gguf)

    with pytest.raises(ModelMissing) as raised:
        await model.count_tokens(FRUITS)

    assert raised.value.remedy == "CMAKE_ARGS=\"-DGGML_NATIVE=OFF\" pip install 'daily-papers-assistant[local]'"
    await model.aclose()


async def test_a_package_that_does_not_load_is_unavailable(
    small_gguf: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "llama_cpp.py").write_text("raise RuntimeError('Failed to load shared library')")
    load_library.cache_clear()
    monkeypatch.delitem(sys.modules, "llama_cpp", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    model = LocalModel(small_gguf)

    with pytest.raises(ModelUnavailable, match="Failed to load shared library"):
        await model.count_tokens(FRUITS)
    await model.aclose()
