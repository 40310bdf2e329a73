"""Token counts for hosted models, from BPE ranks that are already on this machine: nothing here opens a socket.

tiktoken fetches the ranks of an encoding from its own host unless they lie in its cache. Here its definitions
(pattern and special tokens) are run with a reader that knows our folder only.
"""

import hashlib
import math
import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from tiktoken import Encoding

DEFAULT_ENCODING = "o200k_base"

BPE_SHA256 = {
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
"""The encodings that can be counted with, and the SHA-256 of their rank files (as in tiktoken 0.14)."""

_RANKS_URL = "https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
_SAME_ORDINARY_TOKENS = {"o200k_harmony": "o200k_base"}
_CHARACTERS_PER_TOKEN = 3
_SEPARATORS = re.compile("[:@]")
_FOREIGN_MARGIN = 1.25


class TokenCounter(Protocol):
    """Counts the tokens of plain text. ``exact`` says whether the model itself would count the same."""

    @property
    def exact(self) -> bool:
        """False for an estimate."""
        ...

    def count(self, text: str) -> int:
        """Tokens of the text; whatever it spells, it never raises."""
        ...


class EstimatedTokens:
    """A count without any file: see `estimated_tokens`."""

    exact = False

    def count(self, text: str) -> int:
        """Tokens of the text, rather too many than too few."""
        return estimated_tokens(text)


class EncodedTokens:
    """A count by tiktoken. ``margin`` above 1 is for models whose own vocabulary is not known."""

    def __init__(self, encoding: "Encoding", margin: float = 1.0) -> None:
        self._encoding = encoding
        self._margin = margin

    @property
    def exact(self) -> bool:
        """Whether the encoding is the model's own."""
        return self._margin == 1.0

    def count(self, text: str) -> int:
        """Tokens of the text; names of special tokens in it are plain text like any other."""
        return math.ceil(len(self._encoding.encode_ordinary(text)) * self._margin)


def estimated_tokens(text: str) -> int:
    """UTF-8 bytes / 3, rounded up.

    English prose has 4 to 5 bytes a token in today's vocabularies, formulas and tables about 3, Chinese 3 to 4:
    the estimate is rather too high than too low.
    """
    return -(-len(text.encode("utf-8", "replace")) // _CHARACTERS_PER_TOKEN)


def counter_for(model: str, folder: Path | None, encoding_name: str | None = None) -> TokenCounter:
    """The best counter there is for a hosted model.

    ``folder`` holds the rank files, as ``o200k_base.tiktoken`` or under the name that tiktoken's own cache uses;
    without the file, or with a damaged one, the count is an estimate. Names as routers write them are those
    of the model behind (see `model_name_candidates`). A model that tiktoken does not know is counted with o200k_base
    and 25 % on top: older vocabularies cut the same text into more tokens.
    """
    own = encoding_name or _known_encoding(model)
    name = own or DEFAULT_ENCODING
    ranks = read_ranks(folder, name) if folder else None
    if ranks is None:
        return EstimatedTokens()
    return EncodedTokens(_encoding(name, ranks), margin=1.0 if own else _FOREIGN_MARGIN)


def read_ranks(folder: Path, name: str) -> bytes | None:
    """The verified rank file of an encoding; None when it is not there or its bytes are not the right ones."""
    cache_name = hashlib.sha1(_RANKS_URL.format(name=name).encode(), usedforsecurity=False).hexdigest()
    for path in (folder / f"{name}.tiktoken", folder / cache_name):
        try:
            ranks = path.read_bytes()
        except OSError:
            continue
        if hashlib.sha256(ranks).hexdigest() == BPE_SHA256.get(name):
            return ranks
    return None


def model_name_candidates(model: str) -> tuple[str, ...]:
    """What a model may be called by its maker, the likeliest first, in lower case.

    Routers put providers before the name and variants behind it (``openrouter/openai/gpt-4o-mini:online``,
    ``openai:gpt-4o``, ``models/gpt-4o@latest``), OpenAI's fine-tuned models have an organization and an id behind it
    (``ft:gpt-4o-mini:org::id``), and Ollama writes sizes so (``gpt-oss:20b``).
    """
    name = model.strip().casefold().rpartition("/")[2].removeprefix("ft:")
    return tuple(dict.fromkeys(part for part in (name, name.replace(":", "-"), *_SEPARATORS.split(name)) if part))


def _known_encoding(model: str) -> str | None:
    from tiktoken import encoding_name_for_model

    for plain in model_name_candidates(model):
        try:
            name = encoding_name_for_model(plain)
        except KeyError:
            continue
        name = _SAME_ORDINARY_TOKENS.get(name, name)
        return name if name in BPE_SHA256 else None
    return None


def _encoding(name: str, ranks: bytes) -> "Encoding":
    """Build tiktoken's encoding from our bytes.

    The constructor in tiktoken_ext calls ``load_tiktoken_bpe`` by its global name. A copy of the function gets
    a reader of ours under that name, so that neither the module nor the environment is changed for others.
    """
    import tiktoken
    from tiktoken_ext import openai_public  # type: ignore[import-untyped]  # ships no types

    def load_ours(_url: str, expected_hash: str | None = None) -> dict[bytes, int]:  # noqa: ARG001
        return {b64decode(token): int(rank) for token, rank in (line.split() for line in ranks.splitlines() if line)}

    constructor = cast("FunctionType", getattr(openai_public, name))
    names = {**constructor.__globals__, "load_tiktoken_bpe": load_ours}
    define = cast("Callable[[], dict[str, Any]]", FunctionType(constructor.__code__, names))
    return tiktoken.Encoding(**define())
