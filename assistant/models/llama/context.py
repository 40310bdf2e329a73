"""What a loaded model has read: tokens in, the model's opinion on the next one out."""

from collections.abc import Sequence
from typing import Any

from assistant.errors import ModelUnavailable
from assistant.models.llama.bindings import StopFlag, Stopped, load_library

_ABORTED = 2
LESS_MEMORY = "Lower local.context_tokens, choose a smaller model, or close other programs."
"""The remedy where memory is short."""


class LlamaContext:
    """A context of llama.cpp; keeps what it read, so that the next prompt is read from where it differs.

    ``pointer`` is llama.cpp's own; ``tokens`` are the tokens in it. Prompts are read ``batch_tokens`` at a time.
    """

    def __init__(self, pointer: Any, model_name: str, batch_tokens: int, flag_reader: Any) -> None:
        self.pointer = pointer
        self.tokens: list[int] = []
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
        common = _common_prefix(self.tokens, tokens[:-1]) // batch * batch
        self._forget_after(common)
        common = len(self.tokens)
        for start in range(common, len(tokens), batch):
            self.decode(tokens[start : start + batch], stop)
        return common

    def decode(self, tokens: Sequence[int], stop: StopFlag) -> None:
        """Read these tokens behind the others; raises as `read` does."""
        api = load_library().api
        batch = (api.llama_token * len(tokens))(*tokens)
        api.llama_set_abort_callback(self.pointer, self._flag_reader, stop.address)
        code = api.llama_decode(self.pointer, api.llama_batch_get_one(batch, len(tokens)))
        api.llama_set_abort_callback(self.pointer, api.ggml_abort_callback(0), None)
        if code == 0:
            self.tokens.extend(tokens)
            return
        self._forget_after(len(self.tokens))
        if code == _ABORTED:
            raise Stopped
        raise ModelUnavailable(f"{self._name} failed while computing (llama.cpp: {code}).", LESS_MEMORY)

    def logits(self, tokens: Sequence[int]) -> list[float]:
        """The logits of these tokens as the next one."""
        logits = load_library().api.llama_get_logits_ith(self.pointer, -1)
        return [float(logits[token]) for token in tokens]

    def close(self) -> None:
        """Free it."""
        load_library().api.llama_free(self.pointer)

    def _forget_after(self, length: int) -> None:
        api = load_library().api
        memory = api.llama_get_memory(self.pointer)
        if not api.llama_memory_seq_rm(memory, 0, length, -1):
            # Recurrent models cannot take back a part of what they read.
            api.llama_memory_clear(memory, True)
            length = 0
        del self.tokens[length:]


def _common_prefix(before: Sequence[int], after: Sequence[int]) -> int:
    for position, (first, other) in enumerate(zip(before, after, strict=False)):
        if first != other:
            return position
    return min(len(before), len(after))
