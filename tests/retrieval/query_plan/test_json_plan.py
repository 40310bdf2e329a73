"""Plans that a model wrote: the same typed plan, or refused."""

import json
from collections.abc import Mapping

import pytest

from assistant.library.library import Library
from assistant.retrieval.query_plan.execution import carry_out
from assistant.retrieval.query_plan.json_plan import InvalidPlan, plan_from_json
from assistant.retrieval.query_plan.names import NameResolver
from assistant.retrieval.query_plan.rules import sounds_like_plan

QUESTION = "whichever papers ada quill put up in 2026 by upvotes, repos and all"
WRITTEN: Mapping[str, object] = {
    "asks": "papers", "paper": None, "authors": ["ada quill"], "organizations": [], "words": [], "links": ["code"],
    "since": "2026-01-01", "until": "2026-12-31", "min_upvotes": None, "order": "upvotes", "limit": None,
}  # fmt: skip


def test_a_plan_in_json_is_the_same_typed_plan(sea: Library, resolver: NameResolver) -> None:
    plan = plan_from_json(f"Sure: {json.dumps(WRITTEN)}", QUESTION, resolver)

    assert plan is not None
    assert [row.paper.paper_id for row in carry_out(plan, sea).rows] == ["2608.00001", "2608.00002"]
    assert plan.authors == ("Ada Quill",)


def test_an_ordinary_question_has_none(resolver: NameResolver) -> None:
    assert plan_from_json('{"asks": "none"}', "what do they show?", resolver) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"table": "papers"}, "no field"),
        ({"asks": "delete"}, "asks is not"),
        ({"authors": ["Mei Marsh"]}, "does not stand"),
        ({"words": ["kelp"]}, "does not stand"),
        ({"authors": "ada quill"}, "no list"),
        ({"since": "spring"}, "no day"),
        ({"since": "2027-01-01"}, "after until"),
        ({"limit": 0}, "no number"),
        ({"limit": True}, "no number"),
        ({"asks": "links"}, "names no paper"),
    ],
)
def test_what_a_plan_may_not_hold_is_refused(changed: Mapping[str, object], why: str, resolver: NameResolver) -> None:
    with pytest.raises(InvalidPlan, match=why):
        plan_from_json(json.dumps({**WRITTEN, **changed}), QUESTION, resolver)


def test_a_plan_that_passes_over_most_of_a_question_is_refused(resolver: NameResolver) -> None:
    question = "papers by ada quill that prune attention heads of vision models"
    with pytest.raises(InvalidPlan, match="leaves out"):
        plan_from_json(json.dumps({**WRITTEN, "links": []}), question, resolver)


@pytest.mark.parametrize("field", ["authors", "organizations"])
def test_what_nobody_is_called_is_no_name(field: str, resolver: NameResolver) -> None:
    changed = {**WRITTEN, "authors": [], field: ["One-shot Entropy Minimization"]}
    with pytest.raises(InvalidPlan, match="nobody is called"):
        plan_from_json(
            json.dumps(changed), "how many models did the One-shot Entropy Minimization paper train?", resolver
        )


@pytest.mark.parametrize("text", ["", "no", "[1]", "{", '{"asks": '])
def test_what_is_no_object_is_refused(text: str, resolver: NameResolver) -> None:
    with pytest.raises(InvalidPlan, match="JSON object"):
        plan_from_json(text, QUESTION, resolver)


def test_only_questions_that_speak_of_the_collection_are_put_to_a_model() -> None:
    assert sounds_like_plan("whichever articles Ada Quill's friends wrote, most upvoted on top")
    assert not sounds_like_plan("how does FooNet prune attention heads?")
    assert not sounds_like_plan("papers on pruning")
