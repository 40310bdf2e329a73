"""Which papers of a list are selected."""

from collections.abc import Iterable, Sequence


class PaperSelection:
    """Selected papers in the order in which they were selected; a range is selected from where it began."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._anchor: int | None = None
        self._before_range: dict[str, None] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """The selected papers."""
        return tuple(self._ids)

    def __contains__(self, paper_id: object) -> bool:
        return paper_id in self._ids

    def toggle(self, paper_id: str) -> bool:
        """Select a paper or give it free."""
        return self.remove([paper_id]) if paper_id in self._ids else self.add([paper_id])

    def add(self, paper_ids: Iterable[str]) -> bool:
        """Select papers; False when all of them were."""
        return self._set(self._ids | dict.fromkeys(paper_ids))

    def remove(self, paper_ids: Iterable[str]) -> bool:
        """Give papers free; False when none of them was selected."""
        removed = set(paper_ids)
        return self._set({paper_id: None for paper_id in self._ids if paper_id not in removed})

    def toggle_all(self, paper_ids: Sequence[str]) -> bool:
        """Select these papers; give them free when all are selected."""
        return self.remove(paper_ids) if all(paper_id in self._ids for paper_id in paper_ids) else self.add(paper_ids)

    def begin_range(self, place: int) -> None:
        """Begin a range at a place of the list, unless one is begun."""
        if self._anchor is None:
            self._anchor, self._before_range = place, self._ids

    def end_range(self) -> None:
        """Let the next range begin where the cursor is then; what was selected stays."""
        self._anchor = None

    def select_range(self, paper_ids: Sequence[str], place: int) -> bool:
        """Select from where the range began to a place of the list, in place of a longer or shorter range."""
        first, last = sorted((place if self._anchor is None else self._anchor, place))
        return self._set(self._before_range | dict.fromkeys(paper_ids[first : last + 1]))

    def _set(self, ids: dict[str, None]) -> bool:
        """Whether the selection changed."""
        is_other = ids != self._ids
        self._ids = ids
        return is_other
