"""The second engine: it derives what clingo derives, and finds out what does not hold."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from clingo.control import Control
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import policy_logic
from policy_logic import api
from policy_logic.cli.app import app
from policy_logic.decide.report import decision_json
from policy_logic.derive.atoms import to_atoms
from policy_logic.derive.derivation import Derivation, derive
from policy_logic.errors import RequestError
from policy_logic.facts.case import with_readings
from policy_logic.facts.reader import case_from_mapping
from policy_logic.logic.arithmetic import FUNCTIONS
from policy_logic.logic.solver import Calculations
from policy_logic.logic.symbols import SymbolReader, to_atom
from policy_logic.logic.terms import Compound, Fact
from policy_logic.recheck.by_datalog import derive_again
from policy_logic.recheck.calculations import CALCULATIONS
from policy_logic.recheck.comparing import Disagreement, rederive
from policy_logic.recheck.values import Constants, decode
from policy_logic.rulebook.cases import worked_cases
from policy_logic.rulebook.load import shipped_rules
from policy_logic.rulebook.parse import parse_rules
from policy_logic.verify.by_pydatalog import recheck
from policy_logic.verify.difference import name_of
from test_solver import SHARES, STABLE, VALUES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from policy_logic.facts.model import Case
    from policy_logic.logic.terms import Rule, Value
    from policy_logic.rulebook.cases import WorkedCase

BOOK: Final = policy_logic.load_rulebook()
EXAMPLES: Final = Path(__file__).resolve().parents[1] / "facts" / "examples"
STUDIO: Final = EXAMPLES / "datong-studio.yaml"
EACH: Final = 3


def _sample() -> list[WorkedCase]:
    """Return some worked cases of each policy, and of those across policies."""
    by_policy: dict[str, list[WorkedCase]] = {}
    for case in worked_cases(shipped_rules()):
        by_policy.setdefault(case.policy, []).append(case)
    draw = random.Random(1)  # noqa: S311 - the same draw every time
    return [case for cases in by_policy.values() for case in draw.sample(cases, EACH)]


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_both_engines_derive_the_same_of_every_example(file: Path) -> None:
    """Every atom of the model is derived by both, and no other by either."""
    for case in api.load_cases(file, BOOK):
        assert rederive(derive(case, BOOK)) == ()


@pytest.mark.parametrize("worked", _sample(), ids=lambda worked: worked.id)
def test_both_engines_derive_the_same_of_a_worked_case(worked: WorkedCase) -> None:
    """So they do for a draw from the worked cases of each policy."""
    case = case_from_mapping(worked.facts, BOOK.vocabulary)
    assert rederive(derive(case, BOOK)) == ()


def test_both_engines_derive_the_same_under_every_reading() -> None:
    """Also where an open point is read in another way, and something else follows from it."""
    (case,) = api.load_cases(EXAMPLES / "three-places.yaml", BOOK)
    derivation = derive(case, BOOK)
    changed = set()
    for name, reading in BOOK.readings.items():
        for value in reading.values:
            other = derivation.reading(name, value)
            if other is not None:
                changed.add(name)
                assert rederive(other) == (), f"{name}={value}"
    assert len(changed) >= 5


def test_the_order_of_conditions_does_not_matter() -> None:
    """A rule whose negations and comparisons come first derives what it derived before."""
    (case,) = api.load_cases(EXAMPLES / "three-places.yaml", BOOK)
    given_atoms = to_atoms(case, BOOK).origins
    draw = random.Random(2)  # noqa: S311 - the same draw every time
    shuffled = [replace(r, body=tuple(draw.sample(r.body, len(r.body)))) for r in BOOK.rules]
    backwards = [replace(r, body=r.body[::-1]) for r in reversed(BOOK.rules)]
    as_written = derive_again(BOOK.rules, given_atoms)
    assert derive_again(shuffled, given_atoms) == as_written
    assert derive_again(backwards, given_atoms) == as_written


@pytest.mark.parametrize(
    ("increase", "growth"),
    [(1_999_999, 0), (2_000_019, 100_000), (2_000_020, 100_001), (10**13 - 2**31, 500_000)],
)
def test_sums_beyond_32_bits_come_out_alike(increase: int, growth: int) -> None:
    """From just below what clingo's own integers hold to far above, exact to the yuan."""
    revenue = {2024: 2**31 - 1, 2025: 2**31 - 1 + increase}
    facts: dict[str, object] = {
        "applicant": "yunzhong",
        "as_of": "2026-06-30",
        "enterprise": {
            "yunzhong": {"main_businesses": ["production"], "operating_revenue": revenue}
        },
    }
    derivation = derive(case_from_mapping(facts, BOOK.vocabulary), BOOK)
    assert rederive(derivation) == ()
    derived = {claim.line: found.potential for claim, found in derivation.candidates.items()}
    assert derived.get("datong.2-4.growth", 0) == growth


