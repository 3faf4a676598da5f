"""What the reader of a decision has to know besides the figures."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from policy_logic.decide.decision import Notice
from policy_logic.decide.readings_compared import outcome_of, single_outcomes
from policy_logic.derive.claims import Claim, Received
from policy_logic.language import Label, both

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policy_logic.decide.choosing import Chosen
    from policy_logic.derive.derivation import Derivation
    from policy_logic.rulebook.policy import Policy


def notices(
    derivation: Derivation, chosen: Chosen, choose: Callable[[Derivation], Chosen]
) -> Iterator[Notice]:
    """Yield every notice, in a fixed order.

    Args:
        derivation: What could be claimed.
        chosen: The choice made.
        choose: How to choose under another reading.
    """
    yield from _policies(derivation)
    yield from _pending(derivation)
    yield from _absences(derivation)
    yield from _raised(derivation)
    yield from _readings(derivation, chosen, choose)
    yield from _entries(derivation)
    yield from _not_at_hand(derivation)
    yield from _lower_lines(derivation, chosen)
    if not chosen.choice.proved:
        details = {"bound": chosen.choice.bound}
        yield Notice("not_proved", both("decision.not_proved", **details), "", details)


def _policies(derivation: Derivation) -> Iterator[Notice]:
    for policy in derivation.book.policies.values():
        undated = policy.id in derivation.atoms.undated
        if policy.id in derivation.atoms.assumed:
            kind = "assumed_in_force"
        elif policy.is_draft:
            kind = "draft_policy" if undated else "draft_published"
        elif undated:
            kind = "start_unknown"
        else:
            continue
        yield Notice(kind, both(f"decision.{kind}", policy=policy.title), policy.id, {})


def _pending(derivation: Derivation) -> Iterator[Notice]:
    """Name the policies of which passages wait for their rules: what these grant is missing."""
    for policy in derivation.book.policies.values():
        if policy.pending:
            details: dict[str, object] = {"passages": [entry.quote for entry in policy.pending]}
            words = both("decision.not_encoded", policy=policy.title, count=len(policy.pending))
            yield Notice("not_encoded", words, policy.id, details)


def _absences(derivation: Derivation) -> Iterator[Notice]:
    if not derivation.case.grants_given:
        details = {"fact": "received"}
        yield Notice("assumed_none", both("decision.none_received"), "", details)
    claimed = {claim.line for claim in derivation.candidates}
    for fact, attribute in derivation.atoms.assumed_none.items():
        if claimed.isdisjoint(attribute.lines):
            continue
        name = fact.split(".")[1]
        known = derivation.case.entities.get(name)
        policy = derivation.book.policies.get(name)
        label = both(
            "decision.assumed_none",
            fact=fact,
            entity=policy.title if policy else known.label if known else name,
            attribute=Label(attribute.zh, attribute.en),
        )
        yield Notice("assumed_none", label, "", {"fact": fact})


def _raised(derivation: Derivation) -> Iterator[Notice]:
    for name, found in groupby(derivation.notices, key=lambda notice: notice[0]):
        owner, _, kind = name.rpartition(".")
        words = derivation.book.notices[name]
        entities = [entity for _, entity in found]
        known = [derivation.case.entities.get(entity) for entity in entities]
        shown = [e.label if e else name for e, name in zip(known, entities, strict=True)]
        comma = both("tell.comma")
        label = Label(
            words.zh.format(Entity=comma.zh.join(shown)),
            words.en.format(Entity=comma.en.join(shown)),
        )
        policy = owner if owner in derivation.book.policies else ""
        yield Notice(kind, label, policy, {"entities": entities})


def _readings(
    derivation: Derivation, chosen: Chosen, choose: Callable[[Derivation], Chosen]
) -> Iterator[Notice]:
    """Name each reading that the decision rests on, with what its other values would pay."""
    plan = outcome_of(chosen)
    for reading, other, outcome in single_outcomes(derivation, choose):
        value = derivation.readings[reading.name]
        totals = outcome.totals if outcome else None
        details = {
            "reading": reading.name,
            "value": value,
            "clause": reading.clause,
            "other": other,
            "other_totals": totals and {"firm": totals.firm, "potential": totals.potential},
            "changes_plan": outcome is None or not outcome.same_plan(plan),
        }
        words: dict[str, object] = {
            "about": reading.label,
            "clause": reading.clause,
            "value": reading.values[value],
            "other": reading.values[other],
        }
        message = "decision.reading_impossible"
        if totals is not None:
            same = details["changes_plan"] and totals == chosen.totals
            message = "decision.reading_same_totals" if same else "decision.reading"
            words["firm"], words["potential"] = f"{totals.firm:,}", f"{totals.potential:,}"
            words["change"] = f"{totals.potential - chosen.totals.potential:+,}"
        yield Notice("reading", both(message, **words), reading.policy, details)


def _entries(derivation: Derivation) -> Iterator[Notice]:
    """Name the entries of the case that fit nothing, or that do not tell all they should."""
    case, book = derivation.case, derivation.book
    for entry, review in enumerate(case.reviews, start=1):
        if review.line in book.lines and entry not in derivation.heard:
            details = {"entry": entry, "line": review.line}
            label = both("decision.review_unused", entry=entry, line=book.lines[review.line].label)
            yield Notice("review_unused", label, book.lines[review.line].policy, details)
    for entry in derivation.atoms.vague_grants:
        yield Notice("grant_vague", both("decision.grant_vague", entry=entry), "", {"entry": entry})
    for entry, grant in enumerate(case.grants, start=1):
        if grant.policy is not None and grant.place is None:
            label = both("decision.grant_place", entry=entry)
            yield Notice("grant_place", label, "", {"entry": entry})
        if grant.on is not None and grant.on > case.as_of:
            details = {"entry": entry}
            on = grant.on
            day = both("tell.date", year=on.year, month=on.month, day=on.day, iso=on.isoformat())
            label = both("decision.grant_later", entry=entry, on=day)
            yield Notice("grant_later", label, "", details)


def _not_at_hand(derivation: Derivation) -> Iterator[Notice]:
    """Name what the case says of policies that are not at hand."""
    vocabulary = derivation.book.vocabulary
    policies: dict[str, Policy] = dict(derivation.book.policies)
    for name in derivation.atoms.ignored_readings:
        label = both("decision.reading_not_at_hand", reading=vocabulary.label("reading", name))
        yield Notice("reading_not_at_hand", label, "", {"reading": name})
    spoken = {review.line.partition(".")[0] for review in derivation.case.reviews}
    spoken |= set(derivation.case.assumed_in_force)
    for name in sorted(spoken - set(policies)):
        title = vocabulary.label("policy", name)
        yield Notice(
            "not_at_hand", both("decision.not_at_hand", policy=title), "", {"policy": name}
        )


def _named(derivation: Derivation, claim: Claim | Received) -> Label:
    """Return a claim in words."""
    assert isinstance(claim, Claim)  # noqa: S101 - a candidate is a claim
    line = derivation.book.lines[claim.line].label
    parts = [derivation.case.entities[claim.subject].label]
    parts += [str(claim.year)] if claim.year is not None else []
    trigger = derivation.book.vocabulary.label("list", claim.trigger or "")
    zh, en = [line.zh, *parts], [line.en, *parts]
    if claim.trigger is not None:
        zh, en = [*zh, trigger.zh], [*en, trigger.en]
    apart = both("tell.apart")
    return Label(apart.zh.join(zh), apart.en.join(en))


def _lower_lines(derivation: Derivation, chosen: Chosen) -> Iterator[Notice]:
    """Name where the better plan files the lower of two lines that exclude each other."""
    for claim in sorted(chosen.claims, key=lambda claim: claim.order):
        own = derivation.candidates[claim].potential
        for other in sorted(derivation.against[claim], key=str):
            if other in chosen.settled or other not in derivation.candidates:
                continue
            higher = derivation.candidates[other].potential  # type: ignore[index]
            if higher > own:
                details = {"claim": str(claim), "other": str(other)}
                label = both(
                    "decision.lower_line",
                    claim=_named(derivation, claim),
                    other=_named(derivation, other),
                    own=f"{own:,}",
                    higher=f"{higher:,}",
                )
                yield Notice("lower_line", label, derivation.book.lines[claim.line].policy, details)
