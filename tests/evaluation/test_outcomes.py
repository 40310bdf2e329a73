"""Which outcomes count as right, from the values of answers."""

from dataclasses import dataclass, replace

import pytest

from assistant.answering.values import ClosePaper, Gate, Refusal, Verdict
from assistant.evaluation.natural import TableValues, table_of
from assistant.evaluation.outcomes import Reply, language_of, outcome_of
from assistant.evaluation.questions import (
    Expected,
    ExpectedTable,
    Listing,
    NaturalQuestion,
    NaturalType,
    Passage,
    Place,
    TableKind,
)
from assistant.library.records import StoredPaper
from tests.support.evaluation_samples import REFUSED, answer, citation, sentence
from tests.support.paper_factory import three_papers

FOO_ID, BAR_ID, BAZ_ID = "2601.00001", "2601.00002", "2601.00003"
CITES_FOO = answer(sentence("The memory shrinks by more than a third [1].", Verdict.SUPPORTED, citation()))


def asked(kind: NaturalType, **expected: object) -> NaturalQuestion:
    return NaturalQuestion("what?", Place("natural", 1), None, kind, Expected(**expected))  # type: ignore[arg-type]


def about_foo(**expected: object) -> NaturalQuestion:
    return asked(NaturalType.ABOUT_NAMED, paper_ids=(FOO_ID,), **expected)


def refused(*closest: int) -> Reply:
    refusal = Refusal(Gate.EVIDENCE, "no", 0.1, tuple(ClosePaper(number, "near") for number in closest))
    return Reply(answer(refusal=refusal), refusal)


def test_an_answer_from_the_right_paper_is_right_and_a_refusal_is_not() -> None:
    assert outcome_of(about_foo(), Reply(CITES_FOO)).right
    assert outcome_of(about_foo(), Reply(answer(refusal=REFUSED), REFUSED)).faults == ("refused",)
    assert outcome_of(about_foo(), Reply(error="no such day")).faults == ("error: no such day",)
    other = asked(NaturalType.ABOUT_NAMED, paper_ids=("2601.00009",))
    assert outcome_of(other, Reply(CITES_FOO)).faults == ("not among the sources: 2601.00009",)


def test_a_passage_counts_when_its_sentence_is_cited_or_its_words_are_used() -> None:
    cited = about_foo(passages=(Passage(None, "cuts memory by 37%"), Passage(None, "prunes attention heads")))
    outcome = outcome_of(cited, Reply(CITES_FOO))

    assert outcome.right
    assert outcome.gaps == ("neither used nor cited: prunes attention heads",)
    assert outcome.covered == 0.5
    used = replace(CITES_FOO, text="It PRUNES\nattention heads.")
    assert outcome_of(cited, Reply(used)).covered == 1.0
    of_another = about_foo(passages=(Passage(BAR_ID, "cuts memory by 37%"),))
    assert outcome_of(of_another, Reply(CITES_FOO)).covered == 0.0


def test_what_the_abstract_lacks_must_be_said_and_namesakes_left_alone() -> None:
    partly = about_foo(partly=True)
    assert outcome_of(partly, Reply(CITES_FOO)).gaps == ("does not say what is absent",)
    assert outcome_of(partly, Reply(replace(CITES_FOO, missing=("the GPU",)))).gaps == ()
    namesake = asked(NaturalType.ABOUT_NAMED, paper_ids=(BAR_ID,), confusable=(FOO_ID,))
    assert outcome_of(namesake, Reply(CITES_FOO)).faults == (f"describes the namesake {FOO_ID}",)


def test_a_need_wants_a_relevant_paper_and_tells_how_many_are_found() -> None:
    need = asked(NaturalType.NEED, relevant={FOO_ID: 2, "2601.00009": 1}, within=5)
    outcome = outcome_of(need, Reply(CITES_FOO, ranking=(BAR_ID, FOO_ID)))

    assert (outcome.right, outcome.covered) == (True, 0.5)
    far = asked(NaturalType.NEED, relevant={"2601.00009": 2}, may_join=())
    assert outcome_of(far, Reply(CITES_FOO)).faults == ("no relevant paper among the sources",)
    joined = asked(NaturalType.NEED, relevant={"2601.00009": 2}, may_join=(BAZ_ID,))
    assert outcome_of(joined, Reply(CITES_FOO)).right


def test_what_is_unanswerable_is_refused_with_the_closest_paper() -> None:
    unanswerable = asked(NaturalType.UNANSWERABLE, refuse=True, closest=BAR_ID)

    assert outcome_of(unanswerable, Reply(CITES_FOO)).faults == ("answered",)
    assert outcome_of(unanswerable, refused(1)).gaps == (f"does not name {BAR_ID}",)
    named = outcome_of(unanswerable, refused(1, 2))
    assert (named.right, named.gaps) == (True, ())


def test_another_language_wants_its_papers_among_the_first_and_its_words() -> None:
    german = asked(NaturalType.OTHER_LANGUAGE, paper_ids=("2601.00009",), within=2, language="de")
    in_german = replace(CITES_FOO, text="Der Speicher wird um 37 % kleiner [1].")

    assert outcome_of(german, Reply(in_german, ranking=(BAR_ID, "2601.00009"))).gaps == ()
    assert not outcome_of(german, Reply(in_german, ranking=(BAR_ID, BAZ_ID, "2601.00009"))).right
    english = outcome_of(german, Reply(CITES_FOO, ranking=("2601.00009",)))
    assert (english.right, english.gaps) == (True, ("in en, not in de",))