# --- the language, rule by rule

PROGRAMS: Final = {
    "a denial before what binds its variable": """
        p(X) :- not q(X), d(X).""",
    "a denial of a value with arguments": """
        p(X) :- d(X), not r(year(X)).
        p2(X, Y) :- d(X), Y = @plus(X, X), not r(year(Y)).
        p3(X) :- d(X), not r(pair(X, _)).
        p4 :- not r(pair(9, _)).
        p5(X) :- d(X), not t(X, pair(_, year(_))).""",
    "a denial that leaves something open": """
        p(X) :- d(X), not e(X, _).
        p2(X) :- not e(_, X), d(X).
        p3 :- not e(_, _).
        p4 :- not f(_).""",
    "a value taken apart": """
        p(Y) :- r(year(Y)).
        p2(Y, Z) :- t(_, V), V = pair(Y, W), W = year(Z).
        p3(X) :- r(V), V = pair(X, X).
        p4(X) :- t(X, pair(X, _)).
        p5(W) :- t(_, pair(_, W)), r(W).""",
    "a value made": """
        p(V) :- d(X), V = year(X).
        p2(pair(X, year(Y))) :- e(X, Y).
        p3(V) :- p(V), r(V).
        p4(X) :- p2(pair(_, year(X))).
        p5(X) :- d(X), pair(X, 2) = pair(1, X).
        p6(X) :- d(X), year(X) != year(2), none != year(X).""",
    "a calculation in every place": """
        p(@plus(X, Y)) :- e(X, Y).
        p2(X) :- d(X), d(@plus(X, X)).
        p3(X) :- d(X), @times(X, X) > @minus(X, 5).
        p4(X) :- d(X), not d(@plus(X, X)).
        p5(X, Z) :- e(X, Y), Z = @at_most(@plus(X, Y), 3).
        p6(X) :- d(X), @plus(X, X) = @times(X, X).
        p7(Z) :- s(Q), large(N), Z = @portion(N, Q).
        p8(Z) :- s(Q), large(N), Z = @portion_up(N, Q).
        p9(Z) :- large(N), large(M), Z = @wholes(N, M).
        p10(Z) :- large(N), d(X), Z = @times(N, X).
        p11(year(@plus(X, 1))) :- d(X).""",
    "comparisons of what is large": """
        p(N, M) :- large(N), large(M), N < M.
        p2(N, M) :- large(N), large(M), N >= M.
        p3(Q, R) :- s(Q), s(R), Q <= R.
        p4(A) :- text(A), A > "b".
        p5(A, B) :- any_of(A), any_of(B), A != B.
        p6(A, B) :- any_of(A), any_of(B), A = B.""",
    "kinds of value that are not one": """
        p(A) :- any_of(A), not d(A).
        p2(A) :- any_of(A), A != none, A != any.
        p3(A) :- any_of(A), A = 1.
        p4 :- any_of("none").
        p5 :- any_of(none).""",
    "a predicate that counts along an order": """
        next(X, Y) :- d(X), d(Y), X < Y, not between(X, Y).
        between(X, Y) :- d(X), d(Y), d(Z), X < Z, Z < Y.
        first(X) :- d(X), not next(_, X).
        sum(X, X) :- first(X).
        sum(Y, S) :- next(X, Y), sum(X, T), S = @plus(T, Y).
        all(S) :- sum(X, S), not next(X, _).""",
    "what is known not to hold": """
        p(X) :- -n(X), not n(X).
        p2(X) :- n(X).
        p3(X) :- d(X), not -n(X).""",
    "one name with several numbers of arguments": """
        p :- e(1, 2).
        p(X) :- e(X, _).
        p(X, Y) :- p(X), e(X, Y), p.""",
}
GIVEN: Final = (
    *(Fact("d", (n,)) for n in (1, 2, 4, 7)),
    *(Fact("e", pair) for pair in ((1, 2), (2, 4), (2, 2))),
    Fact("q", (2,)),
    Fact("r", (Compound("year", (2,)),)),
    Fact("r", (Compound("pair", (1, 4)),)),
    Fact("r", (Compound("pair", (7, 7)),)),
    Fact("t", (4, Compound("pair", (4, Compound("year", (2,)))))),
    Fact("t", (1, Compound("pair", (2, Compound("year", (9,)))))),
    *(Fact("s", (Decimal(share),)) for share in ("0.1", "0.333333333333333333", "1")),
    *(Fact("large", (n,)) for n in (10**9, 2**31 - 1, 2**31, 2**31 + 1, 3)),
    *(Fact("text", (text,)) for text in ("a", "b", "c", "True", 'b"', "~d", "d.1[x]==")),
    *(Fact("any_of", (v,)) for v in (1, "1", Decimal(1), None, "none", Compound("any", ()))),
    *(Fact("any_of", (v,)) for v in (Compound("year", (1,)), Compound("year", ("1",)), "any")),
    *(Fact("-n", (n,)) for n in (1, 2)),
    Fact("n", (4,)),
)


