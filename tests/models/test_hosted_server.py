import pytest

from assistant.errors import ConfigError, ModelMissing
from assistant.models.chat_model import GenerationRequest, Message
from assistant.models.hosted.request import REASONING_TOKENS, asks_too_much, refused_part, request_parameters
from assistant.models.hosted.server import HostedModelSettings, Server, server_of
from assistant.models.hosted.words import ServerWords

ASKED = GenerationRequest((Message("user", "Why?"),), max_output_tokens=100)


def server(base_url: str, model: str = "m", key: str | None = "sk-1") -> Server:
    return server_of(HostedModelSettings(base_url=base_url, model=model, api_key=key, key_name="MY_KEY"))


@pytest.mark.parametrize(
    "base_url",
    [
        "http://localhost:11434/v1",
        "http://127.0.0.1:8000/v1",
        "http://127.8.8.8/v1",
        "http://[::1]:8000/v1",
        "http://gpu.localhost/v1",
    ],
)
@pytest.mark.parametrize("key", [None, "", "  "])
def test_a_server_on_this_machine_needs_no_key(base_url: str, key: str | None) -> None:
    assert server(base_url, key=key).key is None


@pytest.mark.parametrize(
    "base_url", ["https://api.openai.com/v1", "http://192.168.1.7:8000/v1", "http://localhost.evil.com"]
)
@pytest.mark.parametrize("key", [None, "", "\n"])
def test_any_other_server_needs_one(base_url: str, key: str | None) -> None:
    with pytest.raises(ModelMissing, match="MY_KEY is not set") as raised:
        server(base_url, key=key)

    assert "MY_KEY" in (raised.value.remedy or "")


@pytest.mark.parametrize("key", ["sk-a b", "sk-a\nb", "sk-ключ", "sk-\x00"])
def test_what_cannot_be_a_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ModelMissing, match="cannot be a key") as raised:
        server("https://api.openai.com/v1", key=key)

    assert "sk-" not in raised.value.message + (raised.value.remedy or "")


@pytest.mark.parametrize(
    "base_url",
    ["", "localhost:8000/v1", "ftp://host/v1", "http://", "http://host:port/v1", "http://[::1", "api.openai.com"],
)
def test_what_is_no_http_address_is_a_configuration_error(base_url: str) -> None:
    with pytest.raises(ConfigError, match=r"hosted\.base_url"):
        server(base_url)


def test_credentials_in_the_address_are_shown_nowhere() -> None:
    parsed = server("http://anna:secret@gpu.example:8000/v1/")

    assert (parsed.host, parsed.address) == ("gpu.example:8000", "http://gpu.example:8000/v1")
    with pytest.raises(ConfigError) as raised:
        server("ftp://anna:secret@host/v1")
    assert "secret" not in raised.value.message


@pytest.mark.parametrize(
    ("model", "reasons"),
    [
        ("gpt-5-mini", True),
        ("o4-mini", True),
        ("gpt-6", True),
        ("gpt-5-chat-latest", False),
        ("gpt-4o-mini", False),
        ("gpt-4.1", False),
        ("ft:gpt-4o:us", False),
        ("chatgpt-4o-latest", False),
        ("openai/gpt-4o:free", False),
        ("GPT-4o", False),
        ("openai/gpt-5-mini", True),
        ("ft:gpt-4o-mini:org::id", False),
    ],
)
def test_openais_reasoning_models_get_room_to_think_and_no_temperature(model: str, reasons: bool) -> None:
    hosted = server("https://api.openai.com/v1", model)
    parameters = request_parameters(hosted, ASKED, room=REASONING_TOKENS if hosted.reasons else 0)

    assert "max_tokens" not in parameters
    assert ("temperature" in parameters) is not reasons
    assert ("reasoning_effort" in parameters) is reasons
    assert (parameters["max_completion_tokens"] > 100) is reasons


def test_other_servers_get_the_parameters_they_all_know() -> None:
    parameters = request_parameters(server("http://localhost:11434/v1", "gpt-5-mini"), ASKED)

    assert parameters["max_tokens"] == 100
    assert parameters["temperature"] == 0.0
    assert "max_completion_tokens" not in parameters
    assert "reasoning_effort" not in parameters


def test_a_refused_parameter_stays_away_and_the_limit_changes_its_name() -> None:
    here = server("http://localhost:11434/v1")

    assert "temperature" not in request_parameters(here, ASKED, {"temperature"})
    assert "stream_options" not in request_parameters(here, ASKED, {"stream_options"})
    assert request_parameters(here, ASKED, {"max_tokens"})["max_completion_tokens"] == 100


SYSTEM = (Message("system", "Be brief."), Message("user", "Why?"))


