import pytest

from assistant.models.chat_model import Completed, GenerationRequest, Message, Quote, Usage
from assistant.models.extractive import ExtractiveModel, cited
from assistant.sentences import split_sentences
from tests.models.conftest import completion_of, events_of, text_of

QUOTES = (
    Quote(2, "We reach 41.2% on LongBench."),
    Quote(1, "Does attention need heads?"),
    Quote(2, "Training takes 3 hours (e.g. on one GPU)."),
)


async def test_quotes_are_written_word_for_word_in_the_order_given() -> None:
    events = await events_of(ExtractiveModel(), GenerationRequest((), quotes=QUOTES))

    assert text_of(events) == (
        "We reach 41.2% on LongBench [2]. Does attention need heads [1]? Training takes 3 hours (e.g. on one GPU) [2]."
    )
    assert not completion_of(events).truncated


async def test_the_answer_splits_into_the_sentences_it_was_made_of() -> None:
    events = await events_of(ExtractiveModel(), GenerationRequest((), quotes=QUOTES))

    assert len(split_sentences(text_of(events))) == len(QUOTES)


async def test_without_quotes_there_is_no_text() -> None:
    events = await events_of(ExtractiveModel(), GenerationRequest((Message("user", "Why?"),)))

    assert events == [Completed(Usage())]


async def test_what_does_not_fit_is_left_out_whole() -> None:
    quotes = (Quote(1, "Short one."), Quote(2, "Long " * 50 + "one."), Quote(3, "Also short."))

    events = await events_of(ExtractiveModel(), GenerationRequest((), quotes=quotes, max_output_tokens=16))

    assert text_of(events) == "Short one [1]. Also short [3]."
    assert not completion_of(events).truncated  # what stands is whole


async def test_what_leans_on_a_quote_that_is_left_out_is_left_out_too() -> None:
    quotes = (Quote(1, "Toys spin."), Quote(1, "Tops " + "turn and " * 60 + "stop."), Quote(1, "They fall."))
    events = await events_of(ExtractiveModel(), GenerationRequest((), quotes=quotes, max_output_tokens=40))

    assert text_of(events) == "Toys spin [1]."


async def test_every_source_has_a_sentence_before_one_has_two() -> None:
    quotes = tuple(Quote(number, f"Sentence {place} of this paper.") for number in (1, 2, 3) for place in (1, 2))

    events = await events_of(ExtractiveModel(), GenerationRequest((), quotes=quotes, max_output_tokens=40))

    written = [sentence.text for sentence in split_sentences(text_of(events))]
    assert [text for text in written if "Sentence 1" in text] == [f"Sentence 1 of this paper [{n}]." for n in (1, 2, 3)]
    assert len(written) == 4


async def test_quotes_of_which_none_fits_are_a_truncated_answer() -> None:
    events = await events_of(ExtractiveModel(), GenerationRequest((), quotes=QUOTES, max_output_tokens=2))

    assert events == [Completed(Usage(), truncated=True)]


async def test_an_answer_has_no_more_sentences_than_wanted() -> None:
    quotes = tuple(Quote(1, f"Sentence {number}.") for number in range(9))

    events = await events_of(ExtractiveModel(max_sentences=2), GenerationRequest((), quotes=quotes))

    assert text_of(events) == "Sentence 0 [1]. Sentence 1 [1]."


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("It works.", "It works [3]."),
        ("Does it work?!", "Does it work [3]?!"),
        ("They call it “attention.”", "They call it “attention [3].”"),
        ("No full stop", "No full stop [3]."),
        ("As shown in [12] and [1, 2], it works.", "As shown in (12) and (1, 2), it works [3]."),
        ("It ends in a list [4]", "It ends in a list (4) [3]."),
    ],
)
def test_the_citation_stands_before_the_closing_punctuation(sentence: str, written: str) -> None:
    assert cited(sentence, 3) == written


async def test_every_prompt_fits() -> None:
    model = ExtractiveModel()

    assert await model.count_tokens([Message("user", "x" * 300)]) == 100
    assert model.context_tokens > 10**9
    await model.aclose()
