"""An answer as it arrives in chunks from an OpenAI-compatible server, whatever the server leaves out."""

from assistant.models.base import Usage


class StreamedAnswer:
    """What the chunks said so far.

    Chunks are read by attribute and with distrust: servers send usage-only chunks, empty choices, null contents
    and JSON that is no chunk at all.
    """

    def __init__(self) -> None:
        self.began = False
        self.finish: str | None = None
        self.usage = Usage()
        self.reasoning_tokens = 0

    def take(self, chunk: object) -> str:
        """Note one chunk; the text it brings, often none."""
        self._note_usage(getattr(chunk, "usage", None))
        choices = getattr(chunk, "choices", None)
        first = choices[0] if isinstance(choices, list) and choices else None
        finish = getattr(first, "finish_reason", None)
        if isinstance(finish, str):
            self.finish = finish
        content = getattr(getattr(first, "delta", None), "content", None)
        text = _whole_characters(content) if isinstance(content, str) else ""
        self.began = self.began or bool(text)
        return text

    def _note_usage(self, usage: object) -> None:
        if usage is None:
            return
        self.usage = Usage(
            prompt_tokens=_number(usage, "prompt_tokens"),
            output_tokens=_number(usage, "completion_tokens"),
            cached_tokens=_number(getattr(usage, "prompt_tokens_details", None), "cached_tokens"),
        )
        self.reasoning_tokens = _number(getattr(usage, "completion_tokens_details", None), "reasoning_tokens")


def _number(holder: object, name: str) -> int:
    value = getattr(holder, name, 0)
    return value if isinstance(value, int) else 0


def _whole_characters(text: str) -> str:
    """JSON may escape half of a surrogate pair; that half becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
