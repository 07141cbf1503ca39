"""Where do half of the delays lie, and where all but one in a hundred?"""

from collections.abc import Sequence


def at(delays: Sequence[float], part: float) -> float:
    """In milliseconds, of delays in seconds; 0 when there are none."""
    ordered = sorted(delays)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000 if ordered else 0.0


def shown(delays: Sequence[float]) -> dict[str, float]:
    return {"p50 ms": round(at(delays, 0.50), 2), "p99 ms": round(at(delays, 0.99), 2)}
