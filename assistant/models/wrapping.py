"""A model that stands before another one and changes how it writes, nothing else."""

from collections.abc import AsyncGenerator, Sequence

from assistant.models.chat_model import Message, ModelEvent, ModelKind, WritingModel, WritingRequest


class WrappedModel:
    """Says of itself what the model behind it says, and writes as that one does; it belongs to who gave it."""

    def __init__(self, model: WritingModel) -> None:
        self._model = model

    @property
    def kind(self) -> ModelKind:
        """Where it writes."""
        return self._model.kind

    @property
    def name(self) -> str:
        """How the model behind it is called."""
        return self._model.name

    @property
    def fingerprint(self) -> str:
        """What its texts depend on."""
        return self._model.fingerprint

    @property
    def context_tokens(self) -> int:
        """Tokens of prompt and output together."""
        return self._model.context_tokens

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens that the messages take in the model's context."""
        return await self._model.count_tokens(messages)

    def stream(self, request: WritingRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write as the model behind it does."""
        return self._model.stream(request)

    async def aclose(self) -> None:
        """The model behind it stays open for others."""
