"""The Python API: the example of the guide, its values, and what goes wrong."""

import asyncio
import re
import runpy
import subprocess
import sys
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

import assistant
from assistant import Assistant
from assistant.answering.values import Delta, Finished, Retrieved
from assistant.errors import AssistantError, ConfigError, FeedError, InputError, NothingFound, UsageError
from assistant.reports.digest.values import DigestFinished, DigestStarted
from tests.conftest import ASSETS
from tests.export.json.conftest import SAMPLE_FEED
from tests.support.http_server import Answer, running_server

GUIDE = Path(__file__).parents[1] / "docs/guides/python-api.md"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No configuration of the machine's user, but its assets."""
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("ASSISTANT_PATHS_ASSETS", str(ASSETS))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
async def papers(home: Path) -> Assistant:
    """An assistant with the papers of the sample feed; closed by the test that enters it."""
    made = Assistant(library=home / "papers", model="extractive", offline=True)
    await made.sync_files(SAMPLE_FEED)
    return made


def example() -> str:
    """The example of the guide."""
    (found,) = re.findall(r"```python\n(.*?from assistant import Assistant.*?)```", GUIDE.read_text(), re.DOTALL)
    return str(found)


def test_the_example_of_the_guide_runs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "papers.jsonl").write_bytes(SAMPLE_FEED.read_bytes())
    (home / "example.py").write_text(example())

    runpy.run_path(str(home / "example.py"), run_name="__main__")

    printed = capsys.readouterr().out
    assert "EnvHarness: Awakening Static Worlds for Agent Learning" in printed
    assert "quoted [1]" in printed


async def test_a_search_gives_papers_with_their_sentences(papers: Assistant) -> None:
    async with papers:
        found = await papers.search("agents", organizations=["nobody"], limit=3)
        assert found == ()
        found = await papers.search("memory of language models", since="2026-08-01", until="2026-08-31", limit=3)
        assert len(found) == 3
        assert "2608.20202" in {each.paper.paper_id for each in found}
        for each in found:
            assert each.sentence is not None
            assert each.sentence.text in each.paper.abstract


async def test_a_misspelt_filter_is_no_filter(papers: Assistant) -> None:
    wrong: dict[str, Any] = {"organization": ["Example"]}
    with pytest.raises(TypeError, match="organization"):
        await papers.search("agents", **wrong)
    with pytest.raises(TypeError, match="organization"):
        await papers.ask("What are agents?", **wrong)


async def test_the_feed_is_asked_day_by_day(home: Path, shared: Path) -> None:
    day = (shared / "feeds/hf_api/daily_papers_date_2026-08-21.json").read_bytes()
    with running_server() as feed:
        feed.answer = lambda asked: Answer(day if asked.query.get("date") == "2026-08-21" else b"[]")
        async with Assistant(library=home / "papers", settings={"feeds.base_url": feed.url}) as papers:
            came = await papers.sync_feed("2026-08-21", "2026-08-22")
            assert len(came.report.new) == 17
            assert (await papers.read("2608.19880")).day_text == "2026-08-21"
            with pytest.raises(UsageError):
                await papers.sync_feed("2026-08-22", "2026-08-21")


async def test_an_answer_is_checked_and_a_stream_is_the_same_answer(papers: Assistant) -> None:
    async with papers:
        question = "Which benchmark tests the memory of language models?"
        answer = await papers.ask(question)
        async with aclosing(papers.stream(question)) as events:
            seen = [event async for event in events]

    assert answer.sentences
    assert isinstance(seen[0], Retrieved)
    assert isinstance(seen[-1], Finished)
    assert "".join(event.text for event in seen if isinstance(event, Delta)) == answer.text
    assert seen[-1].answer == answer


async def test_a_question_that_the_papers_do_not_answer_is_refused_and_not_an_error(papers: Assistant) -> None:
    async with papers:
        answer = await papers.ask("Who won the football world cup in 1954?")

    assert answer.refusal is not None


async def test_papers_are_named_by_id_link_or_title(papers: Assistant) -> None:
    async with papers:
        by_id = await papers.read("2608.19880")
        assert by_id == await papers.read("https://huggingface.co/papers/2608.19880")
        assert by_id == await papers.read("EnvHarness: Awakening Static Worlds for Agent Learning")
        assert (await papers.summarize("2608.19880")).sources[0].paper == by_id
        comparison = await papers.compare(["2608.19880", "2608.19891"], aspects=["method"])
        assert [source.paper.paper_id for source in comparison.sources] == ["2608.19880", "2608.19891"]


async def test_a_digest_has_every_paper_once(papers: Assistant) -> None:
    async with papers:
        digest = await papers.digest("2026-W34")
        async with aclosing(papers.stream_digest("2026-08-21", top=3)) as events:
            seen = [event async for event in events]

    numbers = [number for topic in digest.topics for number in topic.numbers]
    assert sorted(numbers) == [entry.source.number for entry in digest.entries]
    assert isinstance(seen[0], DigestStarted)
    assert isinstance(seen[-1], DigestFinished)
    assert len(seen[-1].digest.entries) == 3


async def test_calls_may_run_at_the_same_time(papers: Assistant) -> None:
    async with papers:
        answers = await asyncio.gather(*(papers.ask("Which benchmark tests memory?") for _ in range(4)))

    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda papers: papers.search(" "), UsageError),
        (lambda papers: papers.ask("\x1b[2J"), UsageError),
        (lambda papers: papers.ask("agents", since="2026-13-01"), UsageError),
        (lambda papers: papers.search("agents", since="2026-08-02", until="2026-08-01"), UsageError),
        (lambda papers: papers.search("agents", only=["nothing"]), UsageError),
        (lambda papers: papers.read("9999.00001"), NothingFound),
        (lambda papers: papers.compare(["2608.19880", "2608.19880v2"]), UsageError),
        (lambda papers: papers.compare(["2608.19880", "2608.19891"], aspects=[]), UsageError),
        (lambda papers: papers.summarize(), UsageError),
        (lambda papers: papers.search("agents", limit=0), UsageError),
        (lambda papers: papers.ask("agents", papers=0), UsageError),
        (lambda papers: papers.digest(top=-1), UsageError),
        (lambda papers: papers.digest("2026-99"), UsageError),
        (lambda papers: papers.digest("2024-01-06"), NothingFound),
        (lambda papers: papers.digest(profile="nobody"), UsageError),
        (lambda papers: papers.sync_files("/nowhere/papers.txt"), InputError),
        (lambda papers: papers.sync_feed("2026-08-20"), FeedError),
    ],
)
async def test_what_goes_wrong_has_a_remedy(papers: Assistant, call: object, kind: type[AssistantError]) -> None:
    assert callable(call)
    async with papers:
        with pytest.raises(kind) as raised:
            await call(papers)

    assert raised.value.message
    assert raised.value.remedy


async def test_an_empty_library_and_a_wrong_setting_say_so(home: Path) -> None:
    async with Assistant(library=home / "empty", model="extractive", offline=True) as papers:
        with pytest.raises(NothingFound):
            await papers.search("agents")
    with pytest.raises(ConfigError):
        Assistant(settings={"local.thread": 1})


def test_the_package_is_light_until_the_assistant_is_asked_for() -> None:
    script = "import sys, assistant; assistant.__version__; print('assistant.services.assistant' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout == "False\n"
    assert set(assistant.__all__) == {"Assistant", "__version__"}
    with pytest.raises(AttributeError, match="no attribute 'Assistent'"):
        assistant.__getattr__("Assistent")
