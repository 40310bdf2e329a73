"""Summaries without a model: sentences chosen by `salient_sentences` against summaries written by people.

Data: SciTLDR dev (619 papers: sentences of the abstract, title, one-sentence targets). Measure: F1 of unigrams, the
best of a paper's targets, as ROUGE-1 has it without stemming.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.answering.salience import salient_sentences

Row = dict[str, Any]


def overlap_f1(one: str, other: str) -> float:
    """F1 of the unigrams of two texts."""
    left, right = Counter(words(one)), Counter(words(other))
    shared = (left & right).total()
    return 2 * shared / (left.total() + right.total()) if shared else 0.0


def words(text: str) -> list[str]:
    """Lower-case words and numbers."""
    return re.findall(r"[a-z0-9]+", text.lower())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).parents[2] / "shared/eval/scitldr/dev.jsonl"
    parser.add_argument("--data", type=Path, default=default)
    rows: list[Row] = [json.loads(line) for line in parser.parse_args().data.read_text().splitlines()]

    def score(summary: Callable[[Row], str]) -> float:
        return sum(max(overlap_f1(summary(row), target) for target in row["target"]) for row in rows) / len(rows)

    def salient(row: Row, limit: int) -> str:
        return " ".join(s.text for s in salient_sentences(row["title"], " ".join(row["source"]), limit))

    print(f"SciTLDR dev, {len(rows)} papers\n\n| summary | unigram F1 |\n|---|---|")
    print(f"| first sentence | {score(lambda row: row['source'][0]):.3f} |")
    print(f"| title | {score(lambda row: row['title']):.3f} |")
    print(f"| salient sentence | {score(lambda row: salient(row, 1)):.3f} |")
    print(f"| two salient sentences | {score(lambda row: salient(row, 2)):.3f} |")
    best = score(lambda row: max(row["source"], key=lambda s: max(overlap_f1(s, t) for t in row["target"])))
    print(f"| best single sentence (oracle) | {best:.3f} |")


if __name__ == "__main__":
    main()
