"""Dates and author lists in every form that tools write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.feeds.person_names import author_names
from assistant.feeds.record_days import Precision, RecordDay, record_day

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "value",
    [
        *("2024-05-05", "2024-05-05T23:10:00Z", "2024-05-06T01:00:00+02:00", "2024-05-05 17:59:02", "2024/05/05/"),
        *("2024.5.5", "Sun, 5 May 2024 17:59:02 GMT", "5 May 2024", "May 5, 2024", "20240505"),
        *(20240505, "20240505120000", "2024 May 5", "2024 May 05 10:00", "2024-May-5", "05-May-2024", "5 May, 2024"),
        *("05.05.2024", "5. 5. 2024", "May 5th, 2024", "5th of May 2024"),
        *(1714932000, 1714932000000, "1714932000", 1714932000.5, [2024, 5, 5], ["2024", "05", "05"], [[2024, 5, 5]]),
        *({"date-parts": [[2024, 5, 5]]}, {"date-parts": [["2024", "5", "5"]]}, {"raw": "2024-05-05"}),
        *({"$date": 1714932000000}, {"year": 2024, "month": "May", "day": 5}),
        {"date-time": "2024-05-05T00:00:00Z", "timestamp": 1},
    ],
)  # fmt: skip
def test_a_day_is_known_in_every_form(value: object) -> None:
    assert record_day(value) == RecordDay(date(2024, 5, 5))


@pytest.mark.parametrize(
    ("value", "expected", "precision"),
    [
        ("2024-05", date(2024, 5, 1), Precision.MONTH),
        ("2024/05//", date(2024, 5, 1), Precision.MONTH),
        ("May 2024", date(2024, 5, 1), Precision.MONTH),
        ("2024 May", date(2024, 5, 1), Precision.MONTH),
        ("2024 May-Jun", date(2024, 5, 1), Precision.MONTH),
        ("2024/05//Spring", date(2024, 5, 1), Precision.MONTH),
        ("2024 Spring", date(2024, 1, 1), Precision.YEAR),
        ({"date-parts": [[2024, 5]]}, date(2024, 5, 1), Precision.MONTH),
        (2024, date(2024, 1, 1), Precision.YEAR),
        ("2024", date(2024, 1, 1), Precision.YEAR),
        ("2024///", date(2024, 1, 1), Precision.YEAR),
    ],
)
def test_a_month_or_a_year_alone_says_so(value: object, expected: date, precision: Precision) -> None:
    assert record_day(value) == RecordDay(expected, precision)


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "",
        "2024-13-01",
        "2024-02-30",
        "05/06/2024",
        "12.13.2024",
        "x" * 9_999,
        True,
        12,
        float("nan"),
        [],
        {},
        [None],
        "99",
    ],
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert record_day(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A. Ex'ample, B. C. Sample and the Toy Collaboration", ("A. Ex'ample", "B. C. Sample", "Toy Collaboration")),
        ("Muster, Erika; Beispiel, Jan", ("Erika Muster", "Jan Beispiel")),
        ("Muster, Erika and Beispiel, Jan", ("Erika Muster", "Jan Beispiel")),
        ("Erika Muster, Jan Beispiel", ("Erika Muster", "Jan Beispiel")),
        ("Erika Muster, Jan Beispiel & Ada Toy", ("Erika Muster", "Jan Beispiel", "Ada Toy")),
        ("Muster, Erika", ("Erika Muster",)),
        ("Erika Muster", ("Erika Muster",)),
        ("Erika Muster\nJan Beispiel", ("Erika Muster", "Jan Beispiel")),
        ("['Erika Muster', \"Jan O'Beispiel\"]", ("Erika Muster", "Jan O'Beispiel")),
        ('["Erika Muster", {"name": "Jan Beispiel"}]', ("Erika Muster", "Jan Beispiel")),
        (["Muster, Erika", "Jan Beispiel"], ("Erika Muster", "Jan Beispiel")),
        ([["Muster", "E.", ""], ["Toy Team", "", ""], ["Beispiel", "J.", "III", "an institute"]],
         ("E. Muster", "Toy Team", "J. Beispiel III")),
        ([{"family": "Muster", "given": "Erika"}, {"literal": "Toy Team"}], ("Erika Muster", "Toy Team")),
        ([{"author": {"display_name": "Erika Muster"}}, {"name": "Hidden", "hidden": True}], ("Erika Muster",)),
        ([{"creatorType": "editor", "lastName": "No"},
          {"creatorType": "author", "firstName": "E", "lastName": "M"}], ("E M",)),
        ({"author": [{"name": "Erika Muster"}]}, ("Erika Muster",)),
        ("Jo Doe,Ann Bee,C. Dee", ("Jo Doe", "Ann Bee", "C. Dee")),
        (["Jo Doe, Ann Bee, C. Dee"], ("Jo Doe", "Ann Bee", "C. Dee")),
        (["Jo Doe, Ann Bee"], ("Jo Doe", "Ann Bee")),
        ("Doe, J., Bee, A., Dee, C.", ("J. Doe", "A. Bee", "C. Dee")),
        ("Doe, J., Bee, A. B., & Dee, C.-D.", ("J. Doe", "A. B. Bee", "C.-D. Dee")),
        ("Doe, John A., Bee, Ann B.", ("John A. Doe", "Ann B. Bee")),
        ("OpenAI, Google", ("OpenAI", "Google")),
        ("Martin Luther King, Jr.", ("Martin Luther King Jr.",)),
        ("Jo Doe, Jr., Ann Bee", ("Jo Doe Jr.", "Ann Bee")),
        ("Anderson & Sons Team", ("Anderson & Sons Team",)),
        (["Toys, Kites and Strings Team"], ("Toys, Kites and Strings Team",)),
        ("Jo Doe et al.", ("Jo Doe",)),
        ("Jo Doe, Ann Bee, et al.", ("Jo Doe", "Ann Bee")),
        ("Doe, J. and Bee, A. and others", ("J. Doe", "A. Bee")),
        (["Jo Doe", "others"], ("Jo Doe",)),
        ("Alice Brothers and Bob Others", ("Alice Brothers", "Bob Others")),
        ("van der Berg, Jan", ("Jan van der Berg",)),
        (["García Márquez, Gabriel José", "Muster, Erika"], ("Gabriel José García Márquez", "Erika Muster")),
        (["García Márquez, Gabriel"], ("Gabriel García Márquez",)),
        ("García Márquez, Gabriel José and Muster, Erika", ("Gabriel José García Márquez", "Erika Muster")),
        ("Wang, Li, Chen, Bo", ("Wang, Li, Chen, Bo",)),
        ([], ()),
        ([1, None], None),
        (7, None),
        (None, None),
    ],
)  # fmt: skip
def test_names_are_taken_apart(value: object, expected: tuple[str, ...] | None) -> None:
    assert author_names(value) == expected


@given(json_values)
def test_any_value_is_a_day_or_none_and_names_or_none(value: object) -> None:
    record_date = record_day(value)
    assert record_date is None or 1900 <= record_date.day.year <= 2100
    names = author_names(value)
    assert names is None or all(name == name.strip() and name for name in names)
