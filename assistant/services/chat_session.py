"""One open conversation: questions are answered, kept while the answer is written, and continued."""

import asyncio
import re
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from time import monotonic

from assistant.answering import (
    Answer,
    AnswerEvent,
    AnswerSentence,
    ContextSource,
    Conversation,
    Delta,
    Finished,
    NumberedSource,
    Packed,
    QuestionAnswerer,
    Retrieved,
    SentenceFinished,
    SentenceRevised,
    TalkEvent,
    Turn,
    TurnEnded,
    TurnKind,
    TurnStarted,
    TurnState,
    with_names,
    with_sentences,
)
from assistant.arxiv_ids import IdMention, id_mentions
from assistant.concurrency import in_thread
from assistant.errors import AssistantError, NothingFound
from assistant.library import Filters, Library, StoredPaper
from assistant.retrieval.query import FilterKind
from assistant.services.conversations import begin_turn, keep_turn, load_conversation, new_turn, restart_turn
from assistant.services.follow_ups import continued, from_papers, ids_of, read_further

_SAVE_SECONDS = 2.0
_TITLES_NAMED = 3
_NOTHING_SAID = "…"
_UNEXPECTED = "The answer ended with an unexpected error."


@dataclass(frozen=True, slots=True)
class _PendingTurn:
    """A turn to be written: a new one, or ``again`` an earlier one."""

    kind: TurnKind
    basis: ContextSource
    question: str
    chosen: tuple[str, ...] = ()
    again: Turn | None = None


@dataclass(slots=True)
class _Draft:
    """What has come of a turn so far."""

    turn: Turn | None = None
    pieces: list[str] = field(default_factory=list)
    sentences: list[AnswerSentence] = field(default_factory=list)
    revised: dict[int, AnswerSentence | None] = field(default_factory=dict)
    packed: Packed | None = None
    finished: Answer | None = None
    began: float = field(default_factory=monotonic)
    saved: float = field(default_factory=monotonic)

    def take(self, event: AnswerEvent) -> None:
        match event:
            case Packed():
                self.packed = event
            case Delta(text):
                self.pieces.append(text)
            case SentenceFinished(sentence):
                self.sentences.append(sentence)
            case SentenceRevised(place, revised):
                self.revised[place] = revised
            case Finished(answer):
                self.finished = answer
            case Retrieved():
                pass

    def as_turn(self, turn: Turn, state: TurnState, incomplete: str, failure: str | None = None) -> Turn:
        """The turn with what came; ``incomplete`` is what its answer says unless it was finished."""
        text = self.finished.text if self.finished else self._shown_text()
        return replace(
            turn,
            state=state,
            text=text,
            answer=self.finished or self._partial_answer(turn.question, text, incomplete),
            packed=self.packed,
            failure=failure,
            seconds=monotonic() - self.began,
        )

    def _shown_text(self) -> str:
        """The text as it stands: every revised sentence in its new words, one that was taken out left out."""
        written = "".join(self.pieces)
        return with_sentences(written, self.sentences, self._shown_sentence).strip() if self.revised else written

    def _shown_sentence(self, place: int, own: AnswerSentence) -> str:
        sentence = self.revised.get(place, own)
        return sentence.text if sentence else ""

    def _partial_answer(self, question: str, text: str, incomplete: str) -> Answer | None:
        if self.packed is None or not text:
            return None
        return Answer(
            question=question,
            sentences=tuple(s for place, own in enumerate(self.sentences) if (s := self.revised.get(place, own))),
            text=text,
            sources=self.packed.sources,
            writer=self.packed.writer,
            left_out=self.packed.left_out,
            incomplete=incomplete,
        )