def _rules(text: str, folder: Path) -> tuple[Path, tuple[Rule, ...]]:
    file = folder / "rules.lp"
    file.write_text(f"%## 一 rules\n%> words\n{text}\n", encoding="utf-8")
    return file, parse_rules(file, "").rules


def _by_clingo(file: Path) -> set[Fact]:
    """Return what clingo derives; it is not asked for remarks, as on atoms that never hold."""
    control = Control(["--warn=none"])
    control.load(str(file))
    with control.backend() as backend:
        for fact in GIVEN:
            backend.add_rule([backend.add_atom(to_atom(fact))])
    control.ground([("base", [])], context=Calculations())
    with control.solve(yield_=True) as handle:
        (atoms,) = [model.symbols(atoms=True) for model in handle]
    return {*map(SymbolReader().atom, atoms)} - {*GIVEN}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_a_rule_means_the_same_to_both_engines(text: str, tmp_path: Path) -> None:
    """What the language allows, though the policies at hand may not use it."""
    file, rules = _rules(text, tmp_path)
    expected = _by_clingo(file)
    assert derive_again(rules, GIVEN) == expected
    assert expected


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Draw layers of rules with denials, comparisons and values with arguments, in any order."""
    known = [("d", 1), ("e", 2), ("r", 1)]
    rules = []
    for layer in range(draw(st.integers(1, 4))):
        arity = draw(st.integers(0, 2))
        for _ in range(draw(st.integers(1, 2))):
            atoms = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3))
            body = [_atom(draw, name, count, "XYZ") for name, count in atoms]
            bound = sorted({*"XYZ"} & {*"".join(body)}) or ["1"]
            pairs = st.tuples(st.sampled_from(bound), st.sampled_from([*bound, "2", "year(2)"]))
            for name, count in draw(st.lists(st.sampled_from(known), max_size=2)):
                body.append("not " + _atom(draw, name, count, [*bound, "_"]))
            for first, second in draw(st.lists(pairs, max_size=2)):
                body.append(f"{first} {draw(st.sampled_from(['=', '!=']))} {second}")
            head = _atom(draw, f"p{layer}", arity, bound)
            rules.append(f"{head} :- {', '.join(draw(st.permutations(body)))}.")
        known.append((f"p{layer}", arity))
    return "\n".join(rules)


def _atom(draw: st.DrawFn, name: str, count: int, names: Sequence[str]) -> str:
    plain = st.sampled_from([*names, *names, "1", "2"])
    terms = plain | plain.map("year({})".format)
    args = [draw(terms) for _ in range(count)]
    return f"{name}({', '.join(args)})" if args else name


@settings(STABLE, max_examples=60)
@given(programs())
def test_drawn_rules_mean_the_same_to_both_engines(text: str) -> None:
    """Whatever the rules, both derive the same atoms, none more and none fewer."""
    with tempfile.TemporaryDirectory() as folder:
        file, rules = _rules(text, Path(folder))
        expected = _by_clingo(file)
    assert derive_again(rules, GIVEN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "p(X) :- d(X), Y = @plus(Z, X), Z = @plus(Y, X).",
        "p(X) :- d(X), V = year(X), V = year(Y), d(Y).",
        "p(X) :- d(X), not p(X).",
    ],
)
def test_a_rule_that_cannot_be_asked_is_refused(text: str, tmp_path: Path) -> None:
    """Better no answer than a wrong one; the message names the file and the line."""
    _, rules = _rules(text, tmp_path)
    if "year(Y)" in text:
        assert {f.args for f in derive_again(rules, GIVEN)} == {(1,), (2,), (4,), (7,)}
        return
    with pytest.raises(RequestError, match=r"rules\.lp:3:1: pyDatalog cannot ask") as caught:
        derive_again(rules, GIVEN)
    assert "pyDatalog 无法" in caught.value.tell("zh")


def test_a_fault_of_a_calculation_is_told(tmp_path: Path) -> None:
    """PyDatalog would take the fault itself for the result."""
    _, rules = _rules("p(Z) :- d(X), Z = @wholes(X, 0).", tmp_path)
    with pytest.raises(ZeroDivisionError):
        derive_again(rules, GIVEN)


def test_every_calculation_is_written_twice() -> None:
    """A function of the rule language that is new needs its second form."""
    assert CALCULATIONS.keys() == FUNCTIONS.keys()
    assert not {*CALCULATIONS.values()} & {*FUNCTIONS.values()}


@STABLE
@given(st.integers(-(10**15), 10**15), st.integers(1, 10**13), SHARES)
@example(2**31, 2**31, Decimal("0.1"))
def test_both_ways_to_calculate_agree(first: int, second: int, share: Decimal) -> None:
    """Sums, differences, shares and wholes, of negative amounts too."""
    part = Constants().encode(share)
    for name, function in FUNCTIONS.items():
        if name.startswith("portion"):
            assert CALCULATIONS[name](first, part) == function(first, share)
        elif name != "anniversary":
            assert CALCULATIONS[name](first, second) == function(first, second), name


@STABLE
@given(st.dates(min_value=date(1950, 1, 1)), st.integers(0, 50))
def test_both_find_the_same_anniversary(day: date, years: int) -> None:
    """Also of 29 February."""
    number = int(day.strftime("%Y%m%d"))
    if day.year + years < 10_000:
        found = CALCULATIONS["anniversary"](number, years)
        assert found == FUNCTIONS["anniversary"](number, years)


@STABLE
@given(VALUES, VALUES)
def test_a_constant_is_one_value(first: Value, second: Value) -> None:
    """Every value comes back, and two values are one constant only if clingo has one term."""
    constants = Constants()
    assert decode(constants.encode(first)) == first
    one, two = constants.encode(first), constants.encode(second)
    assert (one == two) == ((type(first), first) == (type(second), second))


def test_a_truth_value_is_no_constant() -> None:
    """PyDatalog cannot tell it from 1."""
    with pytest.raises(TypeError):
        Constants().encode(True)


def test_pydatalog_is_left_as_it_was() -> None:
    """Facts that somebody else keeps in pyDatalog are untouched, in any thread."""
    from pyDatalog import pyDatalog, pyEngine  # noqa: PLC0415 - slow to import

    pyDatalog.assert_fact("own", "kept")
    atoms = to_atoms(next(iter(api.load_cases(STUDIO, BOOK))), BOOK).origins
    expected = derive_again(BOOK.rules, atoms)
    assert pyEngine.Literal("own", [pyEngine.Var("X")]).ask() == [("kept",)]
    found: list[frozenset[Fact]] = []
    thread = threading.Thread(target=lambda: found.append(derive_again(BOOK.rules, atoms)))
    thread.start()
    thread.join()
    assert found == [expected]
    pyDatalog.clear()


# --- what does not hold is found out


@pytest.fixture(scope="module")
def derivation() -> Derivation:
    """The example studio, derived."""
    return derive(next(iter(api.load_cases(STUDIO, BOOK))), BOOK)


def _with_model(derivation: Derivation, model: Iterable[Fact]) -> Derivation:
    forged = copy.copy(derivation)
    forged.__dict__["model"] = frozenset(model)
    return forged


def test_a_disagreement_names_predicate_and_claim(derivation: Derivation) -> None:
    """A sum that is another, an atom too many and one too few are told apart by claim."""
    claim, candidate = next(iter(derivation.candidates.items()))
    right = Fact("potential", (claim.term, candidate.potential))
    wrong = Fact("potential", (claim.term, candidate.potential + 1))
    entitled = Fact("entitled", ("datong.2-7.none", "yunzhong"))
    heard = next(f for f in derivation.model if f.name == "candidate")
    model = {*derivation.model, wrong, entitled} - {right, heard}
    found = rederive(_with_model(derivation, model))
    assert Disagreement("potential", str(claim), (wrong,), (right,)) in found
    assert Disagreement("entitled", "", (entitled,), ()) in found
    assert [d.pydatalog for d in found if d.predicate == "candidate"] == [(heard,)]
    assert len(found) == 3


def test_a_slip_in_the_arithmetic_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a share rounded up for clingo, the second engine would say of which claims."""
    monkeypatch.setitem(FUNCTIONS, "portion", FUNCTIONS["portion_up"])
    found = rederive(derive(next(iter(api.load_cases(STUDIO, BOOK))), BOOK))
    assert ("potential", "datong.2-1.horizontal/yungang/2025") in {
        (d.predicate, d.claim) for d in found
    }


