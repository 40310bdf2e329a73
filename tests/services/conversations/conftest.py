"""A library with three papers, and what answers from it with a scripted model."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.pipeline import AskSettings
from assistant.answering.prompts import load_prompt
from assistant.library.library import Library
from assistant.models.chat_model import ChatModel
from assistant.retrieval.paper_finder import PaperRetriever
from assistant.retrieval.search import HybridSearch
from assistant.retrieval.sentence_ranking import EvidenceRanker
from tests.support.library_factory import MORNING, batch, record
from tests.support.paper_factory import three_papers

MakeAnswerer = Callable[[ChatModel], QuestionAnswerer]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """The three papers of `tests.support.paper_factory`, indexed by words."""
    with Library.open(tmp_path / "library", embedder=None) as opened:
        opened.ingest(batch(*(record(known.paper, upvotes=5) for known in three_papers())), MORNING)
        opened.index_pending()
        yield opened


@pytest.fixture
def make_answerer(library: Library) -> MakeAnswerer:
    """Askers over the library; the model is the test's own."""
    search = HybridSearch(library, None, dense_weight=0.5, candidates=20)
    settings = AskSettings(6, 400, 400, 100, 0.0)
    return lambda model: QuestionAnswerer(PaperRetriever(search), EvidenceRanker(), model, settings, load_prompt)
