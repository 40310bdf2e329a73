"""The sample feed that ships with the program, for a first run without network: real papers, abstracts in our words."""

from importlib.resources import files
from io import BytesIO

from assistant.feeds.file_content import FileContent
from assistant.feeds.json_files import RecordReading, read_json
from assistant.papers import FeedBatch, Source


def sample_batches() -> tuple[FeedBatch, ...]:
    """The sample papers, with the source `Source.SAMPLE`: any other feed's text replaces theirs."""
    resource = files("assistant.feeds") / "sample" / "daily_papers.jsonl"
    content = FileContent("sample", BytesIO(resource.read_bytes()))
    return tuple(read_json(content, RecordReading(api=False, source=Source.SAMPLE)))
