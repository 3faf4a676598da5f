"""What a study can ask the solver for: rules whose heads are questions about an applicant.

They are added to the rules of a policy and change nothing of what those derive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from policy_logic.lab.exercised import cuts_of
from policy_logic.lab.rule_text import condition_text, term_text
from policy_logic.logic.terms import (
    Comparison,
    Constant,
    Literal,
    Variable,
    variables,
)
from policy_logic.prove.showing import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.logic.terms import Condition, Rule, Term
    from policy_logic.rulebook.policy import Number, Rulebook

GENERAL: Final = """
% A line can be claimed, pays a sum, pays something, or pays nothing that is fixed.
study_claimable(Line) :- candidate(claim(Line, _, _, _), _).
study_claimable(Line) :- entitled(Line, _).
study_pays(Line, Yuan) :- potential(claim(Line, _, _, _), Yuan).
study_positive(Claim) :- potential(Claim, Yuan), Yuan > 0.
study_positive(Claim) :-
    candidate(Claim, _), Claim = claim(Line, _, _, _), determinacy(Line, "open").
study_draws(Line, Cap) :- draws_on(claim(Line, _, _, _), pool(Cap, _, _)).
study_takes(Line, Quota) :- takes_place(claim(Line, _, _, _), pool(Quota, _, _)).

% A claim is rivalled if it could always be put aside for another that excludes it, pays as much,
% and stands in the way of nothing else.
study_opposed(Claim) :- stands_against(Claim, Other), candidate(Other, _).
study_costs_more(Claim, Other) :-
    stands_against(Claim, Other), candidate(Other, _), stands_against(Other, Third),
    Third != Claim, candidate(Third, _), not stands_against(Claim, Third).
study_costs_more(Claim, Other) :-
    stands_against(Claim, Other), draws_on(Other, Pool), not draws_on(Claim, Pool).
study_costs_more(Claim, Other) :-
    stands_against(Claim, Other), takes_place(Other, Quota), not takes_place(Claim, Quota).
study_rivalled(Claim) :-
    stands_against(Claim, Other), Claim = claim(Line, _, _, _), Other = claim(Line', _, _, _),
    Line != Line', potential(Claim, Yuan), potential(Other, Yuan'), Yuan' >= Yuan,
    not study_costs_more(Claim, Other).
study_worth(Line) :-
    potential(Claim, Yuan), Yuan > 0, Claim = claim(Line, _, _, _), not study_rivalled(Claim).
study_free(Line) :-
    potential(Claim, Yuan), Yuan > 0, Claim = claim(Line, _, _, _), not study_opposed(Claim).

% Two lines can be claimed for one subject and one time: beside each other, or one of them only.
study_pair(Line, Line', Claim, Other) :-
    candidate(Claim, _), candidate(Other, _),
    Claim = claim(Line, Subject, Year, _), Other = claim(Line', Subject, Year', _),
    Line < Line', study_same_time(Year, Year').
