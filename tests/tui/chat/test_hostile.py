"""Text from outside, in every part of the page: it is shown as it is written and does nothing."""

from datetime import UTC, date, datetime

import pytest
from textual.widgets import OptionList

from assistant.answering.values import NumberedSource
from assistant.library.records import StoredPaper
from assistant.library.repositories.paper_rows import PaperRow
from assistant.models.chat_model import GenerationRequest
from assistant.papers import FeedBatch, FeedRecord, Listing, Paper, Provenance
from assistant.sentences import Sentence, split_sentences
from assistant.tui.chat.citations import AnswerMarkdown
from assistant.tui.chat.completion import Completions, paper_offers
from assistant.tui.chat.mentions import mention_of, mentioned_ids
from assistant.tui.chat.welcome import example_questions
from assistant.tui.widgets.abstract import AbstractView, marked_abstract
from tests.support.chat_pilot import ask, page, said, send, sources, turns, type_text
from tests.support.fake_models import ScriptedModel
from tests.tui.conftest import MakeApp, running, settled, wait_until

HOSTILE = [
    "[/x] [red]Attention[/] [@click=app.quit]all[/]",
    "\u6ce8\u610f\u529b" * 200,
    "\u05e2\u05d1\u05e8\u05d9\u05ea \u0627\u0644\u0639\u0631\u0628\u064a\u0629 mixed",
    "A" * 10_000,
    "<script>alert(1)</script> **bold** `code` [link](https://evil.example) ![x](https://evil.example/p.png)",
    "\U0001f469\u200d\U0001f52c \U0001f1ee\U0001f1f8 e\u0301 $\\frac{[1]}{2}$",
]


def _papers() -> list[Paper]:
    return [
        Paper(f"2608.9000{n}", f"{text} hostile{n}", f"{text}. The hostile paper {n} proves it. {text}",
              Provenance.EXPORT, organization=text)
        for n, text in enumerate(HOSTILE)
    ]  # fmt: skip


def _batch() -> FeedBatch:
    listing = Listing(date(2026, 8, 21), 99, 3)
    return FeedBatch("hostile", tuple(FeedRecord(paper, listing, "{}", "[0]") for paper in _papers()))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hostile_papers_are_found_shown_cited_and_walked(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    async with running(app, size) as pilot:
        library = await app.session.library()
        library.ingest(_batch(), datetime(2026, 8, 21, 13, tzinfo=UTC))
        app.papers_changed()
        await settled(pilot)
        await page(app).ask_about(library.get([paper.paper_id for paper in _papers()]))
        await ask(pilot, "What proves the hostile paper?")
        titles = [source.paper.title for source in sources(app).sources]
        assert len(titles) > 1
        await pilot.press("ctrl+o")
        for _ in titles:
            await pilot.press("down", "pagedown")
        await pilot.press("escape", "ctrl+t", "right", "right", "right", "enter")
        await settled(pilot)
        listed = sources(app).query_one(OptionList)
        shown = "".join(str(listed.get_option_at_index(i).prompt) for i in range(listed.option_count))
        assert "[/x] [red]Attention[/] [@click=app.quit]all[/]" in shown
        assert app.is_running


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_question_and_answer_are_shown_and_run_nothing(
    make_app: MakeApp, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(request: GenerationRequest) -> str:
        return f"{text}\n\n| a | b |\n|---|---|\n| {text[:50]} | {request.quotes[0].text} [1] |\n\n- [x](cite:1.0.1)"

    app = make_app(ScriptedModel(write))
    opened: list[str] = []
    monkeypatch.setattr(app, "open_url", lambda url, **_: opened.append(url))
    async with running(app, (80, 24)) as pilot:
        await ask(pilot, text)
        assert text[:15] in said(turns(app)[0])
        assert "evil.example" not in turns(app)[0].query_one(AnswerMarkdown).source
        assert opened == []
        await pilot.press("ctrl+t", "right", "enter")
        await settled(pilot)
        assert app.is_running


async def test_html_of_an_answer_is_shown_as_text(make_app: MakeApp) -> None:
    app = make_app(
        ScriptedModel(lambda request: f"It is <b>bold</b> &amp; <!-- not --> said. {request.quotes[0].text}")
    )
    async with running(app) as pilot:
        await ask(pilot, "How are video models trained?")
        assert "It is <b>bold</b>" in said(turns(app)[0])
        assert "<!-- not -->" in said(turns(app)[0])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_make_offers_examples_and_mentions(text: str) -> None:
    row = PaperRow("2608.00001", text, date(2026, 8, 21), 1, 2, text, read=False, starred=False, noted=False)
    offer = paper_offers([row])[0]
    assert mentioned_ids(offer.text) == ("2608.00001",)
    assert mentioned_ids(f"see {mention_of('2608.00001', text)} and") == ("2608.00001",)
    assert text[:20] in offer.label.plain
    assert len(example_questions([row, row, row])) == 4


async def test_hostile_titles_are_completed(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        library = await app.session.library()
        library.ingest(_batch(), datetime(2026, 8, 21, 13, tzinfo=UTC))
        completions = page(app).query_one(Completions)
        await type_text(pilot, "@hostile")
        await wait_until(pilot, lambda: completions.option_count == len(HOSTILE))
        await pilot.press("down", "tab", "enter")
        await wait_until(pilot, lambda: turns(app) and not page(app).turns.writing)
        await settled(pilot)
        assert len(sources(app).sources) == 1


async def test_a_hostile_command_is_answered_as_text(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        for typed in ("/x[/x][red]", "/org [/x][red]", "/since [/x]", "/compare [/x] [red]", "/theme [/x]"):
            await send(pilot, typed)
            await settled(pilot)
        assert app.is_running


def test_evidence_is_marked_where_it_stands() -> None:
    abstract = "One is [/x]. Two is here. Three."
    one, two, _ = split_sentences(abstract)
    assert marked_abstract(abstract, (two, one)).plain == "«One is [/x].» «Two is here.» Three."
    assert marked_abstract(abstract, (two, two, Sentence("x", 20, 99))).plain == "One is [/x]. «Two is here.» Three."
    assert marked_abstract("", ()).plain == "No abstract is known."


def test_facts_tell_what_is_known() -> None:
    paper = Paper("2608.00001", "T", "A.", Provenance.EXPORT)
    assert StoredPaper(paper).facts == ""
    assert StoredPaper(paper, (date(2026, 8, 20), date(2026, 8, 21)), 7).facts == "2026-08-21 · ▲ 7"


async def test_evidence_far_down_an_abstract_is_scrolled_into_view(make_app: MakeApp) -> None:
    app = make_app()
    abstract = " ".join(f"Sentence number {n} says [/x] very little." for n in range(300))
    sentences = split_sentences(abstract)
    paper = StoredPaper(Paper("2608.00001", "[/x] Title", abstract, Provenance.EXPORT), (), 5)
    async with running(app) as pilot:
        panel = sources(app)
        panel.show(1, [NumberedSource(1, paper, (sentences[250],))])
        await pilot.pause()
        view = panel.query_one(AbstractView)
        await wait_until(pilot, lambda: view.scroll_y > 100)
        top, bottom = int(view.scroll_y), int(view.scroll_y) + view.size.height
        lines = [line.plain for line in marked_abstract(abstract, (sentences[250],)).wrap(
            view.query_one(".-abstract").content_size.width)]  # fmt: skip
        line = next(n for n, text in enumerate(lines) if "«" in text) + view.query_one(".-abstract").virtual_region.y
        assert top <= line < bottom
