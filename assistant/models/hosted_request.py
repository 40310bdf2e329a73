"""What is asked of an OpenAI-compatible server, and what is left out when it does not know a part of it."""

import re
from collections.abc import Collection
from typing import Any

from assistant.models.base import WritingRequest
from assistant.models.chat_template import without_system
from assistant.models.hosted_server import Server
from assistant.models.hosted_words import ServerWords

REASONING_TOKENS = 4096
SYSTEM_ROLE = "system"
"""Stands among the refused parameters for the role that a server refuses."""

_LIMIT_NAMES = ("max_tokens", "max_completion_tokens")
_DISPENSABLE = ("temperature", "seed", "reasoning_effort", "stream_options", "top_logprobs", "logprobs")
_INNER_NAMES = {"include_usage": "stream_options"}
_MOST_ALTERNATIVES = 20
_TOO_MUCH = re.compile(
    r"too (?:large|long|many|high)|context (?:length|window|size)|exceed|at most|maximum|less than or equal",
    re.IGNORECASE,
)
_NO_SYSTEM_ROLE = re.compile(
    r"\bsystem\b.*\b(?:roles?|messages?|prompts?|instructions?)\b|\b(?:roles?|messages?|instructions?)\b.*\bsystem\b"
    r"|roles must alternate|developer instruction|messages\W+0\W+role|user.{1,5}(?:and|or).{1,5}assistant",
    re.IGNORECASE | re.DOTALL,
)


def request_parameters(
    server: Server, request: WritingRequest, refused: Collection[str] = (), *, room: int = 0, judging: bool = False
) -> dict[str, Any]:
    """The body of a streamed chat completion, without what the server ``refused`` before.

    ``room`` are tokens to think, on top of those of the answer. ``judging`` asks for the probabilities of the words,
    which OpenAI's reasoning models do not tell.

    OpenAI's models know ``max_completion_tokens``, its reasoning ones nothing else; many other servers know
    ``max_tokens`` only. OpenAI's reasoning models take no temperature, and are asked to think little.
    """
    wanted: dict[str, Any] = {"stream_options": {"include_usage": True}}
    if server.reasons:
        wanted["reasoning_effort"] = "low"
    else:
        wanted["temperature"] = request.temperature
        if request.temperature > 0:
            wanted["seed"] = request.seed
    if judging and not server.reasons and "logprobs" not in refused:
        wanted |= {"logprobs": True, "top_logprobs": _MOST_ALTERNATIVES}
    first, second = reversed(_LIMIT_NAMES) if server.is_openai else _LIMIT_NAMES
    wanted[second if first in refused else first] = request.max_output_tokens + room
    shown = (without_system(request.messages) if SYSTEM_ROLE in refused else None) or request.messages
    messages = [{"role": message.role, "content": message.content} for message in shown]
    kept = {name: value for name, value in wanted.items() if name not in refused}
    return {"model": server.model, "messages": messages, "stream": True, **kept}


def asks_too_much(words: ServerWords) -> bool:
    """Whether a server refuses how much is asked for, and not by which name."""
    return _TOO_MUCH.search(words.text) is not None


def refused_part(parameters: dict[str, Any], words: ServerWords) -> str | None:
    """The part of a request that a server's words refuse, if one can do without it or by another name.

    A limit that is too large stays: without one the answer would have none.
    """
    limits = () if asks_too_much(words) else _LIMIT_NAMES
    replaceable: list[str] = [name for name in (*_DISPENSABLE, *limits) if name in parameters]
    for text in (words.param or "", words.text):
        spoken: list[str] = re.findall(r"\w+", text.casefold())
        named = {_INNER_NAMES.get(word, word) for word in spoken}
        if refused := next((name for name in replaceable if name in named), None):
            return refused
    has_system = any(message["role"] == "system" for message in parameters["messages"])
    about_role = _NO_SYSTEM_ROLE.search(words.text) or _NO_SYSTEM_ROLE.search(words.param or "")
    return SYSTEM_ROLE if has_system and about_role else None