@pytest.mark.parametrize(
    ("param", "words", "name"),
    [
        ("temperature", "", "temperature"),
        (None, "'temperature' is not supported", "temperature"),
        ("body.stream_options", "extra inputs are not permitted: stream_options", "stream_options"),
        (None, "body.stream_options.include_usage: Extra inputs are not permitted", "stream_options"),
        (None, "Unknown parameter: 'include_usage'", "stream_options"),
        ("messages", "your message is too long", None),
        (None, "temperatures are high", None),
        ("max_tokens", "use 'max_completion_tokens' instead", "max_tokens"),
        (None, "System role not supported", "system"),
        (None, "Unexpected role 'system' after position 0", "system"),
        (None, "Developer instruction is not enabled for models/m", "system"),
        (None, "Conversation roles must alternate user/assistant/user/assistant/...", "system"),
        ("messages[0].role", "Input should be 'user' or 'assistant'", "system"),
        (None, "the system is overloaded", None),
        (None, "The system is overloaded, please resend your message later", None),
        (None, "Our system could not process this message", None),
        (None, "Invalid state of our system, message lost", None),
        (None, "System message must be at the beginning.", "system"),
        (None, "This model doesn't support the system role", "system"),
        (None, "Only user and assistant roles are supported", "system"),
        (None, "unknown message role: 'system'", "system"),
        (None, "maxTokens is not supported, use maxCompletionTokens", "max_tokens"),
        ("streamOptions", "Unknown field", "stream_options"),
        (None, "temperature must be less than or equal to 1", "temperature"),
        (None, "seed: The seed field is prohibited.", "seed"),
    ],
)
def test_the_part_that_a_server_refuses_is_found(param: str | None, words: str, name: str | None) -> None:
    sent = request_parameters(server("http://localhost:11434/v1"), GenerationRequest(SYSTEM, temperature=0.5, seed=1))

    assert refused_part(sent, ServerWords(words, param=param)) == name


@pytest.mark.parametrize("status", [401, 402, 403, 405, 408, 429, 502, 503, 529])
def test_a_status_that_is_not_about_the_request_refuses_no_part_of_it(status: int) -> None:
    sent = request_parameters(server("http://localhost:11434/v1"), GenerationRequest(SYSTEM))

    for words in ("temperature is not supported", "System role not supported"):
        assert refused_part(sent, ServerWords(words), status) is None


@pytest.mark.parametrize(
    ("words", "too_much"),
    [
        ("This model's maximum context length is 4096 tokens. However, you requested 5000.", True),
        ("max_tokens is too large: 4146. This model supports at most 4096 completion tokens", True),
        ("max_tokens: 4146 > 4096, which is the maximum allowed number of output tokens", True),
        ("body.max_tokens: Input should be less than or equal to 2048", True),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 2048]", True),
        ("the request exceeds the available context size", True),
        ("Requested tokens (5000) exceed context window of 2048", True),
        ("prompt is too long", True),
        ("You exceeded your current quota", False),
        ("Maximum number of keys reached", False),
        ("too many requests in queue", False),
        ("temperature must be less than or equal to 1", False),
        ("body.temperature: Input should be less than or equal to 1", False),
        ("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", False),
    ],
)
def test_a_size_that_is_refused_is_told_from_other_limits(words: str, too_much: bool) -> None:
    assert asks_too_much(ServerWords(words)) is too_much


@pytest.mark.parametrize("code", ["context_length_exceeded", "exceed_context_size_error"])
def test_a_size_that_is_refused_is_known_by_its_code(code: str) -> None:
    assert asks_too_much(ServerWords("no", frozenset((code,))))


def test_a_refused_system_role_goes_into_the_first_message_of_the_user() -> None:
    turns = (*SYSTEM, Message("assistant", "So."), Message("user", "And?"))
    sent = request_parameters(server("http://localhost:11434/v1"), GenerationRequest(turns), {"system"})

    assert sent["messages"] == [
        {"role": "user", "content": "Be brief.\n\nWhy?"},
        {"role": "assistant", "content": "So."},
        {"role": "user", "content": "And?"},
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Incorrect API key provided: sk-toyto***************9876. You can find yours elsewhere.",
        "the key sk-…9876 is revoked",
        "the key ending in 9876 is revoked",
        "key sk-toytoy...9876 expired",
        "no user for sk-toytoy-1234-9876",
        "Bearer sk-another-one-42 is unknown",
        "gsk_abcdefgh12 is of another house",
    ],
)
def test_no_part_of_a_key_is_repeated(words: str) -> None:
    quoted = server("https://api.openai.com/v1", key="sk-toytoy-1234-9876").quote(words)

    assert "***" in quoted
    for part in ("toyto", "9876", "another-one", "abcdefgh"):
        assert part not in quoted


def test_a_servers_words_are_short_safe_and_without_the_key() -> None:
    quoted = server("https://api.openai.com/v1").quote("bad\x1b[31m key sk-1 " + "x" * 300)

    assert quoted.startswith("bad key *** xxx")
    assert len(quoted) == 200
