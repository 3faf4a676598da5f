"""Which mistakes the worked cases tell, as the tables of ``docs/reference/mutants.md`` have it.

Run it with ``python benchmarks/mutation.py``, or with a folder in which what was tried is kept. It
also prints the wall and the processor time, which mean something where nothing was kept before.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import policy_logic
from policy_logic.cli.mutate_page import shown_share
from policy_logic.lab.mutant import OPERATORS
from policy_logic.lab.mutating import mutate
from policy_logic.lab.outcome import Counts, Result, result

HEAD = "made | refused | shown equal | recorded | killed | survived | share"


def main() -> None:
    """Print a table by policy, one by operator, and the time."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    book = policy_logic.load_rulebook()
    start, before = time.perf_counter(), os.times()
    results: list[Result] = []
    for name, policy in book.policies.items():
        memory = None if folder is None else folder / f"{name}.json"
        outcomes = mutate(book, policy, jobs=os.cpu_count() or 1, memory=memory)
        results.append(result(policy, outcomes))
    after = os.times()
    _table("policy", {found.policy.id: [found.counts()] for found in results})
    _table("`mutate.`", {f"`{o}`": [found.counts(o) for found in results] for o in OPERATORS})
    used = sum(after[:4]) - sum(before[:4])
    print(f"{time.perf_counter() - start:.0f} s, {used:.0f} s of processor time")


def _table(first: str, rows: dict[str, list[Counts]]) -> None:
    rows["all"] = [counts for row in rows.values() for counts in row]
    print(f"| {first} | {HEAD} |")
    print("| --- |" + " ---: |" * 7)
    for name, counted in rows.items():
        made, refused, equal, recorded, killed, survived = (
            sum(values)
            for values in zip(
                *(
                    (c.made, c.refused, c.equivalent, c.recorded, c.killed, c.survived)
                    for c in counted
                ),
                strict=True,
            )
        )
        told = killed + survived
        share = shown_share(killed / told) if told else "–"
        cells = (name, made, refused, equal, recorded, killed, survived, share)
        print(f"| {' | '.join(map(str, cells))} |")
    print()


if __name__ == "__main__":
    main()
