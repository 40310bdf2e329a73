"""The configuration: strict, with the origin of every value, and an example that equals the defaults."""

from pathlib import Path

import pytest

from assistant.config import Config, example_text, known_settings, load_config, printable_value
from assistant.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def test_the_example_file_is_the_one_that_the_settings_make_and_equals_the_defaults() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == example_text()
    assert load_config(EXAMPLE, {}).config == Config() == load_config(None, {}).config


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[local]\nthreads = 1\ncontext_tokens = 1024\n[digest]\ntop = 3\n")
    environment = {"ASSISTANT_LOCAL_THREADS": "2", "ASSISTANT_DIGEST_TOP": "4", "HOME": "/nowhere"}

    loaded = load_config(file, environment, {"digest.top": "5", "offline": True})

    assert (loaded.config.local.context_tokens, loaded.config.local.threads, loaded.config.digest.top) == (1024, 2, 5)
    assert loaded.config.offline
    assert loaded.origins["local.context_tokens"].name == str(file)
    assert loaded.origins["local.threads"].name == "ASSISTANT_LOCAL_THREADS"
    assert loaded.origins["digest.top"].name == "command line"
    assert loaded.origins["model"].name == "default"


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("[local]\nthread = 1\n", "Unknown key local.thread in", "local.threads"),
        ("modle = 'local'\n", "Unknown key modle in", "model"),
        ("[local]\nthreads = 'two'\n", "local.threads in", "Threads"),
        ("[local]\nthreads = true\n", "must be a whole number, at least 0, not True", ""),
        ("[local]\nthreads = -1\n", "at least 0, not -1", ""),
        ("[retrieval]\ndense_weight = 1.5\n", "at least 0, at most 1, not 1.5", ""),
        ("[digest]\nby = 'votes'\n", "one of upvotes, comments, title, listing", ""),
        ("local = 3\n", "Unknown key local in", ""),
        ("model = [\n", "not valid TOML", "config.example.toml"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_file_key_and_remedy(
    tmp_path: Path, text: str, message: str, remedy: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)

    with pytest.raises(ConfigError) as caught:
        load_config(file, {})

    assert message in caught.value.message
    assert str(file) in caught.value.message
    assert remedy in (caught.value.remedy or "")


def test_a_whole_number_is_a_number(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[feeds]\ntimeout_seconds = 3\n")

    assert load_config(file, {}).config.feeds.timeout_seconds == 3.0


def test_wrong_variables_and_flags_are_errors() -> None:
    with pytest.raises(ConfigError, match="ASSISTANT_MODLE in the environment"):
        load_config(None, {"ASSISTANT_MODLE": "local"})
    with pytest.raises(ConfigError, match="offline in ASSISTANT_OFFLINE must be true or false"):
        load_config(None, {"ASSISTANT_OFFLINE": "perhaps"})
    with pytest.raises(ConfigError, match=r"Unknown key local\.model_name in the command line"):
        load_config(None, {}, {"local.model_name": "x"})
    with pytest.raises(ConfigError, match="whole number"):
        load_config(None, {}, {"digest.top": "many"})


def test_the_variable_that_names_the_file_is_no_setting() -> None:
    assert load_config(None, {"ASSISTANT_CONFIG": "x"}).config == Config()


def test_a_missing_or_unreadable_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no configuration file"):
        load_config(tmp_path / "absent.toml", {})
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path, {})


def test_every_setting_says_what_it_means_and_has_a_variable() -> None:
    for key, leaf in known_settings().items():
        assert leaf.meaning.endswith(".")
        assert leaf.environment_variable == "ASSISTANT_" + key.replace(".", "_").upper()


def test_an_address_is_shown_without_its_password() -> None:
    assert printable_value("https://user:secret@host/v1") == "https://***@host/v1"
    assert printable_value("https://user:s@cr@t@host/v1") == "https://***@host/v1"
    assert printable_value("https://host/v1") == "https://host/v1"
    assert printable_value(3) == 3


DEFAULT_SERVER = Config().hosted.base_url
ELSEWHERE = "http://localhost:11434/v1"


@pytest.mark.parametrize(
    ("variables", "file", "flag", "value", "origin"),
    [
        ({}, None, None, DEFAULT_SERVER, "default"),
        ({"OPENAI_BASE_URL": ELSEWHERE}, None, None, ELSEWHERE, "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": f" {ELSEWHERE}\n"}, None, None, ELSEWHERE, "OPENAI_BASE_URL"),
        ({"OPENAI_API_BASE": ELSEWHERE}, None, None, ELSEWHERE, "OPENAI_API_BASE"),
        ({"OPENAI_BASE_URL": ELSEWHERE, "OPENAI_API_BASE": "http://old"}, None, None, ELSEWHERE, "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": "", "OPENAI_API_BASE": " "}, None, None, DEFAULT_SERVER, "default"),
        ({"OPENAI_BASE_URL": ELSEWHERE}, DEFAULT_SERVER, None, DEFAULT_SERVER, "the file"),
        ({"OPENAI_BASE_URL": ELSEWHERE}, "http://file/v1", None, "http://file/v1", "the file"),
        (
            {"OPENAI_BASE_URL": ELSEWHERE, "ASSISTANT_HOSTED_BASE_URL": "http://ours"},
            "http://file/v1", None, "http://ours", "ASSISTANT_HOSTED_BASE_URL",
        ),
        ({"OPENAI_BASE_URL": ELSEWHERE}, None, DEFAULT_SERVER, DEFAULT_SERVER, "command line"),
    ],
)  # fmt: skip
def test_the_server_that_the_key_belongs_to_is_asked(
    tmp_path: Path, variables: dict[str, str], file: str | None, flag: str | None, value: str, origin: str
) -> None:
    written = tmp_path / "config.toml"
    written.write_text(f"[hosted]\nbase_url = {file!r}\n" if file else "[hosted]\nmodel = 'other'\n")

    loaded = load_config(written, variables, {"hosted.base_url": flag} if flag else {})

    assert loaded.config.hosted.base_url == value
    assert loaded.origins["hosted.base_url"].name.replace(str(written), "the file") == origin
    place = loaded.place_of("hosted.base_url")
    assert place == (origin if origin.isupper() else "hosted.base_url")
