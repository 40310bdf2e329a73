"""Reference lists as their readers make them: BibTeX or biber, then pdfLaTeX, in a document without a package."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STYLES = ("plain", "abbrv", "alpha", "unsrt", "ieeetr", "acm", "siam", "apalike", "IEEEtran")
_PROBLEM = re.compile(r"^(?:!|I couldn't|Repeated entry|.* isn't valid ASCII|Name \d+ in |.*---line ).*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Typeset:
    """What came of a reference list: what the programs complained of, and the list as the style made it."""

    problems: tuple[str, ...]
    entries: str


def missing(*programs: str) -> str:
    """Why nothing can be typeset here; empty when it can."""
    absent = [program for program in programs if shutil.which(program) is None]
    return f"TeX is not here ({', '.join(absent)}): apt-get install texlive-publishers biber" if absent else ""


def lacks_style(style: str) -> str:
    """Why a style cannot be tried; empty when it can."""
    found = subprocess.run(["kpsewhich", f"{style}.bst"], capture_output=True, text=True, check=False).stdout.strip()
    return "" if found else f"the style {style} is not in this TeX"


def by_bibtex(folder: Path, bib: str, style: str) -> Typeset:
    """All entries in a style of BibTeX."""
    body = f"\\nocite{{*}}\n\\bibliographystyle{{{style}}}\n\\bibliography{{papers}}"
    return _typeset(folder, bib, [""], body, "bibtex")


def by_biber(folder: Path, bib: str) -> Typeset:
    """All entries with all names by biblatex in its own style, with T1 as its users write and with LaTeX's own OT1."""
    biblatex = "\\usepackage[backend=biber,maxnames=99]{biblatex}\n\\addbibresource{papers.bib}\n"
    heads = ["\\usepackage[T1]{fontenc}\n" + biblatex, biblatex]
    return _typeset(folder, bib, heads, "\\nocite{*}\n\\printbibliography", "biber")


def _typeset(folder: Path, bib: str, heads: Sequence[str], body: str, program: str) -> Typeset:
    """The list as a program makes it once, in a document with each of the heads."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "papers.bib").write_text(bib, encoding="utf-8")
    latex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper")
    problems: list[str] = []
    for head in heads:
        text = f"\\documentclass{{article}}\n{head}\\begin{{document}}\n{body}\n\\end{{document}}\n"
        (folder / "paper.tex").write_text(text, encoding="utf-8")
        if head == heads[0]:
            _run(folder, *latex)
            said = _run(folder, program, "paper")
            problems += [*_PROBLEM.findall(said), *re.findall("^ERROR - .*", said, re.MULTILINE)]
        typeset = [_run(folder, *latex), _run(folder, *latex)]
        problems += [line for text in typeset for line in _PROBLEM.findall(text)]
        if not (folder / "paper.pdf").exists() or "Output written on paper.pdf" not in typeset[-1]:
            problems.append("no document was made")
    made = folder / "paper.bbl"
    return Typeset(tuple(problems), made.read_text(encoding="utf-8") if made.exists() else "")


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=900)
    return (done.stdout + done.stderr).decode("utf-8", "replace")
