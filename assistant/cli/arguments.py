"""What several commands make sure of before they start, and the topic that their words make."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.cli import console
from assistant.errors import UsageError
from assistant.library import StoredPaper
from assistant.papers import clean_text, normalized_title, parse_paper_id
from assistant.services import AppContainer, require_paper, require_searchable

if TYPE_CHECKING:
    from assistant.answering import Answer, AnswerEvent


_WORDS_OF_A_STAMP = 6


def require_papers(container: AppContainer) -> None:
    """Raise `NothingFound` for an empty library; say so when search has words alone to go by."""
    require_searchable(container)
    if container.embedder.missing:
        console.note(
            f"Searching by words alone: the embedder {container.embedder.missing} is not here"
            " (`assistant assets pull` fetches it)."
        )


def papers_named(container: AppContainer, names: Sequence[str]) -> list[StoredPaper]:
    """The papers meant by ids, links or titles, in order, each once. Raises `NothingFound`.

    Of several papers that a title may mean the likest is taken, and the choice is said.
    """
    papers_by_id: dict[str, StoredPaper] = {}
    for name in _joined(names):
        paper = require_paper(container.library, name)
        title = clean_text(name)
        if not parse_paper_id(name) and normalized_title(paper.title) != normalized_title(title):
            shown_id = f" ({paper.paper.shown_id})" if paper.paper.shown_id else ""
            console.note(f"{title!r} is taken for “{paper.title}”{shown_id}")
        papers_by_id.setdefault(paper.paper_id, paper)
    return list(papers_by_id.values())


def _joined(names: Sequence[str]) -> Iterator[str]:
    """The names, those joined that a shell has parted: ``arXiv:2401.01234v2 [cs.CL] 3 Jan 2024`` without quotes."""
    place = 0
    while place < len(names):
        runs = (names[place:end] for end in range(min(len(names), place + _WORDS_OF_A_STAMP), place + 1, -1))
        run = next((run for run in runs if parse_paper_id(" ".join(run))), names[place : place + 1])
        yield " ".join(run)
        place += len(run)


def topic_of(words: Sequence[str]) -> str:
    """The words of a command line as one topic. Raises `UsageError` when nothing is left of them."""
    topic = clean_text(" ".join(words))
    if not any(map(str.isalnum, topic)):
        raise UsageError("The topic is empty.", 'Write it behind the command, such as "speculative decoding".')
    return topic


async def refused_topic(answer: "Answer", as_json: Mapping[str, object] | None) -> int:
    """Say why there is nothing, as `ask` does, with the papers that come closest; return the exit code."""
    from assistant.cli.render.answer import end_of, show_answer

    if as_json is not None:
        console.write_json(as_json)
    else:
        await show_answer(_finished(answer), as_json=False)
    return end_of(answer)


async def _finished(answer: "Answer") -> "AsyncGenerator[AnswerEvent, None]":
    from assistant.answering import Finished

    yield Finished(answer)
