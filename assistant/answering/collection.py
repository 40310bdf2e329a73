"""Answers to questions about the collection: from the tables, at once, in the words of the question's language."""

from collections.abc import AsyncGenerator

from assistant.answering.collection_text import collection_text
from assistant.answering.values import Answer, AnswerEvent, Delta, Finished, Packed, Retrieved, Source, Writer
from assistant.models.chat_model import Message, ModelKind
from assistant.retrieval.query.parser import Understood
from assistant.retrieval.query_plan.execution import CollectionResult
from assistant.retrieval.search import Hit

TABLES = Writer("library tables", ModelKind.EXTRACTIVE)
"""Who writes such answers: nobody."""


async def answer_from_tables(understood: Understood, result: CollectionResult) -> AsyncGenerator[AnswerEvent, None]:
    """`Retrieved`, `Packed` where papers are listed, which further questions go on from, the text, and `Finished`."""
    papers = [row.paper for row in result.rows]
    sources = tuple(Source(number, paper, ()) for number, paper in enumerate(papers, start=1))
    yield Retrieved(tuple(Hit(paper, score=1.0) for paper in papers), understood)
    if sources:
        yield Packed(sources, (), (Message("user", understood.question),), 0, TABLES)
    text = collection_text(result)
    yield Delta(text)
    yield Finished(
        Answer(
            question=understood.question, sentences=(), text=text, sources=sources, writer=TABLES,
            understood=understood, collection=result,
        )
    )  # fmt: skip
