"""What a server's failures mean to the reader: statuses and broken streams as `ModelError` with remedies."""

from assistant.errors import ModelError, ModelInterrupted, ModelMissing, ModelUnavailable
from assistant.models.hosted_server import Server

_ELSEWHERE = "write with another model: `--model local` or `--model extractive`"


def refused(server: Server, status: int, words: str) -> ModelError:
    """The error for an HTTP status of 400 and more; ``words`` are the server's, or empty."""
    said = f": {server.quote(words)}" if words else ""
    match status:
        case 401 | 403:
            return _key_refused(server, status)
        case 402 | 429:
            message = f"{server.host} takes no more requests for now ({status}){said}."
            return ModelUnavailable(message, f"Wait and ask again, check your quota, or {_ELSEWHERE}.")
        case 404 if words:
            message = f"{server.host} has no model {server.model} (404){said}."
            return ModelMissing(message, "Set hosted.model to a name that the server knows.")
        case 404 | 405:
            message = f"There is no OpenAI-compatible API at {server.host} under that path ({status})."
            return ModelUnavailable(message, f"Check {server.address_name}; most servers want it to end with /v1.")
        case _ if status >= 500:
            return failed(server, words, status)
        case _:
            message = f"{server.host} refuses the request ({status}){said}."
            return ModelUnavailable(message, "Check hosted.model and hosted.context_tokens.")


def failed(server: Server, words: str, status: int | None = None) -> ModelUnavailable:
    """The error when the server reports one of its own, by status or within the stream."""
    code = f" ({status})" if status else ""
    said = f": {server.quote(words)}" if words else ""
    return ModelUnavailable(f"{server.host} failed{code}{said}.", f"Ask again later, or {_ELSEWHERE}.")


def cut_off(server: Server) -> ModelUnavailable:
    """The error when a stream ends and the answer in it does not."""
    return ModelUnavailable(f"{server.host} ended the stream before the answer was done.", "Ask again.")


def unreachable(server: Server, reason: str) -> ModelUnavailable:
    """The error when no connection comes about, or it breaks before any text."""
    message = f"{server.host} cannot be reached: {server.quote(reason)}."
    return ModelUnavailable(message, f"Check {server.address_name} and that the server runs, or {_ELSEWHERE}.")


def timed_out(server: Server, seconds: float) -> ModelUnavailable:
    """The error when nothing comes for as long as one may wait for the next piece."""
    message = f"{server.host} sent nothing for {seconds:g} seconds."
    return ModelUnavailable(message, f"Raise hosted.timeout_seconds, or {_ELSEWHERE}.")


def unreadable(server: Server, what: str) -> ModelUnavailable:
    """The error when what comes is no answer of an OpenAI-compatible server."""
    message = f"{server.host} does not answer like an OpenAI-compatible server: {server.quote(what)}."
    return ModelUnavailable(message, f"Check {server.address_name}; most servers want it to end with /v1.")


def filtered(server: Server) -> ModelUnavailable:
    """The error when the server's content filter ends the answer."""
    return ModelUnavailable(
        f"The content filter of {server.host} stopped the answer.", f"Ask otherwise, or {_ELSEWHERE}."
    )


def only_reasoned(server: Server, tokens: int) -> ModelUnavailable:
    """The error when the output limit was reached before the first word."""
    message = f"{server.model} reached its output limit before the first word ({tokens} tokens of reasoning)."
    return ModelUnavailable(message, "Raise answers.max_output_tokens, or set hosted.model to one that reasons less.")


def interrupted(error: ModelError) -> ModelInterrupted:
    """The same failure after text has come."""
    return ModelInterrupted(f"The answer broke off. {error.message}", error.remedy)


def _key_refused(server: Server, status: int) -> ModelUnavailable:
    # The server's words stay out: they tend to repeat a part of the key.
    if server.key is None:
        message = f"{server.host} wants a key ({status})."
        return ModelUnavailable(message, f"Put the key into the environment variable {server.key_name}.")
    message = f"{server.host} refuses the key in {server.key_name} or its access to {server.model} ({status})."
    return ModelUnavailable(message, f"Put a valid key into {server.key_name}, or {_ELSEWHERE}.")
