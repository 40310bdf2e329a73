"""What a model makes of a question before it is searched: its plan, English, or one that stands alone; each checked."""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.answering.citation_markers import neutralized
from assistant.answering.citation_stream import without_label
from assistant.answering.prompts import Prompt
from assistant.errors import ModelError
from assistant.language import ENGLISH, known_languages
from assistant.models import ChatModel, GenerationRequest, Message, ModelKind, Usage, whole_text
from assistant.retrieval import PaperRetriever, QueryRequest
from assistant.retrieval.query import Earlier, FollowUp, ParsedQuery, standalone_question
from assistant.retrieval.query_plan import InvalidPlan, plan_grammar

_REWRITING_TOKENS = 96
_LONGEST_ANSWER = 1500
_NAMES = re.compile(r"[A-Za-z0-9]*(?:\d|[a-z][A-Z]|[A-Z]{2})[A-Za-z0-9]*")
_NAMES_IN_CHINESE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]*")
_MOST_CHARACTERS = 3  # times the characters of the question
_MOST_CHARACTERS_OF_CHINESE = 8
_TRANSLATION_TOKENS = 120
_PLAN_TOKENS = 256


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A further question as it is understood, and the tokens that it took to make it so."""

    follow_up: FollowUp
    usage: Usage


async def rewritten(
    question: str,
    follow_up: FollowUp,
    earlier: Earlier,
    conversation: Sequence[Message],
    model: ChatModel,
    prompt: Prompt,
) -> Rewriting:
    """The question with what it leans on, by the model where that passes the check, else ``follow_up`` of the rules.

    One that stands alone, or only wants the answer in another language, is left as it is. A local model is asked behind
    the ``conversation``, which it has read already. A model that fails changes nothing.
    """
    if follow_up.stands_alone or follow_up.question == earlier.question or model.kind is ModelKind.EXTRACTIVE:
        return Rewriting(follow_up, Usage())
    local = model.kind is ModelKind.LOCAL
    messages = prompt.render(earlier="" if local else _earlier_text(earlier), question=question)
    request = GenerationRequest((*(conversation if local else ()), *messages), max_output_tokens=_REWRITING_TOKENS)
    try:
        text, usage = await whole_text(model, request)
    except ModelError:
        return Rewriting(follow_up, Usage())
    written = without_label(text.strip().partition("\n")[0])[0].strip().strip('"“”')
    return Rewriting(standalone_question(written, question, follow_up, earlier) or follow_up, usage)


def _earlier_text(earlier: Earlier) -> str:
    titles = "\n".join(f"[{number}] {neutralized(title)}" for number, title in enumerate(earlier.titles, start=1))
    answer = neutralized(earlier.answer[:_LONGEST_ANSWER])
    return f"Question before: {earlier.question}\n\nIts sources:\n{titles}\n\nIts answer:\n{answer}"


async def translated(question: str, language: str, model: ChatModel, prompt: Prompt) -> str | None:
    """The question in English; None where no model writes, or its text lost a name or a number of the question."""
    if language == ENGLISH or model.kind is ModelKind.EXTRACTIVE:
        return None
    messages = prompt.render(language=known_languages()[language].name, question=question)
    try:
        text, _ = await whole_text(model, GenerationRequest(messages, max_output_tokens=_TRANSLATION_TOKENS))
    except ModelError:
        return None
    english = text.strip().partition("\n")[0].strip().strip('"“”')
    return english if keeps_names(question, english, language) else None


def keeps_names(question: str, english: str, language: str) -> bool:
    """Whether a translation has every name and number of the question and is neither empty nor a text of its own."""
    longest = _MOST_CHARACTERS_OF_CHINESE if language == "zh" else _MOST_CHARACTERS
    if not english or len(english) > longest * len(question) + 20:
        return False
    required = (_NAMES_IN_CHINESE if language == "zh" else _NAMES).findall(question)
    folded = english.casefold()
    return all(name.casefold() in folded for name in required)


class ModelPlanner:
    """Asks a model for a plan where a question sounds like one about the collection; a model that only quotes never."""

    def __init__(self, retriever: PaperRetriever, model: ChatModel, prompts: Callable[[str], Prompt]) -> None:
        self._retriever = retriever
        self._model = model
        self._prompts = prompts

    async def plan(self, request: QueryRequest) -> ParsedQuery | None:
        """The question with its plan; None where the model fails, or says what the question does not."""
        if self._model.kind is ModelKind.EXTRACTIVE or not self._retriever.sounds_like_plan(request):
            return None
        with suppress(ModelError, InvalidPlan):  # the question is answered as any other then
            text = await self._written(request)
            return await asyncio.to_thread(self._retriever.plan_from_json, text, request)
        return None

    async def _written(self, query: QueryRequest) -> str:
        today = query.today or datetime.now(UTC).date()
        request = GenerationRequest(
            self._prompts("plan").render(today=today.isoformat(), question=query.question),
            max_output_tokens=_PLAN_TOKENS,
            grammar=plan_grammar() if self._model.kind is ModelKind.LOCAL else None,
        )
        return (await whole_text(self._model, request))[0]
