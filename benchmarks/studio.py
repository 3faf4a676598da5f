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


def in_three_places(works: int) -> dict[str, object]:
    """Return a case whose works can be claimed for in Datong, Liaoning and Minhang.

    For one matter only one place pays, so that every work has mutually exclusive claims; the
    yearly cap of Datong binds from a handful of works on.
    """
    made: dict[str, object] = {}
    for number in range(works):
        revenue = 1_100_000 + 137_003 * (number % 41)
        work: dict[str, object] = {
            "title": f"作品{number}",
            "form": "live_action",
            "first_producer": "studio",
            "production_body": "studio",
            "creator": "studio",
            "filed_in": "liaoning",
            "distribution_licence": True,
            "orientation": "horizontal",
            "wrapped_on": date(2026, 4, 11),
            "aired_on": date(2026, 6, 20),
            "premiere_on": [],
            "online_on": ["major_video_site", "major_av_platform", "iqiyi"],
            "split_revenue": {2026: revenue},
            "screening_income": revenue,
            "approved_investment": 300_000 + 50_000 * (number % 17),
            "award": [],
            "footage_share": {"datong": Decimal("0.26")},
            "local_elements": {"datong": True, "liaoning": True, "minhang": number % 5 == 0},
            "tells_story": {"datong": True},
            "support_cost": {"datong": 900_000 + 77_001 * (number % 23), "liaoning": 420_000},
            "plus_fields": [],
            "made_with_ai": False,
            "adapted_from": [],
        }
        if number % 3 == 1:
            work["listed_on"] = {"annual@nrta": date(2026, 12, 18)}
        made[f"work{number:04}"] = work
    return {
        "applicant": "studio",
        "as_of": date(2027, 2, 28),
        "readings": {"plays_and_revenue": "same_matter"},
        "received": [],
        "policy": {"liaoning": {"published_on": date(2025, 9, 1)}},
        "enterprise": {
            "studio": {
                "name": "云中影视",
                "kind": "enterprise",
                "registered_in": "liaoning",
                "micro_drama_enterprise": True,
                "main_businesses": ["production", "presenting", "distribution"],
                "market_entity": True,
                "bad_credit_record": False,
                "operating_revenue": {2025: 21_600_000, 2026: 26_400_000},
            }
        },
        "work": made,
    }
