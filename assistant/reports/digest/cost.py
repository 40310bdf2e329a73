"""What a digest costs with a hosted model: an estimate before it is written, and a cap while it is."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.config.user_tables import Price
from assistant.errors import ModelError
from assistant.models.chat_model import Usage


class CostCapReached(ModelError):
    """The digest would cost, or costs by now, more than the configuration allows."""


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """The most that is still to be written: texts, tokens, and US dollars where the model's price is known."""

    texts: int
    usage: Usage
    dollars: float | None

    @property
    def text(self) -> str:
        """The estimate in one line."""
        tokens = self.usage.prompt_tokens + self.usage.output_tokens
        cost = "no price is known for this model" if self.dollars is None else f"at most ${self.dollars:.4f}"
        return f"{self.texts} texts to write, about {tokens:,} tokens: {cost}"


@dataclass(frozen=True, slots=True)
class CostCap:
    """The price of a model and the most that one digest may cost; ``most_dollars`` 0 is no cap."""

    price: Price | None = None
    most_dollars: float = 0.0

    def dollars(self, usage: Usage) -> float | None:
        """The cost of tokens; None when no price is known."""
        if self.price is None:
            return None
        return self.price.of(usage.prompt_tokens, usage.cached_tokens, usage.output_tokens)

    def check(self, usage: Usage, message: Callable[[str, str], str]) -> None:
        """Raise `CostCapReached` when the tokens cost more than the cap; the message gets cost and cap as texts."""
        cost = self.dollars(usage)
        if self.most_dollars and cost is not None and cost > self.most_dollars:
            raise CostCapReached(
                message(f"${cost:.4f}", _dollars(self.most_dollars)),
                "Raise digest.max_cost_dollars (0 is no cap), take fewer papers (--top), or write with --model local.",
            )


def _dollars(amount: float) -> str:
    """An amount to the cent, or to what it has when it is less."""
    return f"${amount:.2f}" if amount >= 0.01 else f"${amount:g}"
