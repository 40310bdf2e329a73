"""What a server's failures mean to the reader: broken streams and answers without text as `ModelError`."""

from assistant.errors import ModelCrowdedOut, ModelError, ModelInterrupted, ModelUnavailable
from assistant.models.hosted.response import StreamedAnswer
from assistant.models.hosted.server import Server
from assistant.models.hosted.words import server_words
from assistant.proxies import Proxy, route_text
from assistant.tls import CERTIFICATES_REMEDY

ELSEWHERE = "write with another model: `--model local` or `--model extractive`"
"""A remedy that always works."""


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
