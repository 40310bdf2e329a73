"""The prompt of a survey: few sentences of many papers, group by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.citation_markers import neutralized
from assistant.answering.context_packing import PackedEvidence, planned_tokens
from assistant.answering.extractive_summary import salient_sentences
from assistant.answering.question_prompt import QuestionPrompts
from assistant.answering.survey.grouping import Approach
from assistant.answering.values import NumberedSource
from assistant.library import StoredPaper
from assistant.models import Message, Quote
from assistant.papers import Paper
from assistant.sentences import Sentence

_HEAD_TOKENS = 8  # of a source's number, of a group's heading

RankedSentences = Mapping[str, Sequence[Sentence]]


@dataclass(frozen=True, slots=True)
class Part:
    """One group by itself: its name and its papers."""

    name: str
    sources: tuple[NumberedSource, ...]


@dataclass(frozen=True, slots=True)
class PackedSurvey:
    """The sources, numbered through group by group, one prompt for all of it, and the groups by themselves."""

    evidence: PackedEvidence
    messages: tuple[Message, ...]
    parts: tuple[Part, ...]


def pack_survey(
    question: str,
    approaches: Sequence[Approach],
    ranked: RankedSentences,
    asking: QuestionPrompts,
    token_budget: int,
    numbers: Mapping[str, int] | None = None,
) -> PackedSurvey:
    """Sentences of every paper for about ``token_budget`` tokens; every paper keeps its title.

    Papers are numbered through group by group, unless ``numbers`` has their numbers by id. ``asking`` says how the
    model is shown a source.
    """
    sources = spread_evidence([hit.paper for approach in approaches for hit in approach.hits], ranked, token_budget)
    if numbers is not None:
        sources = tuple(replace(source, number=numbers[source.paper.paper_id]) for source in sources)
    groups: list[tuple[str, tuple[NumberedSource, ...]]] = []
    reached = 0
    for approach in approaches:
        groups.append((approach.name, sources[reached : reached + len(approach.hits)]))
        reached += len(approach.hits)
    text = "\n\n".join(
        f"Group {place}: {neutralized(name)}\n\n{asking.blocks(own)}"
        for place, (name, own) in enumerate(groups, start=1)
    )
    messages = asking.prompts("survey").render(groups=text, question=question)
    return PackedSurvey(PackedEvidence(sources, _quotes(sources)), messages, tuple(Part(*group) for group in groups))


def spread_evidence(
    papers: Sequence[StoredPaper], ranked: RankedSentences, token_budget: int
) -> tuple[NumberedSource, ...]:
    """The papers as sources, numbered from 1, each with some of its sentences, for about ``token_budget`` tokens.

    Each gives first the sentence that says what it does, then, in turns, those that fit the question best.
    """
    candidates = [_in_order_of_use(paper.paper, ranked.get(paper.paper_id, ())) for paper in papers]
    selected: list[list[Sentence]] = [[] for _ in papers]
    remaining = token_budget - sum(planned_tokens(paper.title) + _HEAD_TOKENS for paper in papers)
    for turn in range(max(map(len, candidates), default=0)):
        for place, sentences in enumerate(candidates):
            if turn < len(sentences) and (cost := planned_tokens(sentences[turn].text)) <= remaining:
                selected[place].append(sentences[turn])
                remaining -= cost
    return tuple(
        NumberedSource(number, paper, tuple(sorted(sentences, key=lambda sentence: sentence.start)))
        for number, (paper, sentences) in enumerate(zip(papers, selected, strict=True), start=1)
    )


def _in_order_of_use(paper: Paper, ranked: Sequence[Sentence]) -> list[Sentence]:
    """The sentence that says what a paper does, then the others by how well they fit the question."""
    first = salient_sentences(paper.title, paper.abstract, 1)
    return list(dict.fromkeys([*first, *ranked]))


def _quotes(sources: Sequence[NumberedSource]) -> tuple[Quote, ...]:
    """What each source says of itself."""
    own_sentences = [
        (source.number, salient_sentences(source.paper.title, source.paper.abstract, 1)) for source in sources
    ]
    return tuple(Quote(number, sentence.text) for number, sentences in own_sentences for sentence in sentences)
