"""The prompt of a question: short for models that read slowly, with all that a strong one can use for hosted ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answering.asked import NamedQuestion
from assistant.answering.context_packing import delimited_block, source_block
from assistant.answering.prompts import Prompt
from assistant.answering.values import NumberedSource
from assistant.language import ENGLISH, known_languages
from assistant.models import Message, ModelKind

_SUMMARY = "What does each of these papers do, and what is its main result?"


class QuestionKind(StrEnum):
    """What a question asks for, as ``ask_hosted.txt`` names it: the length of an answer goes by it."""

    DETAIL = "detail"
    OVERVIEW = "overview"
    COMPARISON = "comparison"
    SUMMARY = "summary"
    OPEN = "open"

    @classmethod
    def of(cls, question: NamedQuestion) -> "QuestionKind":
        """The kind of a question about papers that it names."""
        if question.comparing:
            return cls.COMPARISON
        return cls.OVERVIEW if question.is_overview else cls.DETAIL


@dataclass(frozen=True, slots=True)
class QuestionPrompts:
    """Questions and their sources as a model of one ``kind`` is given them."""

    kind: ModelKind
    prompts: Callable[[str], Prompt]

    @property
    def hosted(self) -> bool:
        """Whether the model is a strong one that reads fast."""
        return self.kind is ModelKind.HOSTED

    def block(self, source: NumberedSource) -> str:
        """One source."""
        return delimited_block(source) if self.hosted else source_block(source)

    def blocks(self, sources: Sequence[NumberedSource]) -> str:
        """All sources."""
        return "\n\n".join(map(self.block, sources))

    def worded(self, question: str, language: str, kind: QuestionKind) -> str:
        """The question as it is asked: a model answers in the language in which it is asked."""
        answered = "" if language == ENGLISH else f"\nAnswer in {known_languages()[language].name}."
        return f"{question}{answered}" + (f"\nKind: {kind}" if self.hosted else "")

    def ask(
        self, sources: Sequence[NumberedSource], question: str, language: str, kind: QuestionKind
    ) -> tuple[Message, ...]:
        """The messages of a question about the sources."""
        one_whole = kind is QuestionKind.OVERVIEW and len(sources) == 1
        prompt = self.prompts("ask_hosted" if self.hosted else "overview" if one_whole else "ask")
        return prompt.render(sources=self.blocks(sources), question=self.worded(question, language, kind))

    def summarize(self, sources: Sequence[NumberedSource]) -> tuple[Message, ...]:
        """The messages of a summary of the sources."""
        if self.hosted:
            return self.ask(sources, _SUMMARY, ENGLISH, QuestionKind.SUMMARY)
        return self.prompts("summarize").render(sources=self.blocks(sources))
