r"""TeX in texts of feeds: what is certain becomes plain text, everything else stays as it came."""

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.papers import clean_text
from assistant.plain_text import clean_author_name, plain_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"50\% of R\&D in task\_name for \$3 (\#1)", "50% of R&D in task_name for $3 (#1)"),
        (r"``quoted'' and ``it's'' and ''so''", "“quoted” and “it's” and “so”"),
        (r"\textbf{bold \emph{and} more} {\em x} {\bf 8.2\%}", "bold and more x 8.2%"),
        (r"\textbf{T}oy \textbf{S}ums", "Toy Sums"),
        (
            r"Pok\'eMon na\"{\i}ve Schr\"odinger (\"Ust\"un) It\^o vis-\`a-vis",
            "PokéMon naïve Schrödinger (Üstün) Itô vis-à-vis",
        ),
        (r"an object\'s toy, don\'t", "an object's toy, don't"),
        (r"$\times$ and 9.6 \times and $9.6\times$ and \(9.6\times\)", "× and 9.6 × and 9.6× and 9.6×"),
        (r"$\sim$20 seconds, 69.8 \pm 0.5, \(TPP\)", "∼20 seconds, 69.8 ± 0.5, TPP"),
        (r"Toy-\Sigma and {\mu}-Toy at 360{\deg}", "Toy-Σ and μ-Toy at 360°"),
        (r"at \url{https://a.example/x_y}.", "at https://a.example/x_y."),
        (r"here.\url{https://a.example/ }", "here. https://a.example/"),
        (r"on \href{https://a.example}{our page} now", "on our page (https://a.example) now"),
        (r"toys\footnote{https://a.example/t}", "toys (https://a.example/t)"),
        ("https://a.example/t{https://a.example/t}.", "https://a.example/t."),
        ("at https://a.example/t/{the page}.", "at the page (https://a.example/t/)."),
        (r"https://a.example/toy\_page/", "https://a.example/toy_page/"),
        (r"16\,FPS vs.\ 9.67, \eg, toys", "16 FPS vs. 9.67, e.g., toys"),
        ("n=4{,}851 and 131{,}072", "n=4,851 and 131,072"),
        ("A Model~(DiT) on AIME~2024 at 60~Hz on a Toy~Pi~5", "A Model (DiT) on AIME 2024 at 60 Hz on a Toy Pi 5"),
        ("2017--2024, agent--toy gap---wide", "2017–2024, agent–toy gap—wide"),
        ("mathcal{O}(n) in a 360^circ view", "O(n) in a 360° view"),
        (r"10^{\circ}, 90^\circ, $45^{\circ}$ and 25^{\circ C}", "10°, 90°, 45° and 25°C"),
        (r"x\times\alpha", "x×α"),
    ],
)
def test_tex_becomes_plain_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("R&amp;D, a &lt; b &#39;c&#x27; &quot;d&quot;", "R&D, a < b 'c' \"d\""),
        ("&lt;think&gt; and &amp;lt;think&amp;gt;", "<think> and <think>"),
        ("Caf&eacute; 3&nbsp;toys", "Café 3 toys"),
        ("hidden&#8238; sign&#27;s&shy;", "hidden signs"),
        (r"R\&amp;D", "R&D"),
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("<i>E. toy</i> of H<sub>2</sub>O, <b>bold <i>and</i> more</b>", "E. toy of H2O, bold and more"),
        ("10<sup>-3</sup> m<sup>2</sup>, the 1<sup>st</sup>, <sup>13</sup>C", "10^-3 m^2, the 1st, 13C"),
    ],
)
def test_html_becomes_plain_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain
    assert clean_text(plain) == plain


