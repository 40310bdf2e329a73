"""What writes documents about several papers, built from the parts of a container."""

from assistant.answering import ModelInfo, remembering
from assistant.answering.survey import SurveyWriter
from assistant.models import ChatModel
from assistant.reports import ComparisonBuilder, SurveyBuilder
from assistant.reports.ideas import IdeaProposer
from assistant.services.container import AppContainer


def survey_builder(container: AppContainer, model: ChatModel, *, refuse: bool | None = None) -> SurveyBuilder:
    """Surveys by a model; ``refuse`` holds in place of the configuration."""
    writer = ModelInfo(model.name, model.kind)
    comparer = container.comparer(model)
    refuses = container.config.answers.refuse if refuse is None else refuse
    return SurveyBuilder(container.retriever, _survey_writer(container, model), comparer, writer, refuse=refuses)


def comparison_builder(container: AppContainer, model: ChatModel) -> ComparisonBuilder:
    """Documents of comparison tables by a model; what it wrote about the same papers before is taken again."""
    answerer = container.answerer(remembering(model, container.library), refuse=False)
    return ComparisonBuilder(answerer, _survey_writer(container, model))


def idea_proposer(container: AppContainer, model: ChatModel, *, refuse: bool | None = None) -> IdeaProposer:
    """Research directions by a model; ``refuse`` holds in place of the configuration."""
    refuses = container.config.answers.refuse if refuse is None else refuse
    return IdeaProposer(
        container.retriever, container.ranker, model, container.prompt, container.library, refuse=refuses
    )


def _survey_writer(container: AppContainer, model: ChatModel) -> SurveyWriter:
    return SurveyWriter(container.ranker, model, container.ask_settings(), container.prompt, container.library)
