"""The accounts of a decision, from its proofs: what it pays, what it leaves out, what it refuses.

The checker's own evaluation says what follows; that nothing pays more is not asked here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_logic.recheck.checker import Term, Variable, fit, read_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.recheck.checker import Theory

    Row = Mapping[str, Any]
    Fault = tuple[str, str, object]

_NONE = Term("none", ())
_ANY = Variable("_")


class Accounts:
    """One decision, to be checked against what follows from rules and facts."""

    def __init__(self, stored: Row, theory: Theory) -> None:
        self._stored, self._theory = stored, theory
        self._rows = {_claim(row): row for row in stored["candidates"]}
        self._chosen = [claim for claim, row in self._rows.items() if row["chosen"]]
        self._chosen.sort(key=_order)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that does not follow, does not add up, or is left out."""
        yield from self._candidates()
        yield from self._proved()
        yield from self._together()
        yield from self._paid()
        yield from self._caps()
        yield from self._left_out()
        yield from self._benefits()
        for row in self._stored.get("refusals") or ():
            yield from self._refused(row)

    def _all(self, name: str, *args: object) -> list[Term]:
        """Return what follows; each argument left open is another."""
        numbered = enumerate(args)
        wanted = (Variable(f"_{place}") if a == _ANY else a for place, a in numbered)
        return self._theory.answers(Term(name, tuple(wanted)))

    def _candidates(self) -> Iterator[Fault]:
        follow = {answer.args[0] for answer in self._all("candidate", _ANY, _ANY)}
        for claim in sorted(follow ^ self._rows.keys(), key=repr):
            yield name_of(claim), "left_out" if claim in follow else "follows_not", name_of(claim)

    def _proved(self) -> Iterator[Fault]:
        """Check that each claim's proofs are proofs of what its row says."""
        nodes, proofs = self._stored["proofs"]["nodes"], self._stored["proofs"]["claims"]
        for claim, row in self._rows.items():
            name = name_of(claim)
            roots = proofs.get(name)
            if roots is None:
                yield name, "no_proof", name
                continue
            yield from self._facts_of(claim, row)
            wanted = {
                "candidate": Term("candidate", (claim, _ANY)),
                "potential": Term("potential", (claim, row["amount"]["potential"])),
                "firm": Term("firm", (claim, row["amount"]["firm"])),
                "review": Term("review_state", (claim, row["review"])),
                "cap_year": Term("cap_year", (claim, row["cap_year"])),
            }
            for part, atom in wanted.items():
                if part == "cap_year" and row["cap_year"] is None and roots[part] is None:
                    continue
                proved = nodes.get(roots[part], {}).get("atom", "nothing")
                if proved == "nothing" or fit(atom, read_value(proved), {}) is None:
                    yield f"{name} {part}", "proves", proved
            yield from self._ties(claim, roots, nodes)

    def _facts_of(self, claim: Term, row: Row) -> Iterator[Fault]:
        """Check what a row says of its line and of who claims."""
        line = claim.args[0]
        wanted = {
            "policy": [answer.args[1] for answer in self._all("line", line, _ANY)],
            "article": [answer.args[1] for answer in self._all("article", line, _ANY)],
            "determinacy": [answer.args[1] for answer in self._all("determinacy", line, _ANY)],
            "recipient": [answer.args[0] for answer in self._all("applicant", _ANY)],
        }
        for part, found in wanted.items():
            if [row[part]] != found:
                yield f"{name_of(claim)} {part}", "is", ", ".join(map(str, found))

    def _ties(self, claim: Term, roots: Row, nodes: Row) -> Iterator[Fault]:
        """Check that a claim's caps, quotas and rivals are all there, each proved."""
        for part, predicate in (
            ("draws_on", "draws_on"),
            ("takes_place", "takes_place"),
            ("against", "stands_against"),
        ):
            ids = roots[part].values() if part == "against" else roots[part]
            proved = {read_value(nodes[name]["atom"]) for name in ids}
            for atom in sorted(proved ^ {*self._all(predicate, claim, _ANY)}, key=repr):
                kind = "follows_not" if atom in proved else "left_out"
                yield f"{name_of(claim)} {part}", kind, name_of(atom)
        for other, name in roots["against"].items():
            if name_of(read_value(nodes[name]["atom"]).args[1]) != other:
                yield f"{name_of(claim)} against", "proves", nodes[name]["atom"]

    def _rivals(self, claim: Term) -> list[Term]:
        return [answer.args[1] for answer in self._all("stands_against", claim, _ANY)]

    def _is_settled(self, claim: Term) -> bool:
        own = [claim, *self._rivals(claim)]
        return any(o.name == "received" or self._all("granted", o, _ANY) for o in own)

    def _together(self) -> Iterator[Fault]:
        chosen = set(self._chosen)
        for claim in self._chosen:
            for rival in chosen.intersection(self._rivals(claim)):
                yield name_of(claim), "beside", name_of(rival)
            if self._is_settled(claim):
                yield name_of(claim), "received", name_of(claim)
        for answer in self._all("places", _ANY, _ANY):
            quota, places = answer.args
            taking = self._takers(quota)
            if taking and len(taking) + self._taken(quota) > places:
                yield name_of(quota), "places", places

    def _takers(self, quota: Term) -> list[Term]:
        return [claim for claim in self._chosen if self._all("takes_place", claim, quota)]

    def _drawn(self, pool: Term) -> int:
        """Return what grants have drawn from a cap, in yuan."""
        entries = {
            grant.args[1]
            for member in self._all("draws_on", _ANY, pool)
            for grant in self._all("granted", member.args[0], _ANY)
        }
        received = (self._all("received_amount", entry, _ANY) for entry in entries)
        return sum(answer.args[1] for answers in received for answer in answers)

    def _taken(self, quota: Term) -> int:
        """Return how many places of a quota grants have taken."""
        members = {member.args[0] for member in self._all("takes_place", _ANY, quota)}
        return sum(bool(self._all("granted", claim, _ANY)) for claim in members)

    def _paid(self) -> Iterator[Fault]:
        """Hand the caps out once more: first what is certain, then the rest."""
        left = {
            answer.args[0]: answer.args[1] - self._drawn(answer.args[0])
            for answer in self._all("limit", _ANY, _ANY)
        }
        pools = {
            claim: [answer.args[1] for answer in self._all("draws_on", claim, _ANY)]
            for claim in self._chosen
        }
        paid: dict[str, dict[Term, int]] = {}
        before = dict.fromkeys(self._chosen, 0)
        for measure in ("firm", "potential"):
            paid[measure] = {}
            for claim in self._chosen:
                more = self._rows[claim]["amount"][measure] - before[claim]
                share = max(0, min([more, *(left[pool] for pool in pools[claim])]))
                for pool in pools[claim]:
                    left[pool] -= share
                paid[measure][claim] = before[claim] = before[claim] + share
        for measure, sums in paid.items():
            for claim, row in self._rows.items():
                found = sums.get(claim, 0)
                if row["paid"][measure] != found:
                    yield f"{name_of(claim)} paid.{measure}", "comes_to", found
            if self._stored["totals"][measure] != sum(sums.values()):
                yield f"totals.{measure}", "comes_to", sum(sums.values())

    def _caps(self) -> Iterator[Fault]:
        """Check the caps as the proofs list them."""
        limits = dict(answer.args for answer in self._all("limit", _ANY, _ANY))
        stored = {read_value(cap["cap"]): cap for cap in self._stored["proofs"]["caps"]}
        for pool in sorted(limits.keys() ^ stored.keys(), key=repr):
            kind = "left_out" if pool in limits else "follows_not"
            yield f"caps {name_of(pool)}", kind, name_of(pool)
        for pool in sorted(limits.keys() & stored.keys(), key=repr):
            cap, limit = stored[pool], limits[pool]
            members = [c for c in self._chosen if self._all("draws_on", c, pool)]
            rows = [self._rows[claim] for claim in members]
            found = {
                "limit": limit,
                "already_drawn": self._drawn(pool),
                "asked": sum(row["amount"]["potential"] for row in rows),
                "paid": sum(row["paid"]["potential"] for row in rows),
                "claims": [name_of(claim) for claim in members],
            }
            proof = self._stored["proofs"]["nodes"].get(cap["proof"], {}).get("atom", "nothing")
            if proof == "nothing" or read_value(proof) != Term("limit", (pool, limit)):
                yield f"caps {name_of(pool)} proof", "proves", proof
            for part, value in found.items():
                if cap[part] != value:
                    yield f"caps {name_of(pool)} {part}", "comes_to", value

    def _left_out(self) -> Iterator[Fault]:
        names = {name_of(claim): claim for claim in self._chosen}
        for claim, row in self._rows.items():
            reason = row["rejected_because"]
            if row["chosen"] or reason is None:
                if bool(row["chosen"]) != (reason is None):
                    yield name_of(claim), "no_reason", name_of(claim)
                continue
            rivals = set(self._rivals(claim))
            by = [name for name in reason.get("by", ()) if names.get(name) not in rivals]
            if reason["kind"] == "excluded_by" and (by or not reason["by"]):
                yield name_of(claim), "nothing_against", ", ".join(reason["by"])
            if reason["kind"] == "already_received" and not self._is_settled(claim):
                yield name_of(claim), "nothing_against", "received"
            if reason["kind"] == "no_gain" and rivals.intersection(self._chosen):
                yield name_of(claim), "beside", name_of(claim)

    def _benefits(self) -> Iterator[Fault]:
        follow = {answer.args for answer in self._all("entitled", _ANY, _ANY)}
        stored = {(row["line"], row["subject"]) for row in self._stored["benefits"]}
        for line, subject in sorted(follow ^ stored):
            kind = "left_out" if (line, subject) in follow else "follows_not"
            yield f"benefits {line}/{subject}", kind, f"{line}/{subject}"

    def _refused(self, row: Row) -> Iterator[Fault]:
        occasion: object = _ANY
        if row["year"] is not None:
            occasion = Term("year", (row["year"],))
        elif row["trigger"] is not None:
            occasion = Term("listing", (row["trigger"], Variable("_1")))
        if self._all("qualifies", row["line"], row["subject"], occasion):
            yield f"refusals {name_of(_claim(row))}", "holds", name_of(_claim(row))


def name_of(term: Term) -> str:
    """Return what a claim, or anything else, is called in a decision."""
    parts = [None if argument == _NONE else argument for argument in term.args]
    while term.name == "claim" and parts and parts[-1] is None:
        parts.pop()
    if term.name != "claim":
        return f"{term.name}({', '.join(_shown(argument) for argument in term.args)})"
    return "/".join("-" if part is None else str(part) for part in parts)


def _shown(value: object) -> str:
    return name_of(value) if isinstance(value, Term) else str(value)


def _claim(row: Row) -> Term:
    parts = (row["line"], row["subject"], row["year"], row["trigger"])
    return Term("claim", tuple(_NONE if part is None else part for part in parts))


def _order(claim: Term) -> tuple[str, ...]:
    return tuple("" if part == _NONE else str(part) for part in claim.args)
