"""One GGUF model in memory: reading prompts with what is already read, writing tokens, stopping in between."""

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ModelUnavailable
from assistant.models.base import Message, WritingRequest
from assistant.models.llama.library import Library, load_library
from assistant.models.llama.vocabulary import Vocabulary

_ABORTED = 2
_PULL_AGAIN = "Pull it again (`assistant assets pull`); if memory is short choose a smaller model."
_OTHER_MODEL = "Set local.model to a chat model (`assistant assets list`)."
_LESS_MEMORY = "Lower local.context_tokens, choose a smaller model, or close other programs."


class Stopped(Exception):
    """The request's `StopFlag` was set."""


class StopFlag:
    """One byte that Python sets in any thread and C reads in its own.

    llama.cpp asks its abort callback before every operation of a computation, about a thousand times a token. A
    callback in Python would wait for the interpreter lock each time (measured: 0.3 tokens a second instead of 1.5
    beside a busy main thread). ``strlen`` over the byte answers the same: 0 while it is 0, then 1.
    """

    __slots__ = ("_byte",)

    def __init__(self) -> None:
        self._byte = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """Stop the computation that watches this flag; stays set."""
        self._byte[0] = b"\x01"

    @property
    def is_set(self) -> bool:
        """Whether somebody wants the computation to end."""
        return self._byte[0] != b"\x00"

    def check(self) -> None:
        """Raise `Stopped` when the flag is set."""
        if self.is_set:
            raise Stopped

    @property
    def address(self) -> int:
        """Where C finds the byte."""
        return ctypes.addressof(self._byte)


@dataclass(frozen=True, slots=True)
class RuntimeSettings:
    """``context_tokens`` hold prompt and output; prompts are read, and kept, ``batch_tokens`` at a time."""

    context_tokens: int
    threads: int
    batch_tokens: int


