"""Cases small enough to be decided by hand, and the examples that come with the program."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import policy_logic

EXAMPLES: Final = sorted(
    (Path(__file__).resolve().parents[1] / "facts" / "examples").glob("*.yaml")
)
EXAMPLE_CASES: Final = [
    (file, case.applicant) for file in EXAMPLES for case in policy_logic.load_cases(file)
]
THREE_PLACES: Final = next(file for file in EXAMPLES if file.stem == "three-places")

# One project that three places pay for, only one of them, and an award that nothing touches.
# Datong 10%, 200,000; Liaoning 20%, 400,000 for certain; Minhang up to 30%, 600,000. The award
# 300,000. Eight sets: 900,000 (the plan), 700,000, 600,000, 500,000, 400,000, 300,000, 200,000, 0.
AWARD: Final = "datong.2-4.revenue/a"
DATONG: Final = "datong.2-9.rd/engine"
LIAONING: Final = "liaoning.10.rd/engine"
MINHANG: Final = "minhang.5.rd/engine"
RESEARCH: Final[dict[str, Any]] = {
    "applicant": "a",
    "as_of": date(2027, 2, 28),
    "received": [],
    "policy": {"liaoning": {"published_on": date(2025, 9, 1)}},
    "enterprise": {
        "a": {
            "kind": "enterprise",
            "registered_in": "liaoning",
            "micro_drama_enterprise": True,
            "main_businesses": ["production"],
            "market_entity": True,
            "bad_credit_record": False,
            "operating_revenue": {2026: 5_000_000},
        }
    },
    "rd_project": {
        "engine": {
            "undertaker": "a",
            "topics": ["creation_tool", "ai_creation", "generative_ai_platform"],
            "investment": 2_000_000,
            "significant_results": True,
            "applied_effectively": True,
            "completed_on": date(2026, 10, 31),
        }
    },
}

# The same project, and a sum fixed case by case that clingo's integers do not hold.
BILLIONS: Final[dict[str, Any]] = {
    **RESEARCH,
    "work": {
        "w": {
            "first_producer": "a",
            "production_body": "a",
            "filed_in": "liaoning",
            "wrapped_on": date(2026, 1, 15),
            "aired_on": date(2026, 4, 3),
            "online_on": ["major_av_platform"],
            "awarded_on": {"international_festival": date(2026, 6, 14)},
        }
    },
    "review": [
        {"line": "liaoning.11.festival_award", "subject": "w", "outcome": "passed",
         "amount": 3_000_000_000},
    ],
}  # fmt: skip


def works(**revenues: int) -> dict[str, Any]:
    """Return a studio in Datong with horizontal works, each by its split revenue of 2025.

    Each is worth a tenth, at most 1,500,000 yuan, and together at most 2,000,000.
    """
    return {
        "applicant": "a",
        "as_of": date(2026, 6, 30),
        "received": [],
        "enterprise": {"a": {"main_businesses": ["production"]}},
        "work": {
            work: {
                "first_producer": "a",
                "creator": "a",
                "filed": True,
                "distribution_licence": True,
                "online_on": ["major_video_site"],
                "orientation": "horizontal",
                "aired_on": date(2025, 6, 1),
                "split_revenue": {2025: revenue},
            }
            for work, revenue in revenues.items()
        },
    }


def work_claim(work: str) -> str:
    """Return the claim of one of these works."""
    return f"datong.2-1.horizontal/{work}/2025"


def written(case: dict[str, Any], folder: Path) -> Path:
    """Write a case to a file and return the file."""
    file = folder / "case.json"
    file.write_text(json.dumps(case, default=str), encoding="utf-8")
    return file
