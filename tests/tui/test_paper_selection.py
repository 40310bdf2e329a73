"""Which papers are selected, one by one, all at once, or as a range."""

from assistant.tui.widgets.paper_selection import PaperSelection

IDS = ("a", "b", "c", "d", "e")


def test_papers_keep_the_order_in_which_they_were_selected() -> None:
    selection = PaperSelection()
    assert selection.toggle("c")
    assert selection.toggle("a")
    assert list(selection.ids) == ["c", "a"]
    assert selection.toggle("c")
    assert list(selection.ids) == ["a"]
    assert "a" in selection


def test_all_of_a_list_are_selected_and_then_given_free_with_others_untouched() -> None:
    selection = PaperSelection()
    selection.add(["elsewhere", "b"])
    assert selection.toggle_all(IDS)
    assert set(selection.ids) == {"elsewhere", *IDS}
    assert selection.toggle_all(IDS)
    assert list(selection.ids) == ["elsewhere"]


def test_a_range_grows_and_shrinks_from_where_it_began() -> None:
    selection = PaperSelection()
    selection.add(["e"])
    selection.begin_range(1)
    selection.select_range(IDS, 3)
    assert list(selection.ids) == ["e", "b", "c", "d"]
    selection.begin_range(3)
    selection.select_range(IDS, 0)
    assert list(selection.ids) == ["e", "a", "b"]
    selection.end_range()
    selection.begin_range(2)
    selection.select_range(IDS, 2)
    assert list(selection.ids) == ["e", "a", "b", "c"]


def test_what_changes_nothing_says_so() -> None:
    selection = PaperSelection()
    assert not selection.remove(["a"])
    assert selection.add(["a"])
    assert not selection.add(["a"])
    assert not selection.toggle_all(())
