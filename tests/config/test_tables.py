"""The open tables of the configuration: own keys and prices."""

from pathlib import Path

import pytest

from assistant.config import load_config
from assistant.config.user_tables import DEFAULT_PRICES, Price
from assistant.errors import ConfigError


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(text)
    return file


def test_own_keys_are_read_as_they_stand(tmp_path: Path) -> None:
    file = written(tmp_path, '[keys]\n"papers.star" = "ctrl+t"\n')

    assert load_config(file, {}).config.keys == {"papers.star": "ctrl+t"}


def test_a_price_of_the_file_stands_beside_the_default_ones(tmp_path: Path) -> None:
    file = written(tmp_path, '[prices]\n"my-model" = { input = 1, output = 2.5 }\n')

    prices = load_config(file, {}).config.prices

    assert prices["my-model"] == Price(1.0, 2.5)
    assert prices["gpt-5-mini"] == DEFAULT_PRICES["gpt-5-mini"]


def test_cached_tokens_cost_what_the_table_says() -> None:
    price = Price(input=1.0, output=10.0, cached=0.1)

    assert price.of(prompt_tokens=1_000_000, cached_tokens=500_000, output_tokens=100_000) == pytest.approx(1.55)
    assert Price(1.0, 10.0).of(1_000_000, 500_000, 0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("keys = 3\n", "keys in", "Write [keys] and lines"),
        ('[keys]\n"papers.star" = 3\n', "keys.papers.star in", "Such as"),
        ("prices = 'cheap'\n", "prices in", "Write lines"),
        ("[prices]\nmine = 3\n", "prices.mine in", "Write lines"),
        ("[prices]\nmine = { inptu = 1, output = 2 }\n", "Unknown key prices.mine.inptu", "input"),
        ("[prices]\nmine = { input = 1 }\n", "needs input and output", "Write lines"),
        ("[prices]\nmine = { input = -1, output = 2 }\n", "must be a number, not -1", ""),
        ("[prices]\nmine = { input = true, output = 2 }\n", "must be a number, not True", ""),
    ],
)
def test_a_wrong_table_is_an_error_with_its_place_and_a_remedy(
    tmp_path: Path, text: str, message: str, remedy: str
) -> None:
    file = written(tmp_path, text)

    with pytest.raises(ConfigError) as raised:
        load_config(file, {})

    assert message in raised.value.message
    assert remedy in (raised.value.remedy or "")
    assert str(file) in raised.value.message
