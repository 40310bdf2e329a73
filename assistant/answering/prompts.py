"""Prompt templates: one file a task, documented, replaceable by the user.

A file starts with ``#`` lines (what it is for, its variables), then sections ``== system ==`` and ``== user ==``
whose text uses ``$variable`` (`string.Template`; a dollar sign is ``$$``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Literal, cast, get_args

from assistant.errors import ConfigError
from assistant.models import Message

Role = Literal["system", "user", "assistant"]

_SECTION = re.compile(r"^== (\w+) ==$", re.MULTILINE)
_VARIABLES: Mapping[str, frozenset[str]] = {
    "ask": frozenset({"sources", "question"}),
    "ask_hosted": frozenset({"sources", "question"}),
    "overview": frozenset({"sources", "question"}),
    "follow_up": frozenset({"more", "question"}),
    "standalone": frozenset({"earlier", "question"}),
    "summarize": frozenset({"sources"}),
    "paper": frozenset({"title", "abstract", "result"}),
    "topic": frozenset({"notes"}),
    "topic_name": frozenset({"titles"}),
    "compare": frozenset({"title", "abstract", "aspects"}),
    "survey": frozenset({"groups", "question"}),
    "ideas": frozenset({"sources", "topic", "number"}),
    "translate": frozenset({"language", "question"}),
    "repair": frozenset({"title", "evidence", "claim"}),
    "plan": frozenset({"today", "question"}),
    "judge_sufficiency": frozenset({"title", "text", "question"}),
    "judge_support": frozenset({"papers", "claim"}),
    "review": frozenset({"sources", "claims"}),
}
_INSTEAD: Mapping[str, str] = {"ask_hosted": "ask", "overview": "ask"}
"""A prompt of the user's own that holds for another task too, of which there is none of the user's own."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template ready to be filled."""

    name: str
    sections: tuple[tuple[Role, Template], ...]

    def render(self, **variables: str) -> tuple[Message, ...]:
        """Fill the template; every variable of the task must be given."""
        return tuple(Message(role, template.substitute(variables)) for role, template in self.sections)


def prompt_names() -> tuple[str, ...]:
    """The tasks that have a prompt."""
    return tuple(_VARIABLES)


def prompt_variables(name: str) -> frozenset[str]:
    """The variables that the task gives to its template."""
    return _VARIABLES[name]


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """The prompt of a task: the user's file in ``folder`` when there is one, else the shipped one.

    Raises `ConfigError` for a section or a variable that does not exist, naming the file.
    """
    own = [folder / f"{task}.txt" for task in (name, _INSTEAD.get(name)) if task] if folder is not None else []
    place: Path | Traversable = next(filter(Path.is_file, own), shipped_prompts() / f"{name}.txt")
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The prompt {place} cannot be read: {error}.", "Check the file.") from error
    return parse_prompt(name, text, str(place))


def parse_prompt(name: str, text: str, place: str) -> Prompt:
    """Read the text of a prompt file; ``place`` names it in errors."""
    pieces = _SECTION.split(text)
    sections: list[tuple[Role, Template]] = []
    for role, body in zip(pieces[1::2], pieces[2::2], strict=True):
        if role not in get_args(Role):
            raise ConfigError(f"{place}: there is no section '{role}'.", "Sections are system, user and assistant.")
        template = Template(body.strip())
        _check_variables(name, template, place)
        sections.append((cast("Role", role), template))
    if not any(role == "user" for role, _ in sections):
        raise ConfigError(f"{place}: the section '== user ==' is missing.", "See prompts/ask.txt for the form.")
    return Prompt(name, tuple(sections))


def _check_variables(name: str, template: Template, place: str) -> None:
    if not template.is_valid():
        raise ConfigError(f"{place}: a '$' does not start a variable.", "Write '$$' for a dollar sign.")
    unknown = set(template.get_identifiers()) - _VARIABLES[name]
    if unknown:
        variables = ", ".join(sorted(_VARIABLES[name]))
        raise ConfigError(f"{place}: unknown variable ${min(unknown)}.", f"This prompt may use: {variables}.")


def shipped_prompts() -> Traversable:
    """The prompts of the wheel, or of the checkout when the package runs from one."""
    packaged = resources.files("assistant") / "_prompts"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "prompts"