@pytest.mark.parametrize(
    "text",
    [
        "\\cite[" * 20_000,
        r"\url{" + " " * 50_000,
        r"\footnote{" + " " * 50_000,
        "a toy~" + "a" * 50_000 + "(",
        "a" + r"\to" * 20_000 + "{",
        "<i>" * 30_000,
    ],
    ids=["citations", "address", "footnote", "tie", "path", "tags"],
)
def test_a_long_text_is_read_to_its_end(text: str) -> None:  # in time that grows with its length alone
    once = plain_text(text)

    assert plain_text(once) == once


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1.84times", "1.84×"),
        ("2.3times faster and 3.5timeshigher", "2.3× faster and 3.5× higher"),
        ("1.8-3.8times, 4times4, 8timesA800", "1.8-3.8×, 4×4, 8×A800"),
        ("384times 640 pixels", "384× 640 pixels"),
        ("up to times3.23 and 15timessim50times", "up to ×3.23 and 15×∼50×"),
        ("sim50%, sim!30 FPS, {sim}750 and 1sim4 toys", "∼50%, ∼30 FPS, ∼750 and 1∼4 toys"),
        ("leq 4B, (geq 40 fps), 71% rightarrow 73%", "≤ 4B, (≥ 40 fps), 71% → 73%"),
        ("69.8 pm 0.5 and 48.7% pm 0.4", "69.8 ± 0.5 and 48.7% ± 0.4"),
        ("an infty-gram", "an ∞-gram"),
    ],
)
def test_commands_without_their_backslash(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "five times, 10 times, sometimes, 3timesteps, 4timescales",
        "sim-to-real, sim2real, sim2reason, a sim of 3 toys, at 5 pm 3 toys",
        "alpha, beta, pi and tau; approx 18%; a le b",
        r"$O(n \log n)$ and $\pi_0$ and $\alpha$ and \( O(n^2) \)",
        "costs $5 million and $10 million, or 50 % of it",
        r"the regex ^\d+\.\d+\%$ and \w+\_\w+",
        r"C:\temp\new\times and \\server\share\alpha",
        r"path\to\file, (toys\times\new) and ..\toys\to\pi.txt",
        "AT&T; and &toys; and R&D, a<b and c</i>, <i>unclosed, <script>x</script>",
        r"`a\_b` and ```x\%y```",
        r"print(\"\n\") and \t",
        r"\method and \ours are commands of the authors",
        "<think> stays, task_name too, {name} and {sim_to} and dict{}",
        "--offline and -- alone and i-- and a~b and p(x)~N(0,1) and noise~Normal(0, 1) and ~9K and ~/toys",
        "f''(x) and '' and ``code``",
        r"\textbf{without an end",
        "https://api.example/users/{id} and https://a.example/~toy",
        "100% of % comments",
    ],
)
def test_what_is_no_tex_or_not_certain_stays(text: str) -> None:
    assert plain_text(text) == text


def test_an_escaped_quotation_is_no_umlaut() -> None:
    assert plain_text(r"say \"open the door\" now") == 'say "open the door" now'


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        (r"Ex\'ample", "Exámple"),
        (r"{\L}ukasz Jos{\'e}", "Łukasz José"),
        (r"S\o ren M{\"u}ller-\v{S}koda", "Søren Müller-Škoda"),
        (r"Erd\H{o}s", "Erdős"),
        (r"Fran\c{c}ois {\AA}ngstr\"om", "François Ångström"),
        (r"{\v S}koda~D.~E.", "Škoda D. E."),
        ("{Toy Team}", "Toy Team"),
        ("O'Brien", "O'Brien"),
        ("~", "~"),
    ],
)
def test_names_of_authors(name: str, plain: str) -> None:
    assert clean_author_name(name) == plain


pieces = st.sampled_from(
    [
        *("\\", "{", "}", "$", "~", "'", "`", '\\"', "%", "_", "^", "-", "1", "2.5", "times", "sim", "pm", "x", " "),
        *("&amp;", "&lt;", "<", ">", "<i>", "</i>", "&#", ";", r"\to", r"\circ"),
        *(r"\textbf{", r"\'e", r"\%", r"\(", r"\)", "``", "''", "--", "https://a.example/", r"\url{", "{,}", r"\times"),
    ]
)


@given(st.lists(pieces, max_size=14).map("".join))
def test_cleaning_again_changes_nothing(text: str) -> None:
    once = plain_text(clean_text(text))

    assert plain_text(once) == once


def test_the_corpus_is_cleaned_and_numbers_are_whole(shared: Path) -> None:
    with gzip.open(shared / "corpus" / "daily_papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        abstracts = [clean_text(json.loads(line)["abstract"]) for line in lines]
    cleaned = [plain_text(abstract) for abstract in abstracts]
    changed = [(former, now) for former, now in zip(abstracts, cleaned, strict=True) if former != now]
    stuck = re.compile(r"\d(?:times)(?![a-z])|\\%")

    assert 1_300 < len(changed) < 1_500  # of 11,028; 280 with "1.84times", 427 with "\%", 170 with "``…''"
    assert sum(bool(stuck.search(abstract)) for abstract in abstracts) > 600
    assert not any(stuck.search(abstract) for abstract in cleaned)
    assert all(plain_text(now) == now for _, now in changed)
