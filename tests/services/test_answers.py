"""What surrounds an answer."""

from assistant.services import AppContainer, answerable_questions, closest_sentences
from tests.support.paper_factory import three_papers


def test_each_paper_has_the_sentence_that_is_closest_to_the_question() -> None:
    closest = closest_sentences("how much memory does pruning save on ImageNet?", three_papers())
    assert closest["2601.00001"].text == "It cuts memory by 37% on ImageNet."


async def test_questions_that_would_be_refused_are_left_out(container: AppContainer) -> None:
    questions = ["who grows tomatoes on volcanoes?", "how are attention heads of transformers pruned?"]
    assert await answerable_questions(container, questions, 2) == (questions[1],)
    assert await answerable_questions(container, questions, 0) == ()
