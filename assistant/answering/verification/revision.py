"""What happens to sentences after they are written: judged by the model, mended, or withheld."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.answering.citation_stream import Draft
from assistant.answering.values import AnswerSentence, NumberedSource, SentenceRevised, Verdict
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.claims import CheckedClaim
from assistant.answering.verification.repair import SentenceRepairer
from assistant.answering.verification.review import ModelVerifier
from assistant.errors import ModelError
from assistant.models import Message


class CheckMode(StrEnum):
    """What becomes of sentences that fail: they are marked, mended, or not shown at all."""

    MARK = "mark"
    REPAIR = "repair"
    STRICT = "strict"


@dataclass(slots=True)
class DraftSlot:
    """One place of an answer: its first draft, how its claim stands, and its sentence now, None when withheld."""

    draft: Draft
    checked: CheckedClaim
    sentence: AnswerSentence | None


class AnswerDraft:
    """The sentences of one answer on their way from the draft to what is kept."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.places = [DraftSlot(draft, draft.checked, None if draft.withdrawn else draft.sentence) for draft in drafts]
        self.withheld: list[AnswerSentence] = []

    @property
    def sentences(self) -> tuple[AnswerSentence, ...]:
        """What stands now, in order."""
        return tuple(place.sentence for place in self.places if place.sentence is not None)

    @property
    def text(self) -> str:
        """What stands now as one text, with the white space that stood between the sentences."""
        return "".join(p.draft.separator + p.sentence.text for p in self.places if p.sentence is not None).lstrip()

    def repairable(self) -> list[int]:
        """The places whose sentences fail; one that may hold, as nothing could decide, stays."""
        places = [(number, self.places[number]) for number in self.failing()]
        return [
            number
            for number, place in places
            if not (place.checked.undecided and place.sentence and place.sentence.verdict is Verdict.PARTLY)
        ]

    def failing(self) -> list[int]:
        """The places whose sentences claim something and are not supported for sure."""
        return [
            number
            for number, place in enumerate(self.places)
            if place.sentence is not None and place.sentence.verdict is not None and not place.sentence.verdict.holds
        ]

    def put(self, number: int, sentence: AnswerSentence | None) -> SentenceRevised:
        """Put a sentence in a place; None withholds the one that stands there."""
        before = self.places[number].sentence
        if sentence is None and before is not None:
            self.withheld.append(before)
        self.places[number].sentence = sentence
        return SentenceRevised(number, sentence)


class AnswerReviser:
    """Revises drafts with the model that wrote them; one that fails leaves them as the cheap check has them.

    ``verifier`` is None where no judgement is wanted or to be had; ``repairer`` where none is to be written again.
    """

    def __init__(self, mode: CheckMode, verifier: ModelVerifier | None, repairer: SentenceRepairer | None) -> None:
        self._mode = mode
        self._verifier = verifier
        self._repairer = repairer

    async def revise(
        self,
        revision: AnswerDraft,
        sources: Sequence[NumberedSource],
        checker: SupportChecker,
        written_from: Sequence[Message],
        *,
        model_answers: bool = True,
    ) -> AsyncGenerator[SentenceRevised, None]:
        """Change the revision and tell each change; when the model does not answer any more, only what needs none.

        ``written_from`` is the prompt of the answer.
        """
        if model_answers and self._verifier is not None:
            async with aclosing(self._verified(revision, sources, self._verifier)) as changes:
                async for change in changes:
                    yield change
        match self._mode:
            case CheckMode.MARK:
                return
            case CheckMode.STRICT:
                for number in revision.failing():
                    yield revision.put(number, None)
            case CheckMode.REPAIR if model_answers and self._repairer is not None:
                said = (*written_from, Message("assistant", revision.text))
                async with aclosing(self._mended(revision, sources, checker, said, self._repairer)) as changes:
                    async for change in changes:
                        yield change
            case CheckMode.REPAIR:
                return

    async def _mended(
        self,
        revision: AnswerDraft,
        sources: Sequence[NumberedSource],
        checker: SupportChecker,
        said: Sequence[Message],
        repairer: SentenceRepairer,
    ) -> AsyncGenerator[SentenceRevised, None]:
        for number in revision.repairable():
            place = revision.places[number]
            standing = place.sentence
            if standing is None:
                continue
            others = [p.sentence for p in revision.places if p is not place and p.sentence is not None]
            mended = await repairer.mended(standing, place.checked, others, sources, checker, said)
            if mended != standing:
                yield revision.put(number, mended)

    async def _verified(
        self, revision: AnswerDraft, sources: Sequence[NumberedSource], verifier: ModelVerifier
    ) -> AsyncGenerator[SentenceRevised, None]:
        try:
            found = await verifier.verified([place.checked for place in revision.places], sources)
        except ModelError:
            return
        for number, claim in enumerate(found):
            place = revision.places[number]
            place.checked = claim
            if place.sentence is not None and claim.check != place.sentence.check:
                yield revision.put(number, _rejudged(place.sentence, claim))


def _rejudged(sentence: AnswerSentence, claim: CheckedClaim) -> AnswerSentence:
    """The sentence with the model's verdict; one that its sources do not bear out cites them no longer."""
    if claim.check is None or claim.check.verdict is not Verdict.UNSUPPORTED:
        return replace(sentence, check=claim.check)
    cited = tuple(citation.number for citation in sentence.citations)
    refuted = tuple(dict.fromkeys((*sentence.refuted, *cited)))
    return replace(sentence, text=claim.claim, citations=(), refuted=refuted, check=claim.check)
