"""Comparisons as documents: the table's numbers hold, the rest is there as far as the model comes."""

from assistant.errors import ModelUnavailable
from assistant.models.chat_model import GenerationRequest
from assistant.models.extractive import ExtractiveModel
from assistant.reports.comparison import comparison_question, short_name
from tests.support.fake_models import ScriptedModel
from tests.support.paper_factory import sources
from tests.support.report_factory import PAPERS, compared, comparison_of


async def test_two_papers_are_answered_about_together() -> None:
    model = ScriptedModel(
        lambda _: "LayerHop skips layers. HeadStart drafts tokens with decoding heads. Both cost 9 euros."
    )
    document = await compared(model, PAPERS[:2], await comparison_of(ExtractiveModel(), PAPERS[:2]))

    assert document.question == "How do LayerHop and HeadStart compare on method and results?"
    assert document.question in model.requests[0].messages[-1].content
    (group,) = document.groups
    assert (group.name, group.numbers) == ("", (1, 2))
    assert [[citation.number for citation in sentence.citations] for sentence in group.sentences] == [[1], [2], []]
    assert [sentence.verdict for sentence in group.sentences] == ["supported", "supported", "unsupported"]


async def test_more_papers_are_grouped_under_the_numbers_of_the_table() -> None:
    document = await compared(ExtractiveModel(), PAPERS)

    assert document.table is not None
    assert [source.paper.title for source in document.table.sources] == [stored.paper.title for stored in PAPERS]
    numbers = {group.name: group.numbers for group in document.groups}
    assert numbers["Self-speculative decoding"] == (1, 3)
    assert set(numbers["Decoding heads"]) >= {2, 4}
    for sentence in document.sentences:
        for citation in sentence.citations:
            assert citation.evidence is not None
            assert citation.evidence.text in PAPERS[citation.number - 1].paper.abstract
    assert "self-speculative decoding" in document.shared


async def test_a_model_that_fails_leaves_the_table() -> None:
    def write(request: GenerationRequest) -> str:
        raise ModelUnavailable("the server is gone", "start it")

    table = await comparison_of(ExtractiveModel(), PAPERS[:2])
    document = await compared(ScriptedModel(write), PAPERS[:2], table)

    assert document.table == table
    assert document.groups == ()
    assert document.incomplete == ("nothing is written about the papers together: the server is gone",)
    assert len(document.open_problems) == 2


def test_a_paper_is_called_by_the_name_before_the_colon() -> None:
    assert short_name("FooNet: Pruning Heads") == "FooNet"
    assert short_name("Is all you need enough?") == "Is all you need enough"
    long = "A study of very many things that nobody has ever named before: yes"
    assert short_name(long) == long
    assert comparison_question(sources(), ("cost",)) == "How do FooNet, BarBench and BazSpeech compare on cost?"
