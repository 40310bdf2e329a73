"""Papers: ids, titles and the cleaning of feed text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.arxiv_ids import find_paper_ids, id_mentions, parse_paper_ids, without_id_mentions
from assistant.papers import (
    Author,
    Paper,
    Provenance,
    clean_text,
    is_provisional,
    normalized_title,
    parse_paper_id,
    provisional_id,
)

PASTED = [
    "doi:10.48550/arXiv.2408.99005",
    "DOI: 10.48550/ARXIV.2408.99005",
    "http://dx.doi.org/10.48550/arxiv.2408.99005",
    "https://doi.org/10.48550%2FarXiv.2408.99005",
    "arXiv.2408.99005",
    "arXiv: 2408.99005",
    "arxiv 2408.99005v2",
    "arXiv:2408.99005 [physics.acc-ph, cond-mat.mes-hall]",
    "arXiv:2408.99005v1 [cs.CL] 9 September 2024",
    "arXiv preprint arXiv:2408.99005",
    "CoRR abs/2408.99005",
    "https://www.alphaxiv.org/abs/2408.99005v1",
    "alphaxiv.org/overview/2408.99005?chatId=1",
    "https://ar5iv.org/abs/2408.99005",
    "https://ar5iv.labs.arxiv.org/html/2408.99005",
    "arxiv.org/abs/2408.99005",
    "https://www.arxiv.org/abs/2408.99005?context=cs.CL",
    "https://arxiv.org/pdf/2408.99005v3.pdf#page=3",
    "https://arxiv.org/html/2408.99005v1/#S2.SS1",
    "https://arxiv.org/format/2408.99005",
    "https://arxiv.org/ps/2408.99005",
    "https://arxiv.org/e-print/2408.99005v2",
    "https://export.arxiv.org/abs/2408.99005",
    "http://browse.arxiv.org/pdf/2408.99005",
    "https://huggingface.co/papers/2408.99005#community",
    "hf.co/papers/2408.99005/",
    "https://api.semanticscholar.org/graph/v1/paper/ARXIV:2408.99005",
    "https://papers.cool/arxiv/2408.99005",
    "https://www.scholar-inbox.com/paper/arxiv/2408.99005",
    "https://www.emergentmind.com/papers/2408.99005",
    "https://example.org/redirect?to=https://arxiv.org/abs/2408.99005&by=mail",
    "<https://arxiv.org/abs/2408.99005>",
    "(https://arxiv.org/abs/2408.99005).",
    "(2408.99005)",
    '"2408.99005",',
    "“2408.99005”",
    "`2408.99005`",
    "**2408.99005**",
    "@2408.99005",
    "2408.99005v12.",
    "2408.99005 v2",
    "2408.99005v1.pdf",
    "arxiv_2408.99005.pdf",
    "[ToySum: toys](https://arxiv.org/abs/2408.99005)",
    '[arXiv:2408.99005](https://arxiv.org/abs/2408.99005 "ToySum")',
    "arXiv：2408.99005",
    "oai:arXiv.org:2408.99005",
    "urn:arxiv:2408.99005",
    "info:arxiv/2408.99005",
    "info:doi/10.48550/arXiv.2408.99005",
    "arXiv:2408.99005, 2024",
    "arXiv:2408.99005 (cs.CL)",
    "arXiv:2408.99005 [physics.optics]",
    "arXiv:2408.99005v2 [cs.CL], Aug. 2024.",
    "CoRR, abs/2408.99005 (2024)",
    "CoRR, vol. abs/2408.99005, 2024",
    "ArXiv, abs/2408.99005",
    "arXiv e-prints, arXiv:2408.99005",
    "arXiv e-prints, pp. arXiv–2408.99005",
    "arXiv preprint 2408.99005",
    "arXiv preprint arXiv:2408.99005 (2024)",
    "https://arxiv.org/abs/2408.99005 (2024)",
    "eprint 2408.99005",
    "eprint = {2408.99005},",
]


@pytest.mark.parametrize(
    ("text", "paper_id"),
    [
        ("2501.01234", "2501.01234"),
        (" arXiv:2501.01234v3 ", "2501.01234"),
        ("https://arxiv.org/abs/2501.01234v2", "2501.01234"),
        ("https://arxiv.org/pdf/2501.01234.pdf", "2501.01234"),
        ("https://huggingface.co/papers/2501.01234?x=1", "2501.01234"),
        ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("math.GT/0309136", "math.GT/0309136"),
        (provisional_id("A title"), provisional_id("A title")),
        ("2501.123", None),
        ("Attention is all you need", None),
        ("٢٥٠١.٠١٢٣٤", None),
        ("", None),
    ],
)
def test_ids_and_links(text: str, paper_id: str | None) -> None:
    assert parse_paper_id(text) == paper_id


def test_ids_as_people_paste_them(shared: Path) -> None:
    lines = (shared / "field" / "ids_as_pasted" / "ids.txt").read_text(encoding="utf-8").splitlines()

    assert {parse_paper_id(line) for line in lines} == {"2408.99005"}


@pytest.mark.parametrize("text", PASTED)
def test_every_way_to_paste_an_id(text: str) -> None:
    assert parse_paper_id(text) == "2408.99005"
    assert parse_paper_id(f" {text}\n") == "2408.99005"


@pytest.mark.parametrize(
    ("text", "paper_id"),
    [
        ("cs/0112017v1", "cs/0112017"),
        ("HEP-TH/9901001", "hep-th/9901001"),
        ("arXiv:quant-ph/0201082v3 [quant-ph] 18 Jan 2002", "quant-ph/0201082"),
        ("https://arxiv.org/pdf/math.GT/0309136v1.pdf", "math.GT/0309136"),
        ("https://arxiv.org/abs/hep-th%2F9901001", "hep-th/9901001"),
        ("doi:10.48550/arXiv.hep-th/9901999", "hep-th/9901999"),
        ("http://arxiv.org/abs/0704.9001v1", "0704.9001"),
        ("arXiv:cs.CL/0301001", "cs.CL/0301001"),
        ("arxiv.org/abs/cs.CL/0301001", "cs.CL/0301001"),
        ("arXiv:math.GT/0309136v1 [math.GT] 8 Sep 2003", "math.GT/0309136"),
        ("10.48550/arXiv.math.GT/0309136", "math.GT/0309136"),
        ("arXiv:quant-ph/0401001v3 2 Jan 2004", "quant-ph/0401001"),
        ("arXiv:hep-th/9901001v2 13 Jan 1999", "hep-th/9901001"),
        ("oai:arXiv.org:hep-th/9901001", "hep-th/9901001"),
        ("physics.optics/0401001", "physics.optics/0401001"),
        ("COND-MAT.MES-HALL/0309136v2", "cond-mat.mes-hall/0309136"),
        ("astro-ph.CO/0309136", "astro-ph.CO/0309136"),
        ("1412.9980v9 [cs.LG] 30 Jan 2017", "1412.9980"),
    ],
)
def test_ids_of_before_2015(text: str, paper_id: str) -> None:
    assert parse_paper_id(text) == paper_id


@pytest.mark.parametrize(
    "text",
    [
        "3.14159",
        "2024.12345",
        "2400.12345",
        "2013.1234",
        "2408.990",
        "0612.90012",
        "2408.99005.1",
        "1.2408.99005",
        "12408.99005",
        "$2408.99005",
        "2408.99005 %",
        "-2408.99005",
        "2024-01-12",
        "Llama 3.2",
        "hep-th/9913001",
        "and/0309136",
        "https://example.org/record/1234567",
        "10.1145/2408.99005",
        "https://doi.org/10.1145/2408.99005",
        "2408.9900",
        "arXiv:2408.9900",
        "https://arxiv.org/abs/1705.1234",
        "1412.99005",
        "0703.9001",
        "2408.99005 seconds",
        "2408.99005ms",
        "2408.99005 GB",
        "2408.99005 dB",
        "in 1705.99005 tokens",
        "data/2408.99005",
    ],
)
def test_what_only_looks_like_an_id(text: str) -> None:
    assert parse_paper_id(text) is None
    assert find_paper_ids(text) == ()


@pytest.mark.parametrize("text", ["2408.99005 and more", "2408.99005 2405.99003", "ToySum (2408.99005)"])
def test_more_than_one_id_is_not_an_id(text: str) -> None:
    assert parse_paper_id(text) is None


def test_lists_of_ids() -> None:
    assert parse_paper_ids("2408.99005, hf.co/papers/2405.99003;2408.99005") == ("2408.99005", "2405.99003")
    assert parse_paper_ids("https://export.arxiv.org/api/query?id_list=2408.99005,2405.99003") == (
        "2408.99005",
        "2405.99003",
    )
    assert parse_paper_ids("compare 2408.99005, 2405.99003") == ()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("How many toys are in https://hf.co/papers/2408.99005?", "How many toys are in?"),
        ("How many toys does ToySum (2408.99005) have?", "How many toys does ToySum have?"),
        ("How many toys has [ToySum](https://arxiv.org/abs/2408.99005)?", "How many toys has ToySum?"),
        ("arXiv:2408.99005v2 [cs.CL] 14 Aug 2024: how many toys?", "how many toys?"),
        ("How many toys? (https://arxiv.org/abs/2408.99005)", "How many toys?"),
        ("Compare <https://arxiv.org/abs/2408.99005> with 2405.99003.", "Compare with."),
        ("Does Llama 3.2 (1,200 toys) win?", "Does Llama 3.2 (1,200 toys) win?"),
    ],
)
def test_a_text_without_its_ids(text: str, rest: str) -> None:
    assert without_id_mentions(text) == rest


@given(st.text(alphabet=st.sampled_from("a2408.99005 /:[](){}<>,;?-vxiV@%"), max_size=60))
def test_mentions_stand_where_they_are_said_to(text: str) -> None:
    for mention in id_mentions(text):
        assert parse_paper_id(text[mention.start : mention.end]) is not None


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Compare 2408.99005/2405.99003", ("2408.99005", "2405.99003")),
        ("Compare 2408.99005v2/2405.99003v1 now", ("2408.99005", "2405.99003")),
        ("2408.99005, 2007.99003", ("2408.99005", "2007.99003")),
        ("2408.99005 x hf.co/papers/2405.99003", ("2408.99005", "2405.99003")),
        ("Does arXiv:2408.99005 take 1705.99005 seconds?", ("2408.99005",)),
        ("What do cs.CL/0301001 and a.example/toys say?", ("cs.CL/0301001",)),
    ],
)
def test_several_ids_of_a_text(text: str, ids: tuple[str, ...]) -> None:
    assert find_paper_ids(text) == ids


@pytest.mark.parametrize(
    "text",
    [
        "arxiv" + " " * 100_000,
        "2408.99005 " + ", " * 50_000 + "x",
        "https://a.example/" + ")" * 100_000,
        "https://a.example 2408.99005 " * 3_000,
        "[a](" * 20_000,
    ],
    ids=["spaces", "commas", "brackets", "links", "labels"],
)
def test_a_long_text_is_read_to_its_end(text: str) -> None:  # in time that grows with its length alone
    assert "2408.99005" not in without_id_mentions(text)


def test_ids_in_running_text() -> None:
    text = "See arXiv:2501.01234v2, https://huggingface.co/papers/2502.00001 and 2501.01234."

    assert set(find_paper_ids(text)) == {"2501.01234", "2502.00001"}


def test_titles_of_different_feeds_are_equal_when_normalized() -> None:
    assert normalized_title("FooNet: A  Study!") == normalized_title("foonet — a study")
    assert normalized_title("???") == "???"
    assert is_provisional(provisional_id("x"))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("two\n lines\t", "two lines"),
        ("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07", "red link"),
        ("hid\u200bden \u202eevil\u202c", "hidden evil"),
        ("[RE] Attention [/x]", "[RE] Attention [/x]"),
        ("$\\alpha$ 🧑‍🔬 שלום", "$\\alpha$ 🧑‍🔬 שלום"),
        ("broken \ud800", "broken �"),
    ],
)
def test_cleaning(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(st.text())
def test_cleaned_text_is_one_safe_line_and_stays_as_it_is(raw: str) -> None:
    clean = clean_text(raw)

    assert "\x1b" not in clean
    assert "\n" not in clean
    assert clean_text(clean) == clean


def test_bylines_and_links() -> None:
    people = tuple(Author(name) for name in ("A", "B", "C", "D"))
    paper = Paper("2501.01234", "T", "A.", Provenance.ARXIV, authors=people)

    assert paper.byline == "A, B, C et al."
    assert paper.link == "https://huggingface.co/papers/2501.01234"
    assert Paper(provisional_id("T"), "T", "A.", Provenance.SAVED_PAGE, organization="Lab").byline == "Lab"
    assert Paper(provisional_id("T"), "T", "A.", Provenance.SAVED_PAGE).link is None
