"""Cases of any size for the benchmarks: a studio in Datong with a number of works."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def studio(works: int, years: tuple[int, ...] = (2025,)) -> dict[str, object]:
    """Return a case with a number of works, each with figures for some years.

    The amounts differ from work to work, the yearly caps bind from two works on, and about a
    third of the works is listed somewhere.
    """
    made = {}
    for number in range(works):
        horizontal = number % 3 != 0
        work: dict[str, object] = {
            "title": f"作品{number}",
            "first_producer": "studio",
            "creator": "studio",
            "filed": True,
            "distribution_licence": True,
            "online_on": ["major_video_site"],
            "orientation": "horizontal" if horizontal else "vertical",
            "split_revenue": dict.fromkeys(years, 2000000 + 137003 * (number % 41)),
            "footage_share": {"datong": Decimal("0.25")},
            "local_elements": {"datong": True},
            "tells_story": {"datong": number % 4 != 0},
            "support_cost": {"datong": 900_000 + 77_001 * (number % 23)},
        }
        if number % 3 == 1:
            work["listed_on"] = {
                "annual@nrta": date(2025, 12, 20),
                "quarterly@shanxi": date(2025, 9, 30),
            }
        made[f"work{number:04}"] = work
    return {
        "applicant": "studio",
        "as_of": date(2026, 6, 30),
        "received": [],
        "enterprise": {
            "studio": {
                "name": "云中影视",
                "main_businesses": ["production"],
                "operating_revenue": {2024: 5_200_000, 2025: 9_800_000},
            }
        },
        "work": made,
    }
