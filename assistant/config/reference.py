"""The text of `config.example.toml`, made from the settings so that both always say the same."""

import json
import textwrap

from assistant.config.profiles import profile_values
from assistant.config.settings import Setting, SettingValue, known_settings, sections
from assistant.config.user_tables import DEFAULT_PRICES

_HEAD = """\
# Daily Papers assistant: every setting with its default. Copy what you change to the file that
# `assistant config` names first. Flags win over ASSISTANT_* variables, those over this file.
"""

_KEYS = """\
# Own keys of the terminal application, by action; the help screen (F1) lists them. Several keys are
# separated by commas.
[keys]
# "app.sync" = "ctrl+s"\
"""

_EXAMPLE_PROFILE = {
    "words": ["robot manipulation", "vision-language-action"],
    "papers": ["2406.09246"],
    "organizations": ["NVIDIA"],
    "authors": ["Chelsea Finn"],
    "exclude": ["autonomous driving"],
    "starred": True,
    "trending": 3,
    "top": 20,
}


def example_text() -> str:
    """The whole example file: every key, commented with its meaning, at its default."""
    settings = known_settings().values()
    parts = [_HEAD + "\n" + "\n".join(_entry(leaf) for leaf in settings if "." not in leaf.key)]
    for name, kind in sections().items():
        head = _comment((kind.__doc__ or "").strip()) + f"\n[{name}]\n"
        parts.append(head + "\n".join(_entry(leaf) for leaf in settings if leaf.key.startswith(name + ".")))
    parts += [_KEYS, _prices(), _profiles()]
    return "\n\n".join(parts) + "\n"


def toml_value(value: SettingValue) -> str:
    """A value as TOML; a basic string of TOML and a string of JSON are written alike."""
    return json.dumps(value, ensure_ascii=False)


def _prices() -> str:
    """The default prices, as lines that mean the same as leaving them out."""
    lines = [
        _comment("What hosted models cost, in US dollars a million tokens; shown while they write.") + "\n[prices]"
    ]
    for model, price in DEFAULT_PRICES.items():
        cached = "" if price.cached is None else f"cached = {price.cached}, "
        lines.append(f'"{model}" = {{ input = {price.input}, {cached}output = {price.output} }}')
    return "\n".join(lines)


def _profiles() -> str:
    """An example profile, each key with its meaning; takes effect when one `# ` is taken from its lines."""
    lines = [_comment("Profiles: what a digest shows and why. `assistant today --profile robotics` uses this one.")]
    lines.append("# [profiles.robotics]")
    for key, (default, meaning) in profile_values().items():
        value = _EXAMPLE_PROFILE.get(key, default)
        lines += ["# " + _comment(meaning), f"# {key} = {json.dumps(value, ensure_ascii=False)}"]
    return "\n".join(lines)


def _entry(leaf: Setting) -> str:
    choices = f" One of: {', '.join(leaf.choices)}." if leaf.choices else ""
    return _comment(leaf.meaning + choices) + f"\n{leaf.key.rpartition('.')[2]} = {toml_value(leaf.default)}"


def _comment(text: str) -> str:
    return textwrap.fill(text, 100, initial_indent="# ", subsequent_indent="# ")
