"""What a server's failures mean to the reader, as `ModelError`: broken streams, answers without text, refusals.

A status alone says little: 403 is a wrong key, a country, a flagged question or an empty account. So a refusal is read
by its codes first and by its words second; where the meaning is not clear, the server's words stand for themselves.
"""

import re
from enum import Enum, auto

from assistant.errors import ModelCrowdedOut, ModelError, ModelInterrupted, ModelMissing, ModelUnavailable
from assistant.models.hosted.response import StreamedAnswer
from assistant.models.hosted.server import Server
from assistant.models.hosted.words import ServerWords, server_words
from assistant.proxies import Proxy, route_text
from assistant.tls import CERTIFICATES_REMEDY

ELSEWHERE = "write with another model: `--model local` or `--model extractive`"
"""A remedy that always works."""
_KEY = (
    r"(?:api|access|auth\w*|secret|subscription|bearer)[ _-]*(?:keys?|tokens?)\b|\b(?:your|the|this) key\b|credentials?"
)
_WRONG = r"\b(?:in|not |un)valid|incorrect|wrong|expired|missing|revoked|disabled|required|denied|provide|permission"
_PLACE = r"\b(?:country|countries|region|territory|location|geograph\w*|jurisdiction|IP address)\b"
_NOT_HERE = (
    r"\bnot\b.{0,20}\b(?:support|availab|allow|authori[sz]|permit|offer)|\bunsupported\b|\bunavailable\b"
    r"|\b(?:available|supported|offered) in\b|\bblocked\b|\brestrict|\bprohibited\b"
)
_UNKNOWN_MODEL = re.compile(
    r"\bmodels?\b[^.]{0,80}\b(?:not (?:found|exist|available|supported|valid)|does not exist|unknown)\b"
    r"|\b(?:invalid|unknown|unsupported|no such|not a valid) model\b",
    re.IGNORECASE,
)
_NO_PATH = re.compile(
    r"(?:404:? )?(?:page |route |url |path |endpoint )?not[ _]found|invalid url\b.*|unexpected endpoint\b.*"
    r"|.*\b(?:no (?:such )?route|cannot post|requested url|method not allowed)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_FLAGS = re.IGNORECASE | re.DOTALL
_AS_IT_SAYS = f"Do what the server says, check hosted.model and hosted.context_tokens, or {ELSEWHERE}."


def failed(server: Server, words: str, status: int | None = None) -> ModelUnavailable:
    """The error when the server reports one of its own, by status or within the stream."""
    code = f" ({status})" if status else ""
    quoted_words = f": {server.quote(words)}" if words else ""
    return ModelUnavailable(f"{server.host} failed{code}{quoted_words}.", f"Ask again later, or {ELSEWHERE}.")


def cut_off(server: Server) -> ModelUnavailable:
    """The error when a stream ends and the answer in it does not."""
    return ModelUnavailable(f"{server.host} ended the stream before the answer was done.", "Ask again.")


def crowded_out(server: Server) -> ModelCrowdedOut:
    """The error when a server ends an answer because another request came."""
    return ModelCrowdedOut(
        f"The answer broke off. {server.host} ended it when another request came.",
        "Ask again; a server that writes one answer at a time should be asked by one program at a time.",
    )


def unreachable(server: Server, reason: str, proxy: Proxy | None = None) -> ModelUnavailable:
    """The error when no connection comes about, or it breaks before any text; ``proxy`` is the one on the way."""
    message = f"{server.host} cannot be reached{route_text(proxy)}: {server.quote(reason)}."
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return ModelUnavailable(message, f"{CERTIFICATES_REMEDY[:1].upper()}{CERTIFICATES_REMEDY[1:]}.")
    where = f"{server.address_name} and that the server runs"
    if proxy is not None:
        where = f"{proxy.variable} and that its proxy runs (NO_PROXY names what needs no proxy), then {where}"
    return ModelUnavailable(message, f"Check {where}, or {ELSEWHERE}.")


def timed_out(server: Server, seconds: float, proxy: Proxy | None = None) -> ModelUnavailable:
    """The error when nothing comes for as long as one may wait for the next piece."""
    message = f"{server.host} sent nothing for {seconds:g} seconds{route_text(proxy)}."
    return ModelUnavailable(message, f"Raise hosted.timeout_seconds, or {ELSEWHERE}.")


def unreadable(server: Server, what: str) -> ModelUnavailable:
    """The error when what comes is no answer of an OpenAI-compatible server."""
    message = f"{server.host} does not answer like an OpenAI-compatible server: {server.quote(what)}."
    return ModelUnavailable(message, f"Check {server.address_name}; most servers want it to end with /v1.")


def filtered(server: Server) -> ModelUnavailable:
    """The error when the server's content filter ends the answer."""
    return ModelUnavailable(
        f"The content filter of {server.host} stopped the answer.", f"Ask otherwise, or {ELSEWHERE}."
    )


def check_finished(server: Server, answer: StreamedAnswer, content_type: str) -> None:
    """Raise `ModelError` when a stream is over and its answer is not whole."""
    if not answer.heard:
        words = server_words(answer.stray).text
        quoted_words = f": {words}" if words else ""
        raise unreadable(server, f"it sent {content_type} without an answer{quoted_words}")
    if not answer.ended:
        raise interrupted(cut_off(server)) if answer.began else cut_off(server)
    if answer.finish == "content_filter":
        raise interrupted(filtered(server)) if answer.began else filtered(server)


def without_text(server: Server, answer: StreamedAnswer, limit: int) -> ModelUnavailable:
    """The error for a reply of at most ``limit`` tokens that came whole without an answer: what the model did instead.

    Only of a model that the limit ended it is said that the limit was too small.
    """
    if answer.refusal:
        message = f"The model {server.model} refuses to answer: {server.quote(answer.refusal)}."
        return ModelUnavailable(message, f"Ask otherwise, or {ELSEWHERE}.")
    if answer.called_tool:
        message = f"The model {server.model} called a tool instead of answering."
        return ModelUnavailable(message, f"Ask again, set hosted.model to another model, or {ELSEWHERE}.")
    if answer.only_thought and not answer.used_up(limit):
        message = f"The model {server.model} thought and then wrote no answer."
        return ModelUnavailable(message, f"Ask again, set hosted.model to another model, or {ELSEWHERE}.")
    if answer.only_thought:
        spent = f" ({answer.reasoning_tokens:,} tokens)" if answer.reasoning_tokens else ""
        message = (
            f"The model {server.model} spent its output limit on thinking{spent} and stopped before the first word."
        )
        remedy = f"Raise answers.max_output_tokens, set hosted.model to one that thinks less, or {ELSEWHERE}."
        return ModelUnavailable(message, remedy)
    return ModelUnavailable(f"{server.host} sent an empty answer.", f"Ask again, or {ELSEWHERE}.")


def interrupted(error: ModelError) -> ModelInterrupted:
    """The same failure after text has come."""
    return ModelInterrupted(f"The answer broke off. {error.message}", error.remedy)


class _About(Enum):
    KEY = auto()
    PLACE = auto()
    CONTENT = auto()
    QUOTA = auto()
    MODEL = auto()
    UNKNOWN = auto()


_CODES = {
    _About.KEY: "invalid_api_key authentication_error unauthenticated unauthorized invalid_token token_expired "
    "invalid_authentication account_deactivated",
    _About.PLACE: "unsupported_country_region_territory unsupported_location ip_not_authorized",
    _About.CONTENT: "content_policy_violation content_filter moderation moderation_blocked",
    _About.QUOTA: "insufficient_quota billing_not_active rate_limit_exceeded billing_hard_limit_reached "
    "insufficient_balance",
    _About.MODEL: "model_not_found deploymentnotfound model_not_supported",
}
_WORDS = {
    _About.PLACE: rf"(?:{_PLACE}).{{0,60}}(?:{_NOT_HERE})|(?:{_NOT_HERE}).{{0,60}}(?:{_PLACE})|\bsanction",
    _About.CONTENT: r"\b(?:moderation|flagged|safety|content policy|usage policy|harmful|prohibited)\b",
    _About.QUOTA: r"\b(?:quota|billing|balance|credits?|payment|insufficient funds)\b",
    _About.KEY: rf"(?:{_KEY}).*(?:{_WRONG})|(?:{_WRONG}).*(?:{_KEY})|authenticat|unauthori[sz]ed",
    _About.MODEL: r"\b(?:models?|deployment|engine)\b",
}
_REMEDIES = {
    _About.KEY: f"Check the key, or {ELSEWHERE}.",
    _About.PLACE: f"The server is not offered where this machine is: {ELSEWHERE}.",
    _About.CONTENT: f"Ask otherwise, or {ELSEWHERE}.",
    _About.QUOTA: f"Check the account's quota and billing, or {ELSEWHERE}.",
    _About.MODEL: f"Set hosted.model to one that the account may use, or {ELSEWHERE}.",
    _About.UNKNOWN: f"Do what the server says, or {ELSEWHERE}.",
}


def refused(server: Server, status: int, words: ServerWords) -> ModelError:
    """The error for an HTTP status of 400 and more, whichever body came with it; the words always reach the reader."""
    quoted_words = f": {server.quote(words.text)}" if words.text else ""
    about = _about(words)
    blames_key = about is _About.KEY and status in {400, 403, 422}
    if blames_key or (status == 401 and not _is_beside_the_key(words)):
        return _key_refused(server, status, quoted_words)
    if _is_unknown_model(status, about, words):
        message = f"{server.host} has no model {server.model} ({status}){quoted_words}."
        return ModelMissing(message, "Set hosted.model to a name that the server knows.")
    if status >= 500:
        return failed(server, words.text, status)
    what, remedy = _message_and_remedy(server, status, about, words)
    return ModelUnavailable(f"{what} ({status}){quoted_words}.", remedy)


def _is_beside_the_key(words: ServerWords) -> bool:
    """Whether a 401 is about a key that is right: of an empty account, or asked from where it does not count."""
    return _about(words) in {_About.QUOTA, _About.PLACE} and re.search(_WORDS[_About.KEY], words.text, _FLAGS) is None


def _about(words: ServerWords) -> _About:
    for about, codes in _CODES.items():
        if words.codes & set(codes.split()):
            return about
    for about, pattern in _WORDS.items():
        if re.search(pattern, words.text, _FLAGS):
            return about
    return _About.UNKNOWN


def _is_unknown_model(status: int, about: _About, words: ServerWords) -> bool:
    if words.codes & set(_CODES[_About.MODEL].split()):
        return status < 500
    return about is _About.MODEL and (status == 404 or (status < 404 and _UNKNOWN_MODEL.search(words.text) is not None))


def _message_and_remedy(server: Server, status: int, about: _About, words: ServerWords) -> tuple[str, str]:
    """What is said of the other refusals, and the remedy."""
    match status:
        case 402 | 429:
            remedy = f"Wait and ask again, check your quota, or {ELSEWHERE}."
            return f"{server.host} takes no more requests for now", remedy
        case 404 | 405 if status == 405 or not words.text or _NO_PATH.fullmatch(words.text.rstrip(".")):
            return (
                f"There is no OpenAI-compatible API at {server.host} under that path",
                f"Check {server.address_name}; most servers want it to end with /v1.",
            )
        case 404:
            remedy = f"Check hosted.model and {server.address_name}."
        case _ if not words.text:
            where = f"{server.address_name}, hosted.model and what the account may use"
            remedy = f"It gives no reason: check {where}, or {ELSEWHERE}."
        case _ if status == 403 or about not in {_About.UNKNOWN, _About.MODEL}:
            remedy = _REMEDIES[about]
        case _:
            remedy = _AS_IT_SAYS
    return f"{server.host} refuses the request", remedy


def _key_refused(server: Server, status: int, quoted_words: str) -> ModelUnavailable:
    if server.key is None:
        message = f"{server.host} wants a key ({status}){quoted_words}."
        return ModelUnavailable(message, f"Put the key into the environment variable {server.key_name}.")
    message = (
        f"{server.host} refuses the key in {server.key_name} or its access to {server.model} ({status}){quoted_words}."
    )
    return ModelUnavailable(message, f"Put a valid key into {server.key_name}, or {ELSEWHERE}.")
