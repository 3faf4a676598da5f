"""A case with everything open that it leaves unsaid, as one program.

Each model stands for completions of the case, and every completion has one. What is unsaid is a
choice among its answers; a figure is a span, and each comparison of a span that its bounds do not
settle is a choice of its own. So a model may join what no completion joins (that a figure is
above two million and below one), but never the other way round: what no model has, no completion
has. Whatever is concluded from it is sound, and may be too wide.

Of several occasions of one claim the earliest counts, and there always is an earliest: so a claim
is there as soon as anything qualifies for it, whatever the order of days that are not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy_logic.derive.answers import years_asked
from policy_logic.derive.missing import Missing, missing_from
from policy_logic.logic.solver import Possibilities
from policy_logic.logic.symbols import to_atom, to_symbol
from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Compound,
    Constant,
    Fact,
    Literal,
    Pattern,
    Variable,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from policy_logic.derive.atoms import Atoms
    from policy_logic.logic.terms import Condition, Rule, Term
    from policy_logic.rulebook.policy import Rulebook

ANSWER: Final = "answer__"
FILED: Final = "filed__"
THERE: Final = "there__"
_HOLDS: Final = "holds__"
_FACT: Final = 100
_FIGURES: Final = frozenset({"money", "usd", "share", "integer", "date", "quantity"})
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_SHOWN: Final = f"""
{FILED}(Claim) :- candidate(Claim, _).
{THERE}(Claim) :- {FILED}(Claim).
{THERE}(claim(Line, Subject, none, none)) :- qualifies(Line, Subject, day(_)).
{THERE}(claim(Line, Subject, none, none)) :- per(Line, "once"), qualifies(Line, Subject, year(_)).
#minimize {{ Effort,Missing : {ANSWER}(Missing, _), effort__(Missing, Effort) }}.
#show {ANSWER}/2.
"""


@dataclass(frozen=True)
class Opened:
    """A case with everything open that it leaves unsaid.

    Attributes:
        atoms: The case as it is.
        missing: What it leaves unsaid.
        possible: The program.
    """

    atoms: Atoms
    missing: tuple[Missing, ...]
    possible: Possibilities


def open_case(atoms: Atoms, book: Rulebook, closed: Collection[str] = ()) -> Opened:
    """Open everything that a case leaves unsaid.

    Args:
        atoms: The case.
        book: The rulebook.
        closed: What stays unsaid, by path.

    Raises:
        RulebookError: clingo refuses a rule; a policy that was loaded does not do this.
    """
    found = tuple(m for m in missing_from(atoms.case, book) if m.path not in closed)
    parts = [book.declarations, _SHOWN]
    parts += [_rule_text(rule, number, book) for number, rule in enumerate(book.rules)]
    for number, missing in enumerate(found):
        count = len(missing.answers)
        parts.append(
            f"{{{ANSWER}({number},0..{count - 1})}} 1. effort__({number},{_effort(missing)})."
        )
        for place, answer in enumerate(missing.answers):
            parts += [f"{to_atom(atom)}:-{ANSWER}({number},{place})." for atom in answer.atoms]
    calendar = [fact for year in years_asked(atoms.case, book) for fact in _year(year)]
    facts = dict.fromkeys((*atoms.origins, *calendar))
    return Opened(atoms, found, Possibilities("\n".join(parts), facts))


def _effort(missing: Missing) -> int:
    """Return how much it takes to answer: few facts come first, then a yes or no."""
    is_truth = missing.member or missing.attribute.type == "bool"
    return _FACT if is_truth else _FACT + 1


def _year(year: int) -> Iterator[Fact]:
    """Yield what rules may know of a year."""
    occasion = Compound("year", (year,))
    every = Compound("any", ())
    yield Fact("falls_on", (occasion, year * 10_000 + 1231))
    yield Fact("falls_in", (occasion, year))
    yield Fact("falls_in", (occasion, every))
    yield Fact("names", (occasion, every))
    yield Fact("year_before", (year, year - 1))


def _rule_text(rule: Rule, number: int, book: Rulebook) -> str:
    """Return a rule whose comparisons of figures may be open, as the solver reads it.

    A figure that two conditions share is compared: two spans may be the same figure. Each
    comparison has a predicate of its own, so that the layers of the rules stay apart, and is open
    for each instance of the rule apart.
    """
    types = _types_of(rule, book)
    literals: list[str] = []
    compared: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    bound = {
        name
        for c in rule.body
        if isinstance(c, Literal) and not c.absent
        for term in c.atom.args
        for name in variables(term)
        if not name.startswith("_")
    }
    for condition in rule.body:
        if isinstance(condition, Literal):
            sign = "not " if condition.absent else ""
            renamed: dict[str, str] = {}
            if not condition.absent:
                for term in condition.atom.args:
                    for name in variables(term):
                        if name in seen and types.get(name) in _FIGURES:
                            renamed[name] = f"{name}''{len(compared)}"
                            compared.append(("=", name, renamed[name]))
                        seen.add(name)
            literals.append(sign + _atom_text(condition.atom, renamed))
        elif _is_of_figures(condition, types, bound):
            compared.append((condition.operator, _term(condition.left), _term(condition.right)))
        else:
            literals.append(
                f"{_term(condition.left)} {condition.operator} {_term(condition.right)}"
            )
    head = _atom_text(rule.head, {})
    given = [text for text in literals if not text.startswith("not ")]
    lines = []
    own = ",".join(sorted(bound)) or "0"
    for place, (operator, left, right) in enumerate(compared):
        guard = ", ".join([*given, f'Outcome__ = @compare("{operator}", {left}, {right})'])
        holds = f"{_HOLDS}{number}_{place}({own})"
        lines.append(f"{holds} :- {guard}, Outcome__ = 1.")
        lines.append(f"{{{holds}}} :- {guard}, Outcome__ = 2.")
        literals.append(holds)
    body = f" :- {', '.join(literals)}" if literals else ""
    return "\n".join([*lines, f"{head}{body}."])


def _is_of_figures(condition: Comparison, types: Mapping[str, str], bound: set[str]) -> bool:
    """Return whether a comparison is of figures, and no assignment."""
    terms = (condition.left, condition.right)
    kinds = {types.get(name, "") for term in terms for name in variables(term)}
    if condition.operator in _ORDER:
        return bool(kinds & _FIGURES) or any(isinstance(term, Call) for term in terms)
    if not kinds & _FIGURES or any(isinstance(term, Pattern) for term in terms):
        return False
    return all(not isinstance(t, Variable) or t.name in bound for t in terms) and not any(
        isinstance(t, Constant) and not isinstance(t.value, int) for t in terms
    )


def _types_of(rule: Rule, book: Rulebook) -> dict[str, str]:
    """Return the types of a rule's variables, as far as its atoms and calls tell them."""
    found: dict[str, str] = {}
    atoms = [rule.head, *(c.atom for c in rule.body if isinstance(c, Literal))]
    for atom in atoms:
        for term, kind in zip(atom.args, book.types.get(atom.signature, ()), strict=False):
            if isinstance(term, Variable) and kind:
                found.setdefault(term.name, kind)
            elif isinstance(term, Pattern) and term.name in {"day", "listing"}:
                last = term.args[-1]
                if isinstance(last, Variable):
                    found.setdefault(last.name, "date")
    for condition in rule.body:
        if isinstance(condition, Comparison):
            _type_calls(condition, found)
    return found


def _type_calls(condition: Condition, found: dict[str, str]) -> None:
    """Note that what is calculated, or compared with a figure, is a figure."""
    assert isinstance(condition, Comparison)  # noqa: S101 - told to mypy
    for own, other in ((condition.left, condition.right), (condition.right, condition.left)):
        if isinstance(own, Variable) and isinstance(other, Call):
            found.setdefault(own.name, "quantity")
        if isinstance(own, Call):
            for name in variables(own):
                found.setdefault(name, "quantity")


def _atom_text(atom: Atom, renamed: Mapping[str, str]) -> str:
    if not atom.args:
        return atom.name
    return f"{atom.name}({','.join(_term(term, renamed) for term in atom.args)})"


def _term(term: Term, renamed: Mapping[str, str] | None = None) -> str:
    if isinstance(term, Variable):
        if term.name.startswith("_"):
            return "_"
        return (renamed or {}).get(term.name, term.name)
    if isinstance(term, Constant):
        return str(to_symbol(term.value))
    name = term.name if isinstance(term, Pattern) else f"@{term.function}"
    return f"{name}({','.join(_term(argument, renamed) for argument in term.args)})"
