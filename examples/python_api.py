"""The assistant from Python: papers from a file, a search, an answer with its evidence, a digest.

Runs without network, model or key, on the sample feed that ships with the package.
"""

import asyncio
import tempfile
from importlib.resources import as_file, files

from assistant import Assistant

SAMPLE_FEED = files("assistant.feeds") / "sample" / "daily_papers.jsonl"


async def main() -> None:
    """Read the sample feed into a library in a temporary folder and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        async with Assistant(library=folder, model="extractive", offline=True) as papers:
            with as_file(SAMPLE_FEED) as feed:
                synced = await papers.sync_files(feed)
            print(f"{len(synced.report.new)} papers")

            for hit in await papers.search("agents that learn from experience", limit=3):
                print(f"{hit.paper.day_text}  {hit.paper.title}")

            answer = await papers.ask("Which benchmark tests the memory of language models?")
            for sentence in answer.sentences:
                cited = [citation.number for citation in sentence.citations]
                print(f"{sentence.verdict}: {sentence.text} {cited}")

            digest = await papers.digest("2026-W34")
            for topic in digest.topics:
                print(f"{topic.name}: {len(topic.numbers)} papers")


asyncio.run(main())
