"""Papers that share no word that matters, as sources too, and titles as hostile as a feed may send them."""

from collections.abc import Sequence

from assistant.answering.values import NumberedSource
from assistant.library.records import StoredPaper
from assistant.papers import Author, Paper, Provenance
from assistant.sentences import split_sentences

FOO = "FooNet prunes attention heads during training. It cuts memory by 37% on ImageNet. Accuracy stays at 81.2%."
BAR = "BarBench tests agents on kitchen robots. It has 450 tasks in 12 homes. The best agent solves 23% of them."
BAZ = "BazSpeech clones voices from three seconds of audio. Listeners prefer it in 68% of trials over VoxClone."


def paper(paper_id: str = "2601.00001", title: str = "FooNet: Pruning Heads", abstract: str = FOO) -> StoredPaper:
    """A paper of the library with five upvotes."""
    return StoredPaper(
        Paper(paper_id, title, abstract, Provenance.EXPORT, authors=(Author("Ada Lovelace"),)), upvotes=5
    )


def three_papers() -> list[StoredPaper]:
    """Three papers that share no word that matters."""
    return [
        paper(),
        paper("2601.00002", "BarBench: Agents in Kitchens", BAR),
        paper("2601.00003", "BazSpeech: Cloning Voices", BAZ),
    ]


def sources(papers: Sequence[StoredPaper] | None = None) -> tuple[NumberedSource, ...]:
    """The papers as whole sources, numbered from 1."""
    stored = papers if papers is not None else three_papers()
    return tuple(NumberedSource(n, p, split_sentences(p.paper.abstract)) for n, p in enumerate(stored, start=1))


HOSTILE_TITLES = (
    "[/x] closes what was never opened",
    "[red]Attention[/red] is [link=https://evil.example]all[/link] you need [",
    "大規模言語モデルの" * 40,
    "تعلم الآلة العميق للغة العربية",
    "x" * 10_000,
    "語" * 10_000,
    "e" + "\u0301" * 500 + " accents",
    "👩‍👩‍👧‍👦 families 🏳️‍🌈 of emoji " * 8,
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 and\tbells\x07",
    "$primary @click=app.quit {curly} \\[",
)
