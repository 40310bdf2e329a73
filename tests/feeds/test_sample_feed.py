"""The sample feed that ships with the program."""

from assistant.feeds.json_files import sample_batches
from assistant.papers import Provenance, is_provisional


def test_the_sample_holds_real_papers_of_two_days_or_more() -> None:
    batches = sample_batches()
    records = [record for batch in batches for record in batch.records]
    assert len(records) >= 24
    assert [batch.rejections for batch in batches] == [() for _ in batches]
    assert {record.paper.source for record in records} == {Provenance.SAMPLE}
    assert len({record.listing.day for record in records if record.listing}) >= 2
    assert not any(is_provisional(record.paper.paper_id) for record in records)
    assert len({record.paper.paper_id for record in records}) == len(records)
    assert records[0].place == "sample:1"
