"""Mutants that change nothing, as far as that can be shown from the rules alone.

A condition may be dropped if it holds anyway wherever its rule counts: because the rest of the
body implies it, or because all that use what the rule derives ask for it themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from policy_logic.lab.promises import Promises, promises
from policy_logic.lab.unifying import Bound, renamed, substituted, unified
from policy_logic.logic.terms import Atom, Call, Comparison, Condition, Constant, Literal, Variable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.lab.mutant import Mutant
    from policy_logic.logic.terms import Rule, Term
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.rulebook.signatures import Signature

_DEPTH: Final = 6
_MOST_STEPS: Final = 60
_SEEN: Final = frozenset(
    {"candidate", "potential", "firm", "review_state", "cap_year", "draws_on", "limit",
     "takes_place", "places", "stands_against", "entitled", "notice", "heard"}
)  # fmt: skip


def why_equivalent(mutant: Mutant, book: Rulebook) -> str:
    """Return why a mutant changes nothing, an empty word if that cannot be shown.

    It is asked of the changed rules, in which no conclusion rests on the dropped condition.

    Returns:
        ``implied`` where a dropped condition follows from the others, ``asked_anyway`` where
        whatever uses the rule asks for it.
    """
    if mutant.operator not in {"drop", "reach"}:
        return ""
    (rule,) = mutant.before
    index = next(n for n, c in enumerate(rule.body) if c.position == mutant.position)
    dropped = rule.body[index]
    if isinstance(dropped, Literal) and dropped.absent:
        return ""
    rest = (*rule.body[:index], *rule.body[index + 1 :])
    search = _Search(mutant.applied(book).rules, promises(book.vocabulary))
    if search.follows(dropped, rest, _DEPTH):
        return "implied"
    if search.asked_anyway(rule.head, dropped, rest, _DEPTH):
        return "asked_anyway"
    return ""


class _Search:
    """One search for a reason, given up after so many steps."""

    def __init__(self, rules: Sequence[Rule], facts: Promises) -> None:
        self.facts, self.steps, self.names = facts, 0, 0
        self.deriving: dict[Signature, list[Rule]] = {}
        self.using: dict[Signature, list[tuple[Rule, int]]] = {}
        for rule in rules:
            self.deriving.setdefault(rule.head.signature, []).append(rule)
            for place, condition in enumerate(rule.body):
                if isinstance(condition, Literal):
                    users = self.using.setdefault(condition.atom.signature, [])
                    users.append((rule, place))

    def follows(self, asked: Condition, known: Sequence[Condition], depth: int) -> bool:
        """Return whether a condition holds wherever all the known ones do."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return False
        joined = self._joined((asked, *known))
        if joined is None:
            return True  # the known ones never hold together
        asked, *rest = joined
        if self._is_among(asked, rest):
            return True
        if depth == 0:
            return False
        for place, other in enumerate(rest):
            if (
                isinstance(other, Literal)
                and not other.absent
                and other.atom.signature in self.deriving
            ):
                others = [*rest[:place], *rest[place + 1 :]]
                if self._in_every_way(asked, other, others, depth - 1):
                    return True
        return False

    def _in_every_way(
        self, asked: Condition, derived: Literal, known: list[Condition], depth: int
    ) -> bool:
        """Return whether a condition follows by whichever rule something known was derived."""
        for rule in self.deriving[derived.atom.signature]:
            own = self._renamed(rule)
            bound = unified(own.head.args, derived.atom.args, {})
            if bound is None:
                continue
            after = [_put(c, bound) for c in (*known, *own.body)]
            if not self.follows(_put(asked, bound), after, depth):
                return False
        return True

    def asked_anyway(
        self, head: Atom, asked: Condition, known: Sequence[Condition], depth: int
    ) -> bool:
        """Return whether whatever uses an atom asks for a condition as well."""
        if head.name in _SEEN or depth == 0:
            return False
        for rule, place in self.using.get(head.signature, ()):
            own = self._renamed(rule)
            used = own.body[place]
            assert isinstance(used, Literal)  # noqa: S101 - renaming keeps what it is
            bound = unified(used.atom.args, head.args, {})
            if bound is None:
                continue
            others = [*own.body[:place], *own.body[place + 1 :]]
            wanted = _put(asked, bound)
            context = [_put(c, bound) for c in (*known, *others)]
            self.steps = 0
            if self.follows(wanted, context, depth):
                continue
            out = _put_atom(own.head, bound)
            if not self.asked_anyway(out, wanted, context, depth - 1):
                return False
        return True

    def _renamed(self, rule: Rule) -> Rule:
        self.names += 1
        return renamed(rule, self.names)

    def _joined(self, conditions: Sequence[Condition]) -> list[Condition] | None:
        """Return conditions with what must be equal made equal; ``None`` if that cannot be."""
        now = list(conditions)
        while True:
            bound: Bound | None = None
            for condition in now[1:]:
                if isinstance(condition, Comparison) and condition.operator == "=":
                    bound = unified((condition.left,), (condition.right,), {})
                    if bound is None and not _computes(condition):
                        return None
                    if bound:
                        break
            else:
                bound = self._same_values(now)
            if not bound:
                return now
            now = [_put(condition, bound) for condition in now]

    def _same_values(self, conditions: Sequence[Condition]) -> Bound | None:
        """Return what must be equal because an attribute has one value."""
        first: dict[tuple[object, ...], Atom] = {}
        for condition in conditions[1:]:
            if not isinstance(condition, Literal) or condition.absent:
                continue
            atom = condition.atom
            if atom.signature not in self.facts.single or atom.name.startswith("-"):
                continue
            known = first.setdefault((atom.name, *atom.args[:-1]), atom)
            bound = unified((known.args[-1],), (atom.args[-1],), {})
            if bound:
                return bound
        return None

    def _is_among(self, asked: Condition, known: Sequence[Condition]) -> bool:
        """Return whether a condition is known, or by the vocabulary proved by what is known."""
        if isinstance(asked, Comparison):
            return any(
                isinstance(other, Comparison) and replace(other, position=asked.position) == asked
                for other in known
            )
        atoms = [c.atom for c in known if isinstance(c, Literal) and not c.absent]
        if asked.atom.name == "entity" and len(asked.atom.args) == 2:
            kind, entity = asked.atom.args
            kinds = self._kinds_of(entity, atoms)
            if kinds is not None and all(Constant(one) == kind for one in kinds):
                return True
        return any(
            _covers(proved, asked.atom) for atom in atoms for proved in self._proved(atom, atoms)
        )

    def _proved(self, atom: Atom, atoms: Sequence[Atom]) -> list[Atom]:
        """Return an atom, and what it proves of an entity of whatever kind it can be."""
        kinds = self._kinds_of(atom.args[0], atoms) if atom.args else None
        told = {self.facts.implies.get((kind, atom.name)) for kind in kinds or ()}
        found = told.pop() if len(told) == 1 else None
        return [atom] if found is None else [atom, Atom(found[0], atom.args[: found[1]])]

    def _kinds_of(self, entity: Term, atoms: Sequence[Atom]) -> frozenset[str] | None:
        """Return the kinds that an entity can be of, ``None`` if nothing tells."""
        told = []
        for atom in atoms:
            name = atom.name.removeprefix("-")
            if atom.name == "entity" and atom.args[1] == entity:
                told += [frozenset({str(t.value)}) for t in atom.args if isinstance(t, Constant)]
            elif atom.args and atom.args[0] == entity and name in self.facts.kinds:
                told.append(self.facts.kinds[name])
        return frozenset.intersection(*told) if told else None


def _covers(known: Atom, asked: Atom) -> bool:
    """Return whether an atom is what is asked for, whose unnamed variables may be anything."""
    if (known.name, len(known.args)) != (asked.name, len(asked.args)):
        return False
    return all(
        own == wanted or (isinstance(wanted, Variable) and wanted.name.startswith("_"))
        for own, wanted in zip(known.args, asked.args, strict=True)
    )


def _computes(condition: Comparison) -> bool:
    return isinstance(condition.left, Call) or isinstance(condition.right, Call)


def _put(condition: Condition, bound: Bound) -> Condition:
    if isinstance(condition, Comparison):
        left, right = (substituted(t, bound) for t in (condition.left, condition.right))
        return replace(condition, left=left, right=right)
    return replace(condition, atom=_put_atom(condition.atom, bound))


def _put_atom(atom: Atom, bound: Bound) -> Atom:
    return Atom(atom.name, tuple(substituted(term, bound) for term in atom.args))