Stored = dict[str, Any]


@cache
def _planned(facts: str) -> Stored:
    """Return the decision on an example, or on a worked case, as it is stored."""
    return decision_json(api.planner(_case(facts), book=BOOK).decide(refusals=False))


@cache
def _case(facts: str) -> Case:
    if (EXAMPLES / facts).exists():
        (case,) = api.load_cases(EXAMPLES / facts, BOOK)
        return case
    (worked,) = (case for case in worked_cases(shipped_rules(), "datong") if case.id == facts)
    return case_from_mapping(worked.facts, BOOK.vocabulary)


def _row(stored: Stored, name: str) -> Stored:
    found: Stored = next(row for row in stored["candidates"] if name_of(row) == name)
    return found


def _pay_more(stored: Stored) -> None:
    row = _row(stored, "datong.2-9.rd/engine")
    row["amount"]["potential"] = 186_001


def _remove(stored: Stored) -> None:
    stored["candidates"].remove(_row(stored, "datong.2-1.vertical/xuankong/2025"))


def _add(stored: Stored) -> None:
    row = copy.deepcopy(_row(stored, "datong.2-1.vertical/xuankong/2025"))
    stored["candidates"].append({**row, "subject": "gucheng"})


def _twice(stored: Stored) -> None:
    stored["candidates"].append(_row(stored, "datong.2-1.vertical/xuankong/2025"))