class ChatSession:
    """An open conversation; it is written to by one question at a time.

    Every method that asks yields `TurnStarted`, the events of the answer and `TurnEnded`. Closing the generator
    stops the model; what came is kept as a STOPPED turn, which is then the last of `turns`. A `ModelError` or
    `NothingFound` is raised when the turn is kept as FAILED. While an answer is written it is saved every two
    seconds, so that a crash loses no more. Without an id the first question begins a new conversation; opening a
    kept one reads the disk. Raises `NothingFound` for an id that is not there.
    """

    def __init__(self, library: Library, conversation_id: int | None = None) -> None:
        self._library = library
        self._forgotten = 0
        self.conversation: Conversation | None = None
        if conversation_id is not None:
            self.conversation = load_conversation(library, conversation_id)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns so far, oldest first; the last one may still be WRITING."""
        return self.conversation.turns if self.conversation else ()

    @property
    def kept(self) -> tuple[NumberedSource, ...]:
        """The papers that the next question is answered from; none when it searches."""
        base = _last_answered(self.turns[self._forgotten :])
        return base.packed.sources if base and base.packed else ()

    def forget_papers(self) -> None:
        """Let the next question search."""
        self._forgotten = len(self.turns)

    def ask(self, answerer: QuestionAnswerer, question: str, filters: Filters) -> AsyncGenerator[TalkEvent, None]:
        """Answer from the kept papers when the question goes on about them, else from the library under the filters.

        Papers that the reader chose stay until they are forgotten. A paper that the question names by id joins the
        kept ones when it leans on them ("compare it with 2408.99005"), and else answers alone.
        """
        recent = self.turns[self._forgotten :]
        base = _last_answered(recent)
        if base is None or answerer.plan(question, filters):
            return self.ask_afresh(answerer, question, filters)
        if mentions := id_mentions(question):
            return self._ask_by_id(answerer, question, mentions, filters, base)
        further = read_further(question, base)
        if further.stands_alone and not further.same_subject and not _rest_on_choice(recent):
            return self.ask_afresh(answerer, question, filters)
        pending = _PendingTurn(TurnKind.ASK, ContextSource.KEPT, question)
        return self._write(pending, continued(answerer, question, further, base))

    def _ask_by_id(
        self, answerer: QuestionAnswerer, question: str, mentions: Sequence[IdMention], filters: Filters, base: Turn
    ) -> AsyncGenerator[TalkEvent, None]:
        ids = tuple(dict.fromkeys(mention.paper_id for mention in mentions))
        named = self._library.get(ids)
        further = read_further(with_names(question, named), base)
        if len(named) < len(ids) or further.stands_alone or _stand_apart(question, mentions):
            return self.ask_afresh(answerer, question, filters)
        kept_papers = [s.paper for s in self.kept if not further.numbers or s.number in further.numbers]
        papers = list({paper.paper_id: paper for paper in (*kept_papers, *named)}.values())
        pending = _PendingTurn(TurnKind.ASK, ContextSource.CHOSEN, question, ids_of(papers))
        return self._write(pending, from_papers(answerer, further.question, papers))

    def ask_afresh(
        self, answerer: QuestionAnswerer, question: str, filters: Filters, *, ignored: Collection[FilterKind] = ()
    ) -> AsyncGenerator[TalkEvent, None]:
        """Search the library under the filters, whatever was kept; ``ignored`` kinds are not read out of it."""
        pending = _PendingTurn(TurnKind.ASK, ContextSource.SEARCH, question)
        return self._write(pending, answerer.ask(question, filters, ignored=ignored))

    def ask_about(
        self, answerer: QuestionAnswerer, question: str, papers: Sequence[StoredPaper]
    ) -> AsyncGenerator[TalkEvent, None]:
        """Answer from just these papers."""
        pending = _PendingTurn(TurnKind.ASK, ContextSource.CHOSEN, question, ids_of(papers))
        return self._write(pending, from_papers(answerer, question, papers))

    def summarize(self, answerer: QuestionAnswerer, papers: Sequence[StoredPaper]) -> AsyncGenerator[TalkEvent, None]:
        """Summarize these papers together."""
        pending = _PendingTurn(TurnKind.SUMMARIZE, ContextSource.CHOSEN, _summary_question(papers), ids_of(papers))
        return self._write(pending, answerer.summarize(papers))

    def again(
        self, answerer: QuestionAnswerer, filters: Filters, *, ignored: Collection[FilterKind] = ()
    ) -> AsyncGenerator[TalkEvent, None]:
        """Write the last turn once more, from the same papers when it did not search; its old text goes.

        When it did search, ``ignored`` kinds of filters are not read out of the question.
        Raises `NothingFound` when there is no turn, or its papers are gone from the library and were never given.
        """
        if not self.turns:
            raise NothingFound("There is no answer to write again.", "Ask a question.")
        *earlier, last = self.turns
        pending = _PendingTurn(last.kind, last.basis, last.question, last.chosen, again=last)
        base = _last_answered(earlier)
        if last.basis is ContextSource.CHOSEN:
            packed_sources = last.packed.sources if last.packed else ()
            papers = self._library.get(last.chosen) or [source.paper for source in packed_sources]
            if not papers:
                raise NothingFound("The papers of this answer are not in the library any more.", "Choose others.")
            if last.kind is TurnKind.SUMMARIZE:
                return self._write(pending, answerer.summarize(papers))
            return self._write(pending, from_papers(answerer, last.question, papers))
        if last.basis is ContextSource.KEPT and base is not None:
            return self._write(pending, continued(answerer, last.question, read_further(last.question, base), base))
        return self._write(pending, answerer.ask(last.question, filters, ignored=ignored))

    async def _write(
        self, pending: _PendingTurn, answer: AsyncGenerator[AnswerEvent, None]
    ) -> AsyncGenerator[TalkEvent, None]:
        draft = _Draft()
        state, incomplete, failure = TurnState.FAILED, _UNEXPECTED, _UNEXPECTED
        try:
            async with aclosing(answer):
                turn = await in_thread(lambda: self._begin(pending, draft))
                yield TurnStarted(turn.turn_id, turn.question)
                async for event in answer:
                    draft.take(event)
                    yield event
                    if isinstance(event, Packed) or monotonic() - draft.saved >= _SAVE_SECONDS:
                        await self._save_draft(draft, turn)
        except (GeneratorExit, asyncio.CancelledError):
            state, incomplete, failure = TurnState.STOPPED, "stopped", ""
            raise
        except AssistantError as error:
            incomplete, failure = error.message, "\n".join(filter(None, (error.message, error.remedy)))
            raise
        finally:
            if draft.finished is not None:
                state, failure = TurnState.DONE, ""
            if draft.turn is not None:
                await self._end(draft.as_turn(draft.turn, state, incomplete, failure or None))
        yield TurnEnded(self.turns[-1])

    def _begin(self, pending: _PendingTurn, draft: _Draft) -> Turn:
        """Keep the question. Runs in a thread; the draft has the turn also when the caller was cancelled."""
        if pending.again is not None:
            turn = restart_turn(self._library, pending.again)
            self._put(turn)
        else:
            question = new_turn(pending.kind, pending.basis, pending.question, pending.chosen)
            self.conversation = begin_turn(self._library, self.conversation, question)
            turn = self.conversation.turns[-1]
        draft.turn = turn
        return turn

    async def _save_draft(self, draft: _Draft, turn: Turn) -> None:
        draft.saved = monotonic()
        partial = draft.as_turn(turn, TurnState.WRITING, "interrupted")
        await in_thread(lambda: keep_turn(self._library, partial))

    async def _end(self, turn: Turn) -> None:
        self._put(turn)
        await in_thread(lambda: keep_turn(self._library, turn))

    def _put(self, turn: Turn) -> None:
        """The turn in the place of its earlier state, or at the end."""
        if self.conversation is None:
            return
        others = tuple(other for other in self.conversation.turns if other.turn_id != turn.turn_id)
        self.conversation = replace(self.conversation, turns=(*others, turn))


def _stand_apart(question: str, mentions: Sequence[IdMention]) -> bool:
    """Whether the ids stand before or behind the question and so say what "it" is: "2408.99005: how large is it?"."""
    before, behind = question[: mentions[0].start], question[mentions[-1].end :]
    return not re.search(r"\w", before) or (not re.search(r"\w", behind) and bool(re.search(r"[.?!:;]\W*$", before)))


def _last_answered(turns: Sequence[Turn]) -> Turn | None:
    return next((turn for turn in reversed(turns) if turn.answered), None)


def _rest_on_choice(turns: Sequence[Turn]) -> bool:
    """Whether the kept papers were chosen by the reader, and not found."""
    latest = next((turn for turn in reversed(turns) if turn.basis is not ContextSource.KEPT), None)
    return latest is not None and latest.basis is ContextSource.CHOSEN


def _summary_question(papers: Sequence[StoredPaper]) -> str:
    titles = "; ".join(paper.title for paper in papers[:_TITLES_NAMED])
    more = len(papers) - _TITLES_NAMED
    return f"Summarize {titles}" + (f" and {more} more" if more > 0 else "")
