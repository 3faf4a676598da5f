"""What has to hold of every plan: ceilings and caps, exclusions, and one payment for one matter."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from policy_logic import api
from policy_logic.derive.claims import Received
from policy_logic.derive.derivation import derive_together
from policy_logic.facts.reader import case_from_mapping
from policy_logic.testing.fault import fault, raise_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.derive.claims import Claim
    from policy_logic.derive.derivation import Derivation
    from policy_logic.rulebook.policy import Number, Rulebook
    from policy_logic.testing.fault import Fault

_MOST_GRANTED: Final = 8
_BEFORE: Final = re.compile(r"(?:最高|不超过|不得超过|上限|至多|最多)[^，,。；;]{0,12}$")
_AFTER: Final = re.compile(r"^元?(?:人民币)?(?:以内|封顶|为限|为上限)")


def check_caps(book: Rulebook, facts: Mapping[str, Any]) -> None:
    """Check that no cap is exceeded: neither a claim's own ceiling nor what claims share.

    A claim is worth at most the highest ceiling that its clause names (a sum of money behind
    最高, 不超过 and the like), apart from those that it shares with other claims. The claims of the
    plan that draw on a shared cap are paid at most what support received has left of it, and no
    more of them take a place than a quota has left.

    Raises:
        PropertyFault: A cap is exceeded; ``about`` is the line, or the name of the number.
        FactsError: The case is wrong.
    """
    raise_first(book, _over_caps(book, facts))


def check_exclusions(book: Rulebook, facts: Mapping[str, Any]) -> None:
    """Check that exclusions work both ways, between claims and with support received.

    For each two claims of the case, having received the one bars the other exactly if having
    received the other bars the one; and they can be filed together exactly if neither does. A
    claim whose sum is lowered by what was received counts as barred.

    Raises:
        PropertyFault: One bars the other only one way; ``about`` is the two lines.
        FactsError: The case is wrong.
    """
    raise_first(book, _one_way(book, {**facts, "received": []}))


def check_no_double_payment(book: Rulebook, facts: Mapping[str, Any]) -> None:
    """Check that a plan pays no two lines for the same matter of the same subject.

    The matter is the one that the line states in ``policy.toml``, or the listing it is claimed
    by. Where a text allows both, its folder says so in ``accepted.toml``.

    Raises:
        PropertyFault: Two lines pay for the same; ``about`` is the two lines.
        FactsError: The case is wrong.
    """
    raise_first(book, _paid_twice(book, facts))


def _over_caps(book: Rulebook, facts: Mapping[str, Any]) -> Iterator[Fault]:
    planner = api.planner(facts, book=book)
    derivation, chosen = planner.derivation, planner.chosen
    for claim, candidate in derivation.candidates.items():
        shared = {pool.args[0] for pool in candidate.pools}
        ceilings = [n for n in ceilings_of(book, claim.line) if n.name not in shared]
        if ceilings and candidate.potential > max(number.value for number in ceilings):
            highest = max(ceilings, key=lambda number: number.value)
            yield fault(
                "caps", claim.line, [claim.line], claim=claim, worth=candidate.potential,
                most=highest.value, clause=highest.clause,
            )  # fmt: skip
    for pool, limit in derivation.limits.items():
        left = max(0, limit - derivation.drawn.get(pool, 0))
        drawing = [c for c in chosen.claims if pool in derivation.candidates[c].pools]
        paid = sum(chosen.paid[c].potential for c in drawing if c in chosen.paid)
        if paid > left:
            lines = sorted({claim.line for claim in drawing})
            yield fault("caps_by_pool", str(pool.args[0]), lines, paid=paid, most=left)
    for quota, count in derivation.places.items():
        left = max(0, count - derivation.taken.get(quota, 0))
        taking = [c for c in chosen.claims if quota in derivation.candidates[c].quotas]
        if len(taking) > left:
            lines = sorted({claim.line for claim in taking})
            yield fault("caps_by_quota", str(quota.args[0]), lines, paid=len(taking), most=left)


def ceilings_of(book: Rulebook, line: str) -> list[Number]:
    """Return the sums that bound a line by the words of the narrowest clause that has any."""
    policy = book.policy_of(line)
    for section in sorted(policy.sections_of(line), key=lambda section: -len(section.id)):
        clause = "".join(section.clause.split())
        found = [
            number
            for number in policy.numbers.values()
            if number.type == "money" and _is_ceiling(number)
            and "".join(number.clause.split()) in clause
        ]  # fmt: skip
        if found:
            return found
    return []


def _is_ceiling(number: Number) -> bool:
    """Return whether the words around a number say that it is the most."""
    clause, written = "".join(number.clause.split()), "".join(number.written.split())
    before, _, after = clause.partition(written)
    return bool(_BEFORE.search(before) or _AFTER.search(after))


def _one_way(book: Rulebook, facts: Mapping[str, Any]) -> Iterator[Fault]:
    case = case_from_mapping(facts, book.vocabulary)
    (plain,) = derive_together([case], book)
    claims = list(plain.candidates)[:_MOST_GRANTED]
    if len(claims) < 2:
        return
    cases = [
        case_from_mapping({**facts, "received": [_grant(plain, claim)]}, book.vocabulary)
        for claim in claims
    ]
    after = dict(zip(claims, derive_together(cases, book), strict=True))
    for first, second in combinations(claims, 2):
        ways = {
            "together": second in plain.against[first],
            "first": _bars(after[first], second, plain),
            "second": _bars(after[second], first, plain),
        }
        if len(set(ways.values())) > 1:
            lines = sorted({first.line, second.line})
            told = {f"{name}_bars": str(value).lower() for name, value in ways.items()}
            yield fault("exclusions", " ".join(lines), lines, claim=first, other=second, **told)


def _grant(derivation: Derivation, claim: Claim) -> dict[str, Any]:
    """Return a claim as support received."""
    entry: dict[str, Any] = {"line": claim.line, "subject": claim.subject}
    entry["amount"] = derivation.candidates[claim].potential
    if claim.year is not None:
        entry["year"] = claim.year
    if claim.trigger is not None:
        entry["trigger"] = claim.trigger
    return entry


def _bars(derivation: Derivation, claim: Claim, before: Derivation) -> bool:
    """Return whether what was received bars a claim, or lowers what it is worth."""
    candidate = derivation.candidates.get(claim)
    if candidate is None or candidate.potential < before.candidates[claim].potential:
        return True
    return any(
        isinstance(other, Received) or other in derivation.granted
        for other in derivation.against[claim]
    )


def _paid_twice(book: Rulebook, facts: Mapping[str, Any]) -> Iterator[Fault]:
    chosen = api.planner(facts, book=book).chosen
    paying = sorted(
        (claim for claim, paid in chosen.paid.items() if paid.potential),
        key=lambda claim: claim.order,
    )
    for first, second in combinations(paying, 2):
        same = first.subject == second.subject and first.line != second.line
        matter = _matter(book, first)
        if same and matter == _matter(book, second) and _same_year(first, second):
            lines = sorted({first.line, second.line})
            yield fault(
                "double_payment", " ".join(lines), lines, claim=first, other=second,
                matter=matter, paid=chosen.paid[first].potential,
                more=chosen.paid[second].potential,
            )  # fmt: skip


def _matter(book: Rulebook, claim: Claim) -> str:
    """Return what a claim is paid for: the matter of its line, or its listing."""
    return claim.trigger or book.lines[claim.line].matter


def _same_year(first: Claim, second: Claim) -> bool:
    return first.year is None or second.year is None or first.year == second.year
