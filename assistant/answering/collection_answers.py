"""Answers from the tables in words: a line that says what is listed, then the papers with their facts and links."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from assistant.answering.values import (
    Answer,
    AnswerEvent,
    Delta,
    Finished,
    ModelInfo,
    NumberedSource,
    Packed,
    Retrieved,
)
from assistant.library import LinkKind, StoredPaper
from assistant.models import Message, ModelKind
from assistant.periods import Window
from assistant.retrieval import Hit
from assistant.retrieval.query import ParsedQuery
from assistant.retrieval.query_plan import (
    OF_A_PAPER,
    Asks,
    CollectionResult,
    CollectionRow,
    PlanOrder,
    QueryPlan,
    UnclearName,
    labels,
)
from assistant.text import escaped

TABLES = ModelInfo("library tables", ModelKind.EXTRACTIVE)
"""Who writes such answers: nobody."""


def collection_text(result: CollectionResult, *, markdown: bool = False) -> str:
    """The answer as plain text with bare addresses, or as Markdown with links in which no title adds markup."""
    return _Telling(result, labels(result.plan.language), markdown).text()


@dataclass(frozen=True, slots=True)
class _Telling:
    result: CollectionResult
    label: Mapping[str, str]
    markdown: bool

    def text(self) -> str:
        plan, result = self.result.plan, self.result
        if plan.unclear:
            return "\n".join(self._plain(self._unclear(name)) for name in plan.unclear)
        if plan.asks in OF_A_PAPER:
            return self._of_papers()
        lead = self._plain(self._lead())
        if result.writers:
            counted = (f"{name}: {self._counted(papers)}" for name, papers in result.writers)
            return "\n".join([lead, "", *(f"{place}. {self._plain(line)}" for place, line in enumerate(counted, 1))])
        if not result.rows:
            return "\n".join(self._plain(line) for line in (*self._none(), self._lead()))
        rows = [self._row(number, row) for number, row in enumerate(result.rows, start=1)]
        return "\n".join([lead, "", *rows])

    # Lists

    def _lead(self) -> str:
        """How many there are, and what they have in common: "5 papers · author Kaiming He · newest first"."""
        plan, result = self.result.plan, self.result
        parts = [self._counted(result.total), *self._conditions(plan)]
        if not result.writers and result.rows:
            parts.append(self._order(plan.order))
        if result.shared > 1 and (plan.first_place or plan.shared_first):
            parts.append(self.label["shared"].format(count=result.shared))
        elif 1 < len(result.rows) < result.total:
            parts.append(self.label["shown"].format(count=len(result.rows)))
        return " · ".join(parts)

    def _counted(self, papers: int) -> str:
        return f"{papers:,} {self.label['paper' if papers == 1 else 'papers']}"

    def _conditions(self, plan: QueryPlan) -> list[str]:
        filters, label = plan.filters, self.label
        joined = " / " if len(filters.authors) < len(plan.authors) else " + "
        parts = [f"{label['author']} {joined.join(plan.authors)}"] if filters.authors else []
        if filters.organizations:
            parts.append(f"{label['organization']} {' / '.join(filters.organizations)}")
        parts += [label[kind] for kind in filters.links]
        parts += [f"{label['words']} “{phrase}”" for phrase in filters.words]
        if filters.min_upvotes is not None:
            parts.append(label["at_least"].format(count=filters.min_upvotes))
        if filters.since or filters.until:
            parts.append(Window(filters.since, filters.until).label)
        return parts

    def _order(self, order: PlanOrder) -> str:
        return self.label[f"by_{order}" if order in {PlanOrder.UPVOTES, PlanOrder.COMMENTS} else order]

    def _none(self) -> list[str]:
        nearest = self.result.nearest_day
        if nearest:
            return [self.label["no_listing"].format(day=nearest)]
        return [] if self.result.plan.asks is Asks.COUNT else [self.label["none"]]

    def _row(self, number: int, row: CollectionRow) -> str:
        facts = [self._plain(row.paper.facts)]
        if self.result.plan.order is PlanOrder.COMMENTS and row.paper.comments is not None:
            facts.append(f"{row.paper.comments} {self.label['comments']}")
        links = [self._link(self.label[kind], link) for kind in LinkKind if (link := row.links.of(kind))]
        lines = [self._head(f"{number}. ", row.paper), " · ".join([*facts, *links])]
        if row.sentence:
            lines.append(self._plain(f"“{row.sentence.text}”"))
        return self._lines(lines)

    # Papers that are named

    def _of_papers(self) -> str:
        plan, rows = self.result.plan, self.result.rows
        namesakes = self.label["namesakes"].format(count=len(rows), name=plan.name)
        lines = [self._plain(namesakes), ""] if len(rows) > 1 else []
        for number, row in enumerate(rows, start=1):
            head = self._head(f"{number}. " if len(rows) > 1 else "", row.paper)
            day = [row.paper.day_text] if len(rows) > 1 and row.paper.day_text else []
            lines.append(self._lines([head, " · ".join([*day, *self._asked_of(row)])], nested=len(rows) > 1))
        return "\n".join(lines)

    def _asked_of(self, row: CollectionRow) -> list[str]:
        plan, paper, label = self.result.plan, row.paper, self.label
        match plan.asks:
            case Asks.AUTHORS:
                names = [author.name for author in paper.paper.authors]
                return [self._plain(", ".join(names) or label["no_authors"])]
            case Asks.ORGANIZATION:
                return [self._plain(paper.paper.organization or label["no_organization"])]
            case Asks.UPVOTES | Asks.COMMENTS:
                count = paper.upvotes if plan.asks is Asks.UPVOTES else paper.comments
                return [f"{label[plan.asks]}: {label['no_count'] if count is None else count}"]
            case Asks.DAY:
                published = f"arXiv {paper.paper.published}" if paper.paper.published else ""
                days = f"{label['listed']} {', '.join(map(str, paper.days))}" if paper.days else ""
                return [part for part in (days, published) if part] or [label["no_count"]]
            case _:
                return self._links_of(row, tuple(LinkKind) if plan.link is None else (plan.link,))

    def _links_of(self, row: CollectionRow, kinds: tuple[LinkKind, ...]) -> list[str]:
        """The links that were asked for; where one is not known the other kind stands beside that."""
        links = [self._link(self.label[kind], link) for kind in kinds if (link := row.links.of(kind))]
        if links:
            return links
        others = [self._link(self.label[kind], link) for kind in LinkKind if (link := row.links.of(kind))]
        kind_labels = " / ".join(self.label[kind] for kind in kinds)
        return [f"{self._plain(kind_labels)}: {self._plain(self.label['no_link'])}", *others]

    # Names that are not clear

    def _unclear(self, name: UnclearName) -> str:
        nearest = self.label["nearest"].format(names=", ".join(name.nearest)) if name.nearest else ""
        if name.bearers:
            problem = self.label["ambiguous"].format(count=name.bearers, name=name.written)
        else:
            problem = self.label[f"unknown_{name.kind}"].format(name=name.written)
        return " ".join(part for part in (problem, nearest) if part)

    # Text

    def _head(self, number: str, paper: StoredPaper) -> str:
        """A title with its page: on the title as Markdown, behind it else."""
        if not self.markdown:
            return " · ".join(part for part in (f"{number}{paper.title}", paper.link or "") if part)
        title = escaped(paper.title)
        return f"{number}[{title}]({paper.link})" if paper.link else f"{number}{title}"

    def _link(self, label: str, link: str) -> str:
        return f"[{label}](<{link.replace('<', '').replace('>', '')}>)" if self.markdown else f"{label}: {link}"

    def _lines(self, lines: list[str], *, nested: bool = True) -> str:
        indent = "   " if nested else ""
        return ("  \n" if self.markdown else "\n").join(
            line if place == 0 else indent + line for place, line in enumerate(lines) if line
        )

    def _plain(self, text: str) -> str:
        return escaped(text) if self.markdown else text


async def answer_from_tables(understood: ParsedQuery, result: CollectionResult) -> AsyncGenerator[AnswerEvent, None]:
    """`Retrieved`, `Packed` where papers are listed, which further questions go on from, the text, and `Finished`."""
    papers = [row.paper for row in result.rows]
    sources = tuple(NumberedSource(number, paper, ()) for number, paper in enumerate(papers, start=1))
    yield Retrieved(tuple(Hit(paper, score=1.0) for paper in papers), understood)
    if sources:
        yield Packed(sources, (), (Message("user", understood.question),), 0, TABLES)
    text = collection_text(result)
    yield Delta(text)
    yield Finished(
        Answer(
            question=understood.question, sentences=(), text=text, sources=sources, writer=TABLES,
            understood=understood, collection=result,
        )
    )  # fmt: skip
