"""Further questions made standalone by a model: taken when names and numbers are kept, else as rules read them."""

from contextlib import aclosing
from pathlib import Path

import pytest

from assistant.answering.prompts import load_prompt
from assistant.answering.query_transformation import Rewriting, rewritten
from assistant.errors import ModelUnavailable
from assistant.models.chat_model import Message, ModelKind, Usage
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from assistant.models.llama.model import LocalModel
from assistant.retrieval.query.follow_ups import Earlier, FollowUp, follow_up
from tests.support.fake_models import ScriptedModel
from tests.support.openai_server import Answer as Written
from tests.support.openai_server import ScriptedServer
from tests.support.paper_factory import BAR, FOO

EARLIER = Earlier(
    "how much memory does pruning save on ImageNet?",
    "FooNet cuts memory by 37% [1]. BarBench does not measure it [2].",
    ("FooNet: Pruning Heads", "BarBench: Agents in Kitchens"),
    (1, 2),
    (FOO, BAR),
)
SAID = (Message("system", "You answer."), Message("user", "Question"), Message("assistant", EARLIER.answer))
PROMPT = load_prompt("standalone")


async def made(question: str, model: ScriptedModel | HostedModel | LocalModel) -> Rewriting:
    return await rewritten(question, follow_up(question, EARLIER), EARLIER, SAID, model, PROMPT)


def writing(text: str, kind: ModelKind = ModelKind.HOSTED) -> ScriptedModel:
    return ScriptedModel(lambda _: text, kind=kind)


@pytest.mark.parametrize(
    ("question", "written", "numbers"),
    [
        ("and how accurate is it?", "What is the accuracy of FooNet?", (1,)),
        ("how many tasks does the second one have?", "How many tasks does BarBench have?", (2,)),
        ("how does it compare with LoRA?", "How does FooNet compare with LoRA?", (1,)),
        ("does it work with 8 GPUs?", "Does FooNet work with 8 GPUs?", (1,)),
        ("what about its limits?", 'Standalone question: "What are the limits of FooNet?"\nIt has none.', (1,)),
        ("how do they differ?", "How do FooNet and BarBench differ?", (1, 2)),
        ("und wie genau ist es?", "Wie genau ist FooNet?", (1,)),
    ],
)
async def test_a_faithful_rewriting_is_taken(question: str, written: str, numbers: tuple[int, ...]) -> None:
    written_line = written.partition("\n")[0].removeprefix("Standalone question: ").strip('"')

    rewriting = await made(question, writing(written.removeprefix("Standalone ").replace("question", "Question")))

    assert rewriting.follow_up.question == written_line
    assert rewriting.follow_up.numbers == numbers
    assert not rewriting.follow_up.stands_alone
    assert rewriting.usage == Usage(10, 5)


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("and how accurate is it?", "How accurate is QuxNet?"),  # a name from nowhere
        ("and how accurate is it?", "How accurate is FooNet at 99% sparsity?"),  # a number from nowhere
        ("does it work with 8 GPUs?", "Does FooNet work with GPUs?"),  # a number lost
        ("how does it compare with LoRA?", "How does FooNet compare with others?"),  # a name lost
        ("how many tasks does the second one have?", "How many tasks does FooNet have?"),  # another paper
        ("how many tasks does the second one have?", "How many tasks does the second one in BarBench have?"),
        ("and how accurate is it?", "How accurate is it?"),  # still leans
        ("and how accurate is it?", "How much memory does FooNet need?"),  # something else is asked
        ("and how accurate is it?", "How accurate is FooNet? How large is FooNet?"),  # two questions
        ("and how accurate is it?", "FooNet keeps its accuracy at 81.2%, which is good. It is fine."),
        ("and how accurate is it?", f"How accurate is FooNet {'when it is pruned ' * 20}?"),
        ("and how accurate is it?", "A more precise question: and how accurate is it?"),  # nothing of the talk
        ("and how accurate is it?", "How accurate is FooNet with quantized weights on phones?"),  # made up
        ("und wie genau ist es?", "How accurate is FooNet?"),  # another language
        ("and how accurate is it?", ""),
    ],
)
async def test_any_other_text_leaves_what_the_rules_read(question: str, written: str) -> None:
    rewriting = await made(question, writing(written))

    assert rewriting.follow_up == follow_up(question, EARLIER)
    assert rewriting.usage == Usage(10, 5)  # it was paid for


@pytest.mark.parametrize("question", ["What is speculative decoding?", "How large is FooNet?", "auf Deutsch bitte"])
async def test_what_stands_alone_is_not_asked_about(question: str) -> None:
    model = writing("never")

    assert (await made(question, model)).follow_up == follow_up(question, EARLIER)
    assert not model.requests


async def test_models_that_quote_or_fail_leave_the_rules() -> None:
    quoting = writing("never", ModelKind.EXTRACTIVE)
    failing = ScriptedModel(lambda _: "", kind=ModelKind.HOSTED, fails_with=ModelUnavailable("gone"))
    by_rules = follow_up("and how accurate is it?", EARLIER)

    assert await made("and how accurate is it?", quoting) == Rewriting(by_rules, Usage())
    assert await made("and how accurate is it?", failing) == Rewriting(by_rules, Usage())
    assert not quoting.requests


async def test_a_local_model_is_asked_behind_what_it_has_read_and_a_hosted_one_briefly() -> None:
    local, hosted = writing("x", ModelKind.LOCAL), writing("x")
    await made("and how accurate is it?", local)
    await made("and how accurate is it?", hosted)

    assert local.requests[0].messages[:3] == SAID
    assert EARLIER.answer not in local.requests[0].messages[-1].content
    (only,) = hosted.requests[0].messages
    assert "(1) FooNet" not in only.content
    assert "[1] FooNet: Pruning Heads" in only.content
    assert "cuts memory by 37%" in only.content
    assert hosted.requests[0].max_output_tokens < 100


async def test_a_servers_rewriting_is_one_short_request() -> None:
    with ScriptedServer([Written("How accurate ", "is FooNet?")]) as server:
        async with aclosing(HostedModel(HostedModelSettings(base_url=server.base_url, model="scripted"))) as model:
            rewriting = await made("and how accurate is it?", model)

    assert rewriting == Rewriting(FollowUp("How accurate is FooNet?", False, (1,), None, True), Usage(7, 2))
    assert len(server.requests) == 1


async def test_whatever_a_very_small_model_writes_the_question_stays_sound(small_gguf: Path) -> None:
    async with aclosing(LocalModel(small_gguf, threads=1, context_tokens=1024)) as model:
        rewriting = await made("does it work with 8 GPUs?", model)

    assert "8" in rewriting.follow_up.question
    assert "FooNet" in rewriting.follow_up.question
