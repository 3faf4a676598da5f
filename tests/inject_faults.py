"""How many tamperings of real proofs the checker finds, by kind, and where.

Run it with ``python tests/inject_faults.py [COUNT [SEED]]``; by default a thousand, spread
over the shipped examples. It ends with status 1 if one is missed.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

import policy_logic
from policy_logic.tell.proof_json import proofs_json
from policy_logic.verify.by_checker import ProofChecker
from tampering import tamperings

ROOT = Path(__file__).resolve().parents[1]


def main(count: int, seed: int) -> int:
    """Draw tamperings, print what was found, and return how many were missed."""
    book = policy_logic.load_rulebook()
    examples = sorted((ROOT / "facts" / "examples").glob("*.yaml"))
    cases = [case for example in examples for case in policy_logic.load_cases(example, book)]
    drawn: Counter[str] = Counter()
    missed: list[str] = []
    for case in cases:
        planner = policy_logic.planner(case, book=book)
        decision = planner.decide()
        if not decision.candidates:
            continue
        document = policy_logic.decision_json(decision)
        document["proofs"] = proofs_json(planner, decision)
        document = json.loads(json.dumps(document))
        checker = ProofChecker(case, book)
        share = -(-count // max(1, len(cases) - 1))
        for tampering in islice(tamperings(document, random.Random(seed)), share):
            drawn[tampering.kind] += 1
            if next(checker.faults(tampering.document), None) is None:
                missed.append(f"{case.applicant} {tampering.kind}: {tampering.where}")
    for kind, number in sorted(drawn.items()):
        print(f"{number:5} {kind}")
    print(f"{drawn.total():5} in all, {len(missed)} missed")
    for line in missed:
        print(line)
    return len(missed)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    sys.exit(1 if main(*[*numbers, *(1000, 1)[len(numbers) :]]) else 0)