def _review_passed(stored: Stored) -> None:
    _row(stored, "datong.2-4.revenue/yunzhong")["review"] = "passed"


def _another_year(stored: Stored) -> None:
    _row(stored, "datong.2-1.vertical/xuankong/2025")["cap_year"] = 2026


def _pay_beyond_the_cap(stored: Stored) -> None:
    _row(stored, "datong.2-1.horizontal/yungang/2025")["paid"]["potential"] += 1
    stored["totals"]["potential"] += 1


def _add_up_wrongly(stored: Stored) -> None:
    stored["totals"]["firm"] += 1


def _another_case(stored: Stored) -> None:
    stored["applicant"] = "linjia"


def _choose_both(stored: Stored) -> None:
    row = _row(stored, "ganzhou.1.script.provincial/weiwu")
    row |= {"chosen": True, "rejected_because": None}


def _exclude_by_another(stored: Stored) -> None:
    row = _row(stored, "ganzhou.1.script.provincial/weiwu")
    row["rejected_because"]["by"] = ["ganzhou.4.five_one.national/weiwu"]


def _forget_what_was_received(stored: Stored) -> None:
    row = _row(stored, "ganzhou.13.training/sheying")
    row |= {"chosen": True, "rejected_because": None}


def _no_benefits(stored: Stored) -> None:
    del stored["benefits"][0]


