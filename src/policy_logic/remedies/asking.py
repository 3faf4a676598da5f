"""The nearest changes: the smallest sets of facts that would make a refused line hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from policy_logic.decide.planning import Planner
from policy_logic.derive.atoms import last_day
from policy_logic.derive.claims import Claim
from policy_logic.facts.changes import with_entity
from policy_logic.prove.refusals import Target, targets
from policy_logic.remedies.answer import Answer, Move, Nearest, grouped
from policy_logic.remedies.figures import place_on, scale_of
from policy_logic.remedies.ranges import Ranges
from policy_logic.remedies.search import Search
from policy_logic.remedies.settings import Setting, place_of, written_now
from policy_logic.remedies.standing import AS_OF, REVIEW, Standing
from policy_logic.remedies.trials import Trials, claim_of
from policy_logic.remedies.unknowns import NEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.derive.derivation import Derivation
    from policy_logic.facts.source import Node
    from policy_logic.remedies.settings import Settings
    from policy_logic.remedies.trials import CaseAt


def nearest_changes(
    planner: Planner, root: Node, case_at: CaseAt, line: str, subject: str | None, year: int | None
) -> Iterator[Answer]:
    """Yield, for each thing that a line could pay for, the smallest changes that make it hold.

    Args:
        planner: The case as it is.
        root: Its tree.
        case_at: A tree with some changes, as a tree and read.
        line: A money line.
        subject: An entity of a kind that the line is about; ``None`` for all, or for a new one
            where the case has none.
        year: A year; ``None`` for each that could serve.

    Raises:
        RequestError: The engine cannot reckon with the sums of a plan.
    """
    kinds = planner.book.lines[line].subjects
    entities = [e.id for e in planner.case.entities.values() if e.kind in kinds]
    for name in [subject] if subject is not None else sorted(entities):
        for target in _targets(planner, line, name, year):
            yield _answer(planner, root, case_at, target, "")
    if subject is None and not entities:
        for kind in kinds:
            with_new, case = case_at(with_entity(root, kind, f"{NEW}{kind}"), [])
            other = Planner(case, planner.book, planner.objective, planner.seconds, planner.engine)
            for target in _targets(other, line, f"{NEW}{kind}", year):
                yield _answer(other, with_new, case_at, target, kind)


def _targets(planner: Planner, line: str, subject: str, year: int | None) -> list[Target]:
    """Return what could be claimed for a subject, in each year that could serve."""
    derivation = planner.derivation
    claims = [c for c in derivation.candidates if (c.line, c.subject) == (line, subject)]
    held = [Target(*claim) for claim in claims if year in {None, claim.year}]
    refused = [t for t, _ in targets(derivation) if (t.line, t.subject) == (line, subject)]
    if planner.book.occasion_forms[line] == "year":
        if claims and planner.book.lines[line].per != "year":
            return held
        years = {t.year for t in refused if t.year is not None} | _years_to_serve(planner, line)
        refused = [
            Target(line, subject, one, None)
            for one in sorted(years if year is None else {year})
            if not any(claim.year == one for claim in claims)
        ]
    found = sorted([*held, *refused], key=lambda target: Claim(*target).order)
    return found or [Target(line, subject, year, None)]


def _years_to_serve(planner: Planner, line: str) -> set[int]:
    """Return the years on whose figures a line could rest, up to that of the case."""
    first, last = _validity(planner.derivation, line)
    today = planner.case.as_of
    start = first.year if first is not None else today.year
    end = min(today.year, last.year) if last is not None else today.year
    return {*range(start, end + 1)} or {today.year}


def _validity(derivation: Derivation, line: str) -> tuple[date | None, date | None]:
    """Return the first and the last day on which the policy of a line applies, where known."""
    policy = derivation.book.lines[line].policy
    found: dict[str, date] = {}
    for atom in derivation.atoms.origins:
        if atom.name in {"valid_from", "valid_until"} and atom.args[0] == policy:
            number = atom.args[1]
            assert isinstance(number, int)  # noqa: S101 - the rules' promise, told to mypy
            found[atom.name] = date(number // 10_000, number // 100 % 100, number % 100)
    return found.get("valid_from"), found.get("valid_until")


def _days_to_try(planner: Planner, target: Target) -> Iterator[date]:
    """Yield the days of a subject, and the first on which a policy may begin and reach them."""
    validity = planner.book.policies[planner.book.lines[target.line].policy].validity
    own = [fact.value for fact in planner.case.facts if fact.entity == target.subject]
    for day in dict.fromkeys([planner.case.as_of, *own]):
        if not isinstance(day, date):
            continue
        yield day
        if validity.start is None and validity.years is not None:
            about = day.toordinal() - 366 * validity.years
            nearby = (date.fromordinal(about + step) for step in range(validity.years + 2))
            yield next(start for start in nearby if last_day(validity, start) >= day)


def _answer(planner: Planner, root: Node, case_at: CaseAt, target: Target, added: str) -> Answer:
    before = planner.chosen.totals
    held = claim_of(planner.derivation, target)
    if held is not None:
        return Answer(target, planner, root, added, planner.decided(held), before)
    trials = Trials(planner, root, case_at, target)
    standing = Standing(planner.case, root, planner.book.vocabulary)
    first, last = _validity(planner.derivation, target.line)
    latest = min(planner.case.as_of, last or planner.case.as_of)
    goal = target.goal(planner.book.occasion_forms[target.line])
    search = Search(trials, standing, goal, latest)
    days = (*_days_to_try(planner, target), latest, *([first] if first is not None else []))
    pricing = _Pricing(trials, standing)
    sets = grouped([pricing.priced(settings) for settings in search.smallest_sets()])
    ranges = Ranges(trials, latest, tuple(day.toordinal() for day in days))
    found = [_ranged(near, ranges) for near in sets]
    return Answer(
        target=target,
        planner=planner,
        root=root,
        added=added,
        held=None,
        before=before,
        found=tuple(found),
        obstacles=tuple(search.obstacles.values()),
        refusal=planner.refuser.why_not(goal),
        faults=() if found else tuple(trials.faults.values()),
        is_complete=search.is_complete,
    )


def _ranged(near: Nearest, ranges: Ranges) -> Nearest:
    """Return a set with the ranges of its figures and days."""
    firsts = [Setting(move.path, move.after) for move in near.moves]
    found = ranges.of(tuple(firsts), range(len(firsts)))
    parts = []
    for number, (part, own) in enumerate(zip(near.parts, found, strict=True)):
        moves = [replace(part[0], least=own.least, most=own.most)]
        for move in part[1:]:
            other = (*firsts[:number], Setting(move.path, move.after), *firsts[number + 1 :])
            (further,) = ranges.of(other, [number])
            moves.append(replace(move, least=further.least, most=further.most))
        parts.append(tuple(moves))
    return replace(near, parts=tuple(parts))


class _Pricing:
    """Plans the case with each set, and says what the set asks for."""

    def __init__(self, trials: Trials, standing: Standing) -> None:
        self.trials, self.standing = trials, standing

    def priced(self, settings: Settings) -> Nearest:
        """Return a set that is enough, with what it is worth to the whole plan."""
        derivation = self.trials.derivation(settings)
        assert derivation is not None  # noqa: S101 - it was found to be enough
        claim = claim_of(derivation, self.trials.target)
        assert claim is not None  # noqa: S101 - it was found to be enough
        planner = self.trials.planner.of(derivation)
        moves = sorted(
            (self._move(setting) for setting in settings),
            key=lambda move: (move.to_be, move.by, move.path),
        )
        pools = derivation.candidates[claim].pools
        return Nearest(
            parts=tuple((move,) for move in moves),
            settings=settings,
            decided=planner.decided(claim),
            after=planner.chosen.totals,
            full=next((str(p.args[0]) for p in pools if p in planner.chosen.full), ""),
            proved=planner.chosen.choice.proved,
        )

    def _move(self, setting: Setting) -> Move:
        path, value = setting
        attribute = place_of(path, self.trials.planner.book.vocabulary).attribute
        before = self._before(path)
        scale = scale_of(attribute)
        own, other = (place_on(scale, text) if scale else None for text in (before, value))
        far, share = 0, Fraction(0)
        if own is not None and other is not None and attribute is not None:
            far = abs(other - own) if attribute.type == "money" else 0
            share = Fraction(abs(other - own), max(own, 1))
        by = self.standing.by(path)
        return Move(path, before, value, attribute, by, far=far, share=share)

    def _before(self, path: str) -> str:
        """Return what the case says at a path; of its day and of a review, what stands there."""
        case = self.trials.planner.case
        if path == AS_OF:
            return case.as_of.isoformat()
        if path.startswith(REVIEW):
            return "failed"
        return written_now(self.trials.root, path, self.trials.planner.book.vocabulary)
