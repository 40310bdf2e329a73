"""Conversations as Markdown and JSON, whatever titles and models write."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answering.conversation import Conversation, Turn, TurnKind, TurnState
from assistant.answering.values import (
    Answer,
    AnswerSentence,
    Citation,
    CitationOrigin,
    ClosePaper,
    ModelInfo,
    NumberedSource,
    Packed,
)
from assistant.export.json.commands import schema_of
from assistant.export.json.conversation import conversation_json_file
from assistant.export.markdown.conversation import conversation_markdown
from assistant.library.records import StoredPaper
from assistant.models.chat_model import ModelKind
from assistant.papers import Author, Paper, Provenance, provisional_id
from assistant.sentences import split_sentences
from tests.support.checked_answers import LAST_WEEK, PARTLY_SOUND, QUOTE, REFUSAL, SOUND, WRONG, answer, refused

HOSTILE = [
    "[/x] [red]bold[/] ](https://evil.example)",
    "![pixel](https://evil.example/p.png)",
    "<script>alert(1)</script> <img src=x> &lt;b&gt;",
    "# Heading",
    "- item",
    "1. item",
    "---",
    "===",
    "> quote",
    "``` fence",
    "~~~ fence",
    "| a | b |",
    "*bold* _under_ ~~struck~~ `code`",
    "[ref]: https://evil.example",
    "a\\",
    "<https://evil.example>",
]
WRITER = ModelInfo("tiny_model*", ModelKind.LOCAL)


def paper(title: str, abstract: str = "It works. It is fast.", paper_id: str = "2601.00001") -> StoredPaper:
    known = Paper(paper_id, title, abstract, Provenance.EXPORT, authors=(Author(title),))
    return StoredPaper(known, days=(date(2026, 8, 21),), upvotes=5)


def conversation(
    text: str = "It works [1].",
    *,
    title: str = "Does it work?",
    papers: tuple[StoredPaper, ...] = (paper("FooNet"),),
    state: TurnState = TurnState.DONE,
    incomplete: str | None = None,
    failure: str | None = None,
) -> Conversation:
    given = tuple(NumberedSource(n, p, split_sentences(p.paper.abstract)) for n, p in enumerate(papers, start=1))
    citation = Citation(1, given[0].given[0], CitationOrigin.MODEL)
    answer = Answer(title, (AnswerSentence(text, (citation,)),), text, given, WRITER, incomplete=incomplete)
    packed = Packed(given, (), (), 9, WRITER)
    asked_at = datetime(2026, 8, 21, 12, tzinfo=UTC)
    turn = Turn(3, TurnKind.ASK, title, state, text, answer, packed, failure, asked_at, 1.5)
    return Conversation(1, title, (turn,))


def inline(markdown: str) -> tuple[list[Token], list[Token]]:
    """The block tokens and, flat, the inline tokens of a document, with tables and strikethrough known."""
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    return blocks, [child for block in blocks for child in block.children or ()]


def test_questions_answers_and_sources_are_there_with_their_links() -> None:
    assert conversation_markdown(conversation()) == (
        "# Does it work?\n\n"
        "## Does it work?\n\n"
        "_2026-08-21 12:00 UTC · tiny\\_model\\*_\n\n"
        "It works [\\[1\\]](https://huggingface.co/papers/2601.00001).\n\n"
        "**Sources**\n\n"
        "1. [FooNet](https://huggingface.co/papers/2601.00001) · 2026-08-21 · ▲ 5 · FooNet\n"
        "   > “It works.”\n"
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_titles_questions_and_abstracts_add_no_markup(hostile: str) -> None:
    document = conversation_markdown(conversation(title=hostile, papers=(paper(hostile, f"{hostile}. More."),)))
    blocks, pieces = inline(document)

    plain, plain_pieces = inline(conversation_markdown(conversation()))
    assert [block.type for block in blocks] == [block.type for block in plain]
    assert {piece.type for piece in pieces} <= {piece.type for piece in plain_pieces} | {"softbreak"}
    links = [piece.attrs["href"] for piece in pieces if piece.type == "link_open"]
    assert links == ["https://huggingface.co/papers/2601.00001"] * 2
    assert "".join(piece.content for piece in pieces[:1]) == hostile.strip()


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("before", ["", "It works\n"])
def test_an_answer_brings_no_links_pictures_html_tables_or_headings(before: str, hostile: str) -> None:
    blocks, pieces = inline(conversation_markdown(conversation(f"{before}{hostile}\n[1] [7]")))
    links = {piece.attrs["href"] for piece in pieces if piece.type == "link_open"}
    assert links == {"https://huggingface.co/papers/2601.00001"} or "fence" in hostile
    assert len([block for block in blocks if block.type == "heading_open"]) == 2
    assert not {"html_block", "table_open"} & {block.type for block in blocks}
    assert not {"html_inline", "image"} & {piece.type for piece in pieces}


def test_lists_and_emphasis_of_an_answer_stay() -> None:
    blocks, pieces = inline(conversation_markdown(conversation("Two things:\n\n- **fast** [1]\n- `small`")))
    assert "bullet_list_open" in {block.type for block in blocks}
    assert {"strong_open", "code_inline"} <= {piece.type for piece in pieces}


@pytest.mark.parametrize(
    ("state", "incomplete", "failure", "told"),
    [
        (TurnState.STOPPED, "stopped", None, "Stopped by the reader."),
        (TurnState.INTERRUPTED, "interrupted", None, "Interrupted before the end."),
        (TurnState.DONE, "the line went dead", None, "Incomplete: the line went dead."),
        (TurnState.FAILED, None, "It is down.\nStart it.", "Failed: It is down. Start it."),
    ],
)
def test_an_unfinished_answer_says_why(
    state: TurnState, incomplete: str | None, failure: str | None, told: str
) -> None:
    exported = conversation(state=state, incomplete=incomplete, failure=failure)
    assert f"_{told}_" in conversation_markdown(exported)
    (turn,) = json.loads(conversation_json_file(exported))["turns"]
    assert (turn["state"], turn["incomplete"], turn["failure"]) == (state, incomplete, failure)


def test_a_paper_known_by_title_alone_has_no_link() -> None:
    document = conversation_markdown(conversation(papers=(paper("FooNet", paper_id=provisional_id("FooNet")),)))
    assert "](" not in document
    assert "It works \\[1\\]." in document


def test_json_has_everything_a_program_needs() -> None:
    document: dict[str, Any] = json.loads(conversation_json_file(conversation()))
    assert document["title"] == "Does it work?"
    (turn,) = document["turns"]
    assert turn["model"] == {"name": "tiny_model*", "kind": "local"}
    assert turn["asked_at"] == "2026-08-21T12:00:00+00:00"
    (sentence,), (source,) = turn["sentences"], turn["sources"]
    assert sentence["citations"] == [
        {"number": 1, "by": "model", "evidence": {"text": "It works.", "start": 0, "end": 9}, "further": []}
    ]
    assert (source["link"], source["day"], source["upvotes"]) == (
        "https://huggingface.co/papers/2601.00001",
        "2026-08-21",
        5,
    )
    assert source["evidence"] == [{"text": "It works.", "start": 0, "end": 9}]


def test_a_turn_that_failed_before_its_prompt_exports_too() -> None:
    (turn,) = conversation().turns
    failed = replace(turn, state=TurnState.FAILED, failure="down", text="", answer=None, packed=None)
    exported = Conversation(1, "t", (failed,))
    assert conversation_markdown(exported).endswith("_Failed: down_\n")
    assert json.loads(conversation_json_file(exported))["turns"][0]["sources"] == []


def test_all_evidence_of_a_source_stands_in_one_quotation() -> None:
    exported = conversation("It works [1]. It is fast [1].")
    (turn,) = exported.turns
    assert turn.answer is not None
    cited = (
        AnswerSentence("It works.", (Citation(1, sentence, CitationOrigin.ATTRIBUTED),))
        for sentence in turn.answer.sources[0].given
    )
    exported = replace(exported, turns=(replace(turn, answer=replace(turn.answer, sentences=tuple(cited))),))
    blocks, _ = inline(conversation_markdown(exported))
    assert "   > “It works.”\n   >\n   > “It is fast.”\n" in conversation_markdown(exported)
    assert [block.type for block in blocks].count("blockquote_open") == 1


def test_an_export_can_always_be_written_to_a_file() -> None:
    exported = conversation("half \ud83d", title="half \ud83d")
    assert conversation_markdown(exported).encode()
    assert json.loads(conversation_json_file(exported).encode())["title"] == "half \ufffd"


def test_an_empty_conversation_exports_too() -> None:
    assert conversation_markdown(Conversation(1, "t")) == "# t\n"
    assert json.loads(conversation_json_file(Conversation(1, "t"))) == {"title": "t", "turns": []}


def checked(answer: Answer) -> Conversation:
    """A conversation of one checked answer."""
    (turn,) = conversation().turns
    packed = Packed(answer.sources, (), (), 9, WRITER)
    return Conversation(1, "t", (replace(turn, text=answer.text, answer=answer, packed=packed),))


def test_marks_their_meaning_and_reasons_are_in_the_document() -> None:
    document = conversation_markdown(checked(answer(SOUND, PARTLY_SOUND, WRONG, QUOTE, missing=("the licence",))))
    assert "It cuts memory by 37%. ✓ It was tried" in document
    assert "_✓ 1 supported · ❝ 1 quoted · \\~ 1 partly supported or unsure · ✗ 1 not supported_" in document
    assert "- ✗ sentence 3: the number 2.78 is not in the source\n" in document
    assert (
        "the model wrote: “It halves memory.”\n- Not in the abstract (the paper itself may say it): the licence.\n"
        in document
    )


def test_filters_of_the_question_are_in_the_document() -> None:
    exported = checked(answer(SOUND, filters=(LAST_WEEK,)))
    assert "_dates from the question: 2026-08-10 to 2026-08-16_" in conversation_markdown(exported)
    (turn,) = json.loads(conversation_json_file(exported))["turns"]
    assert turn["filters"] == [{"kind": "dates", "words": "last week", "label": "2026-08-10 to 2026-08-16"}]
    assert turn["sentences"][0]["verdict"] == "supported"


@pytest.mark.parametrize("hostile", ["plain", *HOSTILE])
def test_a_refusal_gives_the_closest_papers_with_why_and_adds_no_markup(hostile: str) -> None:
    refusal = replace(REFUSAL, closest=(ClosePaper(2, hostile), ClosePaper(1, "it is near")))
    document = conversation_markdown(checked(replace(refused(), refusal=refusal)))
    assert "**Closest papers**\n\n2. [BarBench: Agents in Kitchens](https://hugg" in document
    assert "   close: it is near\n\n**Papers found**\n\n3. [BazSpeech" in document
    blocks, pieces = inline(document)
    assert [block.type for block in blocks].count("heading_open") == 2
    assert len([piece for piece in pieces if piece.type == "link_open"]) == 3
    (turn,) = json.loads(conversation_json_file(checked(refused())))["turns"]
    assert [close["id"] for close in turn["refusal"]["closest"]] == ["2601.00002", "2601.00001"]


@pytest.mark.parametrize(
    "exported",
    [
        conversation(),
        Conversation(1, "t"),
        checked(refused()),
        checked(answer(SOUND, WRONG, QUOTE, withheld=(PARTLY_SOUND,), missing=("the licence",), filters=(LAST_WEEK,))),
    ],
)
def test_json_is_what_its_schema_says(exported: Conversation) -> None:
    document = json.loads(conversation_json_file(exported))

    assert list(Draft202012Validator(schema_of("conversation")).iter_errors(document)) == []