study_same_time(Year, Year) :- candidate(claim(_, _, Year, _), _).
study_same_time(Year, none) :- candidate(claim(_, _, Year, _), _).
study_same_time(none, Year) :- candidate(claim(_, _, Year, _), _).
study_beside(Line, Line') :-
    study_pair(Line, Line', Claim, Other), study_positive(Claim), study_positive(Other),
    not stands_against(Claim, Other), not stands_against(Other, Claim).
study_apart(Line, Line') :- study_pair(Line, Line', Claim, Other), stands_against(Claim, Other).
study_triple(Line, Line', Line'') :-
    study_pair(Line, Line', Claim, Other), stands_against(Claim, Other),
    study_pair(Line', Line'', Other, Third), stands_against(Other, Third),
    study_pair(Line, Line'', Claim, Third), not stands_against(Claim, Third).

% Two claims of one line, or of two, exclude each other in one order of their years only.
study_years(Line, Line', Year, Year', "apart") :-
    candidate(Claim, _), candidate(Other, _), Claim = claim(Line, Subject, Year, _),
    Other = claim(Line', Subject, Year', _), Line < Line', Year != Year', Year != none,
    Year' != none, stands_against(Claim, Other).
study_years(Line, Line', Year, Year', "beside") :-
    candidate(Claim, _), candidate(Other, _), Claim = claim(Line, Subject, Year, _),
    Other = claim(Line', Subject, Year', _), Line < Line', Year != Year', Year != none,
    Year' != none, not stands_against(Claim, Other).

% A line has two sums at once, or is met without any.
study_two_sums(Line) :-
    amount(Line, Subject, Occasion, Yuan), amount(Line, Subject, Occasion, Yuan'), Yuan < Yuan',
    qualifies(Line, Subject, Occasion).
study_has_sum(Line, Subject, Occasion) :- amount(Line, Subject, Occasion, _).
study_unpaid(Line) :-
    eligible(Line, Subject, Occasion), line(Line, Policy), in_force(Policy, Occasion),
    recipient(Line, Subject, Recipient), applicant(Recipient),
    not determinacy(Line, "open"), not study_has_sum(Line, Subject, Occasion).
"""


class Cut(NamedTuple):
    """A place in a rule where a sum is cut at a limit.

    Attributes:
        id: Its name.
        rule: The rule.
        limit: The term of the limit.
    """

    id: str
    rule: Rule
    limit: Term


def places_of_cuts(rules: tuple[Rule, ...]) -> list[tuple[Cut, Term]]:
    """Return every ``@at_most`` of the rules that give amounts, with the sum that is cut."""
    found = []
    for rule in rules:
        if rule.head.signature == ("amount", 4):
            for number, call in enumerate(cuts_of(rule), start=1):
                found.append((Cut(f"{rule.id}/{number}", rule, call.args[1]), call.args[0]))
    return found


def cut_probes(rules: tuple[Rule, ...]) -> Iterator[str]:
    """Yield, for each place where a sum is cut, whether it is over, under, and how high it is."""
    for cut, own in places_of_cuts(rules):
        line, subject, occasion, _ = map(term_text, cut.rule.head.args)
        body = f"{body_text(cut.rule)}, qualifies({line}, {subject}, {occasion})"
        whole, limit, name = term_text(own), term_text(cut.limit), written(cut.id)
        yield f"study_cut({name}, {line}) :- {body}."
        yield f"study_over({name}, {line}) :- {body}, {whole} > {limit}."
        yield f"study_under({name}, {line}) :- {body}, {whole} < {limit}, {whole} > 0."
        yield f"study_before({name}, {line}, Study) :- {body}, Study = {whole}."


def border_probes(rules: tuple[Rule, ...]) -> Iterator[str]:
    """Yield, for each strict comparison in a rule about eligibility, who stands exactly on it."""
    for rule in rules:
        if rule.head.signature != ("eligible", 3):
            continue
        line, subject, occasion = map(term_text, rule.head.args)
        for number, condition in enumerate(rule.body):
            if isinstance(condition, Comparison) and condition.operator in {"<", ">"}:
                rest = [condition_text(c) for n, c in enumerate(rule.body) if n != number]
                left, right = term_text(condition.left), term_text(condition.right)
                yield (
                    f"study_border({written(rule.id)}, {number}, {line}) :- {', '.join(rest)}, "
                    f"{left} = {right}, line({line}, StudyPolicy), "
                    f"in_force(StudyPolicy, {occasion}), "
                    f"recipient({line}, {subject}, StudyRecipient), applicant(StudyRecipient)."
                )


def exclusions_of(book: Rulebook, policy: str) -> list[Rule]:
    """Return the rules of a policy by which two claims stand against each other."""
    heads = {("excludes", 2), ("higher_only", 2)}
    return [rule for rule in book.policies[policy].rules if rule.head.signature in heads]


def exclusion_probes(rules: list[Rule]) -> Iterator[str]:
    """Yield, for each rule that excludes, whether it sets a candidate against anything."""
    for rule in rules:
        for own in rule.head.args:
            yield (
                f"study_fires({written(rule.id)}) :- {body_text(rule)}, "
                f"candidate({term_text(own)}, _)."
            )


def relaxed_probes(rule: Rule, name: str, left_out: int) -> str:
    """Return a rule with one condition left out, and with it what cannot stand without it."""
    kept = [condition for n, condition in enumerate(rule.body) if n != left_out]
    while True:
        bound = {v for c in kept for v in _binds(c)}
        safe = [c for c in kept if _needs(c) <= bound | _gives(c)]
        if safe == kept:
            break
        kept = safe
    own = [term_text(term) for term in rule.head.args]
    bound = {v for c in kept for v in (*_binds(c), *_gives(c))}
    if not {v for term in rule.head.args for v in _variables(term)} <= bound:
        return ""
    body = ", ".join(map(condition_text, kept))
    return f"study_relaxed({written(name)}, {left_out}) :- {body}. % {', '.join(own)}"


def _binds(condition: Condition) -> set[str]:
    if isinstance(condition, Literal) and not condition.absent:
        return {v for term in condition.atom.args for v in _variables(term)}
    return set()


def _gives(condition: Condition) -> set[str]:
    if isinstance(condition, Comparison) and condition.operator == "=":
        return {condition.left.name} if isinstance(condition.left, Variable) else set()
    return set()


def _needs(condition: Condition) -> set[str]:
    if isinstance(condition, Comparison):
        own = {*_variables(condition.left), *_variables(condition.right)}
        return own - _gives(condition)
    return (
        _binds(condition)
        if not condition.absent
        else {v for term in condition.atom.args for v in _variables(term)}
    )


def _variables(term: Term) -> Iterator[str]:
    """Yield the variables of a term that have a name."""
    yield from (name for name in variables(term) if not name.startswith("_"))


def body_text(rule: Rule) -> str:
    """Return the conditions of a rule as clingo reads them."""
    return ", ".join(map(condition_text, rule.body))


def number_behind(book: Rulebook, rule: Rule, term: Term, line: str) -> Number | None:
    """Return the number of the text that a term of a rule stands for, as far as a line goes.

    Args:
        book: The rulebook.
        rule: The rule.
        term: A variable that a condition ``number(Name, Variable)`` gives its value.
        line: The line that a table of the policy has to speak of, where a table names the number.
    """
    for condition in rule.body:
        if not isinstance(condition, Literal) or condition.atom.signature != ("number", 2):
            continue
        name, value = condition.atom.args
        if value != term:
            continue
        if isinstance(name, Constant):
            return book.numbers[str(name.value)]
        for other in rule.body:
            if isinstance(other, Literal) and other is not condition and name in other.atom.args:
                index = other.atom.args.index(name)
                for row in book.rules:
                    if row.head.signature == other.atom.signature and not row.body:
                        cell = row.head.args[index]
                        if isinstance(cell, Constant) and Constant(line) in row.head.args:
                            return book.numbers[str(cell.value)]
    return None
