"""Which events may be decided at one moment? Those that have nothing in common (ADR 0023)."""

from collections.abc import Sequence

# Of one event: the case, every key of its people and pairs, the references that it speaks of.
# None: what it bears on cannot be told beforehand.
Touched = frozenset[str] | None


def first_wave(waiting: Sequence[Touched]) -> list[int]:
    """Which of them, oldest first: none overtakes another that touches the same. Never empty."""
    before: set[str] = set()
    wave: list[int] = []
    for place, touched in enumerate(waiting):
        if touched is None:
            return wave or [place]
        if before.isdisjoint(touched):
            wave.append(place)
        before |= touched  # also of those that wait: what waits behind them waits with them
    return wave
