"""What writes documents about several papers, built from the parts of a workspace."""

from assistant.answering import Writer, remembering
from assistant.answering.survey import SurveyWriter
from assistant.models import WritingModel
from assistant.reports import ComparisonBuilder, SurveyBuilder
from assistant.reports.ideas import IdeaProposer
from assistant.services.container import Workspace


def survey_builder(workspace: Workspace, model: WritingModel, *, refuse: bool | None = None) -> SurveyBuilder:
    """Surveys by a model; ``refuse`` holds in place of the configuration."""
    writer = Writer(model.name, model.kind)
    comparer = workspace.comparer(model)
    refuses = workspace.config.answers.refuse if refuse is None else refuse
    return SurveyBuilder(workspace.finder, _survey_writer(workspace, model), comparer, writer, refuse=refuses)


def comparison_builder(workspace: Workspace, model: WritingModel) -> ComparisonBuilder:
    """Documents of comparison tables by a model; what it wrote about the same papers before is taken again."""
    asker = workspace.asker(remembering(model, workspace.library), refuse=False)
    return ComparisonBuilder(asker, _survey_writer(workspace, model))


def idea_proposer(workspace: Workspace, model: WritingModel, *, refuse: bool | None = None) -> IdeaProposer:
    """Research directions by a model; ``refuse`` holds in place of the configuration."""
    refuses = workspace.config.answers.refuse if refuse is None else refuse
    return IdeaProposer(workspace.finder, workspace.ranker, model, workspace.prompt, workspace.library, refuse=refuses)


def _survey_writer(workspace: Workspace, model: WritingModel) -> SurveyWriter:
    return SurveyWriter(workspace.ranker, model, workspace.ask_settings(), workspace.prompt, workspace.library)
