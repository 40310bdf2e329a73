"""Questions of other languages in English, by the model where there is one, for the search alone."""

import re

from assistant.answering.prompts import Prompt
from assistant.errors import ModelError
from assistant.language.known import ENGLISH, known_languages
from assistant.models.chat_model import ModelKind, WritingModel, WritingRequest
from assistant.models.whole_text import whole_text

_MUST_STAY = re.compile(r"[A-Za-z0-9]*(?:\d|[a-z][A-Z]|[A-Z]{2})[A-Za-z0-9]*")
_MUST_STAY_IN_CHINESE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]*")
_LONGEST = 3  # times the characters of the question
_LONGEST_CHINESE = 8
_TOKENS = 120


async def translated(question: str, language: str, model: WritingModel, prompt: Prompt) -> str | None:
    """The question in English; None where no model writes, or its text lost a name or a number of the question."""
    if language == ENGLISH or model.kind is ModelKind.EXTRACTIVE:
        return None
    messages = prompt.render(language=known_languages()[language].name, question=question)
    try:
        text, _ = await whole_text(model, WritingRequest(messages, max_output_tokens=_TOKENS))
    except ModelError:
        return None
    english = text.strip().partition("\n")[0].strip().strip('"“”')
    return english if keeps_names(question, english, language) else None


def keeps_names(question: str, english: str, language: str) -> bool:
    """Whether a translation has every name and number of the question and is neither empty nor a text of its own."""
    longest = _LONGEST_CHINESE if language == "zh" else _LONGEST
    if not english or len(english) > longest * len(question) + 20:
        return False
    kept = (_MUST_STAY_IN_CHINESE if language == "zh" else _MUST_STAY).findall(question)
    folded = english.casefold()
    return all(name.casefold() in folded for name in kept)
