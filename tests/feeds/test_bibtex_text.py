r"""Text of BibTeX fields: letters, signs and groups, and what must not be lost of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.feeds.bibtex_text import bibtex_text
from assistant.feeds.reference_files import read_bibtex


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"na\"{\i}ve na{\"\i}ve na\"\i ve", "naïve naïve naïve"),
        (r"{\L}ukasz \L{}ukasz \L ukasz", "Łukasz Łukasz Łukasz"),
        (r"Ho\v{c}evar Ho{\v c}evar Ho\v cevar", "Hočevar Hočevar Hočevar"),
        (r"Garc\'{\i}a Garc{\'{\i}}a Fran\c cois {\c{C}}elik", "García García François Çelik"),
        (r"Stra\ss e {\O}st \AA ngstr{\"o}m \.z \H{o} \k{e} \d{s}", "Straße Øst Ångström ż ő ę ṣ"),
        (r"Nguy{\~{\^e}}n V{\u{a}}n", "Nguyễn Văn"),
        (r"J{\"u}rgen M{\"{u}}ller und K\"ohler", "Jürgen Müller und Köhler"),
        (r"R \& D & more \emph{x}", "R & D & more x"),
        (r"5 \textless 6, 7 {\textgreater} 3", "5 < 6, 7 > 3"),
        (r"{{ToyNet}}: {GPT}-4 of \textbf{{Kites} and {S}trings}", "ToyNet: GPT-4 of Kites and Strings"),
        (r"Code at \href{https://x.y/a_b}{here}.", "Code at here (https://x.y/a_b)."),
        (r"see \url{https://x.y/~a\_b\%20}", "see https://x.y/~a_b%20"),
        (r"\href{https://x.y}{https://x.y}", "https://x.y"),
        (r"\{a\} b~c \textasciitilde{} d -- e", "{a} b c ~ d – e"),
        (r"the {toy}\textquoteright s kite, the model\'s string", "the toy’s kite, the model's string"),
        (r"H\textsubscript{2}O, 50\,000, 84% and 5\%", "H2O, 50 000, 84% and 5%"),
        (r"$\mathcal{L}_{1}$ and {$x^{2}$}", r"$\mathcal{L}_{1}$ and $x^{2}$"),
        (r"see \ref{a} and \includegraphics[width=1cm]{x}", r"see \ref{a} and \includegraphics[width=1cm]{x}"),
        (r"\toyname{x} x_{1}", r"\toyname{x} x_{1}"),
        (r"{" * 40 + "deep" + "}" * 40, "deep"),
        ("plain text, 5 < 6", "plain text, 5 < 6"),
    ],
)
def test_latex_is_read_as_it_is_printed(latex: str, expected: str) -> None:
    assert bibtex_text(latex) == expected


@given(st.text(alphabet="\\{}~$^_'\"`%&-abco sij0\ue000\ue012\ue100\uf8ff", max_size=60))
def test_any_text_is_read(latex: str) -> None:
    assert "\ue000" not in bibtex_text("{}" + latex)


@pytest.mark.parametrize(
    "abstract",
    [
        r"Code at \href{https://x.y}{here}.",
        r"Code at \href{https://x.y}.",
        r"\href",
        r"\begin{itemize} \item Kites \end{itemize}",
        r"\frac{1}",
        r"\verb|x| \left( \right",
        r"$x$ $ \( \] {\'}",
    ],
)
def test_a_command_costs_no_entry(abstract: str) -> None:
    entries = (
        "@misc{a, title={First}, eprint={2405.99301}}\n"
        f"@misc{{b, title={{Second}}, eprint={{2405.99302}}, abstract={{{abstract}}}}}\n"
        "@misc{c, title={Third}, eprint={2405.99303}}\n"
    )
    if abstract.count("{") != abstract.count("}"):
        entries = entries.replace(abstract, abstract + "}")
    records = [record for batch in read_bibtex(entries, "refs.bib") for record in batch.records]
    assert {record.paper.title for record in records} == {"First", "Second", "Third"}


def test_dblps_field_for_an_id_is_read() -> None:
    entry = "@article{a, title={Kites}, author={Erika Muster}, journal={CoRR}, volume={abs/2405.99304}, year={2024}}"
    (batch,) = read_bibtex(entry, "dblp.bib")
    assert [record.paper.paper_id for record in batch.records] == ["2405.99304"]
    other = entry.replace("CoRR", "Toy Letters").replace("abs/", "")
    (batch,) = read_bibtex(other, "dblp.bib")
    assert "no arXiv id" in batch.rejections[0].reason
