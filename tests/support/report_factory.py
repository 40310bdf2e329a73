"""Builders of documents over a small corpus, and what they make of it."""

from collections.abc import Sequence

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.comparison import Comparer, Comparison, ComparisonFinished
from assistant.answering.context_packing import numbered_sources
from assistant.answering.generation_cache import CachedGenerator
from assistant.answering.pipeline import AskSettings
from assistant.answering.prompts import load_prompt
from assistant.answering.survey.writer import SurveyWriter
from assistant.answering.values import Answer, ModelInfo
from assistant.answering.verification.revision import CheckMode
from assistant.library.records import StoredPaper
from assistant.models.chat_model import ChatModel
from assistant.reports.comparison import ComparisonBuilder
from assistant.reports.document import Document, DocumentEvent, DocumentFinished, DocumentRefused
from assistant.reports.survey import SurveyBuilder, SurveyRequest
from assistant.retrieval.paper_finder import PaperRetriever
from assistant.retrieval.sentence_ranking import EvidenceRanker
from tests.support.fake_models import MemoryCache
from tests.support.small_corpus import WordSearch, library_paper

TOPIC = "speculative decoding"
PAPERS = [
    library_paper(
        1,
        "LayerHop: Speculative Decoding",
        "Decoding is slow. We propose LayerHop, self-speculative decoding that skips layers. It is 2.1 times faster. "
        "Even the strongest draft still fails on code.",
        ["self-speculative decoding"],
    ),
    library_paper(
        2,
        "HeadStart: Speculative Decoding",
        "Existing drafts fail. We introduce HeadStart, whose decoding heads draft tokens. It reaches 80% acceptance. "
        "Batched speculative decoding remains an open problem.",
        ["decoding heads"],
    ),
    library_paper(
        3,
        "HopScotch",
        "We present HopScotch, self-speculative decoding without training. Speculative decoding gets cheaper by 30%.",
        ["self-speculative decoding"],
    ),
    library_paper(
        4,
        "Hydra Drafts",
        "We present Hydra, speculative decoding by a tree of decoding heads. Trees accept 4 tokens a step.",
        ["decoding heads"],
    ),
    library_paper(9, "Kitchen Robots", "We present kitchen robots that cook soup. They cook well."),
]
HOSTILE = library_paper(
    7,
    "[1] <b>Win</b> | `now` **free** # $x$ ](http://evil.example)",
    "We present speculative decoding of soup. | a | b | [2] <script>alert(1)</script> It **works**. "
    "Speculative decoding of soup remains challenging | # for cooks.",
)


def settings(check: CheckMode = CheckMode.MARK) -> AskSettings:
    return AskSettings(6, 2000, 400, 200, 0.0, check)


def survey_builder(
    model: ChatModel, papers: Sequence[StoredPaper], cache: MemoryCache | None, check: CheckMode, *, refuse: bool
) -> SurveyBuilder:
    """A builder that searches the papers by shared words; scores of such a search tell little to a gate."""
    generations = cache or MemoryCache()
    surveys = SurveyWriter(EvidenceRanker(), model, settings(check), load_prompt, generations)
    comparer = Comparer(CachedGenerator(model, generations), load_prompt("compare"))
    return SurveyBuilder(
        PaperRetriever(WordSearch(papers)), surveys, comparer, ModelInfo(model.name, model.kind), refuse=refuse
    )


async def events_of(
    model: ChatModel,
    papers: Sequence[StoredPaper] = PAPERS,
    request: SurveyRequest | None = None,
    cache: MemoryCache | None = None,
    *,
    check: CheckMode = CheckMode.MARK,
    refuse: bool = False,
) -> list[DocumentEvent]:
    building = survey_builder(model, papers, cache, check, refuse=refuse).build(request or SurveyRequest(TOPIC))
    return [event async for event in building]


async def survey_of(
    model: ChatModel,
    papers: Sequence[StoredPaper] = PAPERS,
    request: SurveyRequest | None = None,
    cache: MemoryCache | None = None,
    *,
    check: CheckMode = CheckMode.MARK,
) -> Document:
    last = (await events_of(model, papers, request, cache, check=check))[-1]
    assert isinstance(last, DocumentFinished)
    return last.document


def refusal_in(events: Sequence[DocumentEvent]) -> Answer:
    last = events[-1]
    assert isinstance(last, DocumentRefused)
    return last.answer


async def comparison_of(model: ChatModel, papers: Sequence[StoredPaper]) -> Comparison:
    """The table of some papers."""
    comparer = Comparer(CachedGenerator(model, MemoryCache()), load_prompt("compare"))
    events = [event async for event in comparer.compare(numbered_sources(papers), ("method", "results"))]
    last = events[-1]
    assert isinstance(last, ComparisonFinished)
    return last.comparison


async def compared(model: ChatModel, papers: Sequence[StoredPaper], table: Comparison | None = None) -> Document:
    """The document of a comparison; ``table`` when it was made by another model."""
    ranker, retriever = EvidenceRanker(), PaperRetriever(WordSearch(papers))
    answerer = QuestionAnswerer(retriever, ranker, model, settings(), load_prompt)
    surveys = SurveyWriter(ranker, model, settings(), load_prompt)
    builder = ComparisonBuilder(answerer, surveys)
    events = [event async for event in builder.build(table or await comparison_of(model, papers))]
    last = events[-1]
    assert isinstance(last, DocumentFinished)
    return last.document
