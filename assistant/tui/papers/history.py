"""The upvotes of a paper over time, as a line of bars with its numbers and days."""

from collections.abc import Sequence

from assistant.library.records import Snapshot

_BARS = "▁▂▃▄▅▆▇█"
_WIDEST = 40


def history_text(snapshots: Sequence[Snapshot]) -> str:
    """Bars, first and last count with their days, and the last changes; says so when there is no history yet."""
    counted = [(snapshot.observed_at, snapshot.upvotes) for snapshot in snapshots if snapshot.upvotes is not None]
    if not counted:
        return "No upvotes are known."
    (first_at, first), (last_at, last) = counted[0], counted[-1]
    if len(counted) == 1:
        return f"No history yet: ▲ {first} on {first_at:%Y-%m-%d}. Each sync adds what changed."
    bars = sparkline([upvotes for _, upvotes in counted])
    changes = "  ".join(f"{at:%m-%d} ▲{upvotes}" for at, upvotes in counted[-6:])
    return f"{bars}  ▲ {first} → {last}, {first_at:%Y-%m-%d} to {last_at:%Y-%m-%d}\n{changes}"


def sparkline(numbers: Sequence[int]) -> str:
    """One bar a number, from lowest to highest; at most 40, evenly chosen, the first and the last among them."""
    if len(numbers) > _WIDEST:
        numbers = [numbers[round(place * (len(numbers) - 1) / (_WIDEST - 1))] for place in range(_WIDEST)]
    lowest, highest = min(numbers), max(numbers)
    if highest == lowest:
        return _BARS[3] * len(numbers)
    return "".join(_BARS[(number - lowest) * (len(_BARS) - 1) // (highest - lowest)] for number in numbers)
