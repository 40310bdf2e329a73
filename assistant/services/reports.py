"""Documents about several papers, written by a model: every function returns the events of the writing.

``refuse`` says whether a topic that the papers do not seem to be about is refused; None leaves it to the configuration.
"""

from collections.abc import AsyncGenerator, Sequence

from assistant.answering import Comparison, ComparisonEvent, ModelInfo, NumberedSource, numbered_sources, remembering
from assistant.answering.survey import SurveyWriter
from assistant.library import StoredPaper
from assistant.models import ChatModel
from assistant.reports import ComparisonBuilder, DocumentEvent, SurveyBuilder, SurveyRequest
from assistant.reports.ideas import IdeaEvent, IdeaProposer, IdeaRequest
from assistant.services.container import AppContainer


def write_survey(
    container: AppContainer, model: ChatModel, request: SurveyRequest, *, refuse: bool | None = None
) -> AsyncGenerator[DocumentEvent, None]:
    """A survey of a topic; `DocumentFinished` or `DocumentRefused` ends it.

    Raises `NothingFound` when no paper fits, and `ModelError`.
    """
    writer = ModelInfo(model.name, model.kind)
    comparer = container.comparer(model)
    survey_writer = _survey_writer(container, model)
    builder = SurveyBuilder(container.retriever, survey_writer, comparer, writer, refuse=_refuses(container, refuse))
    return builder.build(request)


def compare_papers(
    container: AppContainer, model: ChatModel, papers: Sequence[StoredPaper], aspects: Sequence[str]
) -> AsyncGenerator[ComparisonEvent, None]:
    """A table of papers by a model, column by column; `ComparisonFinished` ends it. Raises `ModelError`."""
    return compare_sources(container, model, numbered_sources(papers), aspects)


def compare_sources(
    container: AppContainer, model: ChatModel, sources: Sequence[NumberedSource], aspects: Sequence[str]
) -> AsyncGenerator[ComparisonEvent, None]:
    """`compare_papers` for papers that are numbered already."""
    return container.comparer(model).compare(sources, tuple(aspects))


def write_comparison(
    container: AppContainer, model: ChatModel, comparison: Comparison
) -> AsyncGenerator[DocumentEvent, None]:
    """A document around a table; what the model wrote about the same papers before is taken again.

    `DocumentFinished` ends it. Raises `ModelError`.
    """
    answerer = container.answerer(remembering(model, container.library), refuse=False)
    return ComparisonBuilder(answerer, _survey_writer(container, model)).build(comparison)


def propose_ideas(
    container: AppContainer, model: ChatModel, request: IdeaRequest, *, refuse: bool | None = None
) -> AsyncGenerator[IdeaEvent, None]:
    """Research directions on a topic; `IdeasFinished` or `IdeasRefused` ends it.

    Raises `NothingFound` when no paper fits, and `ModelError`, also for a model that only quotes.
    """
    proposer = IdeaProposer(
        container.retriever,
        container.ranker,
        model,
        container.prompt,
        container.library,
        refuse=_refuses(container, refuse),
    )
    return proposer.propose(request)


def _refuses(container: AppContainer, refuse: bool | None) -> bool:
    return container.config.answers.refuse if refuse is None else refuse


def _survey_writer(container: AppContainer, model: ChatModel) -> SurveyWriter:
    return SurveyWriter(container.ranker, model, container.ask_settings(), container.prompt, container.library)
