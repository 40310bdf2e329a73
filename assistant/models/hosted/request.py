"""What is asked of an OpenAI-compatible server, and what is remembered of it, and the queue of requests."""

import asyncio
import json
import os
import re
import tempfile
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.models.chat_model import GenerationRequest
from assistant.models.hosted.server import Server
from assistant.models.hosted.words import ServerWords
from assistant.models.llama.tokenizer import without_system

REASONING_TOKENS = 4096
SYSTEM_ROLE = "system"
"""Stands among the refused parameters for the role that a server refuses."""

_LIMIT_NAMES = ("max_tokens", "max_completion_tokens")
_DISPENSABLE = (
    "temperature", "seed", "reasoning_effort", "stream_options", "top_logprobs", "logprobs", "response_format"
)  # fmt: skip
_INNER_NAMES = {
    "include_usage": "stream_options",
    "json_schema": "response_format",
    "log_probs": "logprobs",
    "top_log_probs": "top_logprobs",
}
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_ALTERNATIVES = 20
_NOT_PARAMETERS = frozenset((401, 402, 403, 405, 407, 408, 429))
_ROLE_STATUSES = frozenset((None, 400, 422, 500))  # llama.cpp's server tells with 500 what a chat template raises
_TOKENS = r"tokens\b|\btoken[ _-](?:count|limit|length)|context[ _-]?(?:length|window|size|limit)"
_SIZE = (
    r"\btoo (?:large|long|many|high|big)\b|exceed|\bat most\b|\bmaximum\b|\b(?:less|greater|larger|more|longer) than\b"
    r"|<=|\brange\b"
)
_TOO_MUCH = re.compile(
    rf"(?:{_TOKENS}).{{0,100}}(?:{_SIZE})|(?:{_SIZE}).{{0,100}}(?:{_TOKENS})"
    r"|\b(?:prompt|input)\b.{0,60}\btoo (?:large|long)\b",
    re.IGNORECASE | re.DOTALL,
)
_ROLE = (
    r"\b(?:system|developer)[ _-](?:roles?|messages?|prompts?|instructions?)\b|\broles?\W{1,3}system\b"
    r"|\buser.{1,5}(?:and|or).{1,5}assistant\b|[\"'`]system[\"'`]"
)
_REFUSED = (
    r"(?:\bnot|n['’]t)\b.{0,20}\b(?:support|allow|enabl|permit|accept|valid|recogni[sz])|\bunsupported\b|\bunknown\b"
    r"|\binvalid\b|\bunexpected\b|\bonly\b|\bmust\b|\bshould\b|\bexpected\b"
)
_NO_SYSTEM_ROLE = re.compile(
    rf"(?:{_ROLE}).{{0,60}}(?:{_REFUSED})|(?:{_REFUSED}).{{0,60}}(?:{_ROLE})"
    r"|\broles must alternate\b|\bmessages\W+0\W+role\b",
    re.IGNORECASE | re.DOTALL,
)

_MOST_KEPT_TRAITS = 500


def request_parameters(
    server: Server, request: GenerationRequest, refused: Collection[str] = (), *, room: int = 0, judging: bool = False
) -> dict[str, Any]:
    """The body of a streamed chat completion, without what the server ``refused`` before.

    ``room`` are tokens to think, on top of those of the answer. ``judging`` asks for the probabilities of the words,
    which OpenAI's reasoning models do not tell.

    OpenAI's models know ``max_completion_tokens``, its reasoning ones nothing else; many other servers know
    ``max_tokens`` only. OpenAI's reasoning models take no temperature, and are asked to think little.
    """
    parameters: dict[str, Any] = {"stream_options": {"include_usage": True}}
    if server.reasons:
        parameters["reasoning_effort"] = "low"
    else:
        parameters["temperature"] = request.temperature
        if request.temperature > 0:
            parameters["seed"] = request.seed
    if judging and not server.reasons and "logprobs" not in refused:
        parameters |= {"logprobs": True, "top_logprobs": _MOST_ALTERNATIVES}
    if request.json_schema is not None:
        shape = {"name": "answer", "strict": True, "schema": json.loads(request.json_schema)}
        parameters["response_format"] = {"type": "json_schema", "json_schema": shape}
    first, second = reversed(_LIMIT_NAMES) if server.is_openai else _LIMIT_NAMES
    parameters[second if first in refused else first] = request.max_output_tokens + room
    prompt_messages = (without_system(request.messages) if SYSTEM_ROLE in refused else None) or request.messages
    messages = [{"role": message.role, "content": message.content} for message in prompt_messages]
    accepted = {name: value for name, value in parameters.items() if name not in refused}
    return {"model": server.model, "messages": messages, "stream": True, **accepted}


