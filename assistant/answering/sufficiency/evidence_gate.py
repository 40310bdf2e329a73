"""The second gate: whether the sources state what was asked, told from their text and, if need be, by a model.

A question may name a paper and ask a detail that its abstract does not give: retrieval is content and the evidence is
not. The cheap rung looks for the words, the names and the kind of thing (a figure) that the asking clause wants; the
model is asked where that leaves it open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answering.answer import Gate, Source
from assistant.answering.markers import neutralized
from assistant.answering.prompts import Prompt
from assistant.answering.sufficiency.calibration import (
    BY_EVIDENCE_ALONE,
    BY_EVIDENCE_AND_VECTORS,
    BY_EVIDENCE_AND_WORDS,
    BY_JUDGEMENT,
    OPEN_TO_JUDGEMENT,
    PART_TOLD,
    REFUSED_BY_EVIDENCE,
    REFUSED_BY_EVIDENCE_ALONE,
    REFUSED_BY_JUDGEMENT,
    SUBJECT_REFUSED,
    Logistic,
    logit,
)
from assistant.answering.sufficiency.evidence_signs import evidence_signs, nearest_source
from assistant.answering.sufficiency.values import Sufficiency
from assistant.answering.sufficiency.wording import (
    absent_phrases,
    asks_for_papers,
    asks_nothing,
    asks_what_it_is,
    listed,
    names_in,
    parts_of,
    wording,
)
from assistant.models.base import Judge, Judgement
from assistant.retrieval.evidence import rank_evidence
from assistant.retrieval.lexical_overlap import WordWeights

_MOST_PHRASES = 3
_JUDGED_SENTENCES = 3


async def evidence_suffices(
    question: str,
    sources: Sequence[Source],
    first: Sufficiency,
    judge: Judge | None,
    *,
    weights: WordWeights | None = None,
    prompt: Prompt | None = None,
) -> Sufficiency:
    """Whether the sources answer the question, all of it or in part.

    ``first`` is what the first gate says; without its signs (chosen papers, a follow-up) the evidence alone decides,
    and refuses less. ``weights`` as for `before_writing`. ``prompt`` is the template of the judgement; without
    it no judge is asked, and a judge that leaves a part open changes nothing. A question for papers on a subject has
    its answer in having found them, and one that asks what a named thing is in the paper that names it.
    Raises `ModelError`.
    """
    if not sources:
        return Sufficiency(False, 0.0, Gate.EVIDENCE, "There is no source.")
    weights = weights or _weights(sources)
    by_kind = _by_kind(question, sources, first, weights)
    if by_kind is not None:
        return by_kind
    parts = parts_of(question)
    model, threshold = _model(first.signs)
    signs = [{**first.signs, **evidence_signs(question, sources, weights, part)} for part in parts]
    chances = [model.probability(sign) for sign in signs]
    whole = model.probability(_mean(signs))
    if judge is not None and prompt is not None and OPEN_TO_JUDGEMENT[0] <= whole < OPEN_TO_JUDGEMENT[1]:
        judgements = [_judgement(question, part, sources, weights, prompt) for part in parts]
        answers = await judge.judge(judgements)
        judged = [_judged(chance, answer[0]) for chance, answer in zip(chances, answers, strict=True) if answer]
        if len(judged) == len(chances):  # the threshold of judgements is for these alone
            chances, whole, threshold = judged, max(judged), REFUSED_BY_JUDGEMENT
    missing = tuple(part for part, chance in zip(parts, chances, strict=True) if chance < threshold)
    if whole >= threshold:
        return Sufficiency(True, whole, Gate.EVIDENCE, missing=missing if len(missing) < len(parts) else ())
    if max(chances) >= PART_TOLD and len(missing) < len(parts):
        return Sufficiency(True, max(chances), Gate.EVIDENCE, missing=missing)
    return replace(_refused(question, whole, sources), missing=parts)


def _by_kind(question: str, sources: Sequence[Source], first: Sufficiency, weights: WordWeights) -> Sufficiency | None:
    """What the kind of question decides alone; None when the evidence has to be weighed."""
    found = replace(first, gate=Gate.EVIDENCE, uncertain=False)
    if asks_for_papers(question):
        return found
    if first.signs and asks_nothing(question):
        return found if first.probability >= SUBJECT_REFUSED else _refused(question, first.probability, sources)
    if asks_what_it_is(question) and _is_named(question, nearest_source(question, sources, weights)):
        return found
    return None


def _model(signs: Mapping[str, float]) -> tuple[Logistic, float]:
    if not signs:
        return BY_EVIDENCE_ALONE, REFUSED_BY_EVIDENCE_ALONE
    return (BY_EVIDENCE_AND_VECTORS if signs["likeness"] else BY_EVIDENCE_AND_WORDS), REFUSED_BY_EVIDENCE


def _mean(signs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: sum(sign[name] for sign in signs) / len(signs) for name in signs[0]}


def _judged(chance: float, yes: float) -> float:
    return BY_JUDGEMENT.probability({"evidence": logit(chance), "judged": logit(yes)})


def _judgement(question: str, part: str, sources: Sequence[Source], weights: WordWeights, prompt: Prompt) -> Judgement:
    """The nearest paper's best sentences are enough to judge by, and a quarter of what all sources cost to read."""
    paper = nearest_source(question, sources, weights).paper.paper
    best = sorted(
        (one.sentence for one in rank_evidence(question, [paper])[:_JUDGED_SENTENCES]), key=lambda one: one.start
    )
    text = " … ".join(sentence.text for sentence in best)
    messages = prompt.render(title=neutralized(paper.title), text=neutralized(text), question=neutralized(part))
    return Judgement(messages, ("yes", "no"))


def _refused(question: str, probability: float, sources: Sequence[Source]) -> Sufficiency:
    paper = nearest_source(question, sources, _weights(sources)).paper.paper
    absent = absent_phrases(question, paper.text)[:_MOST_PHRASES]
    what = f"does not mention {listed(absent)} in its abstract" if absent else "does not state this in its abstract"
    return Sufficiency(False, probability, Gate.EVIDENCE, f"The closest paper, “{paper.title}”, {what}.", (question,))


def _is_named(question: str, source: Source) -> bool:
    paper = wording(source.paper.paper.text)
    return all(paper.has_name(name) for name in names_in(question))


def _weights(sources: Sequence[Source]) -> WordWeights:
    return WordWeights.from_texts(source.paper.paper.text for source in sources)
