"""Open tables of the configuration: the reader's own keys, and what hosted models cost."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from assistant.errors import ConfigError
from assistant.text import nearest

TABLES = ("keys", "prices", "profiles")
"""Tables whose keys are the reader's own; the profiles have a module of their own."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a hosted model costs, in US dollars a million tokens; ``cached`` tokens of the prompt may be cheaper."""

    input: float
    output: float
    cached: float | None = None

    def of(self, prompt_tokens: int, cached_tokens: int, output_tokens: int) -> float:
        """The cost of one request in US dollars; the cached tokens are part of the prompt's."""
        cached = self.input if self.cached is None else self.cached
        fresh = prompt_tokens - cached_tokens
        return (fresh * self.input + cached_tokens * cached + output_tokens * self.output) / 1_000_000


DEFAULT_PRICES: Mapping[str, Price] = MappingProxyType(
    {
        "gpt-5": Price(1.25, 10.0, 0.125),
        "gpt-5-mini": Price(0.25, 2.0, 0.025),
        "gpt-5-nano": Price(0.05, 0.4, 0.005),
        "gpt-4.1": Price(2.0, 8.0, 0.5),
        "gpt-4.1-mini": Price(0.4, 1.6, 0.1),
        "gpt-4.1-nano": Price(0.1, 0.4, 0.025),
        "gpt-4o": Price(2.5, 10.0, 1.25),
        "gpt-4o-mini": Price(0.15, 0.6, 0.075),
    }
)
"""List prices of OpenAI's API as of 2025; a model that is not here has no price, and no cost is shown."""


def read_keys(table: object, place: str) -> dict[str, str]:
    """The table ``[keys]``: action to key. Which actions there are is known to the terminal application alone."""
    if not isinstance(table, dict):
        raise ConfigError(
            f"keys in {place} must be a table.", 'Write [keys] and lines such as "papers.star" = "ctrl+t".'
        )
    for name, key in table.items():
        if not isinstance(key, str):
            raise ConfigError(f"keys.{name} in {place} must be a text, not {key!r}.", 'Such as "ctrl+t" or "f5,t".')
    return dict(table)


def read_prices(table: object, place: str) -> dict[str, Price]:
    """The table ``[prices]``: model to price; what is not in it keeps its default price."""
    if not isinstance(table, dict):
        raise ConfigError(f"prices in {place} must be a table.", _PRICE_FORM)
    return dict(DEFAULT_PRICES) | {model: _price(model, value, place) for model, value in table.items()}


_PRICE_FORM = (
    'Write lines such as "my-model" = { input = 0.25, cached = 0.025, output = 2.0 }, dollars a million tokens.'
)


def _price(model: str, value: Any, place: str) -> Price:
    if not isinstance(value, dict):
        raise ConfigError(f"prices.{model} in {place} must be a table.", _PRICE_FORM)
    price_keys = [member.name for member in fields(Price)]
    for key, dollars in value.items():
        if key not in price_keys:
            near = nearest(key, price_keys, 0.4)
            hint = f"Did you mean {near}?" if near else _PRICE_FORM
            raise ConfigError(f"Unknown key prices.{model}.{key} in {place}.", hint)
        if isinstance(dollars, bool) or not isinstance(dollars, int | float) or not dollars >= 0:
            raise ConfigError(f"prices.{model}.{key} in {place} must be a number, not {dollars!r}.", _PRICE_FORM)
    if not {"input", "output"} <= value.keys():
        raise ConfigError(f"prices.{model} in {place} needs input and output.", _PRICE_FORM)
    return Price(**{key: float(dollars) for key, dollars in value.items()})
