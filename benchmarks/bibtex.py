"""References of the whole corpus, typeset by BibTeX in nine styles and by biber, then by pdfLaTeX.

Needs TeX (Debian: texlive-latex-base texlive-bibtex-extra texlive-publishers biber). Labels of ``apalike`` are family
name and year, and it tells 26 papers of one label apart and no more: it gets the corpus in lists of 100. Exits with 1
when a program complains.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from assistant.export.references import bibtex
from assistant.feeds.files import read_files
from assistant.library.records import StoredPaper
from tests.support.typesetting import STYLES, Typeset, by_biber, by_bibtex, lacks_style, missing

_LIST = {"apalike": 100, "biber": 2000}
"""The longest list of those that cannot, or only slowly, take all at once."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    corpus = Path(__file__).parents[2] / "shared/corpus/daily_papers.jsonl.gz"
    parser.add_argument("--corpus", type=Path, default=corpus)
    parser.add_argument(
        "--hard", action="store_true", help="only papers whose entry has a command in its names or title"
    )
    parser.add_argument("--styles", nargs="+", default=[*STYLES, "biber"])
    arguments = parser.parse_args()
    if reason := missing("pdflatex", "bibtex", "biber"):
        raise SystemExit(reason)
    papers = _papers(arguments.corpus)
    if arguments.hard:
        papers = [paper for paper in papers if "\\" in bibtex([paper])]
    print(f"{len(papers)} papers of {arguments.corpus.name}\n\n| style | lists | entries | problems | seconds |")
    print("|---|---|---|---|---|")
    problems = [problem for style in arguments.styles for problem in _typeset(papers, style)]
    print("\n".join(["", *problems[:20]]))
    sys.exit(bool(problems))


def _papers(corpus: Path) -> list[StoredPaper]:
    batches = read_files([str(corpus)], today=datetime.now(UTC).date())
    return [StoredPaper(record.paper) for batch in batches for record in batch.records]


def _typeset(papers: Sequence[StoredPaper], style: str) -> list[str]:
    """Print the row of a style; returns what was complained of."""
    if style != "biber" and (reason := lacks_style(style)):
        raise SystemExit(reason)
    began = time.perf_counter()
    size = _LIST.get(style, len(papers))
    lists = [papers[start : start + size] for start in range(0, len(papers), size)]
    typeset = [_in_folder(entries, style) for entries in lists]
    problems = [f"{style}: {problem}" for each in typeset for problem in each.problems]
    entries = sum(each.entries.count("\\entry{" if style == "biber" else "\\bibitem") for each in typeset)
    seconds = time.perf_counter() - began
    print(f"| {style} | {len(lists)} | {entries} | {len(problems)} | {seconds:.0f} |", flush=True)
    return problems if entries == len(papers) else [*problems, f"{style}: {entries} entries of {len(papers)}"]


def _in_folder(papers: Sequence[StoredPaper], style: str) -> Typeset:
    bib = bibtex(papers)
    with tempfile.TemporaryDirectory(prefix="assistant-bibtex-") as name:
        folder = Path(name)
        return by_biber(folder, bib) if style == "biber" else by_bibtex(folder, bib, style)


if __name__ == "__main__":
    main()
