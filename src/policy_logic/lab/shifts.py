"""What changes for applicants from one version of a policy to another, each with a witness.

The solver looks for an applicant of whom the two versions say different things: for a claim that
only one of them grants, a sum that differs, claims that exclude each other in only one, a cap or
a quota that only one has. Whoever is found is planned under both versions before anything is
told. Where nobody is found, there is no difference *within the domains that were searched*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from policy_logic.decide.planning import Planner
from policy_logic.lab.joint import contemporary, joint_spaces, judged_by, renamed_program
from policy_logic.lab.space import APPLICANT
from policy_logic.lab.stated import is_rewording
from policy_logic.lab.study import UnconfirmedWitnessError
from policy_logic.lab.witness import Search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from policy_logic.decide.decision import Sums
    from policy_logic.derive.derivation import Derivation
    from policy_logic.lab.joint import JointSpace
    from policy_logic.lab.versions import Version
    from policy_logic.logic.terms import Fact

_MOST_SUBJECTS: Final = 128

# What two versions of one policy say of a claim, a pair of claims, or support received.
_BY_LINE: Final = """
granted_before(Claim) :- candidate(Claim, _).
granted_after(Claim) :- new_candidate(Claim, _).
limit_before(Claim, "cap", Limit) :- draws_on(Claim, Pool), limit(Pool, Limit).
limit_after(Claim, "cap", Limit) :- new_draws_on(Claim, Pool), new_limit(Pool, Limit).
limit_before(Claim, "quota", Limit) :- takes_place(Claim, Quota), places(Quota, Limit).
limit_after(Claim, "quota", Limit) :- new_takes_place(Claim, Quota), new_places(Quota, Limit).
both(Claim, Line) :- candidate(Claim, _), new_candidate(Claim, _), Claim = claim(Line, _, _, _).
at(Line, Yuan) :- potential(claim(Line, _, _, _), Yuan).

differs("gained", Line, Line, 0) :-
    new_candidate(Claim, _), not granted_before(Claim), Claim = claim(Line, _, _, _).
differs("lost", Line, Line, 0) :-
    candidate(Claim, _), not granted_after(Claim), Claim = claim(Line, _, _, _).
