"""Deriving: the one model of the rules, read into candidates and what ties them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from policy_logic.derive.atoms import Atoms, to_atoms
from policy_logic.derive.claims import Claim, Received, claim_of, claim_or_received
from policy_logic.logic.solver import Grounded
from policy_logic.logic.symbols import SymbolReader
from policy_logic.logic.terms import Compound, Constant, Fact, Value

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from clingo.symbol import Symbol

    from policy_logic.facts.model import Case
    from policy_logic.rulebook.policy import Rulebook


@dataclass(frozen=True, slots=True)
class Candidate:
    """A money line all of whose conditions are known to hold for the applicant.

    Attributes:
        claim: Its key.
        occasion: The year or the day it rests on.
        potential: What it pays at most on its own, in yuan.
        firm: What it pays for certain on its own, in yuan.
        review: ``none``, ``pending`` or ``passed``.
        cap_year: The year whose caps and quotas it draws on.
        pools: The caps it shares with other claims, narrowest first.
        quotas: The quotas it takes a place of.
        hypothetical: Whether its policy is only assumed to be in force.
    """

    claim: Claim
    occasion: Compound
    potential: int
    firm: int
    review: str
    cap_year: int | None
    pools: tuple[Compound, ...]
    quotas: tuple[Compound, ...]
    hypothetical: bool


@dataclass(frozen=True)
class Derivation:
    """Everything that follows from a case, before anything is chosen.

    Attributes:
        book: The rulebook.
        atoms: The case as atoms.
        readings: The readings it was derived under.
        candidates: The candidates by claim, in key order.
        against: For each candidate, what cannot stand beside it.
        granted: The claims already granted, each with the entries of the case.
        limits: The caps shared by claims, in yuan.
        drawn: What grants already received have drawn from each cap, in yuan.
        places: The places of each quota.
        taken: The places that grants already received have taken.
        benefits: The benefits in kind: line and subject.
        notices: Notices that rules raise: name and entity.
        heard: The entries of ``review`` that speak of something in the case.

    Where several versions of a case share one grounding, ``_own`` says which of the atoms in
    which they differ are this one's.
    """

    book: Rulebook
    atoms: Atoms
    readings: Mapping[str, str]
    candidates: Mapping[Claim, Candidate]
    against: Mapping[Claim, frozenset[Claim | Received]]
    granted: Mapping[Claim, tuple[int, ...]]
    limits: Mapping[Compound, int]
    drawn: Mapping[Compound, int]
    places: Mapping[Compound, int]
    taken: Mapping[Compound, int]
    benefits: tuple[tuple[str, str], ...]
    notices: tuple[tuple[str, str], ...]
    heard: frozenset[int]
    _grounded: Grounded = field(repr=False, compare=False)
    _shown: frozenset[Symbol] = field(repr=False, compare=False)
    _own: Mapping[Fact, bool] = field(repr=False, compare=False)

    @property
    def case(self) -> Case:
        """The case."""
        return self.atoms.case

    def reading(self, name: str, value: str) -> Derivation | None:
        """Derive again from the same grounding under another value of one reading.

        Returns:
            ``None`` where that leaves exactly the same to choose from.
        """
        return self.under({name: value})

    def under(self, readings: Mapping[str, str]) -> Derivation | None:
        """Derive again from the same grounding under other values of some readings.

        Returns:
            ``None`` where that leaves exactly the same to choose from.
        """
        values = {**self.readings, **readings}
        settings = {**self._own, **reading_settings(self.book, values)}
        shown = [s for s in self._grounded.model(settings) if s.name in _READ]
        if frozenset(shown) == self._shown:
            return None
        return read_model(self.book, self.atoms, values, self._grounded, shown, self._own)

    @cached_property
    def basis(self) -> Hashable:
        """What there is to choose from; equal for two derivations that leave the same choice."""
        return frozenset(symbol for symbol in self._shown if symbol.name not in _BESIDE)

    @cached_property
    def model(self) -> frozenset[Fact]:
        """All atoms that hold, given and derived."""
        settings = {**self._own, **reading_settings(self.book, self.readings)}
        symbols = self._grounded.model(settings, shown=False)
        return frozenset(map(SymbolReader().atom, symbols))


def derive(case: Case, book: Rulebook) -> Derivation:
    """Derive all candidates of a case.

    Every reading is set from outside the grounded program, so that one grounding serves every
    interpretation of the text.

    Raises:
        FactsError: The case names a reading or a value of one that does not exist.
        RulebookError: clingo refuses a rule; a policy that was loaded does not do this.
    """
    (derivation,) = derive_together([case], book)
    return derivation


def derive_together(cases: Sequence[Case], book: Rulebook) -> Iterator[Derivation]:
    """Derive versions of one case that differ in some facts, all from one grounding.

    What they have in common is grounded as facts; the atoms in which they differ are set from
    outside, as readings are. Grounding is most of the work, so many versions cost little more
    than one.

    Raises:
        FactsError: A version names a reading or a value of one that does not exist.
        RulebookError: clingo refuses a rule; a policy that was loaded does not do this.
    """
    versions = [to_atoms(case, book) for case in cases]
    grounded, settings = ground_together(versions, book, SHOWN)
    for atoms, own in zip(versions, settings, strict=True):
        shown = grounded.model({**reading_settings(book, atoms.readings), **own})
        yield read_model(book, atoms, atoms.readings, grounded, shown, own)


def models_together(cases: Sequence[Case], book: Rulebook) -> Iterator[frozenset[Fact]]:
    """Yield all atoms that hold in each of several versions of one case, given and derived.

    For those who study rules over many cases: it reads no candidates, and turns into atoms only
    what a rule with a body derives, the rest being known without the solver.

    Raises:
        FactsError: A version names a reading or a value of one that does not exist.
        RulebookError: clingo refuses a rule; a policy that was loaded does not do this.
    """
    signs = {f"{rule.head.name}/{len(rule.head.args)}" for rule in book.rules if rule.body}
    rows = frozenset(
        Fact(
            rule.head.name,
            tuple(term.value for term in rule.head.args if isinstance(term, Constant)),
        )
        for rule in book.rules
        if not rule.body
    )
    text = "#show. " + " ".join(f"#show {sign}. #defined {sign}." for sign in sorted(signs))
    versions = [to_atoms(case, book) for case in cases]
    grounded, settings = ground_together(versions, book, text)
    reader = SymbolReader()
    for atoms, own in zip(versions, settings, strict=True):
        shown = grounded.model({**reading_settings(book, atoms.readings), **own})
        yield rows.union(atoms.origins, map(reader.atom, shown))


def ground_together(
    versions: Sequence[Atoms],
    book: Rulebook,
    text: str,
    files: Sequence[Path] | None = None,
    choices: Mapping[Fact, bool] | None = None,
) -> tuple[Grounded, list[dict[Fact, bool]]]:
    """Ground versions of a case as one program; return it, and what to set for each version.

    Args:
        versions: The versions as atoms.
        book: The rulebook.
        text: More statements, as what to show.
        files: The rule files; by default all of the rulebook.
        choices: Further atoms that are set from outside, with their first setting; one that is
            given in a case, too, is set.
    """
    choices = choices or {}
    given = [
        frozenset(fact for fact in atoms.origins if fact.name != "reading" and fact not in choices)
        for atoms in versions
    ]
    common = frozenset.intersection(*given)
    open_facts = sorted(frozenset.union(*given) - common, key=str)
    facts = [fact for fact in versions[0].origins if fact in common]
    settings = [{fact: fact in own for fact in open_facts} for own in given]
    first = {**reading_settings(book, versions[0].readings), **settings[0], **choices}
    if files is None:
        files = [path for path, _ in book.programs]
    grounded = Grounded(files, facts, text=f"{book.declarations} {text}", choices=first)
    return grounded, settings


def reading_settings(book: Rulebook, readings: Mapping[str, str]) -> dict[Fact, bool]:
    """Return, for each value of each reading, whether it is the one taken."""
    return {
        Fact("reading", (name, value)): readings[name] == value
        for name, reading in book.readings.items()
        for value in reading.values
    }


_BESIDE = frozenset({"entitled", "notice", "heard"})
_READ = {
    "candidate": 2,
    "potential": 2,
    "firm": 2,
    "review_state": 2,
    "cap_year": 2,
    "draws_on": 2,
    "limit": 2,
    "takes_place": 2,
    "places": 2,
    "stands_against": 2,
    "entitled": 2,
    "notice": 2,
    "heard": 1,
}
SHOWN = " ".join(f"#show {name}/{arity}. #defined {name}/{arity}." for name, arity in _READ.items())


def read_model(
    book: Rulebook,
    atoms: Atoms,
    readings: Mapping[str, str],
    grounded: Grounded,
    shown: Sequence[Symbol],
    own: Mapping[Fact, bool],
) -> Derivation:
    """Read what a grounded program shows.

    Args:
        book: The rulebook.
        atoms: The case as atoms.
        readings: The readings it was derived under.
        grounded: The program.
        shown: What it shows under these readings and settings.
        own: The settings beside the readings.
    """
    found: dict[str, list[tuple[Value, ...]]] = {name: [] for name in _READ}
    reader = SymbolReader()
    for symbol in shown:
        found[symbol.name].append(reader.args(symbol))
    one = {
        name: {claim_of(args[0]): args[1] for args in found[name]}
        for name in ("potential", "firm", "review_state", "cap_year")
    }
    pools = _by_claim(found["draws_on"])
    quotas = _by_claim(found["takes_place"])
    granted: dict[Claim, list[int]] = {}
    for fact in atoms.origins:
        if fact.name == "granted":
            granted.setdefault(claim_of(fact.args[0]), []).append(_whole(fact.args[1]))
    candidates = {}
    occasions = {claim_of(args[0]): args[1] for args in found["candidate"]}
    for claim in sorted(occasions, key=lambda claim: claim.order):
        occasion, year = occasions[claim], one["cap_year"].get(claim)
        assert isinstance(occasion, Compound)  # noqa: S101 - the rules' promise, told to mypy
        candidates[claim] = Candidate(
            claim=claim,
            occasion=occasion,
            potential=_whole(one["potential"][claim]),
            firm=_whole(one["firm"][claim]),
            review=str(one["review_state"][claim]),
            cap_year=None if year is None else _whole(year),
            pools=_narrowest_first(pools.get(claim, ()), pools),
            quotas=tuple(sorted(quotas.get(claim, ()), key=str)),
            hypothetical=book.lines[claim.line].policy in atoms.assumed,
        )
    against: dict[Claim, set[Claim | Received]] = {claim: set() for claim in candidates}
    for first, second in found["stands_against"]:
        against[claim_of(first)].add(claim_or_received(second))
    return Derivation(
        book=book,
        atoms=atoms,
        readings=readings,
        candidates=candidates,
        against={claim: frozenset(others) for claim, others in against.items()},
        granted={claim: tuple(entries) for claim, entries in granted.items()},
        limits={_pool(pool): _whole(yuan) for pool, yuan in found["limit"]},
        drawn=_granted_amounts(granted, pools, atoms.case),
        places={_pool(quota): _whole(count) for quota, count in found["places"]},
        taken=_granted_places(granted, quotas),
        benefits=tuple(sorted((str(line), str(subject)) for line, subject in found["entitled"])),
        notices=tuple(sorted((str(name), str(entity)) for name, entity in found["notice"])),
        heard=frozenset(_whole(entry) for (entry,) in found["heard"]),
        _grounded=grounded,
        _shown=frozenset(shown),
        _own=own,
    )


def _by_claim(pairs: Iterable[tuple[Value, ...]]) -> dict[Claim, list[Compound]]:
    found: dict[Claim, list[Compound]] = {}
    for claim, pool in pairs:
        found.setdefault(claim_of(claim), []).append(_pool(pool))
    return found


def _narrowest_first(
    own: Iterable[Compound], pools: Mapping[Claim, list[Compound]]
) -> tuple[Compound, ...]:
    """Order a claim's caps from the narrowest to the widest: by how many claims they hold."""
    own = list(own)
    if len(own) < 2:
        return tuple(own)
    size = {pool: sum(pool in others for others in pools.values()) for pool in own}
    return tuple(sorted(own, key=lambda pool: (size[pool], str(pool))))


def _granted_amounts(
    granted: Mapping[Claim, list[int]], pools: Mapping[Claim, list[Compound]], case: Case
) -> dict[Compound, int]:
    drawn: dict[Compound, int] = {}
    for claim, entries in granted.items():
        for pool in pools.get(claim, ()):
            amount = sum(case.grants[entry - 1].amount for entry in entries)
            drawn[pool] = drawn.get(pool, 0) + amount
    return drawn


def _granted_places(
    granted: Mapping[Claim, list[int]], quotas: Mapping[Claim, list[Compound]]
) -> dict[Compound, int]:
    taken: dict[Compound, int] = {}
    for claim in granted:
        for quota in quotas.get(claim, ()):
            taken[quota] = taken.get(quota, 0) + 1
    return taken


def _pool(value: Value) -> Compound:
    assert isinstance(value, Compound)  # noqa: S101 - the rules' promise, told to mypy
    return value


def _whole(value: Value) -> int:
    assert isinstance(value, int)  # noqa: S101 - the rules' promise, told to mypy
    return value
