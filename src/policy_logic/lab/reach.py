"""Lines that nobody can be granted, and lines that nobody needs to claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.decide.wishes import Wish
from policy_logic.derive.claims import Claim
from policy_logic.lab.finding import Found, sum_of_money
from policy_logic.lab.probes import GENERAL, relaxed_probes
from policy_logic.lab.study import UnconfirmedWitnessError
from policy_logic.lab.witness import Search, claim_of
from policy_logic.language import both
from policy_logic.logic.terms import Fact

if TYPE_CHECKING:
    from policy_logic.lab.finding import Finding, Shown
    from policy_logic.lab.study import Study
    from policy_logic.lab.witness import Witness
    from policy_logic.logic.terms import Rule
    from policy_logic.rulebook.policy import Line


def reach(study: Study) -> Found:
    """Return the lines that nobody can be granted, and those never worth claiming."""
    found = Found()
    for line in study.space.lines:
        witness = study.search.find(Fact("study_claimable", (line,)))
        if witness is None:
            found.findings.append(_unreachable(study, line))
            continue
        _confirm_claimable(study, line, witness)
        found.refuted.add(f"check.unreachable:{line}")
    for known in study.money_lines:
        if f"check.unreachable:{known.id}" in found.refuted:
            _judge_worth(study, known, found)
    return found


def _confirm_claimable(study: Study, line: str, witness: Witness) -> None:
    derivation = study.planned(witness.facts).derivation
    lines = {claim.line for claim in derivation.candidates}
    if line not in lines | {name for name, _ in derivation.benefits}:
        raise UnconfirmedWitnessError(witness.facts)


def _unreachable(study: Study, line: str) -> Finding:
    """Return that nobody can be granted a line, with who would be but for one condition."""
    label = study.label(line)
    words = both("check.unreachable", line=label)
    nearly = _nearly(study, line)
    views: tuple[Shown, ...] = ()
    if nearly is not None:
        witness, rule, number = nearly
        condition = rule.body[number].position
        name = both("check.but_for", file=f"{study.policy}/rules.lp", line=condition.line)
        views = (study.shown(witness.facts, name),)
    return study.finding(
        "unreachable", line, words, lines=(line,), clauses=study.clauses(line), shown=views
    )


def _nearly(study: Study, line: str) -> tuple[Witness, Rule, int] | None:
    """Return who meets all but one condition of a rule that a line rests on."""
    heads = ("eligible", "benefit")
    rules = {rule.id: rule for rule in study.space.cone if rule.head.name in heads}
    probes = [
        text
        for rule in rules.values()
        for number in range(len(rule.body))
        if (text := relaxed_probes(rule, rule.id, number))
    ]
    search = Search(study.space, "\n".join([GENERAL, *probes]))
    for rule in rules.values():
        for number in range(len(rule.body)):
            witness = search.find(Fact("study_relaxed", (rule.id, number)))
            if witness is not None and _speaks_of(rule, line):
                return witness, rule, number
    return None


def _speaks_of(rule: Rule, line: str) -> bool:
    first = rule.head.args[0]
    return getattr(first, "value", line) == line


def _judge_worth(study: Study, line: Line, found: Found) -> None:
    """Judge whether a line is ever worth claiming."""
    name = f"check.worthless:{line.id}"
    for goal in ("study_free", "study_worth"):
        witness = study.search.find(Fact(goal, (line.id,)))
        if witness is not None and _gains(study, line, witness):
            found.refuted.add(name)
            return
    if study.search.exists(Fact("study_worth", (line.id,))):
        return  # a set of others may be worth more; that is no finding about this line
    witness = study.search.find(Fact("study_claimable", (line.id,)))
    if witness is None:
        return
    planner = study.planned(witness.facts)
    claims = [claim for claim in planner.derivation.candidates if claim.line == line.id]
    if _total_without(study, line, witness) != planner.chosen.totals.potential:
        raise UnconfirmedWitnessError(witness.facts)
    rivals = sorted(
        {
            other.line
            for claim in claims
            for other in planner.derivation.against[claim]
            if isinstance(other, Claim) and other.line != line.id
        }
    )
    words = both(
        "check.worthless",
        line=study.label(line.id),
        sum=sum_of_money(planner.chosen.totals.potential),
        others=both("check.never_paid") if not rivals else study.label(rivals[0]),
    )
    found.findings.append(
        study.finding(
            "worthless", line.id, words,
            lines=(line.id, *rivals), clauses=study.clauses(line.id, *rivals),
            shown=(study.shown(witness.facts),),
        )
    )  # fmt: skip


def _gains(study: Study, line: Line, witness: Witness) -> bool:
    """Return whether leaving a line out costs the applicant something."""
    whole = study.planned(witness.facts).chosen.totals.potential
    if not claim_of(line.id, witness):
        raise UnconfirmedWitnessError(witness.facts)
    return whole > _total_without(study, line, witness)


def _total_without(study: Study, line: Line, witness: Witness) -> int:
    planner = study.planned(witness.facts)
    left = frozenset(c for c in planner.derivation.candidates if c.line == line.id)
    return planner.under(Wish(frozenset(), left)).chosen.totals.potential
