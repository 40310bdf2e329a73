"""What a loaded model has read: tokens in, the model's opinion on the next one out, and the token drawn from it."""

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.errors import ModelUnavailable
from assistant.models.chat_model import GenerationRequest
from assistant.models.llama.bindings import StopFlag, Stopped, load_library
from assistant.models.llama.tokenizer import Vocabulary

_ABORTED = 2
LESS_MEMORY = "Lower local.context_tokens, choose a smaller model, or close other programs."
"""The remedy where memory is short."""


class LlamaContext:
    """A context of llama.cpp; keeps what it read, so that the next prompt is read from where it differs.

    ``pointer`` is llama.cpp's own; ``held`` are the tokens in it. Prompts are read ``batch_tokens`` at a time.
    """

    def __init__(self, pointer: Any, model_name: str, batch_tokens: int, flag_reader: Any) -> None:
        self.pointer = pointer
        self.held: list[int] = []
        self._name = model_name
        self._batch_tokens = batch_tokens
        self._flag_reader = flag_reader

    def read(self, tokens: Sequence[int], stop: StopFlag) -> int:
        """Bring the context to these tokens (at least one); the number that it held already.

        Raises:
            Stopped: the flag was set; what was read stays for the next prompt.
            ModelUnavailable: memory is short.
        """
        # Whole batches only: a token's numbers depend in their last digits on the batch it was read in, so a prompt
        # is always cut at the same places and gives the same text whether or not its beginning was held. (Only an
        # answer that comes back in a history is kept as it was written, token by token.)
        batch = self._batch_tokens
        kept = _common_prefix(self.held, tokens[:-1]) // batch * batch
        self._forget_after(kept)
        kept = len(self.held)
        for start in range(kept, len(tokens), batch):
            self.decode(tokens[start : start + batch], stop)
        return kept

    def decode(self, tokens: Sequence[int], stop: StopFlag) -> None:
        """Read these tokens behind the others; raises as `read` does."""
        api = load_library().api
        batch = (api.llama_token * len(tokens))(*tokens)
        api.llama_set_abort_callback(self.pointer, self._flag_reader, stop.address)
        code = api.llama_decode(self.pointer, api.llama_batch_get_one(batch, len(tokens)))
        api.llama_set_abort_callback(self.pointer, api.ggml_abort_callback(0), None)
        if code == 0:
            self.held.extend(tokens)
            return
        self._forget_after(len(self.held))
        if code == _ABORTED:
            raise Stopped
        raise ModelUnavailable(f"{self._name} failed while computing (llama.cpp: {code}).", LESS_MEMORY)

    def logits(self, tokens: Sequence[int]) -> list[float]:
        """The logits of these tokens as the next one."""
        found = load_library().api.llama_get_logits_ith(self.pointer, -1)
        return [float(found[token]) for token in tokens]

    def close(self) -> None:
        """Free it."""
        load_library().api.llama_free(self.pointer)

    def _forget_after(self, kept: int) -> None:
        api = load_library().api
        memory = api.llama_get_memory(self.pointer)
        if not api.llama_memory_seq_rm(memory, 0, kept, -1):
            # Recurrent models cannot take back a part of what they read.
            api.llama_memory_clear(memory, True)
            kept = 0
        del self.held[kept:]


def _common_prefix(held: Sequence[int], wanted: Sequence[int]) -> int:
    for position, (one, other) in enumerate(zip(held, wanted, strict=False)):
        if one != other:
            return position
    return min(len(held), len(wanted))


_CANDIDATE = np.dtype([("id", np.intc), ("logit", np.single), ("p", np.single)], align=True)
_TOP_K, _TOP_P, _MIN_P, _KEEP = 40, 0.95, 0.05, 1


class Sampler:
    """The sampler chain of one request; `close` frees it.

    A grammar is asked about the one token that the model wants; only when it forbids that token the whole
    vocabulary goes through it. On a vocabulary of 152,000 tokens this takes 2 ms a token instead of 33.
    """

    def __init__(self, api: Any, vocabulary: Vocabulary, request: GenerationRequest) -> None:
        self._api = api
        self._vocabulary = vocabulary
        self._grammar: Any = None
        self._chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        for part in _chain_parts(api, request):
            api.llama_sampler_chain_add(self._chain, part)
        if request.grammar is not None:
            self._grammar = api.llama_sampler_init_grammar(vocabulary.pointer, request.grammar.encode(), b"root")
            if not self._grammar:
                self.close()
                raise ModelUnavailable("The grammar of this request cannot be read.", "Report it; it is a defect.")

    def next_token(self, context: Any) -> int | None:
        """The token after what the context holds; None where the grammar leaves none."""
        if self._grammar is None:
            return int(self._api.llama_sampler_sample(self._chain, context, -1))
        logits = np.ctypeslib.as_array(self._api.llama_get_logits_ith(context, -1), shape=(self._vocabulary.size,))
        token, _ = self._choose(logits, within_grammar=False)
        if not self._grammar_allows(token):
            token, logit = self._choose(logits, within_grammar=True)
            if logit == -np.inf:
                return None
        self._api.llama_sampler_accept(self._grammar, token)
        self._api.llama_sampler_accept(self._chain, token)
        return token

    def close(self) -> None:
        """Free the chain and the grammar."""
        self._api.llama_sampler_free(self._chain)
        if self._grammar:
            self._api.llama_sampler_free(self._grammar)

    def _choose(self, logits: "np.ndarray[Any, np.dtype[np.single]]", *, within_grammar: bool) -> tuple[int, float]:
        candidates = np.zeros(len(logits), _CANDIDATE)
        candidates["id"] = np.arange(len(logits), dtype=np.intc)
        candidates["logit"] = logits
        if within_grammar:
            self._apply(self._grammar, candidates)
        selected = self._apply(self._chain, candidates)
        return int(candidates["id"][selected]), float(candidates["logit"][selected])

    def _grammar_allows(self, token: int) -> bool:
        candidate = np.zeros(1, _CANDIDATE)
        candidate["id"] = token
        self._apply(self._grammar, candidate)
        return bool(candidate["logit"][0] != -np.inf)

    def _apply(self, sampler: Any, candidates: "np.ndarray[Any, np.dtype[np.void]]") -> int:
        array = self._api.llama_token_data_array(
            data=candidates.ctypes.data_as(self._api.llama_token_data_p),
            size=len(candidates),
            selected=-1,
            sorted=False,
        )
        self._api.llama_sampler_apply(sampler, ctypes.byref(array))
        return int(array.selected)


def _chain_parts(api: Any, request: GenerationRequest) -> list[Any]:
    if request.temperature <= 0:
        return [api.llama_sampler_init_greedy()]
    return [
        api.llama_sampler_init_top_k(_TOP_K),
        api.llama_sampler_init_top_p(_TOP_P, _KEEP),
        api.llama_sampler_init_min_p(_MIN_P, _KEEP),
        api.llama_sampler_init_temp(request.temperature),
        api.llama_sampler_init_dist(request.seed & 0x7FFFFFFF),
    ]
