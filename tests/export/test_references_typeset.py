"""References compile: BibTeX in the usual styles or biber, then pdfLaTeX, whatever names and titles hold."""

import itertools
import random
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from assistant.export.references import bibtex
from assistant.library.records import StoredPaper
from assistant.papers import Author, Paper, Provenance, provisional_id
from tests.support.typesetting import STYLES, by_biber, by_bibtex, lacks_style, missing

needs_bibtex = pytest.mark.skipif(bool(missing("pdflatex", "bibtex")), reason=missing("pdflatex", "bibtex"))
needs_biber = pytest.mark.skipif(bool(missing("pdflatex", "biber")), reason=missing("pdflatex", "biber"))

NAMES = (
    *("Zoë Ärle", "Émile Łuk", "Øyvind Åsen", "Çağla Şimşek", "Đorđe Šarić", "Ñandu Őry", "Þóra Ðal", "İpek Iğdır"),
    *("Nguyễn Văn Hiệp", "Trần Thị Ơn", "Ądam Ęwa", "Иван Щукин", "Γιώργος Δέλτας", "محمد الأمين", "李明", "김민수"),
    *("さくら 花子", "अमित शर्मा", "שלום כהן", "Hal Foomé III", "Sam Foo Jr.", "Sam Bar, Jr.", "Ada van der Foo"),
    *("Luc Van Bar", "Inés de la Foo", "Karl von Foo", "Rami Al-Foo", "musa al-bar", "José Foo y Bar", "Rui Foo e Bár"),
    *("Qwen Team", "LLM-jp", "FooAI", "Ünlü Labs", "Zürich AI Lab", "AT&T Labs", "R&D", "Ré Team, Bern", "École Group"),
    *("ß Team", "Æsir Lab", "01. AI", "o3 contributors", "Foo and Bar", "a, b, c, d", "others", "and", "et al.", "Jr."),
    *("{x", "}", "\\input{x}", "$x$ y_z", "50% Off", "#1 Fan", "~ ^", "<b> Bold", "a|b c", 'Lin "Jim" Fan', "[x] y"),
    *("] [", "O’Foo Pat", "🤗", "🤗 Team", "Ada 🤗 Foo", "É", "é ü", "x,", ", x", "a\u200bb c", "van"),
)  # fmt: skip
TITLES = (
    *(r"$\tau^2$-Foo: A_B^C # & % ~ < > |", r"$\text{Foo}^2$ of \text{bar}", r"$\mathbb{R}^n$ $\boldsymbol{\alpha}$"),
    *("$x^2^3$ $x_$ $\\frac{1}$ ${$", "$a'^2$ $a^2'$ $\\sqrt{x}$", r"$\text{a_b}$ $\mathrm{a_b}$", "LLM {x} }{ $"),
    *("大语言模型: LLM", "Обучение моделей", "Μεγάλα μοντέλα", "نماذج لغوية", "한국어 모델", "Mô hình Việt ế ộ ử"),
    *("🤗 Foo 🚀", "🚀", "2×2 ≤ 3 → 4 ∞ − ° µ ² ₂ ℝ ½ … ™", "π_0.5 αβγδ Δ", "“Foo” ‘bar’ — –", "\\input{/etc/passwd}"),
    *("\\end{document}", "Erd\\H{o}s", "a\x00b\x1fc", "$5-$10 or $5M", "$3$D and $50\\%$", "\\", "\\\\", "É_É É^É"),
    *("a@b, @misc{x,", "{" * 40, "$" + "{" * 300 + "}" * 300 + "$", r"$\Sigma \Rightarrow$ Σ ⇒", r"\textbf{b $x$}"),
    *(r"$\{x\}$", r"$\left($", r"$x\\y$", r"\write18{x}", "x²³ y₁₂", "Naïve Œuvre: à la façon"),
)  # fmt: skip
_FAMILIES = ("".join(letters) for letters in itertools.product("ABCDEFGHKLMNP", "aeiou", "bdfgklm", "aeiou"))


def paper(number: int, title: str, names: Sequence[str], **fields: str) -> StoredPaper:
    authors = tuple(Author(name) for name in names)
    known = Paper(f"2601.{number:05}", title, "", Provenance.HUGGINGFACE, authors, published=date(2026, 1, 5), **fields)  # type: ignore[arg-type]
    return StoredPaper(known, (date(2026, 1, 7),), 63)


