"""Readers of pairs: labels in any order and spelling, heads by name, and files that are not as they should be."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import AssetCorrupt, AssetError, AssetMissing, UsageError
from assistant.models.pair_reader import PairFiles, PairReader
from tests.support.pair_readers import write_reader

NLI = {"good": (0, 60, 0), "bad": (60, 0, 0), "odd": (0, 0, 60)}
"""Votes for contradiction, entailment and neutral."""


def reader(folder: Path) -> PairReader:
    return PairReader(PairFiles.in_folder(folder), name="little", threads=2)


@pytest.mark.parametrize("labels", [
    ("contradiction", "entailment", "neutral"), ("CONTRADICTION", "Entailment", "NEUTRAL"),
    ("REFUTES", "SUPPORTS", "NOT ENOUGH INFO"), ("not_entailment", "entailment", "unknown"),
    ("unsupported", "supported", "nei"),
])  # fmt: skip
@pytest.mark.parametrize("model", ["model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx"])
def test_labels_are_read_in_any_spelling_and_files_in_any_place(
    tmp_path: Path, labels: tuple[str, ...], model: str
) -> None:
    probabilities = reader(write_reader(tmp_path, NLI, labels, model=model)).support("title", ["good", "bad", "odd"])

    assert [round(supported) for supported, _, _ in probabilities] == [1, 0, 0]
    assert all(partly == 0 and sum((yes, partly, no)) == pytest.approx(1) for yes, partly, no in probabilities)


def test_the_order_of_labels_is_that_of_their_numbers(tmp_path: Path) -> None:
    folder = write_reader(tmp_path, NLI)
    names = {"id2label": {"2": "neutral", "1": "entailment", "0": "contradiction"}}
    (folder / "config.json").write_text(json.dumps(names))
    assert reader(folder).support("x", ["good"])[0][0] > 0.99


def test_evidence_is_the_premise_and_comes_first(tmp_path: Path) -> None:
    folder = write_reader(tmp_path, NLI, ("contradiction", "entailment", "neutral"), first_counts=0.0)
    (first,) = reader(folder).support("good good", ["bad"])
    assert first[0] > 0.99


def test_a_model_with_heads_takes_the_claim_first_and_knows_partly(tmp_path: Path) -> None:
    votes = {"good": (60, 0, 0), "bad": (0, 0, 60), "odd": (0, 60, 0)}
    folder = write_reader(tmp_path, votes, outputs={"support": 3, "other": 3}, first_counts=0.0)
    probabilities = reader(folder).support("bad bad", ["good", "odd"])

    assert [[round(share) for share in shares] for shares in probabilities] == [[1, 0, 0], [0, 1, 0]]


def test_one_logit_ranks(tmp_path: Path) -> None:
    ranker = reader(write_reader(tmp_path, {"good": (10,), "bad": (-10,)}, ("LABEL_0",)))

    good, bad, neither = ranker.relevance("title", ["good", "bad", "odd"])
    assert good > neither == 0.5 > bad
    assert good == pytest.approx(1 / (1 + math.exp(-10 / 5)))
    with pytest.raises(UsageError, match="little does not give support; it gives relevance"):
        ranker.support("title", ["good"])


def test_scores_do_not_depend_on_the_pairs_beside_them_nor_on_the_thread(tmp_path: Path) -> None:
    ranker = reader(write_reader(tmp_path, {"good": (10,), "bad": (-10,)}))
    texts = ["good", "bad " * 300, "odd good", ""]
    together = ranker.relevance("title", texts)

    assert together == tuple(ranker.relevance("title", [text])[0] for text in texts)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: ranker.relevance("title", [text])[0], texts)) == list(together)
    assert ranker.relevance("title", []) == ()


def test_long_texts_are_cut_and_marks_in_a_text_are_text(tmp_path: Path) -> None:
    folder = write_reader(tmp_path, {"good": (10,)}, config={"max_length": 16})
    ranker = reader(folder)

    assert ranker.relevance("title", ["good " * 16]) == ranker.relevance("title", ["good " * 500])
    assert ranker.relevance("title", ["good [SEP]"])[0] == pytest.approx(1 / (1 + math.exp(-10 / 6)))


def test_a_model_without_token_types_is_read(tmp_path: Path) -> None:
    folder = write_reader(tmp_path, NLI, ("contradiction", "entailment", "neutral"), token_type_ids=False)
    assert reader(folder).support("title", ["good"])[0][0] > 0.99


def test_the_fingerprint_changes_with_every_file(tmp_path: Path) -> None:
    folder = write_reader(tmp_path, NLI, ("contradiction", "entailment", "neutral"))
    before = reader(folder).fingerprint
    assert reader(folder).fingerprint == before
    (folder / "config.json").write_text("{}")
    assert reader(folder).fingerprint != before


def test_labels_without_meaning_are_refused_with_a_remedy(tmp_path: Path) -> None:
    nameless = reader(write_reader(tmp_path, NLI, ("LABEL_0", "LABEL_1", "LABEL_2")))
    with pytest.raises(UsageError, match="calls a label 'LABEL_0'") as raised:
        nameless.support("title", ["good"])
    assert "id2label" in (raised.value.remedy or "")
    with pytest.raises(AssetCorrupt, match="3 scores a pair"):
        reader(write_reader(tmp_path / "none", NLI)).relevance("title", ["good"])
    with pytest.raises(AssetCorrupt, match="3 scores a pair, and its labels are 2"):
        reader(write_reader(tmp_path / "two", NLI, ("entailment", "neutral"))).support("title", ["good"])


@pytest.mark.parametrize("lacking", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(tmp_path: Path, lacking: str) -> None:
    folder = write_reader(tmp_path, NLI)
    (folder / lacking).unlink()
    with pytest.raises(AssetMissing, match=lacking) as raised:
        PairFiles.in_folder(folder)
    assert raised.value.remedy


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("content", [b"", b"[]", b"<!doctype html>", b"\xff\xfe\x00", None])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    folder = write_reader(tmp_path, NLI, ("contradiction", "entailment", "neutral"))
    file = folder / name
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(AssetError, match=name.replace(".", r"\.")) as raised:
        reader(folder).support("title", ["good"])
    assert isinstance(raised.value, AssetCorrupt)
    assert raised.value.remedy


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    from tests.library.test_embedder import identity_model

    folder = write_reader(tmp_path, NLI)
    (folder / "model.onnx").write_bytes(identity_model(4))
    with pytest.raises(AssetCorrupt, match="wants x: it reads no pairs"):
        reader(folder).relevance("title", ["good"])


def test_scores_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetCorrupt, match="no numbers"):
        reader(write_reader(tmp_path, {"good": (math.nan,)})).relevance("title", ["good"])
