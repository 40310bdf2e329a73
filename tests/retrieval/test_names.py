"""Which papers a question names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.papers import Paper, Provenance
from assistant.retrieval.paper_mentions import MentionMatch, Use, named_papers, naming, possible_names, use_of

RARE = Use(papers=1, plain=0)


def paper(title: str, abstract: str = "Nothing more.", paper_id: str = "2501.00001") -> Paper:
    return Paper(paper_id, title, abstract, Provenance.EXPORT)


def named(question: str, *papers: Paper, use: Use = RARE) -> list[str]:
    return named_papers(possible_names(question), papers, lambda _: use)


@pytest.mark.parametrize(
    ("question", "title", "is_named"),
    [
        ("how many classes are in MegaHan97K?", "MegaHan97K: A Dataset", True),
        ("how many classes are in megahan97k", "MegaHan97K: A Dataset", True),
        ("what does MMR1's VAS use?", "MMR1: Multimodal Reasoning", True),
        ("what is MMR10?", "MMR1: Multimodal Reasoning", False),
        ("what is JPEG-LM good for", "JPEG-LM: Image Generators", True),
        ("what is JPEG good for", "JPEG-LM: Image Generators", False),
        ("what is JPEG-LM good for", "JPEG: A Standard", False),
        ("qwen2-72b base scores on MMLU", "Qwen2 Technical Report", True),
        ("what does Dr.Kernel-14B score?", "Dr. Kernel: Triton Kernels", True),
        ("what is behind jina-clip-v1?", "Jina CLIP: Your Retriever", True),
        ("pokellmon and its win rates", "PokéLLMon: Battles", True),
        ("S* on LiveCodeBench?", "S*: Test Time Scaling", True),
        ("success rate of pi_0.5", "π_0.5: A Model", True),
        ("Flash VSR speed", "FlashVSR: Real-Time Video", True),
        ("compare Agentic Rubrics with tests", "Agentic Rubrics as Verifiers", True),
        ("what is Kestrel-Diffusion's FID", "Kestrel: A Bird", False),
        ("how does it split pronunciation (MMR1) from speech?", "MMR1: Multimodal Reasoning", False),
        ("", "MMR1: Multimodal Reasoning", False),
    ],
)
def test_a_question_names_a_title(question: str, title: str, is_named: bool) -> None:
    assert bool(named(question, paper(title))) == is_named


def test_a_plain_word_is_no_name_in_lower_case() -> None:
    survey = paper("Attention: A Survey")
    common = Use(papers=50, plain=45)
    assert named("what does attention do", survey, use=common) == []
    assert named("what does Attention do", survey, use=common) == []


@pytest.mark.parametrize(
    ("abstract", "how"),
    [
        ("We introduce the Byte Latent Transformer (BLT), a byte-level model.", MentionMatch.INTRODUCED),
        ("BLT, a byte-level model, is fast.", MentionMatch.INTRODUCED),
        ("We present a survey. We compare it on BLT.", None),
        ("We present results on BLT.", None),
        ("Nothing of the kind.", None),
    ],
)
def test_an_abstract_introduces_its_names(abstract: str, how: MentionMatch | None) -> None:
    (name,) = [one for one in possible_names("how fast is BLT?") if one.text == "BLT"]
    assert naming(name, paper("Patches Scale Better", abstract)) is how


@pytest.mark.parametrize(
    ("abstract", "how"),
    [
        ("Building on this, we introduce Turnip Race as a test of robots.", MentionMatch.INTRODUCED),
        ("We propose the concept of Turnip Race, which is slow.", MentionMatch.INTRODUCED),
        ("We introduce robots and test them in Turnip Race.", None),
        ("We introduce a turnip race for robots.", None),
    ],
)
def test_a_name_of_plain_words_stands_just_behind_what_introduces_it(abstract: str, how: MentionMatch | None) -> None:
    (name,) = [one for one in possible_names("explain Turnip Race to me") if one.text == "Turnip Race"]
    assert naming(name, paper("Robots on Fields", abstract)) is how


def test_the_longest_name_counts_and_every_name_once() -> None:
    short, long = paper("LLaVA: A", paper_id="2501.00001"), paper("LLaVA Gemma: B", paper_id="2501.00002")
    other = paper("Kangaroo7: C", paper_id="2501.00003")
    assert named("LLaVA-Gemma against Kangaroo7", short, long, other) == ["2501.00002", "2501.00003"]


def test_a_name_of_many_papers_means_those_that_lead() -> None:
    shelf = [paper("MMR1: Again", paper_id=f"2501.0000{number}") for number in range(5)]
    assert named("what is MMR1?", *shelf) == [one.paper_id for one in shelf[:3]]


def test_a_widely_used_name_means_only_a_paper_that_the_question_fits() -> None:
    spotted, others = paper("SSL: Sweet Spots"), [paper(f"Other {n}", paper_id=f"2502.0000{n}") for n in range(3)]
    common = Use(papers=200, plain=0)
    question = "an x-ray SSL method"
    assert named(question, spotted, *others, use=common) == [spotted.paper_id]
    assert named(question, *others, spotted, use=common) == []
    assert named(question, *others, spotted) == [spotted.paper_id]


def test_uses_are_counted_by_spelling() -> None:
    (name,) = [one for one in possible_names("the crisp") if one.text == "crisp"]
    shelf = [paper("CRISP: Unlearning"), paper("Food", "A crisp is brittle."), paper("Crispy food")]
    assert use_of(name, shelf) == Use(papers=2, plain=1)


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=80))
def test_no_text_fails(question: str, title: str, abstract: str) -> None:
    assert len(named(question, paper(title, abstract))) <= 1


def test_hostile_lengths_take_no_time() -> None:
    assert named("A1 " * 5000, paper("-" * 5000, "a-" * 5000)) == []
