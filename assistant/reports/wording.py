"""What every form of a document says alike: its headings, what stands where nothing is, and its doubts."""

from collections.abc import Iterator

from assistant.answering.verdict_text import is_told_about, reason_of, sign_of
from assistant.reports.document import Document

OPEN_PROBLEMS = "Open problems stated by the papers"
NO_OPEN_PROBLEMS = "None of these abstracts states one in words that the program knows."
NOTHING_WRITTEN = "Nothing was written about these papers."


def shared_of(document: Document) -> str:
    """The terms that several of the papers have, in one line; empty without any."""
    return f"Terms that several of the papers have: {'; '.join(document.shared)}." if document.shared else ""


def doubts(document: Document) -> Iterator[str]:
    """Why something is not simply supported, sentence by sentence and cell by cell, as plain text."""
    for number, sentence in enumerate(document.sentences, start=1):
        if is_told_about(sentence):
            wrote = f"; the model wrote: “{sentence.original.strip()}”" if sentence.original else ""
            yield reason_of(sentence, number) + wrote
    for row in document.table.cells if document.table else ():
        for cell in row:
            if cell.content and is_told_about(cell.content):
                reason = cell.content.check.reason if cell.content.check else ""
                yield f"{sign_of(cell.content)} {cell.aspect} of [{cell.number}]: {reason}"
