"""Questions about the collection become plans that tables answer, and only these."""

import pytest

from assistant.library.library import Library
from assistant.retrieval.query_plan.execution import carry_out
from assistant.retrieval.query_plan.names import NameResolver
from assistant.retrieval.query_plan.plan import Asks, NameKind, PlanOrder
from assistant.retrieval.query_plan.rules import plan_question
from tests.retrieval.query_plan.conftest import TODAY

LISTS = {
    "papers by Ada Quill": "1 2 5",
    "list everything written by ada quill, please": "1 2 5",
    "Quill, Ada": "1 2 5",
    "papers by A. Quill": "1 2 5",
    "What has Ada Quill published in August 2026?": "1 2",
    "papers by Zoe Kruger": "1",
    "Junyan Ito papers": "1 3",
    "papers by Boris Marsh": "3 4",
    "Which papers have both Ada Quill and Jun-Yan Ito as authors?": "1",
    "papers by Kim Do or Mei Marsh": "4 5 6",
    "papers from Reef University this month": "3 4",
    "Tidal AI papers": "1 2",
    "papers of open tide research": "6",
    "Which papers this week have code?": "1 2",
    "papers with a project page": "2 4",
    "papers from 2025 with code": "6",
    "papers with the word wolof": "3",
    'papers that contain the phrase "counts tokens"': "4",
    "what came out yesterday": "1",
    "papers with at least 99 upvotes": "4 6",
    "how many papers by Mei Marsh are there?": "4 6",
    "how many papers were listed last week?": "3 4",
    "the newest 2 papers": "1 2",
    "newest paper of Tidal AI": "1",
    "oldest papers of Reef University": "4 3",
    "first paper by Mei Marsh": "6",
    "most upvoted paper of 2026": "4",
    "top 2 of last week": "4 3",
    "which paper had the most comments in July 2026": "5",
    "which papers were commented the most?": "3 2",
    "trending this week": "1 2",
    "trending": "1 2",
    "best papers of 2025": "6",
    "breton": "3",
    "most upvoted paper about anchors": "6",
    "which paper on agent has the most upvotes?": "2",
    "how many papers mention counts tokens?": "4",
    "how many papers mention questions in Wolof": "3",
    "how many papers are about heads?": "1",
    "papers by Ada Quill about pruning": "1",
    "papers about agents with code": "2",
    "which papers on seaweed models have code?": "1",
    "newest papers on attention in long inputs": "5",
    "best papers about anchors of 2025": "6",
    "neueste Paper zu Wolof": "3",
    "les articles les plus populaires sur anchors": "6",
}


@pytest.mark.parametrize(("question", "expected"), LISTS.items())
def test_a_list_is_read_from_the_tables(question: str, expected: str, sea: Library, resolver: NameResolver) -> None:
    plan = plan_question(question, TODAY, resolver)

    assert plan is not None
    found = [str(int(row.paper.paper_id[5:])) for row in carry_out(plan, sea).rows]
    in_order = plan.order in {PlanOrder.OLDEST, PlanOrder.UPVOTES} or plan.limit is not None
    assert (found if in_order else sorted(found)) == expected.split()


OF_PAPERS = {
    "who wrote Barnacle-2?": (Asks.AUTHORS, "5"),
    "authors of barnacle-2": (Asks.AUTHORS, "5"),
    "who are the authors of “Old Anchors of Vision”?": (Asks.AUTHORS, "6"),
    "who wrote 2608.00004": (Asks.AUTHORS, "4"),
    "is there code for Code World Fish?": (Asks.LINKS, "4"),
    "where's the code of kelpnet": (Asks.LINKS, "1"),
    "does KelpNet have a project page?": (Asks.LINKS, "1"),
    "code for Kelp": (Asks.LINKS, "2 3"),
    "which organization is Barnacle-2 from?": (Asks.ORGANIZATION, "5"),
    "how many upvotes does KelpNet have": (Asks.UPVOTES, "1"),
    "when was Barnacle-2 published?": (Asks.DAY, "5"),
}


@pytest.mark.parametrize(("question", "expected"), OF_PAPERS.items())
def test_what_is_asked_of_a_named_paper(question: str, expected: tuple[Asks, str], resolver: NameResolver) -> None:
    plan = plan_question(question, TODAY, resolver)

    assert plan is not None
    assert (plan.asks, " ".join(str(int(each[5:])) for each in plan.named)) == expected