def _one_place_too_many(stored: Stored) -> None:
    row = _row(stored, "datong.2-6.event/shalong")
    row |= {"chosen": True, "rejected_because": None}


STUDIO_FILE: Final = "datong-studio.yaml"
GANZHOU_FILE: Final = "ganzhou-studio.yaml"
XUANKONG: Final = "datong.2-1.vertical/xuankong/2025"
SCRIPTS: Final = ("ganzhou.1.script.national/weiwu", "ganzhou.1.script.provincial/weiwu")
TAMPERED: Final = {
    "an amount": (STUDIO_FILE, _pay_more, [
        ("candidate", "datong.2-9.rd/engine amount",
         {"firm": 0, "potential": 186_001}, {"firm": 0, "potential": 186_000}),
    ]),
    "a candidate removed": (STUDIO_FILE, _remove, [("candidate", XUANKONG, False, True)]),
    "a candidate added": (STUDIO_FILE, _add, [
        ("candidate", "datong.2-1.vertical/gucheng/2025", True, False),
    ]),
    "a candidate twice": (STUDIO_FILE, _twice, [("candidate", XUANKONG, 2, 1)]),
    "a review": (STUDIO_FILE, _review_passed, [
        ("candidate", "datong.2-4.revenue/yunzhong review", "passed", "pending"),
    ]),
    "a cap year": (STUDIO_FILE, _another_year, [
        ("candidate", f"{XUANKONG} cap_year", 2026, 2025),
    ]),
    "more than a cap": (STUDIO_FILE, _pay_beyond_the_cap, [
        ("cap", "datong.revenue_share_enterprise_cap/yunzhong/2025 paid.potential",
         2_000_001, 2_000_000),
    ]),
    "a total": (STUDIO_FILE, _add_up_wrongly, [
        ("arithmetic", "totals.firm", 1_810_001, 1_810_000),
    ]),
    "another applicant": (STUDIO_FILE, _another_case, [
        ("case", "applicant", "linjia", "yunzhong"),
    ]),
    "two that exclude each other": (GANZHOU_FILE, _choose_both, [
        ("exclusion", " + ".join(SCRIPTS), "chosen", "excluded"),
    ]),
    "an exclusion that is none": (GANZHOU_FILE, _exclude_by_another, [
        ("exclusion", f"{SCRIPTS[1]} excluded_by",
         ["ganzhou.4.five_one.national/weiwu"], [SCRIPTS[0]]),
    ]),
    "support already received": (GANZHOU_FILE, _forget_what_was_received, [
        ("exclusion", "ganzhou.13.training/sheying entries", [], [1]),
    ]),
    "a benefit": (GANZHOU_FILE, _no_benefits, [
        ("benefit", "benefits", [["ganzhou.15.animation", "shuangcheng"]],
         [["ganzhou.12.talent_F", "zeng"], ["ganzhou.15.animation", "shuangcheng"]]),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("facts", [STUDIO_FILE, GANZHOU_FILE, "three-places.yaml"])
def test_a_decision_as_stored_has_no_difference(facts: str) -> None:
    """Nothing is said of what nobody changed."""
    assert list(recheck(_planned(facts), _case(facts), BOOK)) == []


@pytest.mark.parametrize(("facts", "tamper", "expected"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_tampered_with_is_found_out(
    facts: str,
    tamper: Callable[[Stored], None],
    expected: list[tuple[str, str, object, object]],
) -> None:
    """Each change is the one difference, with its place."""
    stored = copy.deepcopy(_planned(facts))
    tamper(stored)
    found = list(recheck(stored, _case(facts), BOOK))
    assert [(d.kind, d.where, d.stored, d.found) for d in found] == expected


def test_a_place_too_many_is_found_out() -> None:
    """A quota is held against the claims chosen and the places that grants have taken."""
    facts = next(
        case.id
        for case in worked_cases(shipped_rules(), "datong")
        if case.file.stem == "2-6" and "rejected: quota" in str(case.expected).replace("'", "")
    )
    stored = copy.deepcopy(_planned(facts))
    assert list(recheck(stored, _case(facts), BOOK)) == []
    _one_place_too_many(stored)
    (found,) = recheck(stored, _case(facts), BOOK)
    assert (found.kind, found.where.partition("/")[0]) == ("cap", "datong.events_per_year")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("amount", "much"),
        ("amount", {"potential": "much"}),
        ("paid", [1]),
        ("rejected_because", "no_gain"),
        ("rejected_because", 5),
    ],
)
def test_what_is_no_decision_is_told(part: str, value: object) -> None:
    """A file of another shape is told as such, and not a fault of the program."""
    stored = copy.deepcopy(_planned(STUDIO_FILE))
    stored["candidates"][0][part] = value
    for document in (stored, {**stored, "candidates": [1]}):
        found = list(recheck(document, _case(STUDIO_FILE), BOOK))
        assert {difference.kind for difference in found} == {"shape"}


def _verify(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["verify", *map(str, arguments)])


def test_verify_asks_the_second_engine_where_it_is_told_to(tmp_path: Path) -> None:
    """It says so, prints every difference in either language, and its status tells."""
    stored = copy.deepcopy(_planned(STUDIO_FILE))
    file = tmp_path / "decision.json"
    file.write_text(json.dumps(stored), encoding="utf-8")
    done = _verify(file, STUDIO, "--by", "pydatalog", "--lang", "en")
    assert (done.exit_code, done.stdout[:19]) == (0, "Verified: pyDatalog")
    _pay_more(stored)
    _pay_beyond_the_cap(stored)
    file.write_text(json.dumps(stored), encoding="utf-8")
    english = _verify(file, STUDIO, "--by", "pydatalog", "--lang", "en")
    chinese = _verify(file, STUDIO, "--by", "pydatalog", "--lang", "zh")
    assert english.exit_code == chinese.exit_code == 1
    assert "2 differences" in english.stdout
    assert "candidate  datong.2-9.rd/engine amount: stored" in english.stdout
    assert "上限或名额　datong.revenue_share_enterprise_cap/yunzhong/2025" in chinese.stdout


def test_verify_takes_the_readings_of_the_decision(tmp_path: Path) -> None:
    """A plan under another reading is rechecked under that reading."""
    case = with_readings(_case("three-places.yaml"), {"minhang.registration": "required"})
    stored = decision_json(api.planner(case, book=BOOK).decide(refusals=False))
    assert stored["totals"] != _planned("three-places.yaml")["totals"]
    file = tmp_path / "decision.json"
    file.write_text(json.dumps(stored), encoding="utf-8")
    assert _verify(file, EXAMPLES / "three-places.yaml", "--by", "pydatalog").exit_code == 0


def test_the_second_engine_is_loaded_only_where_it_is_asked() -> None:
    """A plan does not import pyDatalog."""
    code = "import sys, policy_logic.cli.app, policy_logic.api; print('pyDatalog' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
