"""After the writing: judged, mended, quoted or withheld, and the best of several samples."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import pytest

from assistant.answering.generation import AnswerContext, WritingEvent, write_answer
from assistant.answering.prompts import load_prompt
from assistant.answering.values import (
    Answer,
    AnswerSentence,
    Check,
    CheckedClaim,
    Citation,
    CitationOrigin,
    DecisionStage,
    Delta,
    Finished,
    Repair,
    SentenceFinished,
    SentenceRevised,
    Verdict,
)
from assistant.answering.verdict_text import unanswered_notes
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.review import ModelVerifier
from assistant.answering.verification.revision import AnswerReviser, CheckMode, SentenceRepairer
from assistant.errors import ModelUnavailable
from assistant.models.chat_model import ChatModel, GenerationRequest, Message, ModelKind, Quote
from assistant.sentences import Sentence, split_sentences
from tests.support.fake_models import ScriptedJudge, ScriptedModel
from tests.support.paper_factory import BAR, FOO, sources

ASK = (Message("user", "How much memory does FooNet save?"),)
TRUE = "FooNet cuts memory by 37% on ImageNet."
FALSE = "FooNet was trained on nine planets."
SOURCES = sources()
OTHER = "FooNet learns which heads to keep."
CHEESE = "The moon is made of cheese."
HEADS, QUOTED, _ = split_sentences(FOO)


class TellsBy(SupportChecker):
    """A checker that knows which claims hold, so that what follows from a verdict is tested and not the verdict."""

    def __init__(self, verdicts: dict[str, Verdict], closest: Sentence | None = QUOTED) -> None:
        super().__init__(SOURCES)
        self.cites_unsupported = False
        self._verdicts = verdicts
        self._closest = closest

    def check(self, claim: str, marked: tuple[int, ...] = (), about: tuple[int, ...] = ()) -> CheckedClaim:
        verdict = self._verdicts.get(claim, Verdict.UNSUPPORTED)
        check = Check(verdict, "" if verdict is Verdict.SUPPORTED else "no matching sentence", DecisionStage.WORDS, 0.5)
        if verdict is Verdict.UNSUPPORTED and not self.cites_unsupported:
            return CheckedClaim(claim, (), check)
        return CheckedClaim(claim, (Citation(1, QUOTED, CitationOrigin.ATTRIBUTED),), check)

    def closest_sentence(self, claim: str, named: Collection[int] = ()) -> tuple[int, Sentence] | None:
        return (1, self._closest) if self._closest else None


def writes(answer: str, again: str = "") -> Callable[[GenerationRequest], str]:
    """First the answer, then for every repair the other text."""
    return lambda request: again if "in place of the first one" in request.messages[-1].content else answer


async def events_of(
    model: ChatModel, checker: SupportChecker, mode: CheckMode | None, samples: int = 1
) -> list[WritingEvent]:
    reviser = AnswerReviser(mode, None, SentenceRepairer(model, None, load_prompt)) if mode else None
    writing = write_answer(
        model, GenerationRequest(ASK), AnswerContext("?", SOURCES), checker, reviser, samples=samples
    )
    return [event async for event in writing]


def answer_in(events: Sequence[WritingEvent]) -> Answer:
    last = events[-1]
    assert isinstance(last, Finished)
    return last.answer


async def test_marking_changes_nothing_and_keeps_every_verdict() -> None:
    events = await events_of(
        ScriptedModel(writes(f"{TRUE} {FALSE}")), TellsBy({TRUE: Verdict.SUPPORTED}), CheckMode.MARK
    )

    answer = answer_in(events)
    assert [sentence.verdict for sentence in answer.sentences] == [Verdict.SUPPORTED, Verdict.UNSUPPORTED]
    assert not [event for event in events if isinstance(event, SentenceRevised)]
    assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.text


async def test_verdicts_come_with_their_sentences_while_the_answer_is_written() -> None:
    events = await events_of(ScriptedModel(writes(f"{TRUE} {FALSE}")), TellsBy({TRUE: Verdict.SUPPORTED}), None)

    finished = [event.sentence.verdict for event in events if isinstance(event, SentenceFinished)]
    assert finished == [Verdict.SUPPORTED, Verdict.UNSUPPORTED]
    first = next(place for place, event in enumerate(events) if isinstance(event, SentenceFinished))
    assert any(isinstance(event, Delta) for event in events[first:])


async def test_a_failing_sentence_is_written_again_from_its_evidence() -> None:
    better = "FooNet prunes heads and cuts memory by 37%."
    model = ScriptedModel(writes(f"{TRUE} {FALSE}", f"{better} And more."))
    events = await events_of(model, TellsBy({TRUE: Verdict.SUPPORTED, better: Verdict.SUPPORTED}), CheckMode.REPAIR)

    rewritten = answer_in(events).sentences[1]
    assert rewritten.text == "FooNet prunes heads and cuts memory by 37% [1]."
    assert (rewritten.mending, rewritten.original, rewritten.verdict) == (Repair.REWRITTEN, FALSE, Verdict.SUPPORTED)
    assert [event.place for event in events if isinstance(event, SentenceRevised)] == [1]
    assert answer_in(events).text == f"{TRUE[:-1]} [1]. {rewritten.text}"
    assert QUOTED.text in model.requests[-1].messages[-1].content


async def test_a_local_model_mends_behind_its_own_answer_and_a_hosted_one_afresh() -> None:
    for kind, messages in ((ModelKind.LOCAL, 3), (ModelKind.HOSTED, 1)):
        model = ScriptedModel(writes(FALSE, FALSE), kind=kind)
        await events_of(model, TellsBy({}), CheckMode.REPAIR)

        assert len(model.requests[-1].messages) == messages
    assert model.requests[0].messages == ASK


async def test_evidence_is_quoted_when_the_rewritten_sentence_fails_too() -> None:
    events = await events_of(ScriptedModel(writes(f"{CHEESE} {FALSE}", FALSE)), TellsBy({}), CheckMode.REPAIR)

    first, second = answer_in(events).sentences[0], answer_in(events).sentences[1:]
    assert first.text == f"“{HEADS.text} {QUOTED.text}” [1]", "with the sentence that says what “it” is"
    assert (first.mending, first.original, first.verdict) == (Repair.QUOTED, CHEESE, Verdict.QUOTED)
    assert first.citations[0].spans == (QUOTED, HEADS)
    assert second == (), "the same quote does not stand twice"
    assert [sentence.text for sentence in answer_in(events).withheld] == [FALSE]


async def test_a_partly_supported_sentence_stays_when_it_cannot_be_written_better() -> None:
    events = await events_of(ScriptedModel(writes(TRUE, FALSE)), TellsBy({TRUE: Verdict.PARTLY}), CheckMode.REPAIR)

    assert [sentence.verdict for sentence in answer_in(events).sentences] == [Verdict.PARTLY]


async def test_without_any_evidence_the_sentence_stays_marked() -> None:
    events = await events_of(ScriptedModel(writes(FALSE)), TellsBy({}, closest=None), CheckMode.REPAIR)

    assert answer_in(events).sentences[0].verdict is Verdict.UNSUPPORTED


async def test_strict_shows_supported_sentences_alone_and_keeps_the_others() -> None:
    events = await events_of(
        ScriptedModel(writes(f"{FALSE} {TRUE}")), TellsBy({TRUE: Verdict.SUPPORTED}), CheckMode.STRICT
    )

    answer = answer_in(events)
    assert answer.text == "FooNet cuts memory by 37% on ImageNet [1]."
    assert [sentence.text for sentence in answer.withheld] == [FALSE]


async def test_a_model_that_fails_while_it_mends_leaves_quotes() -> None:
    def write(request: GenerationRequest) -> str:
        if "in place of the first one" in request.messages[-1].content:
            raise ModelUnavailable("gone", "try again")
        return FALSE

    events = await events_of(ScriptedModel(write), TellsBy({}), CheckMode.REPAIR)

    assert answer_in(events).sentences[0].mending is Repair.QUOTED


async def test_a_model_that_broke_off_is_not_asked_again() -> None:
    model = ScriptedModel(writes(FALSE), truncated=True)
    await events_of(model, TellsBy({}), CheckMode.REPAIR)

    assert len(model.requests) == 1


async def test_of_several_samples_the_best_supported_one_is_shown() -> None:
    drafts = iter([FALSE, f"{TRUE} {FALSE}", TRUE, FALSE])
    model = ScriptedModel(lambda _: next(drafts))

    class Sure(TellsBy):
        def check(self, claim: str, marked: tuple[int, ...] = (), about: tuple[int, ...] = ()) -> CheckedClaim:
            checked = super().check(claim, marked, about)
            assert checked.check is not None
            sure = 1.0 if checked.check.verdict is Verdict.SUPPORTED else 0.0
            return replace(checked, check=replace(checked.check, probability=sure))

    events = await events_of(model, Sure({TRUE: Verdict.SUPPORTED}), None, samples=4)

    answer = answer_in(events)
    assert answer.text == "FooNet cuts memory by 37% on ImageNet [1]."
    assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.text
    assert answer.usage.output_tokens == 20, "what all samples cost"
    assert [request.seed for request in model.requests] == [0, 1, 2, 3]
    assert [request.temperature for request in model.requests] == [0.0, 0.7, 0.7, 0.7]


async def test_a_partial_answer_ends_with_what_the_papers_do_not_say() -> None:
    writing = write_answer(
        ScriptedModel(writes(TRUE)),
        GenerationRequest(ASK),
        AnswerContext("?", SOURCES, missing=("which licence",)),
        TellsBy({TRUE: Verdict.SUPPORTED}),
    )
    events = [event async for event in writing]

    answer = answer_in(events)
    assert answer.text.endswith("\n\nNot in the abstract (the paper itself may say it): which licence.")
    assert answer.sentences[-1].check is None
    assert answer.missing == ("which licence",)
    assert unanswered_notes(answer) == [], "it is told once"
    assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.text


@pytest.mark.parametrize("mode", list(CheckMode))
async def test_sentences_that_claim_nothing_are_left_alone(mode: CheckMode) -> None:
    class NoClaims(TellsBy):
        def check(self, claim: str, marked: tuple[int, ...] = (), about: tuple[int, ...] = ()) -> CheckedClaim:
            return CheckedClaim(claim)

    events = await events_of(ScriptedModel(writes("Several papers look into this:")), NoClaims({}), mode)

    assert answer_in(events).sentences == (AnswerSentence("Several papers look into this:"),)


async def test_a_sentence_that_the_model_does_not_believe_cites_nothing_any_more() -> None:
    class Undecided(TellsBy):
        def check(self, claim: str, marked: tuple[int, ...] = (), about: tuple[int, ...] = ()) -> CheckedClaim:
            return replace(super().check(claim, marked, about), undecided=True)

    model = ScriptedJudge(
        writes(f"{TRUE} {FALSE}"),
        lambda judgement: 0.99 if TRUE in judgement.messages[-1].content else 0.01,
        kind=ModelKind.HOSTED,
    )
    checker = Undecided({TRUE: Verdict.SUPPORTED, FALSE: Verdict.SUPPORTED})
    reviser = AnswerReviser(CheckMode.MARK, ModelVerifier(model, model, load_prompt), None)
    writing = write_answer(model, GenerationRequest(ASK), AnswerContext("?", SOURCES), checker, reviser)
    events = [event async for event in writing]

    believed, doubted = answer_in(events).sentences
    assert believed.verdict is Verdict.SUPPORTED
    assert believed.citations
    assert (doubted.verdict, doubted.text, doubted.citations, doubted.refuted) == (Verdict.UNSUPPORTED, FALSE, (), (1,))
    assert all(check.rung is DecisionStage.MODEL for check in (believed.check, doubted.check) if check)
    assert len(model.judgements) == 2


async def test_the_yes_of_a_local_model_leaves_a_claim_undecided_and_its_no_is_repaired() -> None:
    class Unsure(TellsBy):
        def check(self, claim: str, marked: tuple[int, ...] = (), about: tuple[int, ...] = ()) -> CheckedClaim:
            checked = super().check(claim, marked, about)
            return replace(checked, undecided=True) if claim in {TRUE, OTHER} else checked

    better = "FooNet prunes heads while it trains."
    model = ScriptedJudge(
        writes(f"{TRUE} {OTHER}", better), lambda judgement: 0.99 if TRUE in judgement.messages[-1].content else 0.01
    )
    checker = Unsure({TRUE: Verdict.PARTLY, OTHER: Verdict.UNSUPPORTED, better: Verdict.SUPPORTED})
    checker.cites_unsupported = True
    verifier = ModelVerifier(model, model, load_prompt)
    reviser = AnswerReviser(CheckMode.REPAIR, verifier, SentenceRepairer(model, verifier, load_prompt))
    writing = write_answer(model, GenerationRequest(ASK), AnswerContext("?", SOURCES), checker, reviser)
    believed, doubted = answer_in([event async for event in writing]).sentences

    assert (believed.verdict, believed.mending) == (Verdict.PARTLY, None)
    assert believed.citations
    assert (doubted.verdict, doubted.mending) == (Verdict.SUPPORTED, Repair.REWRITTEN)


@pytest.mark.parametrize(
    "again",
    [
        "The source says that FooNet cuts memory by 37%.",
        "According to the paper, FooNet saves memory.",
        "It cuts memory by 37%.",
        "A method cuts memory by 37% on ImageNet.",
    ],
)
async def test_what_speaks_of_the_source_or_loses_the_subject_is_no_repair(again: str) -> None:
    events = await events_of(ScriptedModel(writes(FALSE, again)), TellsBy({again: Verdict.SUPPORTED}), CheckMode.REPAIR)

    assert answer_in(events).sentences[0].mending is Repair.QUOTED


async def test_a_repair_that_says_what_another_sentence_says_is_left_out() -> None:
    again = "On ImageNet, FooNet cuts the memory by 37%."
    model = ScriptedModel(writes(f"{TRUE} {FALSE}", again))
    events = await events_of(model, TellsBy({TRUE: Verdict.SUPPORTED, again: Verdict.SUPPORTED}), CheckMode.REPAIR)

    assert answer_in(events).text == "FooNet cuts memory by 37% on ImageNet [1]."


async def test_a_repair_takes_its_evidence_from_the_paper_that_the_sentence_names() -> None:
    wrong = "BarBench cuts memory by 37% on ImageNet."
    model = ScriptedModel(writes(wrong, "BarBench is wrong again."))
    reviser = AnswerReviser(CheckMode.REPAIR, None, SentenceRepairer(model, None, load_prompt))
    writing = write_answer(model, GenerationRequest(ASK), AnswerContext("?", SOURCES), SupportChecker(SOURCES), reviser)
    (sentence,) = answer_in([event async for event in writing]).sentences

    assert [citation.number for citation in sentence.citations] == [2]
    assert "BarBench" in sentence.text


async def test_a_model_that_writes_nothing_leaves_the_best_evidence_quoted() -> None:
    request = GenerationRequest(
        ASK, quotes=(Quote(1, f"{HEADS.text} {QUOTED.text}"), Quote(2, split_sentences(BAR)[0].text))
    )
    writing = write_answer(ScriptedModel(writes("")), request, AnswerContext("?", SOURCES), SupportChecker(SOURCES))
    answer = answer_in([event async for event in writing])

    assert answer.text == f"“{HEADS.text} {QUOTED.text}” [1] “BarBench tests agents on kitchen robots.” [2]"
    assert [sentence.mending for sentence in answer.sentences] == [Repair.QUOTED, Repair.QUOTED]
    assert [sentence.verdict for sentence in answer.sentences] == [Verdict.QUOTED, Verdict.QUOTED]


async def test_samples_that_were_written_before_the_model_failed_are_not_lost() -> None:
    drafts = iter([TRUE])

    def write(_: GenerationRequest) -> str:
        for draft in drafts:
            return draft
        raise ModelUnavailable("gone", "try again")

    events = await events_of(ScriptedModel(write), TellsBy({TRUE: Verdict.SUPPORTED}), None, samples=3)

    assert answer_in(events).text == "FooNet cuts memory by 37% on ImageNet [1]."
    with pytest.raises(ModelUnavailable):
        await events_of(ScriptedModel(write), TellsBy({}), None, samples=3)
