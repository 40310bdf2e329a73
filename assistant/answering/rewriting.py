"""Further questions made standalone by the model, where what it writes can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.citation_markers import neutralized
from assistant.answering.prompts import Prompt
from assistant.answering.substance import without_label
from assistant.errors import ModelError
from assistant.models.chat_model import Message, ModelKind, Usage, WritingModel, WritingRequest
from assistant.models.whole_text import whole_text
from assistant.retrieval.query.follow_up import Earlier, FollowUp
from assistant.retrieval.query.standalone import standalone_question

_OUTPUT_TOKENS = 96
_LONGEST_ANSWER = 1500


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A further question as it is understood, and the tokens that it took to make it so."""

    read: FollowUp
    usage: Usage


async def rewritten(
    question: str, read: FollowUp, earlier: Earlier, said: Sequence[Message], model: WritingModel, prompt: Prompt
) -> Rewriting:
    """The question with what it leans on, by the model where that passes the check, else as the rules ``read`` it.

    One that stands alone, or only wants the answer in another language, is left as it is. ``said`` is the
    conversation, behind which a local model is asked: it has read that already. A model that fails changes nothing.
    """
    if read.stands_alone or read.question == earlier.question or model.kind is ModelKind.EXTRACTIVE:
        return Rewriting(read, Usage())
    local = model.kind is ModelKind.LOCAL
    asked = prompt.render(earlier="" if local else _told(earlier), question=question)
    request = WritingRequest((*(said if local else ()), *asked), max_output_tokens=_OUTPUT_TOKENS)
    try:
        text, usage = await whole_text(model, request)
    except ModelError:
        return Rewriting(read, Usage())
    written = without_label(text.strip().partition("\n")[0])[0].strip().strip('"“”')
    return Rewriting(standalone_question(written, question, read, earlier) or read, usage)


def _told(earlier: Earlier) -> str:
    titles = "\n".join(f"[{number}] {neutralized(title)}" for number, title in enumerate(earlier.titles, start=1))
    answer = neutralized(earlier.answer[:_LONGEST_ANSWER])
    return f"Question before: {earlier.question}\n\nIts sources:\n{titles}\n\nIts answer:\n{answer}"