def asks_too_much(words: ServerWords) -> bool:
    """Whether a server refuses how many tokens are asked for, and not by which name."""
    return any(map(_TOO_MUCH.search, (f"{words.param or ''}: {words.text}", *words.codes)))


def about_parameters(status: int | None) -> bool:
    """Whether an HTTP status may be about what is asked for, and not about who asks, how often, or the server's state.

    500 may: servers fail on a parameter that they pass on, or on a chat template that raises.
    """
    return status is None or (status <= 500 and status not in _NOT_PARAMETERS)


def refused_part(parameters: dict[str, Any], words: ServerWords, status: int | None = None) -> str | None:
    """The part of a request that a server's words refuse, if one can do without it or by another name.

    A limit that is too large stays: without one the answer would have none.
    """
    if about_parameters(status) and (name := _refused_parameter(parameters, words)):
        return name
    has_system = any(message["role"] == "system" for message in parameters["messages"])
    about_role = _NO_SYSTEM_ROLE.search(f"{words.param or ''}: {words.text}")
    return SYSTEM_ROLE if has_system and about_role and status in _ROLE_STATUSES else None


def _refused_parameter(parameters: dict[str, Any], words: ServerWords) -> str | None:
    limits = () if asks_too_much(words) else _LIMIT_NAMES
    replaceable: list[str] = [name for name in (*_DISPENSABLE, *limits) if name in parameters]
    for text in (words.param or "", words.text):
        spoken: list[str] = re.findall(r"\w+", _CAMEL_CASE.sub("_", text).casefold())
        named = {_INNER_NAMES.get(word, word) for word in spoken}
        if refused := next((name for name in replaceable if name in named), None):
            return refused
    return None


@dataclass(slots=True)
class ServerTraits:
    """``refused`` are the parts of a request that the server does not take; they are tried again in a new process.

    ``thinks`` says that the model needs room to think in its limit, ``unmarked`` that its thoughts come within its text
    and have an end mark alone. Both hold for good and are kept in ``file`` under ``name``, which holds no secret.
    """

    name: str
    file: Path | None = None
    refused: set[str] = field(default_factory=set)
    thinks: bool = False
    unmarked: bool = False

    def __post_init__(self) -> None:
        traits = _entries(self.file).get(self.name, [])
        self.thinks, self.unmarked = "thinks" in traits, "unmarked" in traits

    def learn(self, *, thinks: bool = False, unmarked: bool = False) -> None:
        """Note what an answer showed; a file that cannot be written is no failure."""
        if (thinks and not self.thinks) or (unmarked and not self.unmarked):
            self.thinks, self.unmarked = self.thinks or thinks, self.unmarked or unmarked
            with suppress(OSError):
                self._keep()

    def _keep(self) -> None:
        """Replace the file in one step: another process may read or write it at the same time."""
        if self.file is None:
            return
        entries = _entries(self.file)
        entries.pop(self.name, None)
        entries[self.name] = [name for name in ("thinks", "unmarked") if getattr(self, name)]
        text = json.dumps(dict(list(entries.items())[-_MOST_KEPT_TRAITS:]), indent=1)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=self.file.name)
        with os.fdopen(handle, "w", encoding="utf-8") as temporary:
            temporary.write(text)
        Path(name).replace(self.file)


class RequestSlot:
    """One request under way."""

    def __init__(self) -> None:
        self.crowded = False
        """Whether another request of ours ran beside this one, at any time."""


class RequestQueue:
    """The requests of this process to one server, in one event loop: together until one was cut off, then one by one.

    Most servers write several answers at once, and that is much faster. llama-cpp-python's own (0.3.36,
    ``interrupt_requests``, on by default) ends the stream that runs as soon as another request comes: with ``[DONE]``
    and without a finish reason, so that the reader sees a short answer and no failure.
    """

    def __init__(self) -> None:
        self._running: set[RequestSlot] = set()
        self._one_by_one = False
        self._idle = asyncio.Event()

    def one_by_one(self) -> None:
        """Let requests wait for each other from now on."""
        self._one_by_one = True

    @asynccontextmanager
    async def slot(self) -> AsyncGenerator[RequestSlot, None]:
        """A request's time; what is asked within another's slot would wait for ever once it is one by one."""
        while self._one_by_one and self._running:
            await self._idle.wait()
        slot = RequestSlot()
        slot.crowded = bool(self._running)
        for other in self._running:
            other.crowded = True
        self._running.add(slot)
        self._idle.clear()
        try:
            yield slot
        finally:
            self._running.discard(slot)
            if not self._running:
                self._idle.set()


def _entries(file: Path | None) -> dict[str, list[str]]:
    """What the file holds; nothing when it is not there or damaged."""
    try:
        content = json.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    entries = content.items() if isinstance(content, dict) else ()
    return {
        name: [trait for trait in value if isinstance(trait, str)] for name, value in entries if isinstance(value, list)
    }
