"""A first sync against the raw embedder: papers a second of `assistant sync FILE` into an empty library.

The same texts are embedded by the embedder alone, half of them before the sync and half after it, in the same process:
the ratio holds when the machine's speed drifts. The library stays in ``--library``, for the other benchmarks.
"""

import argparse
import asyncio
import time
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from assistant.config import load_config
from assistant.feeds.files import read_files
from assistant.library.sync import sync_batches
from assistant.services import AppContainer


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).parents[2] / "shared/corpus/daily_papers.jsonl.gz"
    parser.add_argument("--corpus", type=Path, default=default)
    parser.add_argument("--library", required=True, help="an empty folder")
    arguments = parser.parse_args()
    asyncio.run(_run(arguments.corpus, AppContainer(load_config(None, {}, {"paths.library": arguments.library}), {})))


async def _run(corpus: Path, container: AppContainer) -> None:
    now = datetime.now(UTC)
    async with container:
        embedder = container.embedder.embedder
        if embedder is None:
            raise SystemExit("the embedder is not here: run `assistant assets pull`")
        batches = list(read_files([str(corpus)], today=now.date()))
        texts = list({r.paper.paper_id: r.paper.text for batch in batches for r in batch.records}.values())
        embedder.embed(texts[:8])
        middle = len(texts) // 2
        raw = _seconds(embedder.embed, texts[:middle])
        began = time.perf_counter()
        events = sync_batches(container.library, read_files([str(corpus)], today=now.date()), now)
        async with aclosing(events) as stream:
            async for _ in stream:
                pass
        synced = time.perf_counter() - began
        raw += _seconds(embedder.embed, texts[middle:])
        papers = container.library.stats().papers
    print(
        f"{papers} papers of {corpus.name}\n\n| what | seconds | papers/s | share of the embedder |\n|---|---|---|---|"
    )
    print(f"| embedder alone | {raw:.1f} | {len(texts) / raw:.1f} | 1.00 |")
    print(f"| sync: parse, keep, embed, index | {synced:.1f} | {papers / synced:.1f} | {raw / synced:.2f} |")


def _seconds(embed: object, texts: list[str]) -> float:
    assert callable(embed)
    began = time.perf_counter()
    for start in range(0, len(texts), 128):
        embed(texts[start : start + 128])
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
