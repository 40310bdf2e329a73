"""A text of a model that is wanted whole, not as it comes."""

from contextlib import aclosing

from assistant.models.chat_model import Completed, TextDelta, TextWithdrawn, Usage, WritingModel, WritingRequest
from assistant.papers import printable


async def whole_text(model: WritingModel, request: WritingRequest) -> tuple[str, Usage]:
    """What the model writes, and the tokens that it says it took. Raises `ModelError`."""
    text, usage = "", Usage()
    async with aclosing(model.stream(request)) as events:
        async for event in events:
            match event:
                case TextDelta(piece):
                    text += printable(piece)
                case TextWithdrawn():
                    text = ""
                case Completed(usage):
                    pass
    return text, usage
