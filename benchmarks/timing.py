"""Timing things side by side: they take turns, and the median counts."""

from __future__ import annotations

import gc
import time
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROUNDS = 7


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes, without the collector, as ``timeit`` measures."""
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    action()
    took = time.perf_counter() - start
    gc.enable()
    return took


def in_turns(actions: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median time of each action, the actions taking turns."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
    for _ in range(rounds):
        for name, action in actions.items():
            times[name].append(seconds(action))
    return {name: median(found) for name, found in times.items()}
