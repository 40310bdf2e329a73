"""A digest from what is asked for, with the configuration where nothing is, to what is remembered of it."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.config import load_config
from assistant.config.settings import Config
from assistant.errors import DeliveredInPart, NothingFound, NothingNew, UsageError
from assistant.models import GenerationRequest, ModelKind
from assistant.models.extractive import ExtractiveModel
from assistant.papers import FeedBatch, FeedRecord, Listing
from assistant.periods import Period, PeriodKind
from assistant.reports.digest.selection import Order
from assistant.reports.digest.values import DigestFinished, DigestPlan, EntryFinished
from assistant.services import AppContainer
from assistant.services.digests import DigestOptions, DigestRun, resolve_request
from tests.support.fake_models import ScriptedModel
from tests.support.paper_factory import three_papers

NOW = datetime(2026, 8, 21, 9, tzinfo=UTC)
DAY = Period(NOW.date(), NOW.date(), PeriodKind.DAY)
PROFILES = """
[profiles.robots]
words = ["agent"]
papers = ["2601.00003"]
top = 4
[profiles.speech]
authors = ["A. Lovelace"]
"""


def config(tmp_path: Path, text: str = "") -> Config:
    file = tmp_path / "config.toml"
    file.write_text(text + PROFILES)
    return load_config(file, {}).config


def test_nothing_asked_and_nothing_configured(tmp_path: Path) -> None:
    request = resolve_request(config(tmp_path), DigestOptions())
    assert (request.profile, request.new, request.order, request.top) == (None, False, Order.UPVOTES, 0)


def test_the_configuration_chooses_where_nothing_is_asked(tmp_path: Path) -> None:
    chosen = config(tmp_path, '[digest]\nprofile = "robots"\nnew = true\ntop = 9\nby = "title"\n')
    usual = resolve_request(chosen, DigestOptions())
    assert (usual.profile_name, usual.new, usual.order, usual.top) == ("robots", True, None, 4)

    without = resolve_request(chosen, DigestOptions(profile="", new=False, order=Order.COMMENTS, top=2))
    assert (without.profile_name, without.new, without.order, without.top) == ("", False, Order.COMMENTS, 2)
    assert resolve_request(chosen, DigestOptions(profile="speech")).top == 9


def test_a_period_is_shown_as_a_whole(tmp_path: Path) -> None:
    assert not resolve_request(config(tmp_path, "[digest]\nnew = true\n"), DigestOptions(DAY)).new
    with pytest.raises(UsageError, match="--new and 2026-08-21 do not go together"):
        resolve_request(config(tmp_path), DigestOptions(DAY, new=True))


def test_an_unknown_profile_names_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        resolve_request(config(tmp_path, '[digest]\nprofile = "robot"\n'), DigestOptions())
    assert raised.value.remedy == "Did you mean robots?"


@pytest.fixture
async def container(tmp_path: Path) -> AsyncIterator[AppContainer]:
    """The parts on a library with three papers of `DAY`; offline, and no embedder is there."""
    file = tmp_path / "config.toml"
    paths = f"[paths]\nlibrary = '{tmp_path}/library'\nassets = '{tmp_path}/assets'\n"
    file.write_text(f"offline = true\n{paths}{PROFILES}")
    async with AppContainer(load_config(file, {}), {}) as container:
        records = tuple(FeedRecord(paper.paper, Listing(NOW.date()), "{}", "") for paper in three_papers())
        container.library.ingest(FeedBatch("test", records), NOW)
        yield container


def run_of(container: AppContainer, options: DigestOptions = DigestOptions(), *, rehearsal: bool = False) -> DigestRun:  # noqa: B008
    return DigestRun(container, resolve_request(container.config, options), NOW, rehearsal=rehearsal)


async def plan_of(run: DigestRun) -> DigestPlan:
    return await run.plan(await run.select(await run.criteria()))


def first_sentence(request: GenerationRequest) -> str:
    """The first sentence of the abstract, or of the first note, that stands in the prompt."""
    prompt = request.messages[-1].content
    _, _, abstract = prompt.partition("Abstract: ")
    return abstract.split(". ")[0] if abstract else prompt.splitlines()[0].partition(": ")[2]


async def test_a_profile_selects_its_papers_and_gives_the_reasons(container: AppContainer) -> None:
    run = run_of(container, DigestOptions(profile="robots", new=True))
    criteria = await run.criteria()
    papers = await run.select(criteria)

    assert criteria.profile == papers.profile == "robots"
    assert [paper.paper_id for paper in papers.papers] == ["2601.00003", "2601.00002"]
    assert papers.why["2601.00003"] == ("one of the examples",)


async def test_without_a_profile_every_paper_of_the_newest_day_is_selected(container: AppContainer) -> None:
    run = run_of(container)
    papers = await run.select(await run.criteria())

    assert (papers.period.label, len(papers.papers)) == (DAY.label, 3)


async def test_an_empty_day_is_no_digest(container: AppContainer) -> None:
    run = run_of(container, DigestOptions(Period(date(2026, 8, 20), date(2026, 8, 20), PeriodKind.DAY)))
    with pytest.raises(NothingFound, match="No digest for 2026-08-20"):
        await plan_of(run)


async def test_offline_the_feed_is_not_asked(container: AppContainer) -> None:
    run = run_of(container)

    assert not run.asks_feed
    assert [event async for event in run.refresh()] == []


async def test_what_was_delivered_is_not_new_again(container: AppContainer) -> None:
    options = DigestOptions(new=True)
    run = run_of(container, options)
    deliveries: list[str] = []
    await run.deliver(await run.select(await run.criteria()), lambda: deliveries.append("sent"))

    assert deliveries == ["sent"]
    with pytest.raises(NothingNew):
        await plan_of(run_of(container, options))


async def test_of_a_rehearsal_nothing_is_remembered(container: AppContainer) -> None:
    options = DigestOptions(new=True)
    run = run_of(container, options, rehearsal=True)
    await run.deliver(await run.select(await run.criteria()), lambda: None)

    assert (await plan_of(run_of(container, options))).listed == 3


async def test_a_mail_that_some_receivers_refused_is_remembered(container: AppContainer) -> None:
    options = DigestOptions(new=True)
    run = run_of(container, options)

    def send() -> None:
        raise DeliveredInPart("One receiver was refused.")

    with pytest.raises(DeliveredInPart):
        await run.deliver(await run.select(await run.criteria()), send)
    with pytest.raises(NothingNew):
        await plan_of(run_of(container, options))


async def test_what_was_written_is_cached_and_costs_no_request(container: AppContainer) -> None:
    run, model = run_of(container), ScriptedModel(first_sentence)
    plan = await plan_of(run)
    assert [event async for event in run.cached(plan, model)] == []
    assert not model.requests

    *_, finished = [event async for event in run.write(plan, model)]
    assert isinstance(finished, DigestFinished)
    requests = len(model.requests)
    *_, cached = [event async for event in run.cached(plan, model)]

    assert isinstance(cached, DigestFinished)
    assert cached.digest.topics == finished.digest.topics
    assert len(model.requests) == requests


async def test_of_a_digest_that_was_stopped_the_written_papers_are_cached(container: AppContainer) -> None:
    run, model = run_of(container), ScriptedModel(first_sentence)
    plan = await plan_of(run)
    async with aclosing(run.write(plan, model)) as events:
        async for event in events:
            if isinstance(event, EntryFinished):
                break
    cached = [event async for event in run.cached(plan, model)]

    assert cached
    assert {type(event) for event in cached} == {EntryFinished}


async def test_an_extractive_digest_is_always_whole(container: AppContainer) -> None:
    run = run_of(container)
    *_, last = [event async for event in run.cached(await plan_of(run), ExtractiveModel())]

    assert isinstance(last, DigestFinished)


async def test_only_what_a_hosted_model_has_left_to_write_is_estimated(container: AppContainer) -> None:
    run = run_of(container)
    plan = await plan_of(run)
    hosted = ScriptedModel(first_sentence, kind=ModelKind.HOSTED)
    assert await run.estimate(plan, ScriptedModel(first_sentence)) is None

    before = await run.estimate(plan, hosted)
    assert before is not None
    assert before.texts >= 3
    async with aclosing(run.write(plan, hosted)) as events:
        assert [event async for event in events]
    assert await run.estimate(plan, hosted) is None
