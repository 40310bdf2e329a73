"""One GGUF model in memory: reading prompts with what is already read, writing tokens, stopping in between."""

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ModelUnavailable
from assistant.models.answer_marks import ends_with_opening
from assistant.models.chat_model import GenerationRequest, Message
from assistant.models.llama.bindings import LESS_MEMORY, Library, LlamaContext, StopFlag, flag_reader, load_library
from assistant.models.llama.tokenizer import Vocabulary

_LAST_TOKENS = 12
_PULL_AGAIN = "Pull it again (`assistant assets pull`); if memory is short choose a smaller model."
_OTHER_MODEL = "Set local.model to a chat model (`assistant assets list`)."


@dataclass(frozen=True, slots=True)
class RuntimeSettings:
    """``context_tokens`` hold prompt and output; prompts are read, and kept, ``batch_tokens`` at a time.

    ``judging_tokens`` are the context of judgements, which stand beside the conversation and not in its way.
    """

    context_tokens: int
    threads: int
    batch_tokens: int
    judging_tokens: int = 1024


class LlamaRuntime:
    """A model file, loaded as far as needed: the vocabulary for counting, weights and contexts for the rest.

    There is one context for writing and, once it is asked for, another for judgements: a judgement in between leaves
    what was read of a conversation in place. Both share the weights.
    """

    def __init__(self, path: Path, name: str, settings: RuntimeSettings) -> None:
        self._path = path
        self._name = name
        self._settings = settings
        self._model: Any = None
        self._vocabulary: Vocabulary | None = None
        self._vocabulary_only = False
        self._writing: LlamaContext | None = None
        self._judging: LlamaContext | None = None

    def prompt_tokens(self, messages: Sequence[Message]) -> list[int]:
        """The tokens of a prompt, template included; loads the vocabulary alone if nothing is loaded yet."""
        return self._tokenizer().prompt_tokens(messages)

    def opens_thought(self, prompt: Sequence[int]) -> bool:
        """Whether a prompt's template opens a thought, so that what is written begins within one."""
        pieces = (self._tokenizer().piece(token) for token in prompt[-_LAST_TOKENS:])
        return ends_with_opening(b"".join(pieces).decode("utf-8", "ignore"))

    def read(self, tokens: Sequence[int], stop: StopFlag) -> int:
        """Bring the writing context to these tokens (at least one); the number that it held already.

        Raises:
            Stopped: the flag was set; what was read stays for the next prompt.
            ModelUnavailable: the file cannot be loaded, or memory is short.
        """
        if self._writing is None:
            self._writing = self._new_context(self._settings.context_tokens, stop)
        return self._writing.read(tokens, stop)

    def write(self, request: GenerationRequest, limit: int, stop: StopFlag) -> Iterator[bytes | None]:
        """Yield each token's bytes as it is chosen, at most ``limit``; None at last when the model ended by itself.

        A prompt must have been `read`. Raises `Stopped` when the flag was set.
        """
        from assistant.models.llama.sampler import Sampler

        context = self._writing
        assert context is not None  # noqa: S101  # `read` comes first
        vocabulary = self._tokenizer()
        sampler = Sampler(load_library().api, vocabulary, request)
        try:
            for written in range(limit):
                stop.check()
                token = sampler.next_token(context.pointer)
                if token is None or vocabulary.ends_text(token):
                    yield None
                    return
                yield vocabulary.piece(token)
                if written + 1 < limit:
                    context.decode([token], stop)
        finally:
            sampler.close()

    def judge(self, tokens: Sequence[int], choices: Sequence[str], stop: StopFlag) -> tuple[float, ...]:
        """How probable each choice is as the answer to a prompt, by its first token; they sum to 1.

        Raises as `read` does.
        """
        if self._judging is None:
            self._judging = self._new_context(self._settings.judging_tokens, stop)
        self._judging.read(tokens, stop)
        return self._shares(self._judging, choices)

    def judge_further(self, tokens: Sequence[int], choices: Sequence[str], stop: StopFlag) -> tuple[float, ...]:
        """`judge` in the writing context, for a prompt that begins like what is written."""
        self.read(tokens, stop)
        assert self._writing is not None  # noqa: S101  # `read` made it
        return self._shares(self._writing, choices)

    def close(self) -> None:
        """Free contexts and model."""
        for context in (self._writing, self._judging):
            if context is not None:
                context.close()
        self._writing = self._judging = None
        self._free_model()

    def _shares(self, context: LlamaContext, choices: Sequence[str]) -> tuple[float, ...]:
        weights = [self._choice_weight(context, choice) for choice in choices]
        highest = max(weights)
        shares = [math.exp(weight - highest) for weight in weights]
        return tuple(share / sum(shares) for share in shares)

    def _choice_weight(self, context: LlamaContext, choice: str) -> float:
        """The log of the summed exponentials of the ways to begin a choice: yes, Yes, YES."""
        vocabulary = self._tokenizer()
        spellings = {choice, choice.capitalize(), choice.upper()}
        firsts = {vocabulary.tokenize(spelling, special=False)[0] for spelling in spellings}
        logits = context.logits(sorted(firsts))
        highest = max(logits)
        return highest + math.log(sum(math.exp(logit - highest) for logit in logits))

    def _tokenizer(self) -> Vocabulary:
        if self._vocabulary is None:
            return self._load_model(load_library(), StopFlag(), vocabulary_only=True)
        return self._vocabulary

    def _new_context(self, context_tokens: int, stop: StopFlag) -> LlamaContext:
        library = load_library()
        if self._model is None or self._vocabulary_only:
            self._load_model(library, stop, vocabulary_only=False)
        api, settings = library.api, self._settings
        if api.llama_model_has_encoder(self._model) or not api.llama_model_has_decoder(self._model):
            raise ModelUnavailable(f"{self._name} is no model that writes text.", _OTHER_MODEL)
        parameters = api.llama_context_default_params()
        parameters.n_ctx = context_tokens
        parameters.n_batch = parameters.n_ubatch = settings.batch_tokens
        parameters.n_threads = parameters.n_threads_batch = settings.threads
        parameters.no_perf = True
        library.errors.clear()
        pointer = api.llama_init_from_model(self._model, parameters) or None
        if pointer is None:
            reason = library.first_error("no memory for its context")
            raise ModelUnavailable(f"{self._name} cannot be started: {reason}.", LESS_MEMORY)
        return LlamaContext(pointer, self._name, settings.batch_tokens, flag_reader(api))

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
        self._vocabulary_only = vocabulary_only
        self._vocabulary = Vocabulary(api, model, self._name)
        return self._vocabulary

    def _free_model(self) -> None:
        if self._model is not None:
            load_library().api.llama_model_free(self._model)
        self._model, self._vocabulary = None, None
