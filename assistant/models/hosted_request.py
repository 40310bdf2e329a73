"""What is asked of an OpenAI-compatible server, and what is left out when it does not know a parameter."""

import re
from collections.abc import Collection
from typing import Any

from assistant.models.base import WritingRequest
from assistant.models.hosted_server import Server

REASONING_TOKENS = 4096
_LIMIT_NAMES = ("max_tokens", "max_completion_tokens")
_DISPENSABLE = ("temperature", "seed", "reasoning_effort", "stream_options", "top_logprobs", "logprobs")
_MOST_ALTERNATIVES = 20


def request_parameters(
    server: Server, request: WritingRequest, refused: Collection[str] = (), *, judging: bool = False
) -> dict[str, Any]:
    """The body of a streamed chat completion, without the parameters that the server ``refused`` before.

    ``judging`` asks for the probabilities of the words, which reasoning models do not tell.

    OpenAI's models know ``max_completion_tokens``, its reasoning ones nothing else; many other servers know
    ``max_tokens`` only. Reasoning models take no temperature, think little, and get room for it in their limit.
    """
    limit = request.max_output_tokens
    wanted: dict[str, Any] = {"stream_options": {"include_usage": True}}
    if server.reasons:
        limit += REASONING_TOKENS
        wanted["reasoning_effort"] = "low"
    else:
        wanted["temperature"] = request.temperature
        if request.temperature > 0:
            wanted["seed"] = request.seed
    if judging and not server.reasons:
        wanted |= {"logprobs": True, "top_logprobs": _MOST_ALTERNATIVES}
    first, second = reversed(_LIMIT_NAMES) if server.is_openai else _LIMIT_NAMES
    wanted[second if first in refused else first] = limit
    messages = [{"role": message.role, "content": message.content} for message in request.messages]
    kept = {name: value for name, value in wanted.items() if name not in refused}
    return {"model": server.model, "messages": messages, "stream": True, **kept}


def refused_parameter(parameters: Collection[str], param: str | None, words: str) -> str | None:
    """The parameter that a 400 or 422 is about, if one can do without it or by another name.

    ``param`` and ``words`` are those of the server's error; not every server fills ``param``.
    """
    replaceable = [name for name in (*_DISPENSABLE, *_LIMIT_NAMES) if name in parameters]
    if param in replaceable:
        return param
    named = re.findall(r"\w+", words)
    return next((name for name in replaceable if name in named), None)
