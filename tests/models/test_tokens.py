import socket
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.models.tokens import EstimatedTokens, TokenCounter, counter_for, estimated_tokens, read_ranks

PROSE = "We propose sparse attention for long contexts and measure a gain of 12.4% on LongBench over dense baselines. "


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No socket can be made, and tiktoken's own cache is empty."""

    def refuse(*_args: object, **_kwargs: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "tiktoken"))


@pytest.fixture(scope="module")
def exact(bpe_folder: Path) -> TokenCounter:
    return counter_for("gpt-4o", bpe_folder)


@pytest.mark.parametrize(
    ("model", "tokens"),
    [("gpt-4o-mini", 6), ("gpt-4-turbo", 6), ("gpt-oss-20b", 6), ("gpt-5-mini", 6)],
)
def test_known_models_are_counted_exactly(bpe_folder: Path, model: str, tokens: int) -> None:
    counter = counter_for(model, bpe_folder)

    assert counter.exact
    assert counter.count("tiktoken is great!") == tokens


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("openai/gpt-4o", "o200k_base"),
        ("gpt-4o:free", "o200k_base"),
        ("openai/gpt-4o:free", "o200k_base"),
        ("openrouter/openai/gpt-4o-mini:online", "o200k_base"),
        ("openai:gpt-4o", "o200k_base"),
        ("azure/gpt-4o", "o200k_base"),
        ("models/gpt-4o@latest", "o200k_base"),
        ("ft:gpt-4o-mini:org::id", "o200k_base"),
        ("openai/ft:gpt-4o-mini-2024-07-18:org:name:id", "o200k_base"),
        ("GPT-4o", "o200k_base"),
        ("OpenAI/GPT-5-Mini", "o200k_base"),
        ("openai/o3", "o200k_base"),
        ("openai/gpt-oss-20b:free", "o200k_base"),
        ("gpt-oss:20b", "o200k_base"),
        (" openai/gpt-4.1 ", "o200k_base"),
        ("openai/gpt-4", "cl100k_base"),
        ("azure/gpt-35-turbo", "cl100k_base"),
        ("openai/gpt-3.5-turbo:floor", "cl100k_base"),
        ("ft:gpt-3.5-turbo-0613:org::id", "cl100k_base"),
    ],
)
def test_names_of_routers_are_those_of_the_model_behind(bpe_folder: Path, model: str, encoding: str) -> None:
    counter, expected = counter_for(model, bpe_folder), counter_for("any", bpe_folder, encoding)

    assert counter.exact
    for text in ("お誕生日おめでとう", PROSE):
        assert counter.count(text) == expected.count(text)


@pytest.mark.parametrize(
    "model",
    [
        "qwen/qwen3-4b:free",
        "meta-llama/llama-3.3-70b-instruct",
        "anthropic/claude-sonnet-4",
        "openai-community/gpt2",
        "EleutherAI/gpt-j-6b",
        "nomic-ai/gpt4all-j",
        "gemma3:4b",
        "mistral/mistral-small@latest",
        "openai/",
        "/",
        ":",
        "",
    ],
)
def test_other_names_stay_unknown(bpe_folder: Path, model: str) -> None:
    assert not counter_for(model, bpe_folder).exact


def test_the_two_vocabularies_count_apart(bpe_folder: Path) -> None:
    text = "お誕生日おめでとう"

    assert counter_for("gpt-4o", bpe_folder).count(text) == 8
    assert counter_for("gpt-4", bpe_folder).count(text) == 9
    assert counter_for("anything", bpe_folder, "cl100k_base").count(text) == 9


def test_unknown_models_are_counted_with_a_margin(bpe_folder: Path) -> None:
    exact, unknown = counter_for("gpt-4o", bpe_folder), counter_for("qwen3:4b", bpe_folder)

    assert not unknown.exact
    assert unknown.count(PROSE) >= 1.25 * exact.count(PROSE)


@pytest.mark.parametrize("text", ["<|endoftext|>", "a <|endofprompt|> b", "<|im_start|>system", "\ud800", "", "\x00"])
def test_names_of_special_tokens_and_odd_characters_are_plain_text(exact: TokenCounter, text: str) -> None:
    assert exact.count(text) >= len(text) // 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(text=st.text(st.characters(), max_size=300))
def test_counting_never_raises_and_grows_with_the_text(exact: TokenCounter, text: str) -> None:
    assert 0 <= exact.count(text) <= exact.count(f"{text} more")


def test_long_runs_of_one_character_are_counted_quickly(bpe_folder: Path) -> None:
    counter = counter_for("gpt-4o", bpe_folder)

    assert all(counter.count(character * 40_000) > 0 for character in ("a", " ", "\n", "🙂", "."))


@pytest.mark.parametrize("name", ["o200k_base.tiktoken", "fb374d419588a4632f3f557e76b4b70aebbca790"])
def test_ranks_are_found_under_their_own_name_and_under_that_of_tiktokens_cache(
    bpe_folder: Path, tmp_path: Path, name: str
) -> None:
    ranks = read_ranks(bpe_folder, "o200k_base")
    assert ranks is not None
    (tmp_path / name).write_bytes(ranks)

    assert counter_for("gpt-4o", tmp_path).exact


def test_without_or_with_damaged_ranks_the_count_is_an_estimate(tmp_path: Path) -> None:
    (tmp_path / "o200k_base.tiktoken").write_bytes(b"IQ== 0\n")

    assert not counter_for("gpt-4o", None).exact
    assert not counter_for("gpt-4o", tmp_path).exact
    assert not counter_for("gpt-4o", tmp_path, "no_such_encoding").exact
    assert isinstance(counter_for("gpt-4o", tmp_path / "nowhere"), EstimatedTokens)
    assert EstimatedTokens().count("abcd") == 2


def test_the_estimate_is_not_below_the_count_of_english_and_chinese(bpe_folder: Path) -> None:
    counter = counter_for("gpt-4o", bpe_folder)

    for text in (PROSE * 5, "我们提出了一种新的稀疏注意力方法,用于长上下文语言模型。" * 5):
        assert counter.count(text) <= estimated_tokens(text) <= 2 * counter.count(text)


def test_nothing_was_fetched(bpe_folder: Path, tmp_path: Path) -> None:
    counter_for("gpt-oss-20b", bpe_folder).count(PROSE)

    assert not (tmp_path / "tiktoken").exists()