RANKING = ExpectedTable(TableKind.RANKING, (Listing(("a", "b", "c"), ("9", "7", "7"), (), ("d",)), Listing(("x",))))
PAPERS = ExpectedTable(TableKind.PAPERS, (Listing(("a", "b"), may_join=("c",)),))


@pytest.mark.parametrize(
    ("table", "papers", "right"),
    [
        (RANKING, ["a", "b", "c"], True),
        (RANKING, ["a", "c", "b", "z"], True),
        (RANKING, ["a", "b", "d"], True),
        (RANKING, ["d", "b", "c"], False),
        (RANKING, ["b", "a", "c"], False),
        (RANKING, ["a", "b"], False),
        (RANKING, ["x"], True),
        (PAPERS, ["b", "a"], True),
        (PAPERS, ["b", "a", "c"], True),
        (PAPERS, ["b", "a", "z"], False),
        (PAPERS, ["a", "c"], False),
        (PAPERS, [], False),
    ],
)
def test_lists_are_compared_as_sets_and_rankings_in_order_but_for_ties(
    table: ExpectedTable, papers: list[str], right: bool
) -> None:
    reply = Reply(answer(), table=TableValues(tuple(papers)))
    assert outcome_of(asked(NaturalType.LIST_TABLE, table=table), reply).right is right


@pytest.mark.parametrize(
    ("table", "values", "text", "right"),
    [
        (ExpectedTable(TableKind.NUMBER, number=16), TableValues(number=16), "", True),
        (ExpectedTable(TableKind.NUMBER, number=16), TableValues(number=17), "16", False),
        (ExpectedTable(TableKind.NUMBER, number=16), None, "There are 16 of them.", True),
        (ExpectedTable(TableKind.NUMBER, number=16), None, "It gains 16% and 2.16 or 16.5.", False),
        (ExpectedTable(TableKind.LINK, link="https://x.org/a/"), TableValues(links=("https://X.org/a",)), "", True),
        (ExpectedTable(TableKind.LINK, link="https://x.org/a"), TableValues(links=("https://x.org/b",)), "", False),
        (ExpectedTable(TableKind.AUTHORS, names=("Ada", "Bob")), TableValues(names=("bob", "ada")), "", True),
        (ExpectedTable(TableKind.AUTHORS, names=("Ada", "Bob")), TableValues(names=("Ada",)), "", False),
        (ExpectedTable(TableKind.NONE), TableValues(), "There is none.", True),
        (ExpectedTable(TableKind.NONE), TableValues(("a",)), "", False),
        (ExpectedTable(TableKind.NONE), None, "FooNet does.", False),
    ],
)
def test_numbers_links_names_and_nothing_are_compared_by_value(
    table: ExpectedTable, values: TableValues | None, text: str, right: bool
) -> None:
    reply = Reply(answer(text=text), table=values)
    assert outcome_of(asked(NaturalType.LIST_TABLE, table=table), reply).right is right


def test_nothing_to_list_may_be_a_refusal() -> None:
    none = asked(NaturalType.LIST_TABLE, table=ExpectedTable(TableKind.NONE))
    assert outcome_of(none, refused()).right
    word = asked(NaturalType.EXACT_WORD, table=ExpectedTable(TableKind.RANKING, (Listing((FOO_ID,)),)))
    assert outcome_of(word, Reply(refusal=REFUSED, ranking=(FOO_ID,))).faults == ("refused",)
    assert outcome_of(word, Reply(answer(), ranking=(FOO_ID, BAR_ID))).right


@dataclass(frozen=True)
class Links:
    code: str | None = None
    project: str | None = None


@dataclass(frozen=True)
class Row:
    paper: StoredPaper
    links: Links = Links()  # frozen


@dataclass(frozen=True)
class FromTables:
    """What the tables say."""

    total: int
    rows: tuple[Row, ...] = ()
    writers: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class WithTable:
    """An answer from the tables, as the judging sees it."""

    collection: FromTables | None


def test_an_answer_from_the_tables_has_papers_a_number_names_and_links() -> None:
    foo, bar, _ = three_papers()
    tabled = WithTable(FromTables(5, (Row(foo, Links("https://x.org")), Row(bar)), (("Bo", 2),)))

    assert table_of(tabled) == TableValues((FOO_ID, BAR_ID), 5, ("Bo", "Ada Lovelace"), ("https://x.org",))
    assert table_of(CITES_FOO) is None
    assert table_of(None) is None
    assert table_of(WithTable(None)) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Speicher wird mit weniger Köpfen kleiner [1].", "de"),
        ("La mémoire est réduite avec moins de têtes.", "fr"),
        ("它把内存减少了 37% (ImageNet)。", "zh"),
        ("メモリを37%減らす。", "ja"),
        ("The memory shrinks with fewer heads.", "en"),
        ("Aus der Zusammenfassung: “It cuts the memory of the model by 37% on the set.” [1]", "de"),
        ("“It cuts the memory of the model.” [1]", "en"),
        ("37%", None),
    ],
)
def test_a_language_is_seen_by_script_and_function_words_outside_of_quotes(text: str, language: str | None) -> None:
    assert language_of(text) == language
