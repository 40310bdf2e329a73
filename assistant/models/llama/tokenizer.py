"""Text to tokens and back, by the model's own tokenizer and chat template."""

import ctypes
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from assistant.errors import ModelUnavailable
from assistant.models.answer_marks import stands_around_thoughts
from assistant.models.chat_model import Message
from assistant.models.chat_template import prompt_pieces
from assistant.models.llama.template import ModelTemplate

_LONGEST_PIECE_BYTES = 1024


class Vocabulary:
    """The tokenizer of a loaded model; valid as long as the model is."""

    def __init__(self, api: Any, model: Any, model_name: str) -> None:
        self.pointer = api.llama_model_get_vocab(model)
        self.size: int = api.llama_vocab_n_tokens(self.pointer)
        self._api = api
        self._name = model_name
        self._buffer = ctypes.create_string_buffer(_LONGEST_PIECE_BYTES)
        template = api.llama_model_chat_template(model, None)
        self._template_text = template.decode("utf-8", "replace") if template else ""

    @cached_property
    def _template(self) -> ModelTemplate:
        """The model's chat template. Raises `ModelUnavailable` for a model that has none."""
        if not self._template_text.strip():
            raise ModelUnavailable(
                f"{self._name} has no chat template in its file and cannot be told what to do: it is a base model, "
                "or a chat model whose file was made before GGUF held templates.",
                "Take a newer GGUF of its instruct or chat version, another local model (`assistant assets list`), "
                "a hosted one, or `--model extractive`, which quotes the papers.",
            )
        begin, end = self._api.llama_vocab_bos(self.pointer), self._api.llama_vocab_eos(self.pointer)
        return ModelTemplate(self._template_text, self._token_name(begin), self._token_name(end))

    def prompt_tokens(self, messages: Sequence[Message]) -> list[int]:
        """The prompt as the model's chat template writes it, ready for the assistant's turn.

        Text of messages never becomes a control token, whatever it spells.

        Raises:
            ModelUnavailable: there is no template, or it cannot be used.
        """
        if not messages:
            return []
        tokens: list[int] = []
        for piece in prompt_pieces(messages, self._template.render, self._name):
            tokens += self.tokenize(piece.text, special=not piece.data)
        begin = self._api.llama_vocab_bos(self.pointer)
        if self._api.llama_vocab_get_add_bos(self.pointer) and tokens[:1] != [begin]:
            tokens.insert(0, begin)
        return tokens

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Tokens of a text; names of control tokens in it count only where ``special``."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        while True:
            tokens = (self._api.llama_token * room)()
            count = self._api.llama_tokenize(self.pointer, data, len(data), tokens, room, False, special)
            if count >= 0:
                return list(tokens[:count])
            room = -count

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for, maybe a part of a character; none for control tokens but those of thoughts."""
        if self.is_control(token) and stands_around_thoughts(name := self._token_name(token)):
            return name.encode()
        length = self._api.llama_token_to_piece(self.pointer, token, self._buffer, _LONGEST_PIECE_BYTES, 0, False)
        return self._buffer.raw[: max(0, length)]

    def ends_text(self, token: int) -> bool:
        """Whether the model says with this token that it is done."""
        return bool(self._api.llama_vocab_is_eog(self.pointer, token))

    def is_control(self, token: int) -> bool:
        """Whether the token is one of the template's and not text."""
        return bool(self._api.llama_vocab_is_control(self.pointer, token))

    def _token_name(self, token: int) -> str:
        if token < 0:
            return ""
        return str(self._api.llama_vocab_get_text(self.pointer, token).decode("utf-8", "replace"))