def hard_papers() -> list[StoredPaper]:
    """Hard names alone, among others, and as organizations; hard titles; styles that label allow 26 of one label."""
    made = [("Foo", [name]) for name in NAMES]
    made += [("Bar", [next(_FAMILIES), name, "Bo Ai"]) for name in NAMES]
    made += [(title, [next(_FAMILIES)]) for title in TITLES]
    made += [(title, []) for title in TITLES[:20]]
    papers = [paper(number, title, names) for number, (title, names) in enumerate(made)]
    papers += [paper(500 + number, "Baz", [], organization=name) for number, name in enumerate(NAMES)]
    bare = Paper(provisional_id("Été"), "Été", "", Provenance.SAVED_PAGE, project_page="https://foo.example/a_b%20#é")
    return [*papers, StoredPaper(bare)]


def accented_papers() -> list[StoredPaper]:
    """Every Latin letter with a mark in a title and as the initials of names, twelve a paper."""
    letters = [one for one in map(chr, [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]) if one.isalpha()]
    return [
        paper(1000 + start, f"Foo {'x'.join(some)}", [f"{letter}x {letter}y" for letter in some])
        for start in range(0, len(letters), 12)
        if (some := letters[start : start + 12])
    ]


def random_papers(seed: int) -> list[StoredPaper]:
    """Papers whose names and titles are thrown together from what LaTeX and BibTeX mind."""
    rolled = random.Random(seed)
    spaced = r"$ \ { } ^ _ \pi \frac \text \mathbf \sqrt a B é Ł π ' & % # ~ < × 李 ² \textsc{ {x} 1 , and - ế [ ]"
    pieces = [*spaced.split(), " ", '"', "“", r"\{"]

    def text(longest: int) -> str:
        return "".join(rolled.choices(pieces, k=rolled.randint(1, longest)))

    papers = [paper(number, text(12), [text(8) for _ in range(rolled.randint(0, 3))]) for number in range(12)]
    return papers + [paper(20 + number, f"${text(6)}$", [text(4)]) for number in range(12)]


@needs_bibtex
@pytest.mark.parametrize("style", STYLES)
def test_bibtex_makes_a_list_of_hard_names_and_titles_in_every_style(style: str, tmp_path: Path) -> None:
    if reason := lacks_style(style):
        pytest.skip(reason)
    papers = hard_papers()
    typeset = by_bibtex(tmp_path, bibtex(papers), style)
    assert typeset.problems == ()
    assert typeset.entries.count("\\bibitem") == len(papers)
    assert "arXiv:2601.00500" in re.sub(r"\s+", "", typeset.entries)


@needs_bibtex
def test_bibtex_makes_a_list_with_thousands_of_authors(tmp_path: Path) -> None:
    names = [f"Ána{number} Müller" for number in range(3000)]
    typeset = by_bibtex(tmp_path, bibtex([paper(1, "Many hands", names)]), "abbrv")
    assert typeset.problems == ()
    assert typeset.entries.count(r"M{\"u}ller") == 3000


@needs_bibtex
@pytest.mark.parametrize("style", ["alpha", "apalike"])
@pytest.mark.parametrize("seed", [1, 2])
def test_bibtex_makes_a_list_of_any_text(style: str, seed: int, tmp_path: Path) -> None:
    assert by_bibtex(tmp_path, bibtex(random_papers(seed)), style).problems == ()


@needs_bibtex
def test_initials_and_labels_are_whole_letters(tmp_path: Path) -> None:
    names = ["Émile Łukowski", "Øyvind van der Åsen", "Hal Foomé III", "Ünlü Labs"]
    abbreviated = by_bibtex(tmp_path / "abbrv", bibtex([paper(1, "Foo", names)]), "abbrv").entries
    shown = re.sub(r"\s+", " ", abbreviated.replace("~", " "))
    assert r"{\'E}. {\L}ukowski, {\O}. van der {\AA}sen, H. Foom{\'e}, III, and {\"U}nl{\"u}{ }Labs." in shown
    labelled = by_bibtex(tmp_path / "alpha", bibtex([paper(1, "Foo", ["Ünlü Labs"])]), "alpha").entries
    assert r"\bibitem[{\"U}nl26]" in labelled


@needs_biber
def test_biber_makes_a_list_of_hard_names_and_titles(tmp_path: Path) -> None:
    papers = [*hard_papers(), *accented_papers()]
    typeset = by_biber(tmp_path, bibtex(papers))
    assert typeset.problems == ()
    assert typeset.entries.count("\\entry{") == len(papers)


@needs_biber
def test_biber_keeps_the_accents_that_latex_prints(tmp_path: Path) -> None:
    made = by_biber(tmp_path, bibtex([paper(1, "Mô hình Việt", ["Nguyễn Văn Hiệp", "Ștefan Łuk"])])).entries
    assert "family={Hiêp}" in made
    assert "given={Nguyên\\bibnamedelima Văn}" in made
    assert "Ştefan" in made or "Ștefan" in made
    assert re.search(r"title\}\{Mô hình .*Viêt", made)
