"""Every setting, its default and its meaning; `config.example.toml` and the strict reader are made from these."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from assistant.config.profiles import Profile
from assistant.config.user_tables import DEFAULT_PRICES, Price

SettingValue = str | int | float | bool


def setting(
    default: SettingValue,
    meaning: str,
    *,
    choices: tuple[str, ...] = (),
    at_least: float | None = None,
    at_most: float | None = None,
) -> Any:
    """A dataclass field that carries what the reader and the example file need to know about it."""
    return field(
        default=default, metadata={"meaning": meaning, "choices": choices, "at_least": at_least, "at_most": at_most}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PathSettings:
    """Where things lie. Empty means the platform's own folder (XDG variables are followed)."""

    library: str = setting("", "Folder of the library (papers.db and its indexes).")
    assets: str = setting("", "Folder of models and tokenizers; may be copied to a machine without network.")
    prompts: str = setting("", "Folder whose files replace prompts of the same name; the rest stay as shipped.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """Where papers come from."""

    base_url: str = setting("https://huggingface.co", "Address of the Daily Papers feed.")
    timeout_seconds: float = setting(20.0, "Longest wait for one answer of a feed.", at_least=0.1)
    retries: int = setting(4, "Tries after a time-out, a 429 or a server error.", at_least=0)
    refresh_minutes: int = setting(30, "`assistant today` asks the feed again after this many minutes.", at_least=0)
    sample: bool = setting(True, "Show the sample papers while the library is empty and the feed cannot be reached.")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedSettings:
    """Any OpenAI-compatible server: OpenAI, vLLM, Ollama, llama.cpp."""

    base_url: str = setting(
        "https://api.openai.com/v1",
        "Address of the server, with its version path. Where nothing sets it, OPENAI_BASE_URL is followed.",
    )
    model: str = setting("gpt-5-mini", "Model name as the server knows it.")
    api_key_env: str = setting("OPENAI_API_KEY", "Environment variable that holds the key; keys are never in files.")
    timeout_seconds: float = setting(60.0, "Longest wait for the next piece of an answer.", at_least=0.1)
    retries: int = setting(2, "Tries after a failure, as long as no text has come.", at_least=0)
    context_tokens: int = setting(128000, "Context of the model: prompt and answer together.", at_least=512)
    evidence_tokens: int = setting(12000, "Evidence given for one question, in tokens.", at_least=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings:
    """A GGUF model in this process (needs the `local` extra)."""

    model: str = setting("qwen2.5-coder-1.5b", "An asset's name (`assistant assets list`) or the path of a GGUF file.")
    threads: int = setting(0, "Threads for the model; 0 takes the machine's cores.", at_least=0)
    context_tokens: int = setting(8192, "Largest context to use; a model trained for less uses its own.", at_least=512)
    evidence_tokens: int = setting(
        600, "Evidence given for one question, in tokens; more is read slowly on a processor.", at_least=64
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderSettings:
    """What turns papers and questions into vectors. The library is made with one and keeps to it."""

    model: str = setting(
        "daily-papers-minilm",
        "An ONNX asset's name (`assistant assets list`); what counts as like is fitted to the one that comes along.",
    )
    threads: int = setting(0, "Threads for the embedder; 0 takes the machine's cores.", at_least=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalSettings:
    """How papers are found for a question."""

    dense_weight: float = setting(0.6, "Share of the dense ranking in the fused score.", at_least=0, at_most=1)
    candidates: int = setting(300, "Papers taken from each ranking before they are fused.", at_least=1)
    papers: int = setting(6, "Papers given to the model for one question.", at_least=1)
    reader: str = setting(
        "",
        "Reads the question together with each leading paper and orders them again, which is slow: an asset's name "
        "(`assistant assets list`) or a folder with an ONNX file, config.json and tokenizer.json; empty for none.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSettings:
    """How answers are written, and held against their sources."""

    max_output_tokens: int = setting(400, "Longest answer, in tokens.", at_least=16)
    temperature: float = setting(0.0, "0 writes the same answer each time.", at_least=0)
    check: str = setting(
        "repair",
        "What becomes of a sentence that its sources do not bear out: marked, repaired, or left out.",
        choices=("mark", "repair", "strict"),
    )
    samples: int = setting(1, "Answers to write, of which the best supported one is kept.", at_least=1, at_most=16)
    judge: bool = setting(
        True, "Let the model judge sentences of its answers, and questions that the cheap checks cannot decide."
    )
    refuse: bool = setting(True, "Say so when the papers do not answer, instead of writing.")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationSettings:
    """A model that reads sentences together with their sources, beside the checks that need none."""

    reader: str = setting(
        "",
        "Reads each sentence with its evidence: an asset's name (`assistant assets list`) or a folder with an ONNX "
        "file, config.json and tokenizer.json; empty for none. `assistant eval --calibrate` fits it.",
    )
    threads: int = setting(0, "Threads for a reader, here and in retrieval; 0 takes the machine's cores.", at_least=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """The digest of a day, a week or a month."""

    top: int = setting(0, "Papers in the digest; 0 takes all of the day.", at_least=0)
    by: str = setting("upvotes", "Order of the papers.", choices=("upvotes", "comments", "title", "listing"))
    profile: str = setting("", "The profile of `assistant today` when it names none; empty shows every paper.")
    new: bool = setting(False, "Leave out what was shown before, as `assistant today --new` does.")
    catch_up_days: int = setting(
        14, "How many days back `--new` looks for papers that were missed.", at_least=1, at_most=60
    )
    max_cost_dollars: float = setting(
        1.0, "Most that a hosted model may cost for a digest, estimated before it starts; 0 sets no limit.", at_least=0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Digests by e-mail (`assistant today --mail`). Name and password come from the environment alone."""

    host: str = setting("", "Name or address of the SMTP server; empty sends no mail.")
    port: int = setting(
        0,
        "Port of the server; 0 takes the usual one: 587 for starttls, 465 for tls, 25 for none.",
        at_least=0,
        at_most=65535,
    )
    security: str = setting("starttls", "How the connection is kept private.", choices=("starttls", "tls", "none"))
    sender: str = setting("", "Address that mails come from, such as papers@example.org.")
    to: str = setting("", "Addresses that mails go to, separated by commas.")
    user_env: str = setting("MAIL_USER", "Environment variable with the user's name; without one nobody logs in.")
    password_env: str = setting(
        "MAIL_PASSWORD", "Environment variable with the password; passwords are never in files."
    )
    timeout_seconds: float = setting(30.0, "Longest wait for one answer of the server.", at_least=0.1)


def _default_prices() -> Mapping[str, Price]:
    return DEFAULT_PRICES


def _no_keys() -> Mapping[str, str]:
    return {}


def _no_profiles() -> Mapping[str, Profile]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration, one frozen value that is passed down.

    ``keys`` are the reader's own keys by action, ``prices`` what hosted models cost,
    ``profiles`` what readers care about.
    """

    model: str = setting(
        "auto", "Who writes: auto, hosted, local, extractive, an asset's name, a GGUF path or a hosted model's name."
    )
    offline: bool = setting(False, "Open no socket at all.")
    paths: PathSettings = field(default_factory=PathSettings)
    feeds: FeedSettings = field(default_factory=FeedSettings)
    hosted: HostedSettings = field(default_factory=HostedSettings)
    local: LocalSettings = field(default_factory=LocalSettings)
    embedder: EmbedderSettings = field(default_factory=EmbedderSettings)
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    answers: AnswerSettings = field(default_factory=AnswerSettings)
    verification: VerificationSettings = field(default_factory=VerificationSettings)
    digest: DigestSettings = field(default_factory=DigestSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    keys: Mapping[str, str] = field(default_factory=_no_keys)
    prices: Mapping[str, Price] = field(default_factory=_default_prices)
    profiles: Mapping[str, Profile] = field(default_factory=_no_profiles)


@dataclass(frozen=True, slots=True)
class Setting:
    """One leaf of the configuration: its dotted key, its default, and what a value must be."""

    key: str
    default: SettingValue
    meaning: str
    choices: tuple[str, ...]
    at_least: float | None
    at_most: float | None

    @property
    def environment_variable(self) -> str:
        """The variable that overrides the setting: ``local.threads`` is ``ASSISTANT_LOCAL_THREADS``."""
        return "ASSISTANT_" + self.key.replace(".", "_").upper()


def sections() -> dict[str, type[Any]]:
    """Section name to its dataclass, in the order of the example file."""
    section_types: dict[str, type[Any]] = {}
    for member in fields(Config):
        factory: object = member.default_factory
        if isinstance(factory, type):
            section_types[member.name] = factory
    return section_types


def known_settings() -> dict[str, Setting]:
    """All settings by dotted key, top level first."""
    return {leaf.key: leaf for leaf in _leaves()}


def _leaves() -> Iterator[Setting]:
    for member in fields(Config):
        if member.default is not MISSING:
            yield _leaf(member.name, member)
    for section, values in sections().items():
        for member in fields(values):
            yield _leaf(f"{section}.{member.name}", member)


def _leaf(key: str, member: Any) -> Setting:
    return Setting(key, member.default, **member.metadata)