differs("gained", Line, Line, 0) :- new_entitled(Line, Subject), not entitled(Line, Subject).
differs("lost", Line, Line, 0) :- entitled(Line, Subject), not new_entitled(Line, Subject).
differs("more", Line, Line, 0) :-
    both(Claim, Line), potential(Claim, Yuan), new_potential(Claim, Yuan'), Yuan' > Yuan.
differs("less", Line, Line, 0) :-
    both(Claim, Line), potential(Claim, Yuan), new_potential(Claim, Yuan'), Yuan' < Yuan.
differs("surer", Line, Line, 0) :-
    both(Claim, Line), potential(Claim, Yuan), new_potential(Claim, Yuan),
    firm(Claim, Firm), new_firm(Claim, Firm'), Firm' > Firm.
differs("less_sure", Line, Line, 0) :-
    both(Claim, Line), potential(Claim, Yuan), new_potential(Claim, Yuan),
    firm(Claim, Firm), new_firm(Claim, Firm'), Firm' < Firm.
differs("apart", Line, Line', 0) :-
    both(Claim, Line), both(Other, Line'), Line <= Line',
    new_stands_against(Claim, Other), not stands_against(Claim, Other).
differs("beside", Line, Line', 0) :-
    both(Claim, Line), both(Other, Line'), Line <= Line',
    stands_against(Claim, Other), not new_stands_against(Claim, Other).
differs("barred", Line, Line, 0) :-
    both(Claim, Line), new_stands_against(Claim, received(Entry)),
    not stands_against(Claim, received(Entry)).
differs("unbarred", Line, Line, 0) :-
    both(Claim, Line), stands_against(Claim, received(Entry)),
    not new_stands_against(Claim, received(Entry)).
differs(Form, Line, Line, Yuan) :-
    both(Claim, Line), potential(Claim, Yuan), limit_before(Claim, Form, Limit),
    not limit_after(Claim, Form, Limit).
differs(Form, Line, Line, Yuan) :-
    both(Claim, Line), potential(Claim, Yuan), limit_after(Claim, Form, Limit),
    not limit_before(Claim, Form, Limit).
"""

# What two policies pay for one matter of one subject.
_BY_MATTER: Final = """
paid_before(Subject, Matter, Yuan) :- pays_for(Claim, Subject, Matter, _), potential(Claim, Yuan).
paid_after(Subject, Matter, Yuan) :-
    new_pays_for(Claim, Subject, Matter, _), new_potential(Claim, Yuan).
paid_before(Subject, Matter) :- paid_before(Subject, Matter, _).
paid_after(Subject, Matter) :- paid_after(Subject, Matter, _).
reached_before(Subject, Matter, Yuan) :-
    paid_after(Subject, Matter, Yuan), paid_before(Subject, Matter, Yuan'), Yuan' >= Yuan.
reached_after(Subject, Matter, Yuan) :-
    paid_before(Subject, Matter, Yuan), paid_after(Subject, Matter, Yuan'), Yuan' >= Yuan.

differs("gained", Matter, Matter, 0) :-
    paid_after(Subject, Matter), not paid_before(Subject, Matter).
differs("lost", Matter, Matter, 0) :-
    paid_before(Subject, Matter), not paid_after(Subject, Matter).
differs("more", Matter, Matter, 0) :-
    paid_before(Subject, Matter), paid_after(Subject, Matter, Yuan),
    not reached_before(Subject, Matter, Yuan).
differs("less", Matter, Matter, 0) :-
    paid_after(Subject, Matter), paid_before(Subject, Matter, Yuan),
    not reached_after(Subject, Matter, Yuan).
"""


@dataclass(frozen=True, slots=True)
class Shift:
    """A kind of change, and an applicant who meets it.

    Attributes:
        form: ``gained``, ``lost``, ``more``, ``less``, ``surer``, ``less_sure``, ``apart``,
            ``beside``, ``barred``, ``unbarred``, ``cap`` or ``quota``.
        about: The line, or the two lines, that it is about; of two policies the matter.
        facts: The applicant, as a mapping in the form of a facts file.
        before: What the old version pays.
        after: What the new version pays.
    """

    form: str
    about: tuple[str, ...]
    facts: Mapping[str, Any]
    before: Sums
    after: Sums


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched for one kind of subject.

    Attributes:
        kind: The kind.
        lines: How many lines of either version are about it.
        facts: How many facts an applicant may state.
        values: How many values they may take, all facts together.
    """

    kind: str
    lines: int
    facts: int
    values: int


def shifts(old: Version, new: Version) -> Iterator[Searched | Shift]:
    """Yield for each kind of subject what was searched, then every difference found there.

    Where two versions say the same, apart from ways of writing, nothing is searched.

    Raises:
        UnconfirmedWitnessError: Planning does not confirm what the solver found: a fault of the
            program.
    """
    if is_rewording(old, new):
        return
    after = contemporary(new, old)
    same_policy = old.policy.id == new.policy.id
    probes = _BY_LINE if same_policy else _BY_MATTER
    for space in joint_spaces(old, new):
        lines = {*space.lines, *space.other.lines}
        values = sum(len(cell.values) for cell in space.cells)
        yield Searched(space.kind, len(lines), len(space.cells), values)
        search = Search(space, f"{renamed_program(after.book)}\n{probes}")
        for facts in _by_form(search):
            found = _found(search, facts)
            if found is not None:
                yield _planned(found[0], found[1], space, old, after)


def _by_form(search: Search) -> Iterator[list[Fact]]:
    """Yield the differences that may be, those of one form about the same together."""
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for fact in search.possible("differs", 4):
        groups.setdefault(fact.args[:3], []).append(fact)
    for facts in groups.values():
        yield sorted(facts, key=_sum, reverse=True)


def _sum(fact: Fact) -> int:
    value = fact.args[3]
    return value if isinstance(value, int) else 0


def _found(search: Search, facts: list[Fact]) -> tuple[Fact, dict[str, Any]] | None:
    """Return the first of some differences that an applicant meets, and the applicant."""
    for fact in facts:
        if search.exists(fact, is_open=True):
            witness = search.find(fact, is_open=True)
            assert witness is not None  # noqa: S101 - it has just been found
            return fact, _without_chosen(witness.facts, search.space.setting.preamble["readings"])
    return None


def _without_chosen(facts: dict[str, Any], chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return an applicant without the readings that a version chooses."""
    readings = {name: value for name, value in facts["readings"].items() if name not in chosen}
    stated = {key: value for key, value in facts.items() if key != "readings"}
    return {**stated, "readings": readings} if readings else stated


def _planned(
    fact: Fact, facts: dict[str, Any], space: JointSpace, old: Version, new: Version
) -> Shift:
    """Plan an applicant under both versions; of limits as many subjects as it takes to bind."""
    form, *about = (str(arg) for arg in fact.args[:3])
    names = tuple(dict.fromkeys(about))
    count = 1
    while True:
        several = space.several(facts, count)
        before, after = (Planner(judged_by(v, several), v.book) for v in (old, new))
        same = before.chosen.totals == after.chosen.totals
        is_limit = form in {"cap", "quota"} and space.subject != APPLICANT
        if not (same and is_limit) or count >= _MOST_SUBJECTS:
            break
        count *= 2
    if not _is_so(form, names, before.derivation, after.derivation):
        raise UnconfirmedWitnessError(several)
    return Shift(form, names, several, before.chosen.totals, after.chosen.totals)


def _is_so(form: str, about: tuple[str, ...], before: Derivation, after: Derivation) -> bool:
    """Return whether two derivations of an applicant differ in the way that was found."""
    own, other = (_sums_about(about, derivation) for derivation in (before, after))
    ways: dict[str, Callable[[], bool]] = {
        "gained": lambda: bool(other.keys() - own.keys()),
        "lost": lambda: bool(own.keys() - other.keys()),
        "more": lambda: any(own[c][0] < other[c][0] for c in own.keys() & other.keys()),
        "less": lambda: any(own[c][0] > other[c][0] for c in own.keys() & other.keys()),
        "surer": lambda: any(own[c][1] < other[c][1] for c in own.keys() & other.keys()),
        "less_sure": lambda: any(own[c][1] > other[c][1] for c in own.keys() & other.keys()),
        "apart": lambda: bool(_apart(after) - _apart(before)),
        "barred": lambda: bool(_apart(after) - _apart(before)),
        "beside": lambda: bool(_apart(before) - _apart(after)),
        "unbarred": lambda: bool(_apart(before) - _apart(after)),
        "cap": lambda: before.limits != after.limits or _pools(before) != _pools(after),
        "quota": lambda: before.places != after.places or _pools(before) != _pools(after),
    }
    return ways[form]()


def _sums_about(about: tuple[str, ...], derivation: Derivation) -> dict[object, tuple[int, int]]:
    """Return what can be claimed of a line, or of a matter by subject: at most, and surely."""
    found: dict[object, tuple[int, int]] = {
        pair: (0, 0) for pair in derivation.benefits if pair[0] in about
    }
    for claim, candidate in derivation.candidates.items():
        matter = derivation.book.lines[claim.line].matter
        if claim.line in about:
            found[claim] = (candidate.potential, candidate.firm)
        elif matter in about or claim.trigger in about:
            most = found.get(claim.subject, (0, 0))
            found[claim.subject] = max(most, (candidate.potential, candidate.firm))
    return found


def _apart(derivation: Derivation) -> set[tuple[object, object]]:
    return {(own, other) for own, every in derivation.against.items() for other in every}


def _pools(derivation: Derivation) -> dict[object, tuple[object, ...]]:
    return {c.claim: (c.pools, c.quotas) for c in derivation.candidates.values()}
