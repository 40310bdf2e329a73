"""From messages to prompt pieces in which the model's template and everybody else's text stay apart.

A chat template writes control tokens (``<|im_end|>``) as text. Were the rendered prompt tokenized in one go, the same
characters inside an abstract would become control tokens too and close the message. So the template is rendered
with placeholders in place of the contents: it never sees data, and the tokenizer gets template pieces, where
control tokens count, and data pieces, where nothing does.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.errors import ModelUnavailable
from assistant.models.chat_model import Message

_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")

Render = Callable[[list[dict[str, str]]], str]


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
