"""A question that goes on from an earlier answer: made standalone, and answered from the papers of that one."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answering import Answer, AnswerEvent, Finished, NumberedSource, QuestionAnswerer, Turn
from assistant.errors import ModelError
from assistant.library import Filters, StoredPaper
from assistant.models import Message, answer_in, is_answer
from assistant.retrieval import Hit
from assistant.retrieval.query import ParsedQuery

if TYPE_CHECKING:
    from assistant.answering import Rewriting
    from assistant.retrieval.query import Earlier, FollowUp

_NOTHING_SAID = "…"


async def continued(
    answerer: QuestionAnswerer, question: str, rule_based: "FollowUp", base: Turn
) -> AsyncGenerator[AnswerEvent, None]:
    """Answer a question, as rules read it, from the papers of an earlier turn, with what was said since."""
    if base.packed is None:
        return
    if planned := await asyncio.to_thread(answerer.plan, rule_based.question, Filters()):
        async with aclosing(answerer.answer_plan(planned)) as events:
            async for event in events:
                yield event
        return
    messages = _without_thoughts((*base.packed.prompt, Message("assistant", base.text)))
    rewriting = await answerer.standalone(question, rule_based, _earlier(base), messages)
    async with aclosing(_answered(answerer, rewriting.follow_up, messages, base.packed.sources)) as events:
        async for event in events:
            yield Finished(_as_understood(event.answer, question, rewriting)) if isinstance(event, Finished) else event


async def _answered(
    answerer: QuestionAnswerer, further: "FollowUp", messages: Sequence[Message], sources: Sequence[NumberedSource]
) -> AsyncGenerator[AnswerEvent, None]:
    """Answer behind what was said; when that no longer fits the model's context, the papers alone are given."""
    began = False
    try:
        answering = answerer.follow_up(
            further.question,
            messages,
            sources,
            about=further.numbers,
            brings_in=further.brings_in,
            language=further.language,
        )
        async with aclosing(answering) as events:
            async for event in events:
                began = True
                yield event
    except ModelError as error:
        # A plain ModelError before the prompt is ready says that it does not fit; failing models raise its children.
        if began or type(error) is not ModelError:
            raise
    else:
        return
    async with aclosing(from_papers(answerer, further.question, [source.paper for source in sources])) as events:
        async for event in events:
            yield event


def _as_understood(answer: Answer, question: str, rewriting: "Rewriting") -> Answer:
    """The answer with what its question was read as, and the tokens that this took."""
    standalone, understood = rewriting.follow_up.question, answer.understood
    if standalone != question:
        understood = replace(understood or ParsedQuery(question, standalone, Filters()), standalone=standalone)
    return replace(answer, understood=understood, usage=answer.usage + rewriting.usage)


def _without_thoughts(messages: Sequence[Message]) -> tuple[Message, ...]:
    """What was said, without what the model thought: earlier versions kept that too, and models must not read it."""
    return tuple(
        message
        if message.role != "assistant" or is_answer(message.content)
        else Message("assistant", answer_in(message.content) or _NOTHING_SAID)
        for message in messages
    )


def read_further(question: str, base: Turn) -> "FollowUp":
    """A further question in the light of the turn that it goes on from, by rules."""
    from assistant.retrieval.query import follow_up

    return follow_up(question, _earlier(base))


def _earlier(base: Turn) -> "Earlier":
    from assistant.retrieval.query import Earlier

    sources, answer = base.packed.sources if base.packed else (), base.answer
    cited = dict.fromkeys(c.number for s in (answer.sentences if answer else ()) for c in s.citations)
    titles = tuple(source.paper.title for source in sources)
    abstracts = tuple(source.paper.abstract for source in sources)
    standalone = answer.understood.standalone if answer and answer.understood else ""
    return Earlier(standalone or base.question, base.text, titles, tuple(cited), abstracts)


async def from_papers(
    answerer: QuestionAnswerer, question: str, papers: Sequence[StoredPaper]
) -> AsyncGenerator[AnswerEvent, None]:
    """Answer from just these papers, from the tables where these tell what is asked."""
    planned = await asyncio.to_thread(answerer.plan, question, Filters(paper_ids=ids_of(papers)))
    hits = [Hit(paper, score=1.0) for paper in papers]
    async with aclosing(answerer.answer_plan(planned) if planned else answerer.answer_from(question, hits)) as events:
        async for event in events:
            yield event


def ids_of(papers: Sequence[StoredPaper]) -> tuple[str, ...]:
    """The ids of papers, in their order."""
    return tuple(paper.paper_id for paper in papers)
