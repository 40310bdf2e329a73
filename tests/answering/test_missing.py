"""What a hosted model says to be missing: a sign in its text, never shown, that refuses or tells what is lacking."""

from collections.abc import Sequence

import pytest

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.generation import AnswerContext, write_answer
from assistant.answering.missing import MissingLines, joined_parts
from assistant.answering.pipeline import AskSettings
from assistant.answering.prompts import load_prompt
from assistant.answering.values import AnswerEvent, Delta, Finished, Gate, SentenceFinished
from assistant.answering.verification.checker import SupportChecker
from assistant.models.chat_model import GenerationRequest, Message, ModelKind
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from assistant.retrieval.paper_finder import PaperRetriever
from assistant.retrieval.search import Hit
from assistant.retrieval.sentence_ranking import EvidenceRanker
from tests.answering.test_ask import HITS, FixedSearch, answer_in
from tests.support.fake_models import ScriptedModel
from tests.support.openai_server import Answer as Written
from tests.support.openai_server import ScriptedServer
from tests.support.paper_factory import paper, sources, three_papers

QUESTION = "how much memory does FooNet save and under which licence is it?"
SAYS = "FooNet cuts memory by 37% on ImageNet [1]."


def answerer(
    model: ScriptedModel | HostedModel, *, refuse: bool = True, hits: Sequence[Hit] = HITS
) -> QuestionAnswerer:
    settings = AskSettings(6, 2000, 2000, 100, 0.0, judge=False, refuse=refuse)
    return QuestionAnswerer(PaperRetriever(FixedSearch(hits)), EvidenceRanker(), model, settings, load_prompt)


async def events_of(engine: QuestionAnswerer) -> list[AnswerEvent]:
    return [event async for event in engine.answer_from(QUESTION, HITS[:1])]


def hosted(text: str) -> ScriptedModel:
    return ScriptedModel(lambda _: text, kind=ModelKind.HOSTED)


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("written", "shown", "parts"),
    [
        ("MISSING: its licence\nIt is fast [1].", "It is fast [1].", ["its licence"]),
        ("\n**MISSING:** its licence.\n\nIt is fast [1].", "\n\nIt is fast [1].", ["its licence"]),
        ("- MISSING: its licence [1]", "", ["its licence"]),
        ("It is fast [1].\nMISSING: its licence\n", "It is fast [1].\n", ["its licence"]),
        ("MISSING: a\nMISSING: b\nIt is.", "It is.", ["a", "b"]),
        ("MISSING: its licence. It is fast [1]. It is new [1].", "It is fast [1]. It is new [1].", ["its licence"]),
        ("MISSING: none\nIt is fast [1].", "It is fast [1].", []),
        ("MISSING labels hurt it [1].\n**Missing:** data", "MISSING labels hurt it [1].\n**Missing:** data", []),
        ("It says: MISSING: x\nM", "It says: MISSING: x\nM", []),
        ("", "", []),
    ],
)
def test_the_lines_are_read_out_however_the_text_comes(written: str, shown: str, parts: list[str], size: int) -> None:
    lines = MissingLines()

    passed = "".join(lines.feed(written[start : start + size]) for start in range(0, len(written), size))

    assert passed + lines.close() == shown
    assert lines.parts == parts


def test_text_is_not_held_back_behind_its_first_letters() -> None:
    lines = MissingLines()

    assert lines.feed("  M") == ""
    assert lines.feed("ore of it") == "  More of it"
    assert lines.feed(" MISSING: x") == " MISSING: x"


def test_a_part_of_endless_length_is_cut() -> None:
    lines = MissingLines()
    lines.feed(f"MISSING: {'word ' * 200}\n")

    assert len(lines.parts[0]) == 200


def test_what_is_missing_is_said_once() -> None:
    assert joined_parts(["under which licence is it?"], ["the licence", "the price"]) == (
        "under which licence is it?",
        "the price",
    )


async def test_a_model_that_finds_nothing_refuses() -> None:
    events = await events_of(answerer(hosted("MISSING: the memory and the licence")))
    answer = answer_in(events)

    assert answer.refusal is not None
    assert answer.refusal.gate is Gate.EVIDENCE
    assert [close.number for close in answer.refusal.closest] == [1]
    assert answer.text.startswith("The abstract of “FooNet” does not say this; the paper itself may.")
    assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.text
    assert [e.sentence for e in events if isinstance(e, SentenceFinished)] == list(answer.sentences)
    assert answer.usage.output_tokens == 5
    assert "MISSING" not in answer.text


async def test_who_wants_an_answer_anyway_gets_the_nearest_words() -> None:
    answer = answer_in(await events_of(answerer(hosted("MISSING: the licence"), refuse=False)))

    assert answer.refusal is None
    assert "“" in answer.text
    assert answer.missing == ("the licence",)


async def test_a_half_answer_keeps_what_it_says_and_tells_the_rest() -> None:
    events = await events_of(answerer(hosted(f"MISSING: the licence\n\n{SAYS}"), refuse=False))
    answer = answer_in(events)

    assert answer.refusal is None
    assert answer.missing == ("the licence",)
    assert answer.text == f"{SAYS}\n\nNot in the abstract (the paper itself may say it): the licence."
    assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.text


async def test_where_no_paper_is_named_the_first_ones_are_the_closest() -> None:
    four_sources = sources([*three_papers(), paper("2601.00004", "QuxNet")])
    assignment = AnswerContext("who won?", four_sources, refuse=True)
    request = GenerationRequest((Message("user", "who won?"),))
    writing = write_answer(hosted("MISSING: who won"), request, assignment, SupportChecker(four_sources))
    answer = answer_in([event async for event in writing])

    assert answer.refusal is not None
    assert [close.number for close in answer.refusal.closest] == [1, 2, 3]


async def test_the_words_of_a_local_model_are_its_text() -> None:
    model = ScriptedModel(lambda _: f"{SAYS} MISSING: its licence.")
    answer = answer_in(await events_of(answerer(model, refuse=False)))

    assert answer.missing == ()


async def test_a_server_that_streams_the_sign_in_pieces_refuses() -> None:
    with ScriptedServer([Written("MIS", "SING", ": the ", "licence", "\n")]) as server:
        model = HostedModel(HostedModelSettings(base_url=server.base_url, model="scripted"))
        try:
            events = await events_of(answerer(model))
        finally:
            await model.aclose()

    last = events[-1]
    assert isinstance(last, Finished)
    assert last.answer.refusal is not None
    assert not any("MISSING" in event.text for event in events if isinstance(event, Delta))
    assert "Kind: detail" in server.requests[0].body["messages"][-1]["content"]
