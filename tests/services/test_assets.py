"""Assets pulled for front ends."""

from pathlib import Path

import pytest

from assistant.errors import AssetError
from assistant.models.assets import AssetEvent, Ready
from assistant.services import AppContainer, default_assets, pull_assets
from tests.services.conftest import container_in


def test_the_local_model_can_be_left_out_of_the_default_assets(container: AppContainer) -> None:
    every, without = default_assets(container), default_assets(container, local_model=False)
    assert set(without) < set(every)


async def test_an_asset_that_ships_with_the_program_is_pulled_offline(tmp_path: Path) -> None:
    events: list[AssetEvent] = []
    async with container_in(tmp_path, offline=True) as container:
        statuses = await pull_assets(container, ["daily-papers-minilm"], events.append)
        assert all(status.usable for status in statuses)
    assert isinstance(events[-1], Ready)


async def test_offline_nothing_is_fetched(tmp_path: Path) -> None:
    async with container_in(tmp_path, offline=True) as container:
        with pytest.raises(AssetError):
            await pull_assets(container, ["minilm"], lambda _event: None)
