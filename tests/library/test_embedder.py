"""The embedder, with its real weights."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import AssetCorrupt, AssetError, AssetMissing
from assistant.models.embedder import OnnxEmbedder
from tests.conftest import AssetPath
from tests.support.onnx_files import onnx_model, onnx_node

CAT, KITTEN, TAX = "A cat sits on the mat.", "A kitten rests on a rug.", "Tax law of the third quarter."
LONG = " ".join(["diffusion models denoise images step by step"] * 60)


@pytest.fixture(scope="module")
def embedder(asset_path: AssetPath) -> OnnxEmbedder:
    return OnnxEmbedder(
        asset_path("daily-papers-minilm"), asset_path("minilm-tokenizer"), fingerprint="minilm-1", threads=2
    )


def with_files(model: Path, tokenizer: Path) -> OnnxEmbedder:
    return OnnxEmbedder(model, tokenizer, fingerprint="broken")


def test_vectors_have_length_one_and_are_near_for_texts_that_mean_the_same(embedder: OnnxEmbedder) -> None:
    vectors = embedder.embed([CAT, KITTEN, TAX])
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, embedder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


def test_no_text_gives_no_vector(embedder: OnnxEmbedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


@pytest.mark.parametrize("odd", ["", " ", "\x00", "🤖 مرحبا 机器学习", r"$\alpha_{1}$"])
def test_any_text_has_a_vector(embedder: OnnxEmbedder, odd: str) -> None:
    (vector,) = embedder.embed([odd])
    assert np.isfinite(vector).all()


def test_a_vector_does_not_depend_on_the_texts_beside_it(embedder: OnnxEmbedder) -> None:
    texts = [CAT, LONG, "x", KITTEN, LONG[:300], TAX] * 3
    together = embedder.embed(texts)
    alone = np.stack([embedder.embed([text])[0] for text in texts])
    assert np.allclose(together, alone, atol=1e-5)


def test_the_number_of_threads_does_not_change_the_vectors(embedder: OnnxEmbedder, asset_path: AssetPath) -> None:
    single = OnnxEmbedder(
        asset_path("daily-papers-minilm"), asset_path("minilm-tokenizer"), fingerprint="minilm-1", threads=1
    )
    assert np.allclose(single.embed([CAT, LONG]), embedder.embed([CAT, LONG]), atol=1e-5)


def test_what_stands_beyond_the_last_token_is_cut(embedder: OnnxEmbedder) -> None:
    longer, other_end = embedder.embed([LONG, LONG + " and cats"])
    assert np.array_equal(longer, other_end)


def test_how_much_of_a_text_is_read_is_given(asset_path: AssetPath) -> None:
    files = asset_path("daily-papers-minilm"), asset_path("minilm-tokenizer")
    short, long = (OnnxEmbedder(*files, fingerprint=str(most), max_tokens=most) for most in (32, 512))
    text = LONG[:1400]  # some 240 tokens
    assert not np.allclose(short.embed([text])[0], long.embed([text])[0], atol=1e-3)
    assert np.array_equal(*short.embed([text, text + " and cats"]))
    assert not np.array_equal(*long.embed([text, text + " and cats"]))


@pytest.mark.parametrize("token", ["[MASK]", "[CLS]", "[SEP]", "[PAD]", "[UNK]"])
def test_a_token_of_the_model_in_a_text_is_plain_text(embedder: OnnxEmbedder, token: str) -> None:
    text = f"Masked models predict what stands at {token} in a text."
    tokens = embedder._tokenizer.encode(text).tokens
    assert token not in tokens[1:-1]
    assert {"[", "]"} <= set(tokens)
    assert np.allclose(embedder.embed([text]), embedder.embed([text.lower()]), atol=1e-6)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("how do robots grasp", True),
        ("xqzt blorf wug", True),  # letters that it knows
        ("", True),
        ("[UNK] [UNK] [UNK]", True),
        ("ꯃꯅꯤꯄꯨꯔ ꯂꯣꯟ ꯑꯁꯤ", False),
        ("🦔🦦🦥 🪼 🫎", False),
        ("GRPO ꯃꯅꯤ", True),
    ],
)
def test_a_text_of_unknown_tokens_is_not_understood(embedder: OnnxEmbedder, text: str, understood: bool) -> None:
    assert embedder.understands(text) is understood


def test_several_threads_embed_at_once(embedder: OnnxEmbedder) -> None:
    expected = embedder.embed([CAT])[0]
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(embedder.embed, [[CAT], [CAT, LONG], [CAT, TAX, LONG], [CAT]]):
            assert np.allclose(vectors[0], expected, atol=1e-5)


def test_files_are_read_when_the_first_text_comes(tmp_path: Path) -> None:
    missing = with_files(tmp_path / "model.onnx", tmp_path / "tokenizer.json")
    with pytest.raises(AssetMissing, match=r"tokenizer\.json") as raised:
        missing.embed(["text"])
    assert raised.value.remedy is not None
    assert "assets pull" in raised.value.remedy


def test_a_missing_model_is_named(tmp_path: Path, asset_path: AssetPath) -> None:
    with pytest.raises(AssetMissing, match=r"model\.onnx"):
        with_files(tmp_path / "model.onnx", asset_path("minilm-tokenizer")).embed(["text"])


@pytest.mark.parametrize("content", [b"", b"{}", b"no tokenizer", b"\xff\xfe\x00"])
def test_a_damaged_tokenizer_is_named(tmp_path: Path, asset_path: AssetPath, content: bytes) -> None:
    damaged = tmp_path / "tokenizer.json"
    damaged.write_bytes(content)
    with pytest.raises(AssetCorrupt, match=r"tokenizer\.json"):
        with_files(asset_path("daily-papers-minilm"), damaged).embed(["text"])


@pytest.mark.parametrize("part", ["nothing", "the first half", "other bytes", "a web page"])
def test_a_damaged_model_is_named(tmp_path: Path, asset_path: AssetPath, part: str) -> None:
    whole = asset_path("daily-papers-minilm").read_bytes()
    contents = {
        "nothing": b"",
        "the first half": whole[: len(whole) // 2],
        "other bytes": bytes(reversed(whole[:4096])),
        "a web page": b"<!doctype html><title>404</title>",
    }
    damaged = tmp_path / "model.onnx"
    damaged.write_bytes(contents[part])
    with pytest.raises(AssetError, match=r"model\.onnx") as raised:
        with_files(damaged, asset_path("minilm-tokenizer")).embed(["text"])
    assert isinstance(raised.value, AssetCorrupt)
    assert raised.value.remedy


def test_a_model_of_another_width_is_refused(tmp_path: Path, asset_path: AssetPath) -> None:
    other = tmp_path / "model.onnx"
    other.write_bytes(identity_model(width=4))
    with pytest.raises(AssetCorrupt, match="not 384 wide"):
        with_files(other, asset_path("minilm-tokenizer")).embed(["text"])


def identity_model(width: int) -> bytes:
    """An ONNX file whose one node hands its input, ``width`` numbers, on."""
    sides = {"x": (1, width)}
    return onnx_model(sides, [onnx_node("Identity", ["x"], "y")], {"y": (1, width)}, input_type=1)
