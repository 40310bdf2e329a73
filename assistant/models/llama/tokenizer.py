"""Text to tokens and back, by the model's own tokenizer and chat template."""

import ctypes
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import Any

from assistant.errors import ModelUnavailable
from assistant.models.answer_marks import stands_around_thoughts
from assistant.models.chat_model import Message

_NO_THINKING: Mapping[str, object] = {
    "enable_thinking": False,  # Qwen 3, SmolLM 3, GLM 4.5, Hunyuan
    "thinking": False,  # DeepSeek V3.1, Granite 3
    "thinking_budget": 0,  # Seed-OSS
    "reasoning_effort": "low",  # gpt-oss, which cannot do without
}
"""How templates that offer it are told to let the model answer at once; the others do not read these names."""

_TODAY = datetime(2026, 1, 1)  # formatted as it stands
"""The day that templates take for today (Llama 3, Mistral Small, Granite and gpt-oss write it into the prompt).

It is always the same: what was read of a prompt is then held on the next day too, and the same question gets the same
answer. Days that matter stand in our own prompts.
"""

_WITHOUT_TOOLS: Sequence[Sequence[object] | None] = (None, [])
"""What stands for "no tools", in the order of trying.

Most templates ask whether ``tools`` is None and would introduce an empty list of them. Those written for calling tools
(Hermes 2 Pro, Command R+ for tools, Firefunction) take its length or go through it, and fail on None.
"""
_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")
Render = Callable[[list[dict[str, str]]], str]
_LONGEST_PIECE_BYTES = 1024


class ModelTemplate:
    """Renders messages as the template says; ``begin`` and ``end`` are the spellings of the model's own tokens."""

    def __init__(self, text: str, begin: str, end: str) -> None:
        self._text = text
        self._begin = begin
        self._end = end

    def render(self, messages: list[dict[str, str]]) -> str:
        """The prompt, ready for the assistant's turn.

        Raises:
            TemplateRefused: the template is broken, or does not take these messages.
        """
        from jinja2 import TemplateError

        refusals = []
        for thinking, tools in product((_NO_THINKING, {}), _WITHOUT_TOOLS):  # a template may know other efforts only
            try:
                return str(self._formatter(messages=messages, tools=tools, functions=tools, **thinking).prompt)
            # Besides Jinja's own errors a template raises what its expressions do.
            except (TemplateError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
                refusals.append(error)
        raise TemplateRefused(str(refusals[0])) from refusals[0]

    @cached_property
    def _formatter(self) -> Any:
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        class OnOneDay(Jinja2ChatFormatter):
            """Gives templates our day; the formatter's own method (0.3.36) asks the clock."""

            @staticmethod
            def strftime_now(f: str) -> str:
                return _TODAY.strftime(f)

        return OnOneDay(template=self._text, bos_token=self._begin, eos_token=self._end)


class TemplateRefused(Exception):
    """The template cannot render these messages; the text is its own reason."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the prompt; in ``data`` no character has a meaning to the model's template."""

    text: str
    data: bool


def prompt_pieces(messages: Sequence[Message], render: Render, model_name: str) -> tuple[Piece, ...]:
    """Render messages into pieces; contents lose white space at both ends, as in most templates.

    A template that knows no system message (Gemma, early Mistral) gets it at the head of the first user message.

    Raises:
        ModelUnavailable: the template refuses the messages, or drops one of them.
    """
    try:
        return _rendered(messages, render)
    except TemplateRefused as refusal:
        merged = without_system(messages)
        if merged is None:
            raise _unusable(model_name, refusal) from refusal
    try:
        return _rendered(merged, render)
    except TemplateRefused as refusal:
        raise _unusable(model_name, refusal) from refusal


def _rendered(messages: Sequence[Message], render: Render) -> tuple[Piece, ...]:
    blanks = [{"role": m.role, "content": f"\ue000{number}\ue001"} for number, m in enumerate(messages)]
    parts = _PLACEHOLDER.split(render(blanks))
    if missing := set(range(len(messages))) - {int(number) for number in parts[1::2]}:
        raise TemplateRefused(f"it leaves out the {messages[min(missing)].role} message")
    pieces = [
        Piece(messages[int(part)].content.strip(), data=True) if index % 2 else Piece(part, data=False)
        for index, part in enumerate(parts)
    ]
    return tuple(piece for piece in pieces if piece.text)


def without_system(messages: Sequence[Message]) -> tuple[Message, ...] | None:
    """The messages with the system's at the head of the first user's; None when they do not begin with these two."""
    if len(messages) < 2 or messages[0].role != "system" or messages[1].role != "user":
        return None
    merged = Message("user", f"{messages[0].content.strip()}\n\n{messages[1].content.strip()}")
    return merged, *messages[2:]


def _unusable(model_name: str, refusal: TemplateRefused) -> ModelUnavailable:
    return ModelUnavailable(
        f"The chat template of {model_name} cannot be used: {refusal}.",
        "Choose another local model (`assistant assets list`), or a hosted one.",
    )


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
