"""How far the writing of a digest is, as a line for the reader."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from assistant.answering import ModelInfo
from assistant.reports.digest import CostEstimate
from assistant.text import counted
from assistant.tui.digest.items import StatusItem

_BAR_CELLS = 16
_LEAST_DOLLARS = 0.01


class Stage(Enum):
    """How far the writing is."""

    LOOKING = auto()
    OFFERED = auto()
    WRITING = auto()
    STOPPED = auto()
    FAILED = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Offer:
    """Who would write what is missing, by the model's name in the configuration, and what it may cost; "" for none."""

    writer: ModelInfo
    name: str
    cost: str = ""


@dataclass(slots=True)
class Progress:
    """The writing of a digest of ``papers`` and ``topics``; ``done`` and ``topics_done`` are written."""

    papers: int
    topics: int
    stage: Stage = Stage.LOOKING
    writer: ModelInfo | None = None
    would_write: str = ""
    cost: str = ""
    done: int = 0
    topics_done: int = 0
    coverage: str = ""

    @property
    def text(self) -> str:
        """How many papers are written: "7 of 17"."""
        return f"{self.done} of {self.papers}"

    def take(self, offer: Offer) -> None:
        """What was written before is here; of a whole digest nothing is left to offer."""
        self.writer, self.would_write, self.cost = offer.writer, offer.name, offer.cost
        if self.stage is Stage.LOOKING:
            self.stage = Stage.OFFERED

    def status(self, write_keys: str, stop_keys: str) -> StatusItem:
        """The line, with the keys where the writing begins or stops."""
        match self.stage:
            case Stage.LOOKING:
                return StatusItem(f"Looking for what was written before … {self.text}", offer=False)
            case Stage.OFFERED:
                return StatusItem(f"▶ {write_keys} writes {self._offered()}", offer=True)
            case Stage.WRITING:
                return StatusItem(f"{self._written()} · {stop_keys} stops", offer=False)
            case Stage.STOPPED:
                text = f"Stopped at {self.text} papers, what came is kept. {write_keys} goes on{self._with()}"
                return StatusItem(f"▶ {text}", offer=True)
            case Stage.FAILED:
                return StatusItem(f"▶ Not finished: {self.text} papers. {write_keys} tries again", offer=True)
            case Stage.DONE:
                return StatusItem(f"✓ {self.coverage}", offer=False)
            case _:
                assert_never(self.stage)

    def _offered(self) -> str:
        cached = f"; {self.done} are here from before" if self.done else ""
        cost = f" · {self.cost}" if self.cost else ""
        return f"the digest of {counted(self.papers, 'paper')}{self._with()}{cost}{cached}"

    def _with(self) -> str:
        """Who would write; nothing when the writing began before that was known."""
        return f" with {self.would_write}" if self.would_write else ""

    def _written(self) -> str:
        who = self.writer.name if self.writer else self.would_write
        filled = _BAR_CELLS * self.done // max(self.papers, 1)
        bar = "━" * filled + "─" * (_BAR_CELLS - filled)
        topics = f" · topics {self.topics_done} of {self.topics}" if self.done == self.papers else ""
        return f"{bar} {self.text}{topics} · {who} writes"


def cost_text(estimate: CostEstimate) -> str:
    """What the rest of a digest takes: "about 23,000 tokens, at most $0.02"; empty when nothing is to be written."""
    if not estimate.texts:
        return ""
    tokens = f"about {estimate.usage.prompt_tokens + estimate.usage.output_tokens:,} tokens"
    if estimate.dollars is None:
        return f"{tokens}, price unknown"
    return f"{tokens}, at most ${max(estimate.dollars, _LEAST_DOLLARS):.2f}"