class LlamaRuntime:
    """A model file, loaded as far as needed: the vocabulary for counting, weights and context for writing.

    The context keeps the tokens of the last prompt and answer; the next prompt is read from where it differs.
    """

    def __init__(self, path: Path, name: str, settings: RuntimeSettings) -> None:
        self._path = path
        self._name = name
        self._settings = settings
        self._model: Any = None
        self._context: Any = None
        self._vocabulary: Vocabulary | None = None
        self._held: list[int] = []
        self._flag_reader: Any = None

    def prompt_tokens(self, messages: Sequence[Message]) -> list[int]:
        """The tokens of a prompt, template included; loads the vocabulary alone if nothing is loaded yet."""
        return self._tokenizer().prompt_tokens(messages)

    def read(self, tokens: Sequence[int], stop: StopFlag) -> int:
        """Bring the context to these tokens (at least one); the number that it held already.

        Raises:
            Stopped: the flag was set; what was read stays for the next prompt.
            ModelUnavailable: the file cannot be loaded, or memory is short.
        """
        self._prepare(stop)
        batch = self._settings.batch_tokens
        # Whole batches only: a token's numbers depend in their last digits on the batch it was read in, so a prompt
        # is always cut at the same places and gives the same text whether or not its beginning was held. (Only an
        # answer that comes back in a history is kept as it was written, token by token.)
        kept = _common_prefix(self._held, tokens[:-1]) // batch * batch
        self._forget_after(kept)
        kept = len(self._held)
        for start in range(kept, len(tokens), batch):
            self._decode(tokens[start : start + batch], stop)
        return kept

    def write(self, request: WritingRequest, limit: int, stop: StopFlag) -> Iterator[bytes | None]:
        """Yield each token's bytes as it is chosen, at most ``limit``; None at last when the model ended by itself.

        Raises:
            Stopped: the flag was set.
        """
        from assistant.models.llama.sampler import Sampler

        vocabulary = self._tokenizer()
        sampler = Sampler(load_library().api, vocabulary, request)
        try:
            for written in range(limit):
                stop.check()
                token = sampler.next_token(self._context)
                if token is None or vocabulary.ends_text(token):
                    yield None
                    return
                yield vocabulary.piece(token)
                if written + 1 < limit:
                    self._decode([token], stop)
        finally:
            sampler.close()

    def close(self) -> None:
        """Free context and model."""
        if self._context is not None:
            load_library().api.llama_free(self._context)
        self._context, self._held = None, []
        self._free_model()

    def _tokenizer(self) -> Vocabulary:
        if self._vocabulary is None:
            return self._load_model(load_library(), StopFlag(), vocabulary_only=True)
        return self._vocabulary

    def _prepare(self, stop: StopFlag) -> None:
        if self._context is not None:
            return
        library = load_library()
        self._flag_reader = _flag_reader(library.api)
        self._load_model(library, stop, vocabulary_only=False)
        api, settings = library.api, self._settings
        if api.llama_model_has_encoder(self._model) or not api.llama_model_has_decoder(self._model):
            raise ModelUnavailable(f"{self._name} is no model that writes text.", _OTHER_MODEL)
        parameters = api.llama_context_default_params()
        parameters.n_ctx = settings.context_tokens
        parameters.n_batch = parameters.n_ubatch = settings.batch_tokens
        parameters.n_threads = parameters.n_threads_batch = settings.threads
        parameters.no_perf = True
        library.errors.clear()
        self._context = api.llama_init_from_model(self._model, parameters) or None
        if self._context is None:
            reason = library.first_error("no memory for its context")
            raise ModelUnavailable(f"{self._name} cannot be started: {reason}.", _LESS_MEMORY)

    def _load_model(self, library: Library, stop: StopFlag, *, vocabulary_only: bool) -> Vocabulary:
        api = library.api

        def go_on(_progress: float, _user_data: object) -> bool:
            return not stop.is_set

        parameters = api.llama_model_default_params()
        parameters.vocab_only = vocabulary_only
        callback = api.llama_progress_callback(go_on)  # bound to a name: C calls it until the load returns
        parameters.progress_callback = callback
        library.errors.clear()
        model = api.llama_model_load_from_file(os.fsencode(self._path), parameters) or None
        if model is None:
            stop.check()
            reason = library.first_error("llama.cpp gives no reason")
            raise ModelUnavailable(f"The model file {self._path} cannot be loaded: {reason}.", _PULL_AGAIN)
        self._free_model()
        self._model = model
        self._vocabulary = Vocabulary(api, model, self._name)
        return self._vocabulary

    def _free_model(self) -> None:
        if self._model is not None:
            load_library().api.llama_model_free(self._model)
        self._model, self._vocabulary = None, None

    def _forget_after(self, kept: int) -> None:
        api = load_library().api
        memory = api.llama_get_memory(self._context)
        if not api.llama_memory_seq_rm(memory, 0, kept, -1):
            # Recurrent models cannot take back a part of what they read.
            api.llama_memory_clear(memory, True)
            kept = 0
        del self._held[kept:]

    def _decode(self, tokens: Sequence[int], stop: StopFlag) -> None:
        api = load_library().api
        batch = (api.llama_token * len(tokens))(*tokens)
        api.llama_set_abort_callback(self._context, self._flag_reader, stop.address)
        code = api.llama_decode(self._context, api.llama_batch_get_one(batch, len(tokens)))
        api.llama_set_abort_callback(self._context, api.ggml_abort_callback(0), None)
        if code == 0:
            self._held.extend(tokens)
            return
        self._forget_after(len(self._held))
        if code == _ABORTED:
            raise Stopped
        raise ModelUnavailable(f"{self._name} failed while computing (llama.cpp: {code}).", _LESS_MEMORY)


def _flag_reader(api: Any) -> Any:
    """``strlen`` as an abort callback (see `StopFlag`)."""
    c_library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
    return ctypes.cast(c_library.strlen, api.ggml_abort_callback)


def _common_prefix(held: Sequence[int], wanted: Sequence[int]) -> int:
    for position, (one, other) in enumerate(zip(held, wanted, strict=False)):
        if one != other:
            return position
    return min(len(held), len(wanted))
