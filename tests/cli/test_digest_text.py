"""A digest as plain text: by topic, marked where a reader is to look twice, nothing of its texts acting."""

from dataclasses import replace

import click

from assistant.cli.render.document import digest_plain
from tests.support.checked_answers import SOUND, WRONG
from tests.support.digest_factory import WEEK, digest_by_topic, digest_of

DAY = """Daily Papers, 2026-01-05 · robotics

What is different from last week
- 3 papers, 2 more than a week before.

Pruning of networks
───────────────────
They save memory and time [1][2].

[1] FooNet: Pruning Heads
    ▲ 5 · Ada Lovelace · https://huggingface.co/papers/2601.00001
    FooNet prunes attention heads during training. It cuts memory by 37% on ImageNet [1].
"""


def plain(**plan: object) -> str:
    return click.unstyle(digest_plain(digest_by_topic(**plan)))


def test_a_digest_is_told_by_topic() -> None:
    text = plain()
    assert text.startswith(DAY)
    assert "\n    why: words: robots; 63 upvotes\n" in text
    assert "\nAlso today\n──────────\n\n[3] BazSpeech" in text
    assert (
        "\nEvidence of the topics\n    [1] “FooNet prunes attention heads during training.”\n    [2] “BarBench" in text
    )
    assert text.endswith("\n\n3 of 3 papers; summaries by extractive")


def test_few_papers_without_topics_are_a_list() -> None:
    text = click.unstyle(digest_plain(digest_of()))
    assert text.startswith("Daily Papers, 2026-01-05\n\n[1] FooNet: Pruning Heads\n")
    assert "Also" not in text
    assert "Evidence" not in text


def test_the_rest_of_a_week_is_not_of_today() -> None:
    assert "\nAlso in these days\n" in plain(period=WEEK)


def test_doubtful_sentences_keep_their_mark() -> None:
    made = digest_by_topic()
    doubted = replace(made.topics[0], sentences=(SOUND, WRONG))
    text = digest_plain(replace(made, topics=(doubted, made.topics[1])))
    assert "It cuts memory by 37%. Its FID is 2.78. [1] ✗" in text
    assert "✓" not in text
