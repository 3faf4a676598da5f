"""The nearest changes against all changes there are, in small domains."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import pytest

import policy_logic
from policy_logic import api
from policy_logic.facts.changes import read_changed
from policy_logic.remedies.settings import Setting, written_now
from policy_logic.remedies.trials import Trials

if TYPE_CHECKING:
    from pathlib import Path

BOOK = policy_logic.load_rulebook()


class Domain(NamedTuple):
    """A case, a line of it that is refused, and every value that some of its facts may take."""

    facts: str
    asked: tuple[str, str, int | None]
    values: dict[str, list[str]]


WORK = Domain(
    """
applicant: a
as_of: 2026-06-30
enterprise:
  a: {name: 甲, main_businesses: [other]}
work:
  w: {title: 作品, first_producer: a, orientation: vertical, filed: false,
      distribution_licence: true, online_on: [douyin], split_revenue: {2026: 900_000}}
""",
    ("datong.2-1.vertical", "w", 2026),
    {
        "enterprise.a.main_businesses.production": ["false", "true"],
        "enterprise.a.main_businesses.film_base": ["false", "true"],
        "work.w.filed": ["false", "true"],
        "work.w.distribution_licence": ["true", "false"],
        "work.w.online_on.major_video_site": ["false", "true"],
        "work.w.split_revenue.2026": ["900000", "999999", "1000000", "1000001", "5000000"],
    },
)
VENUE = Domain(
    """
applicant: a
as_of: 2026-06-30
policy:
  liaoning: {published_on: 2025-09-01}
enterprise:
  a: {name: 甲}
venue:
  v: {name: 外景地, operator: a, located_in: liaoning, micro_drama_location: false,
      crews: {2026: 49}, shooting_days: {2026: 30}}
""",
    ("liaoning.6.location", "v", 2026),
    {
        "venue.v.micro_drama_location": ["false", "true"],
        "venue.v.crews.2026": ["49", "0", "50", "51", "200"],
        "venue.v.shooting_days.2026": ["30", "119", "120", "121"],
    },
)
PARK = Domain(
    """
applicant: a
as_of: 2027-06-30
enterprise:
  a: {name: 甲, market_entity: true, bad_credit_record: false}
park:
  p: {name: 园区, operator: a, located_in: minhang, audiovisual_enterprises: {2027: 40},
      total_enterprises: {2027: 150}, micro_drama_floor_area: {2027: 8_000},
      combined_revenue: {2026: 10_000_000, 2027: 10_999_999}}
""",
    ("minhang.1.carrier", "p", 2027),
    {
        "park.p.audiovisual_enterprises.2027": ["40", "46", "47", "49", "50", "51"],
        "park.p.total_enterprises.2027": ["150", "133", "134", "100"],
        "park.p.micro_drama_floor_area.2027": ["8000", "8001"],
        "park.p.combined_revenue.2027": ["10999999", "11000000", "11000001"],
    },
)


@pytest.mark.parametrize("domain", [WORK, VENUE, PARK], ids=["work", "venue", "park"])
def test_exactly_the_smallest_sets_are_listed(domain: Domain, tmp_path: Path) -> None:
    """Of all combinations of values, those that hold and need every change are the listed ones."""
    file = tmp_path / "case.yaml"
    file.write_text(domain.facts, encoding="utf-8")
    ((root, case),) = api.load_trees(file, BOOK)
    planner = api.planner(case, book=BOOK)
    (answer,) = api.nearest(planner, root, *domain.asked)
    vocabulary = BOOK.vocabulary
    trials = Trials(planner, root, lambda r, c: read_changed(r, c, vocabulary), answer.target)

    every = [
        tuple(
            Setting(path, value)
            for path, value in zip(domain.values, values, strict=True)
            if value != written_now(root, path, vocabulary).replace("_", "")
        )
        for values in product(*domain.values.values())
    ]
    trials.derive(every)
    enough = [frozenset(settings) for settings in every if trials.holds(settings)]
    own = {p: int(v[0]) if v[0].isdigit() else 0 for p, v in domain.values.items()}

    def is_nearer(one: frozenset[Setting], other: frozenset[Setting]) -> bool:
        """Return whether a set changes no other fact than another, and none of them further."""
        there = dict(other)
        return one != other and all(
            path in there
            and (there[path] == value if not value.isdigit() else
                 abs(int(value) - own[path]) <= abs(int(there[path]) - own[path]))
            for path, value in one
        )  # fmt: skip

    smallest = {one for one in enough if not any(is_nearer(other, one) for other in enough)}
    listed = {
        frozenset(Setting(move.path, move.after) for move in moves)
        for near in answer.found
        for moves in product(*near.parts)
    }
    assert smallest
    assert {one for one in listed if {path for path, _ in one} <= {*domain.values}} == smallest
