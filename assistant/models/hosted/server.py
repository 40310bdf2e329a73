"""Which server and which model of it, as configured and as shown."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from assistant.addresses import has_misplaced_credentials, is_loopback, masked_address, without_credentials
from assistant.errors import ConfigError, ModelMissing
from assistant.models.tokens import model_name_candidates
from assistant.papers import clean_text

_OPENAI_HOST = "api.openai.com"
_WRITES_AT_ONCE = re.compile(r"gpt-3\.5|gpt-4|chatgpt|.*-chat\b")
_LONGEST_QUOTE = 200
_SHORTEST_PART = 4
_LONG_PART = 8
_KEY_LIKE = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|nvapi|pplx|hf|r8|fw|csk|tgp|glpat|ghp)[-_][\w*.…-]{3,}|\bAIza[\w-]{8,}|(?<=Bearer )\S+"
)
"""Keys as companies make them; servers repeat them with their middle left out."""
_MIDDLE = re.compile(r"\*{2,}|…|\.{3,}|•+|x{4,}|X{4,}")
_MASKED = re.compile(rf"[\w-]*(?:{_MIDDLE.pattern})[\w-]*")
_WORD = re.compile(r"[\w-]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedModelSettings:
    """One model of one server.

    ``key_name`` is the environment variable that messages name as the key's place, ``address_name`` the setting or
    variable that they name as the address's. ``timeout_seconds`` is the
    longest wait for the next piece of an answer. ``encoding`` (``o200k_base``, ``cl100k_base``) overrides what the
    model's name suggests; ``bpe_folder`` holds the rank files of these (see `assistant.models.tokens`).
    ``traits_file`` keeps what is found out about servers (see `assistant.models.hosted.request`).
    """

    base_url: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    key_name: str = "OPENAI_API_KEY"
    address_name: str = "hosted.base_url"
    timeout_seconds: float = 60.0
    max_retries: int = 2
    context_tokens: int = 128_000
    encoding: str | None = None
    bpe_folder: Path | None = None
    traits_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """The server as messages name it and requests need it; ``address`` is its URL without any credentials.

    ``key`` is None where none is needed and none was given. ``is_local`` is a server on this machine.
    """

    host: str
    address: str
    address_name: str
    model: str
    key: str | None = field(repr=False)
    key_name: str
    is_local: bool
    is_openai: bool

    @property
    def reasons(self) -> bool:
        """Whether the model thinks unseen before it writes: OpenAI's newer ones, whose limit holds both."""
        return self.is_openai and not any(map(_WRITES_AT_ONCE.match, model_name_candidates(self.model)))

    def quote(self, words: str) -> str:
        """A server's own words, short and safe to print; keys, and what they show of one, are blotted out."""
        text = clean_text(_without_keys(words, self.key)).rstrip(".")
        return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def server_of(settings: HostedModelSettings) -> Server:
    """The server that settings describe.

    Raises:
        ConfigError: ``base_url`` is no http address.
        ModelMissing: the server is not on this machine and there is no key, or what there is cannot be one.
    """
    url, address = parse_address(settings.base_url, settings.address_name)
    hostname = url.hostname or ""
    is_local = is_loopback(hostname, or_unspecified=True)
    return Server(
        host=url.netloc.rpartition("@")[2],
        address=address,
        address_name=settings.address_name,
        model=settings.model,
        key=_usable_key(settings, required=not is_local),
        key_name=settings.key_name,
        is_local=is_local,
        is_openai=hostname == _OPENAI_HOST,
    )


def parse_address(base_url: str, name: str) -> tuple[SplitResult, str]:
    """The parts of a server's address, and the address without credentials; ``name`` is what sets it.

    Raises `ConfigError` for what is not an http address, and for one whose host cannot be told from its password.
    """
    masked = masked_address(base_url).rstrip("/")
    remedy = "Give it like https://api.openai.com/v1 or http://localhost:11434/v1."
    if has_misplaced_credentials(base_url):
        message = f"{name} cannot be read: {masked!r} has an @ behind a sign that ends the host."
        raise ConfigError(message, "Write such signs in a password or a path as %40 (@), %2F (/), %3F (?), %23 (#).")
    try:
        url = urlsplit(base_url)
        complete = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError as error:
        why = f" ({error})" if masked == base_url.rstrip("/") else ""  # its words may quote a part of the password
        raise ConfigError(f"{name} is no address: {masked!r}{why}.", remedy) from error
    if not complete:
        raise ConfigError(f"{name} is no http:// or https:// address: {masked!r}.", remedy)
    return url, without_credentials(base_url).rstrip("/")


def _usable_key(settings: HostedModelSettings, *, required: bool) -> str | None:
    key = (settings.api_key or "").strip()
    if not key and required:
        message = f"There is no key for the hosted model {settings.model}: {settings.key_name} is not set."
        remedy = f"Put the key into {settings.key_name}; any word will do for a server that wants none."
        raise ModelMissing(message, remedy)
    if not (key.isascii() and key.isprintable()) or " " in key:
        message = f"What {settings.key_name} holds cannot be a key: it has characters that no key has."
        raise ModelMissing(message, f"Set {settings.key_name} again, without blanks and line breaks.")
    return key or None


def _without_keys(words: str, key: str | None) -> str:
    """Words without the key, without parts of it, and without whatever looks like one."""

    def masked(match: re.Match[str]) -> str:
        head, *_, tail = _MIDDLE.split(match[0])
        shows = key and ((head and key.startswith(head)) or (tail and key.endswith(tail)))
        return "***" if shows or "***" in match[0] or "•" in match[0] else match[0]

    def part(match: re.Match[str]) -> str:
        return "***" if key and _is_part(match[0], key) else match[0]

    if key:
        words = words.replace(key, "***")
    return _WORD.sub(part, _MASKED.sub(masked, _KEY_LIKE.sub("***", words)))


def _is_part(word: str, key: str) -> bool:
    """Whether a word is the beginning, the end, or much of a key; common words within it are not."""
    is_edge = len(word) >= _SHORTEST_PART and (key.startswith(word) or key.endswith(word))
    return len(word) < len(key) and (is_edge or (len(word) >= _LONG_PART and word in key))
