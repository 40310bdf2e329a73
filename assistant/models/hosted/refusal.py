"""What a server's refusal is about, and what the reader can do: by its codes first, by its words second.

A status alone says little: 403 is a wrong key, a country, a flagged question or an empty account. Where the meaning is
not clear, the server's words stand for themselves and nothing is blamed.
"""

import re
from enum import Enum, auto

from assistant.errors import ModelError, ModelMissing, ModelUnavailable
from assistant.models.hosted.errors import ELSEWHERE, failed
from assistant.models.hosted.server import Server
from assistant.models.hosted.words import ServerWords

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
