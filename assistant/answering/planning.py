"""A plan from a model, for questions about the collection that rules cannot read whole."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from assistant.answering.prompts import Prompt
from assistant.errors import ModelError
from assistant.models.chat_model import ModelKind, WritingModel, WritingRequest
from assistant.models.whole_text import whole_text
from assistant.retrieval.paper_finder import Asked, PaperFinder
from assistant.retrieval.query.parser import Understood
from assistant.retrieval.query_plan.json_plan import InvalidPlan, plan_grammar

_OUTPUT_TOKENS = 256


class ModelPlanner:
    """Asks a model for a plan where a question sounds like one about the collection; a model that only quotes never."""

    def __init__(self, finder: PaperFinder, model: WritingModel, prompts: Callable[[str], Prompt]) -> None:
        self._finder = finder
        self._model = model
        self._prompts = prompts

    async def plan(self, asked: Asked) -> Understood | None:
        """The question with its plan; None where the model fails, or says what the question does not."""
        if self._model.kind is ModelKind.EXTRACTIVE or not self._finder.sounds_like_plan(asked):
            return None
        with suppress(ModelError, InvalidPlan):  # the question is answered as any other then
            text = await self._written(asked)
            return await asyncio.to_thread(self._finder.plan_from_json, text, asked)
        return None

    async def _written(self, asked: Asked) -> str:
        today = asked.today or datetime.now(UTC).date()
        request = WritingRequest(
            self._prompts("plan").render(today=today.isoformat(), question=asked.question),
            max_output_tokens=_OUTPUT_TOKENS,
            grammar=plan_grammar() if self._model.kind is ModelKind.LOCAL else None,
        )
        return (await whole_text(self._model, request))[0]
