"""A withdrawn paper is marked wherever papers are shown, and no other paper is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.answering.comparison import Comparison
from assistant.answering.conversation import Conversation, Turn, TurnKind, TurnState
from assistant.answering.values import Answer, ModelInfo
from assistant.cli.render.document import comparison_text, digest_plain
from assistant.cli.render.sources import facts_line, source_lines
from assistant.export.atom import AtomFolder
from assistant.export.html.page import PageDetail, digest_page
from assistant.export.json.conversation import conversation_json_file
from assistant.export.json.digest import digest_json
from assistant.export.json.papers import paper_json
from assistant.export.markdown.conversation import conversation_markdown
from assistant.export.markdown.digest import digest_markdown
from assistant.export.references import bibtex, ris
from assistant.feeds.json_files import RecordReading
from assistant.feeds.json_values import parse_json
from assistant.library.library import Library
from assistant.library.records import StoredPaper
from assistant.mcp.text import answer_text, paper_text, search_text
from assistant.models.chat_model import ModelKind
from assistant.papers import Provenance
from assistant.retrieval.search import Hit, SearchResult
from assistant.tui.digest.items import PaperItem
from assistant.tui.digest.rendering import draw
from assistant.tui.widgets.text_layout import fact_columns, fact_line
from tests.support.digest_factory import digest_of
from tests.support.library_factory import MORNING, batch, open_library, record
from tests.support.paper_factory import paper, sources

SOUND = paper("2601.00001", "Toys That Stay", "Toys stay on their shelf. They stay for 12 days.")
GONE = paper("2601.00002", "Toys That Went", "Toys go. This paper has been withdrawn by the author due to an error.")
WRITER = ModelInfo("scripted", ModelKind.LOCAL)


def answer_on(known: StoredPaper) -> Answer:
    return Answer("What do toys do?", (), "They do.", sources([known]), WRITER)


def conversation_on(known: StoredPaper) -> Conversation:
    at = datetime(2026, 8, 21, tzinfo=UTC)
    turn = Turn(1, TurnKind.ASK, "What?", TurnState.DONE, "They do.", answer_on(known), None, None, at, 1.0)
    return Conversation(1, "Toys", (turn,))


def atom_of(known: StoredPaper, folder: Path) -> str:
    written = AtomFolder(folder / known.paper_id).add(digest_of([known]), datetime(2026, 1, 5, tzinfo=UTC))
    return written.file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "shown",
    [
        facts_line,
        lambda known: "\n".join(source_lines(answer_on(known))),
        lambda known: comparison_text(Comparison((), sources([known, known]), (), WRITER)),
        lambda known: digest_plain(digest_of([known])),
        lambda known: digest_markdown(digest_of([known])),
        lambda known: digest_page(digest_of([known]), PageDetail(abstracts=False)),
        lambda known: conversation_markdown(conversation_on(known)),
        lambda known: bibtex([known]),
        lambda known: "\n".join(line for line in ris([known]).splitlines() if not line.startswith("AB")),
        lambda known: search_text([SearchResult(Hit(known, 1.0), None)]),
        lambda known: answer_text(answer_on(known)),
        lambda known: paper_text(known).partition("\n\n")[0],
    ],
)
def test_every_text_marks_it(shown: Callable[[StoredPaper], str]) -> None:
    gone = replace(GONE, paper=replace(GONE.paper, abstract="Toys go.", comment="Withdrawn by the authors"))

    assert "withdrawn" in shown(gone)
    assert "withdrawn" not in shown(SOUND)


def test_objects_tell_it(tmp_path: Path) -> None:
    for known, withdrawn in ((GONE, True), (SOUND, False)):
        assert paper_json(known)["withdrawn"] is withdrawn
        assert digest_json(digest_of([known]))["papers"][0]["withdrawn"] is withdrawn
        assert f'"withdrawn": {str(withdrawn).lower()}' in conversation_json_file(conversation_on(known))
        assert ("<p>withdrawn" in atom_of(known, tmp_path).replace("&lt;", "<").replace("&gt;", ">")) is withdrawn


def test_lists_of_the_application_mark_it(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        library.ingest(batch(record(SOUND.paper), record(GONE.paper)), MORNING)
        rows = {row.paper_id: row for row in library.browsing.rows()}

    assert fact_columns(rows[GONE.paper_id]).count("withdrawn") == 1
    assert fact_line(rows[GONE.paper_id]).startswith("withdrawn")
    assert "withdrawn" not in fact_columns(rows[SOUND.paper_id]) + fact_line(rows[SOUND.paper_id])
    for is_open in (True, False):
        item = PaperItem(1, "Toys", "", GONE.facts, is_open, starred=False, selected=False, withdrawn=True)
        assert "withdrawn" in "\n".join(line.plain for line in draw(item, 80))


def test_a_later_record_that_withdraws_marks_the_paper(tmp_path: Path) -> None:
    hub = replace(SOUND.paper, source=Provenance.HUGGINGFACE)
    arxiv = replace(hub, source=Provenance.ARXIV, abstract="This paper has been withdrawn by the author.")
    with Library.open(tmp_path / "library", embedder=None) as library:
        for known in (hub, arxiv, arxiv, hub):
            library.ingest(batch(record(known)), MORNING)
        kept = library.get([hub.paper_id])[0].paper

    assert kept.withdrawn
    assert kept.abstract == SOUND.abstract


def test_the_snapshot_of_arxiv_has_one(shared: Path) -> None:
    file = shared / "field" / "import_kaggle_snapshot" / "arxiv-metadata-oai-snapshot.json"
    lines = file.read_text(encoding="utf-8").splitlines()
    records = [RecordReading().record(parse_json(line), "x") for line in lines]

    assert [found.paper.paper_id for found in records if found.paper.withdrawn] == ["hep-th/9901999"]
