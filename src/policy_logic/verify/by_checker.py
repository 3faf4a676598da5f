"""A stored decision and its proofs, checked by the small checker: no solver takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_logic.decide.planning import digests_of
from policy_logic.decide.report import digests_json
from policy_logic.derive.atoms import to_atoms
from policy_logic.errors import Problem, RequestError
from policy_logic.prove.showing import written_atom
from policy_logic.recheck.accounts import Accounts
from policy_logic.recheck.checker import Theory, check, read_rules, read_value
from policy_logic.verify.difference import ABSENT, Difference, compare
from policy_logic.verify.retelling import Retelling
from policy_logic.verify.shape import wrong_shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.derive.atoms import Atoms
    from policy_logic.facts.model import Case
    from policy_logic.rulebook.policy import Rulebook


class ProofChecker:
    """Checks decisions of one case; what the case and the rules say is read once.

    Attributes:
        theory: What the checker evaluates for itself.
    """

    def __init__(self, case: Case, book: Rulebook) -> None:
        self._case, self._book = case, book
        self._atoms = to_atoms(case, book)
        self._retelling = Retelling(self._atoms, book)
        self.theory = theory_of(self._atoms, book)

    def faults(self, stored: Mapping[str, Any]) -> Iterator[Difference]:
        """Yield every fault in a stored decision and its proofs.

        Args:
            stored: A decision as ``plan --format json --proofs`` prints it, of this case under
                the readings of the decision.

        Raises:
            RequestError: The decision holds no proofs.
        """
        wrong = wrong_shape(stored)
        if wrong:
            yield from wrong
            return
        if not isinstance((stored.get("proofs") or {}).get("nodes"), dict):
            raise RequestError([Problem("request.no_proofs", None, {})])
        yield from _head(stored, self._case, self._atoms)
        digests = digests_json(digests_of(self._case, self._book))
        yield from compare("rules", "digests", stored.get("digests"), digests)
        nodes = stored["proofs"]["nodes"]
        for name, kind, about in check(nodes, self.theory):
            yield _fault(f"proofs.nodes.{name}", kind, about)
        for where, said, wanted in self._retelling.differences(nodes):
            yield Difference("proof", f"proofs.nodes.{where}", said, wanted)
        try:
            for where, said, wanted in self._retelling.refusals(stored["proofs"]["refusals"]):
                yield Difference("refusal", f"proofs.refusals {where}", said, wanted)
            for where, kind, found in Accounts(stored, self.theory).faults():
                yield _fault(where, kind, found)
            yield from _reasons(stored)
        except (AttributeError, LookupError, TypeError, ValueError) as fault:
            told = f"{type(fault).__name__}: {fault}"
            yield Difference("shape", "candidates, proofs", None, told)


def _fault(where: str, kind: str, about: object) -> Difference:
    problem = Problem(f"verify.{kind}", None, {"about": about})
    return Difference("proof", where, ABSENT, RequestError([problem]))


def theory_of(atoms: Atoms, book: Rulebook) -> Theory:
    """Return the rules as the checker reads them itself, and what a case gives."""
    own = (book.folder / name / "rules.lp" for name in book.policies)
    files = [book.shared / "derivation.lp", *own]
    texts = {book.name_of(file): file.read_text(encoding="utf-8") for file in files}
    return Theory(read_rules(texts), [read_value(written_atom(atom)) for atom in atoms.origins])


def _head(stored: Mapping[str, Any], case: Case, atoms: Atoms) -> Iterator[Difference]:
    wanted = {
        "applicant": case.applicant,
        "as_of": case.as_of.isoformat(),
        "readings": dict(atoms.readings),
    }
    for name, value in wanted.items():
        if stored.get(name) != value:
            yield Difference("case", name, stored.get(name), value)


def _reasons(stored: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare what a refusal lists with the ways that its proof tells."""
    proved = {_key(row): row for row in stored["proofs"]["refusals"]}
    rows = {_key(row): row for row in stored.get("refusals") or ()}
    for key in sorted(proved.keys() ^ rows.keys()):
        yield Difference("refusal", f"refusals {key}", key in rows, key in proved)
    for key in sorted(proved.keys() & rows.keys()):
        told = sorted(set(_leaves(proved[key])))
        said = sorted({*map(_failed, rows[key]["failed"]), *map(_unknown, rows[key]["unknown"])})
        if not set(said) <= set(told):
            yield Difference("refusal", f"refusals {key}", said, told)


def _leaves(tree: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for way in tree["ways"]:
        for reason in way["missing"]:
            if reason["type"] == "derived":
                yield from _leaves(reason)
            else:
                yield _failed(reason) if reason["type"] == "failed" else _unknown(reason)


def _failed(leaf: Mapping[str, Any]) -> tuple[str, ...]:
    parts = (leaf["condition"], leaf["actual"], leaf.get("short_by"), leaf.get("fact"))
    return tuple(str(part or "") for part in parts)


def _unknown(leaf: Mapping[str, Any]) -> tuple[str, ...]:
    return ("?", str(leaf["fact"]))


def _key(row: Mapping[str, Any]) -> str:
    return "/".join(str(row[part]) for part in ("line", "subject", "year", "trigger"))
