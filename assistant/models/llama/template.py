"""A model's own chat template, a Jinja program of somebody else's, and what it is given besides the messages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import Any

from assistant.models.chat_template import TemplateRefused

_NO_THINKING: Mapping[str, object] = {
    "enable_thinking": False,  # Qwen 3, SmolLM 3, GLM 4.5, Hunyuan
    "thinking": False,  # DeepSeek V3.1, Granite 3
    "thinking_budget": 0,  # Seed-OSS
    "reasoning_effort": "low",  # gpt-oss, which cannot do without
}
"""How templates that offer it are told to let the model answer at once; the others do not read these names."""

_TODAY = datetime(2026, 1, 1)  # formatted as it stands
"""The day that templates take for today (Llama 3, Mistral Small, Granite and gpt-oss write it into the prompt).

It is always the same: what was read of a prompt is then held on the next day too, and the same question gets the same
answer. Days that matter stand in our own prompts.
"""

_WITHOUT_TOOLS: Sequence[Sequence[object] | None] = (None, [])
"""What stands for "no tools", in the order of trying.

Most templates ask whether ``tools`` is None and would introduce an empty list of them. Those written for calling tools
(Hermes 2 Pro, Command R+ for tools, Firefunction) take its length or go through it, and fail on None.
"""


class ModelTemplate:
    """Renders messages as the template says; ``begin`` and ``end`` are the spellings of the model's own tokens."""

    def __init__(self, text: str, begin: str, end: str) -> None:
        self._text = text
        self._begin = begin
        self._end = end

    def render(self, messages: list[dict[str, str]]) -> str:
        """The prompt, ready for the assistant's turn.

        Raises:
            TemplateRefused: the template is broken, or does not take these messages.
        """
        from jinja2 import TemplateError

        refusals = []
        for thinking, tools in product((_NO_THINKING, {}), _WITHOUT_TOOLS):  # a template may know other efforts only
            try:
                return str(self._formatter(messages=messages, tools=tools, functions=tools, **thinking).prompt)
            # Besides Jinja's own errors a template raises what its expressions do.
            except (TemplateError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
                refusals.append(error)
        raise TemplateRefused(str(refusals[0])) from refusals[0]

    @cached_property
    def _formatter(self) -> Any:
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        class OnOneDay(Jinja2ChatFormatter):
            """Gives templates our day; the formatter's own method (0.3.36) asks the clock."""

            @staticmethod
            def strftime_now(f: str) -> str:
                return _TODAY.strftime(f)

        return OnOneDay(template=self._text, bos_token=self._begin, eos_token=self._end)
