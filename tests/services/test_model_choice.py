"""Which model a name means, and what is missing for it."""

from pathlib import Path

import pytest

from assistant.config import load_config
from assistant.errors import ModelMissing
from assistant.models import registry
from assistant.models.assets.catalog import load_catalog
from assistant.models.assets.store import AssetStore
from assistant.models.chat_model import ModelKind
from assistant.models.registry import ModelChooser


def chooser(folder: Path, environment: dict[str, str] | None = None, **overrides: str) -> ModelChooser:
    settings = {key.replace("__", "."): value for key, value in overrides.items()}
    return ModelChooser(load_config(None, {}, settings).config, AssetStore(folder, load_catalog()), environment or {})


def test_auto_takes_hosted_then_local_then_extractive(tmp_path: Path, small_gguf: Path) -> None:
    key = {"OPENAI_API_KEY": "sk-x"}

    assert chooser(tmp_path, key).choose("auto").kind is ModelKind.HOSTED
    assert chooser(tmp_path, key, offline="true").choose("auto").kind is ModelKind.EXTRACTIVE
    assert chooser(tmp_path, local__model=str(small_gguf)).choose("auto").kind is ModelKind.LOCAL
    assert "no key and no local model" in chooser(tmp_path).choose("auto").reason


def test_auto_without_the_package_is_extractive(
    tmp_path: Path, small_gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "find_spec", lambda _: None)
    made = chooser(tmp_path, local__model=str(small_gguf))

    assert "not installed" in made.choose("auto").reason
    with pytest.raises(ModelMissing, match="llama-cpp-python") as caught:
        made.build("local")
    assert "DGGML_NATIVE=OFF" in (caught.value.remedy or "")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hosted", ModelKind.HOSTED),
        ("gpt-5", ModelKind.HOSTED),
        ("local", ModelKind.LOCAL),
        ("smollm2-135m", ModelKind.LOCAL),
        ("some/where.gguf", ModelKind.LOCAL),
        ("extractive", ModelKind.EXTRACTIVE),
    ],
)
def test_names(tmp_path: Path, name: str, kind: ModelKind) -> None:
    assert chooser(tmp_path).choose(name).kind is kind


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        chooser(tmp_path).build("hosted")
    with pytest.raises(ModelMissing, match="Offline"):
        chooser(tmp_path, {"OPENAI_API_KEY": "k"}, offline="true").build("gpt-5")
    with pytest.raises(ModelMissing, match="not on this machine"):
        chooser(tmp_path).build("local")
    with pytest.raises(ModelMissing, match="no file"):
        chooser(tmp_path).build("some/where.gguf")


async def test_models_are_built_with_their_names(tmp_path: Path, small_gguf: Path) -> None:
    hosted = chooser(tmp_path, {"OPENAI_API_KEY": "k"}).build("gpt-5")
    local = chooser(tmp_path).build(str(small_gguf))
    extractive = chooser(tmp_path).build("extractive")

    assert (hosted.name, hosted.kind) == ("gpt-5", ModelKind.HOSTED)
    assert (local.name, local.kind) == (small_gguf.stem, ModelKind.LOCAL)
    assert extractive.kind is ModelKind.EXTRACTIVE
    for model in (hosted, local, extractive):
        await model.aclose()


def test_a_misspelt_asset_is_not_taken_for_a_hosted_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="did you mean qwen2"):
        chooser(tmp_path, {"OPENAI_API_KEY": "k"}).choose("qwen2.5-coder-1.5")
