"""Text as LaTeX: whatever a title says, it is balanced and commands nothing but signs and fonts."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.export.latex import latex, plain_latex

WRITTEN_OUT = re.compile(
    r"\\(?:text(?:backslash|braceleft|braceright|asciicircum|asciitilde|less|greater|bar)\{\}|[$&#%_])"
)
TRICKY = st.lists(
    st.sampled_from(
        [*string.punctuation, "a", "B", "1", " ", "π", r"\input", r"\textsc{", r"\pi", "$", "}", r"\\", r"\write18"]
    )
).map("".join)


@given(st.one_of(st.text(), TRICKY))
def test_nothing_but_signs_formulas_and_fonts_is_a_command(text: str) -> None:
    written = latex(text)
    commands = re.findall(r"\\(?:[A-Za-z]+|.)", written)
    assert not {r"\input", r"\write", r"\\"} & set(commands)


@given(st.one_of(st.text(), TRICKY))
def test_braces_and_dollars_are_balanced(text: str) -> None:
    written = re.sub(r"\\[$&#%_]", "", latex(text))
    depth = 0
    for character in written:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert written.count("$") % 2 == 0


@given(st.text(alphabet=string.printable))
def test_plain_text_has_no_sign_of_latex_left(text: str) -> None:
    assert not re.search(r"[\\{}$&#%_^~]", WRITTEN_OUT.sub("", plain_latex(text)))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"$\frac{1}{2}$ of $\mathbb{R}^n$", r"$\frac{1}{2}$ of $\mathbf{R}^n$"),
        ("$π$ and π", r"$\pi$ and $\pi$"),
        ("$nσ$ and $πx$", r"$n\sigma$ and $\pi x$"),
        (r"$\sim$20 seconds", r"$\sim$20 seconds"),
        (r"\emph{50% off}", r"\emph{50\% off}"),
        (r"$\evil{x}$", r"\$\textbackslash{}evil\textbraceleft{}x\textbraceright{}\$"),
        (r"$\text{a b}_i$", r"$\textrm{a b}_i$"),
        (r"$\text{a_b}$", r"\$\textbackslash{}text\textbraceleft{}a\_b\textbraceright{}\$"),
        (r"$\{x\}$", r"$\lbrace x\rbrace $"),
        ("$x_$", r"\$x\_\$"),
        ("$a^b^c$", r"\$a\textasciicircum{}b\textasciicircum{}c\$"),
        ("$a'^2$", "$a'^2$"),
        ("$a^2'$", r"\$a\textasciicircum{}2'\$"),
        (r"$\frac{1}$", r"\$\textbackslash{}frac\textbraceleft{}1\textbraceright{}\$"),
        ("$2×2$", r"$2\times2$"),
        ("$3$D", "$3$D"),
        ("$1-$2", r"\$1-\$2"),
        ("$}x{$", r"\$\textbraceright{}x\textbraceleft{}\$"),
        ("two\nlines", "two lines"),
        ("", ""),
    ],
)
def test_formulas_stay_and_what_is_unknown_is_written_out(text: str, written: str) -> None:
    assert latex(text) == written
