"""The documents: generated pages are current, links lead somewhere, the README stays short, examples run."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.cli.main import cli
from tests.conftest import ASSETS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
EXAMPLES = ROOT / "examples"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *EXAMPLES.glob("*.md"), *ROOT.glob("training/*.md")])
LONGEST_README = 120
LONGEST_LINE = 160
WRITTEN_BY_HAND = [path for path in DOCUMENTS if "docs/generate.py" not in path.read_text(encoding="utf-8")[:100]]
WITHOUT_MODEL = ["--sample", "--offline", "--model", "extractive"]
RUNS = {
    "python_api.py": ([sys.executable, "python_api.py"], "31 papers"),
    "cron_digest.sh": (["bash", "cron_digest.sh", "digests", *WITHOUT_MODEL], "written to"),
    "profile.toml": (["assistant", "--config", "profile.toml", "today", *WITHOUT_MODEL], "EnvHarness"),
    "json_titles.sh": (
        ["bash", "json_titles.sh", "memory of language models", "--sample", "--offline"],
        "MemTrapBench",
    ),
}
"""How each example is run in a folder of its own, and what it says among other things."""


def test_generated_pages_are_current() -> None:
    checked = subprocess.run(
        [sys.executable, DOCS / "generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_stale_page_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/generate.py").write_bytes((DOCS / "generate.py").read_bytes())
    (tmp_path / "prompts").symlink_to(ROOT / "prompts")
    checked = subprocess.run(
        [sys.executable, tmp_path / "docs/generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 1
    assert "docs/reference/commands.md is not current. Run `make docs`" in checked.stderr


def test_the_readme_is_short() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_README, "Move details to docs/ and link them."


@pytest.mark.parametrize("document", WRITTEN_BY_HAND, ids=lambda path: str(path.relative_to(ROOT)))
def test_lines_of_prose_are_short(document: Path) -> None:
    if document.name == "CHANGELOG.md" or document.parent.name == "training":
        pytest.skip("an older document")
    prose = _without_tables_and_code(document.read_text(encoding="utf-8"))
    assert [line for line in prose if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    assert [target for target in _local_links(document) if not _leads_somewhere(document, target)] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        reached.add(document)
        targets = (_file_of(document, target) for target in _local_links(document))
        waiting += [
            target for target in targets if target.suffix == ".md" and target not in reached and target.is_file()
        ]
    assert sorted(set(DOCS.rglob("*.md")) - reached) == []


@pytest.mark.parametrize("document", WRITTEN_BY_HAND, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_and_options_of_the_text_exist(document: Path) -> None:
    assert [line for line in _command_lines(document) if not _exists(_arguments(line))] == []


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.suffix != ".md" and path.is_file()} == set(RUNS)


@pytest.mark.parametrize("name", RUNS)
def test_an_example_runs_without_network_and_model(name: str, tmp_path: Path) -> None:
    command, said = RUNS[name]
    (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("DATA", "CONFIG", "STATE", "CACHE")}
    ran = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | folders | {"PATH": path, "HOME": str(tmp_path), "ASSISTANT_PATHS_ASSETS": str(ASSETS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert said in ran.stdout + ran.stderr


def _tokens(document: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(document.read_text(encoding="utf-8"))


def _local_links(document: Path) -> Iterator[str]:
    """The targets of links and pictures that lie in the repository."""
    for token in _tokens(document):
        for child in token.children or []:
            target = child.attrGet("href") or child.attrGet("src")
            if isinstance(target, str) and not re.match(r"[a-z]+:", target):
                yield unquote(target)


def _command_lines(document: Path) -> Iterator[str]:
    """Calls of the program in code, within a line or in a block for the shell."""
    for token in _tokens(document):
        inline = [child.content for child in token.children or [] if child.type == "code_inline"]
        block = token.content.replace("\\\n", " ").splitlines() if token.info in {"sh", "console"} else []
        for line in [*inline, *block]:
            if re.match(r"(\$ )?assistant( |$)", line):
                yield line.removeprefix("$ ")


def _arguments(line: str) -> list[str]:
    """What follows the program's name, without a comment and the signs of a synopsis."""
    return shlex.split(re.sub(r"[\[\]|]", " ", line), comments=True)[1:]


def _exists(arguments: list[str]) -> bool:
    """Whether the first word is a command, or an option, and each option one of the command's or of the program's."""
    command: click.Command = cli
    known: set[str] = set()
    for argument in [*arguments, ""]:
        known |= {name for parameter in command.params for name in parameter.opts + parameter.secondary_opts}
        below = command.get_command(click.Context(command), argument) if isinstance(command, click.Group) else None
        command = below or command
    if command is cli and arguments and arguments[0].islower() and not arguments[0].startswith("-"):
        return False
    return {argument.partition("=")[0] for argument in arguments if argument.startswith("--")} <= known | {"--help"}


def _file_of(document: Path, target: str) -> Path:
    path = target.partition("#")[0]
    return (document.parent / path).resolve() if path else document


def _leads_somewhere(document: Path, target: str) -> bool:
    file = _file_of(document, target)
    fragment = target.partition("#")[2]
    return file.exists() and file.is_relative_to(ROOT) and (not fragment or fragment in _anchors(file))


def _anchors(document: Path) -> set[str]:
    """The anchors that git hosts give the headings of a document."""
    tokens = _tokens(document)
    anchors: set[str] = set()
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            text = "".join(child.content for child in inline.children or [])
            plain = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            again = sum(
                known == plain or re.fullmatch(rf"{re.escape(plain)}-\d+", known) is not None for known in anchors
            )
            anchors.add(f"{plain}-{again}" if again else plain)
    return anchors


def _without_tables_and_code(text: str) -> Iterator[str]:
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("|"):
            yield line
