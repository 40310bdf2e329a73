"""What surrounds an answer: the sentences of its sources that are closest to the question, questions to begin with."""

import asyncio
from collections.abc import Sequence

from assistant.library import StoredPaper
from assistant.models import ExtractiveModel
from assistant.retrieval import EvidenceRanker
from assistant.sentences import Sentence
from assistant.services.container import AppContainer


def closest_sentences(question: str, papers: Sequence[StoredPaper]) -> dict[str, Sentence]:
    """The sentence of each abstract that is closest to the question by its words, by id. Blocks."""
    best = EvidenceRanker().best_sentences(question, [paper.paper for paper in papers])
    return {paper_id: evidence.sentence for paper_id, evidence in best.items()}


async def answerable_questions(container: AppContainer, questions: Sequence[str], limit: int) -> tuple[str, ...]:
    """The first ``limit`` of these questions that get an answer, found without a model that writes."""
    answerer = await asyncio.to_thread(container.answerer, ExtractiveModel())
    answerable: list[str] = []
    for question in questions:
        if len(answerable) < limit and await answerer.would_answer(question):
            answerable.append(question)
    return tuple(answerable)
