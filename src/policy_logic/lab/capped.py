"""Caps: those that can never bind, those that always do, those that a narrower one makes idle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from policy_logic.lab.finding import Found, sum_of_money
from policy_logic.lab.probes import number_behind, places_of_cuts
from policy_logic.lab.space import APPLICANT
from policy_logic.lab.study import UnconfirmedWitnessError
from policy_logic.language import both
from policy_logic.logic.terms import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.lab.probes import Cut
    from policy_logic.lab.space import Path
    from policy_logic.lab.study import Study
    from policy_logic.lab.witness import Witness
    from policy_logic.rulebook.policy import Number

_MOST_SUBJECTS: Final = 120


def capped(study: Study) -> Found:
    """Return what is odd about the caps that a study can reach."""
    found = Found()
    for cut, _ in places_of_cuts(study.space.cone):
        for fact in study.search.possible("study_cut", 2):
            if fact.args[0] == cut.id and study.search.exists(fact):
                _judge_cut(study, cut, str(fact.args[1]), found)
    caps = sorted({str(fact.args[1]) for fact in study.search.possible("study_draws", 2)})
    for cap in caps:
        _judge_annual(study, cap, found)
    for quota in sorted({str(fact.args[1]) for fact in study.search.possible("study_takes", 2)}):
        _confirm_quota(study, quota)
    return found


def _judge_cut(study: Study, cut: Cut, line: str, found: Found) -> None:
    """Judge a cap of one subject, or of one claim."""
    number = number_behind(study.space.book, cut.rule, cut.limit, line)
    if number is None:  # cut at what a rule computes, or at a figure: no cap of the text
        return
    about = f"{number.name}@{line}"
    for way, name in (("over", "idle"), ("under", "always")):
        check = f"check.cap:{about}/{name}"
        if study.search.exists(Fact(f"study_{way}", (cut.id, line))):
            found.refuted.add(check)
            continue
        highest = _extreme(study, cut, line, highest=way == "over")
        if highest is None:
            continue
        fact, witness = highest
        sum_before = fact.args[2]
        assert isinstance(sum_before, int)  # noqa: S101 - a sum
        words = both(
            f"check.cap_{name}",
            line=study.label(line),
            cap=sum_of_money(int(number.value)),
            sum=sum_of_money(sum_before),
        )
        found.findings.append(
            study.finding(
                "cap", f"{about}/{name}", words,
                lines=(line,), clauses=(number.clause,), shown=(study.shown(witness.facts),),
                details={"cap": number.value, "before_the_cap": sum_before},
            )
        )  # fmt: skip


def _extreme(study: Study, cut: Cut, line: str, *, highest: bool) -> tuple[Fact, Witness] | None:
    """Return the highest sum, or the lowest, that comes before a cut, and for whom."""
    own = [f for f in study.search.possible("study_before", 3) if f.args[:2] == (cut.id, line)]
    own = [f for f in own if isinstance(f.args[2], int) and f.args[2] > 0]
    ranked = sorted(own, key=_sum_before, reverse=highest)
    fact = study.search.first(ranked)
    witness = study.search.find(fact) if fact is not None else None
    return None if fact is None or witness is None else (fact, witness)


def _sum_before(fact: Fact) -> int:
    value = fact.args[2]
    return value if isinstance(value, int) else 0


def _judge_annual(study: Study, cap: str, found: Found) -> None:
    """Judge a yearly cap: with several subjects where the lines are about something else."""
    number = study.space.book.numbers[cap]
    limit = int(number.value)
    lines = _lines_of(study, "study_draws", cap)
    most = {line: best for line in lines if (best := richest(study, line)) is not None}
    if not most:
        return
    check = f"check.cap:{cap}/idle"
    paid = {line: _sum_paid(fact) for line, (fact, _) in most.items()}
    _judge_idle_parts(study, number, found)
    highest = max(paid, key=lambda line: (paid[line], line))
    if study.space.subject != APPLICANT or paid[highest] > limit:
        count = 1 if study.space.subject == APPLICANT else limit // max(paid[highest], 1) + 1
        if count <= _MOST_SUBJECTS and _binds(study, most[highest][1], count, limit):
            found.refuted.add(check)
        return
    if sum(paid.values()) > limit:
        return
    words = both("check.cap_annual", cap=sum_of_money(limit), sum=sum_of_money(sum(paid.values())))
    found.findings.append(
        study.finding(
            "cap", f"{cap}/idle", words, lines=tuple(lines), clauses=(number.clause,),
            shown=(study.shown(most[highest][1].facts),),
            details={"cap": limit, "before_the_cap": sum(paid.values())},
        )
    )  # fmt: skip


def _judge_idle_parts(study: Study, annual: Number, found: Found) -> None:
    """Find caps of single claims that lie above the yearly cap and so can never be paid."""
    for cut, _ in places_of_cuts(study.space.cone):
        for line in _lines_of(study, "study_draws", annual.name):
            own = number_behind(study.space.book, cut.rule, cut.limit, line)
            goal = Fact("study_over", (cut.id, line))
            if own is None or int(own.value) <= int(annual.value):
                continue
            witness = study.search.find(goal)
            if witness is None:
                continue
            view = study.shown(witness.facts)
            if view.potential > int(annual.value):
                raise UnconfirmedWitnessError(witness.facts)
            words = both(
                "check.cap_above",
                line=study.label(line),
                own=sum_of_money(int(own.value)),
                annual=sum_of_money(int(annual.value)),
            )
            found.findings.append(
                study.finding(
                    "cap", f"{own.name}@{line}/above", words, lines=(line,),
                    clauses=(own.clause, annual.clause), shown=(view,),
                    details={"cap": int(own.value), "annual_cap": int(annual.value)},
                )
            )  # fmt: skip


def _confirm_quota(study: Study, quota: str) -> None:
    """Confirm that of one more subject than a quota has places one stays out."""
    places = int(study.space.book.numbers[quota].value)
    lines = _lines_of(study, "study_takes", quota)
    if study.space.subject == APPLICANT or places >= _MOST_SUBJECTS:
        return
    for line in lines:
        best = richest(study, line)
        if best is not None:
            facts = study.space.several(best[1].facts, places + 1)
            planner = study.planned(facts)
            rejected = set(planner.derivation.candidates) - set(planner.chosen.claims)
            if not rejected:
                raise UnconfirmedWitnessError(facts)


def _lines_of(study: Study, predicate: str, limit: str) -> list[str]:
    facts = study.search.possible(predicate, 2)
    return sorted({str(f.args[0]) for f in facts if f.args[1] == limit})


def _binds(study: Study, witness: Witness, count: int, limit: int) -> bool:
    """Return whether a yearly cap cuts the plan of a witness with so many subjects."""
    planner = study.planned(study.space.several(witness.facts, count))
    wanted = sum(c.potential for c in planner.derivation.candidates.values() if c.pools)
    return wanted > limit and planner.chosen.totals.potential < wanted


def richest(
    study: Study, line: str, stated: Mapping[Path, Any] | None = None
) -> tuple[Fact, Witness] | None:
    """Return the highest sum that a line can pay for one subject, and for whom.

    What lies above a yearly cap of the line is not paid, so that the least sum that reaches the
    cap is taken.

    Args:
        study: The study.
        line: The line.
        stated: Facts that are to be stated so.
    """
    caps = [f.args[1] for f in study.search.possible("study_draws", 2) if f.args[0] == line]
    limits = [int(study.space.book.numbers[str(cap)].value) for cap in caps]

    def order(fact: Fact) -> tuple[int, int]:
        return -min([_sum_paid(fact), *limits]), _sum_paid(fact)

    own = [f for f in study.search.possible("study_pays", 2) if f.args[0] == line]
    ranked = sorted((f for f in own if _sum_paid(f) > 0), key=order)
    fact = next((f for f in ranked if study.search.exists(f, stated=stated)), None)
    witness = study.search.find(fact, stated=stated) if fact is not None else None
    return None if fact is None or witness is None else (fact, witness)


def _sum_paid(fact: Fact) -> int:
    value = fact.args[1]
    return value if isinstance(value, int) else 0