@pytest.mark.parametrize(
    "question",
    [
        "how do authors of KelpNet count tokens?",
        "how does the code of KelpNet work?",
        "what do papers by Ada Quill say about pruning?",
        "papers by Ada Quill about sourdough",
        "papers about agents",
        "which paper has the best results on agents?",
        "most upvoted paper on growing heads of seaweed",
        "who wrote the prompts of Barnacle-2?",
        "is the code of KelpNet any good?",
        "which papers improve code generation?",
        "papers on code",
        "papers on pruning this week",
        "how many parameters does KelpNet have?",
        "newest version of KelpNet",
        "most upvoted method for pruning",
        "top 5 accuracy of KelpNet",
        "what is a hot topic?",
        "how does KelpNet work?",
        "what is Kelp?",
        "compare KelpNet and Barnacle-2",
        "most papers use attention",
        "link between depth and width",
        "best code model",
        "papers on gradients from data of Tidal AI models",
        "",
        "?",
        "papers by " + "Ada Quill and " * 40,
    ],
)
def test_what_is_left_over_makes_an_ordinary_question(question: str, resolver: NameResolver) -> None:
    assert plan_question(question, TODAY, resolver) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Welche Paper von Ada Quill gibt es?", "de papers 1 2 5"),
        ("Welches Paper hatte letzte Woche die meisten Upvotes?", "de papers 4"),
        ("Wie viele Paper hatte Tidal AI im August 2026?", "de count 1 2"),
        ("Gibt es Code für KelpNet?", "de links 1"),
        ("Wer hat Barnacle-2 geschrieben?", "de authors 5"),
        ("Quel article a eu le plus de votes la semaine dernière ?", "fr papers 4"),
        ("articles de Mei Marsh", "fr papers 4 6"),
        ("Qui a écrit Barnacle-2 ?", "fr authors 5"),
        ("上周点赞最多的论文是哪篇？", "zh papers 4"),
        ("Ada Quill 的论文", "zh papers 1 2 5"),
        ("KelpNet 的作者是谁？", "zh authors 1"),
        ("2025年3月有多少篇论文？", "zh count 6 7"),
    ],
)
def test_other_languages(question: str, expected: str, sea: Library, resolver: NameResolver) -> None:
    plan = plan_question(question, TODAY, resolver)

    assert plan is not None
    found = sorted(str(int(row.paper.paper_id[5:])) for row in carry_out(plan, sea).rows)
    assert " ".join([plan.language, plan.asks, *found]) == expected


@pytest.mark.parametrize(
    ("question", "kind", "bearers", "nearest"),
    [
        ("papers by Ada Quilt", NameKind.AUTHOR, 0, "Ada Quill"),
        ("papers by Marsh", NameKind.AUTHOR, 2, "Mei Marsh"),
        ("papers from Lagoon Systems", NameKind.ORGANIZATION, 0, None),
        ("who wrote Barnacle-9?", NameKind.PAPER, 0, None),
    ],
)
def test_a_name_that_nobody_or_several_have_is_said(
    question: str, kind: NameKind, bearers: int, nearest: str | None, sea: Library, resolver: NameResolver
) -> None:
    plan = plan_question(question, TODAY, resolver)

    assert plan is not None
    (unclear,) = plan.unclear
    assert (unclear.kind, unclear.bearers) == (kind, bearers)
    assert nearest is None or nearest in unclear.nearest
    assert not carry_out(plan, sea).answers


def test_equal_counts_share_a_place(sea: Library, resolver: NameResolver) -> None:
    plan = plan_question("top 3 papers of August 2026", TODAY, resolver)

    assert plan is not None
    assert [row.place for row in carry_out(plan, sea).rows] == [1, 2, 2]


def test_days_without_papers_name_the_nearest(sea: Library, resolver: NameResolver) -> None:
    plan = plan_question("papers from 2025-03-06", TODAY, resolver)

    assert plan is not None
    assert str(carry_out(plan, sea).nearest_day) == "2025-03-05"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("who wrote the most papers?", ("Ada Quill", 3)),
        ("which organization published the most papers in August 2026?", ("Reef University", 2)),
    ],
)
def test_who_wrote_most(question: str, first: tuple[str, int], sea: Library, resolver: NameResolver) -> None:
    plan = plan_question(question, TODAY, resolver)

    assert plan is not None
    assert carry_out(plan, sea).writers[0] == first
