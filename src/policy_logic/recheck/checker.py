"""A checker of proofs that is small enough to be read in one sitting.

It shares nothing with the program that makes the proofs: it reads the rule files itself, computes
with fractions of its own, and imports nothing but Python's standard library. What it takes on trust
is the list of atoms that a case and the texts give. It checks that

* every step is an instance of the rule that stands where the step says, and quotes its clause;
* every comparison and every calculation comes out as stated;
* every leaf is given, and figures taken together come to what is stated;
* what is said to be absent follows from nothing: every rule for it is tried;
* nothing rests on itself or on what stands after it, and no condition of a rule is left out.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from operator import add, eq, floordiv, ge, gt, le, lt, mul, ne, sub
from typing import Any, NamedTuple


class Variable(NamedTuple):
    """A variable of a rule; the name of one that the rule does not look at begins with ``_``."""

    variable: str


class Term(NamedTuple):
    """A name with arguments: an atom, a value as ``year(2025)``, a constant, or a ``@call``."""

    name: str
    args: tuple[Any, ...]


class Condition(NamedTuple):
    """A condition: an atom that holds (sign ``""``) or not (``not``), or two terms compared."""

    sign: str
    left: Any
    right: Any = None


class Rule(NamedTuple):
    """A rule, and the clause quoted above it."""

    head: Term
    body: tuple[Condition, ...]
    clause: str


Json = Mapping[str, Any]
Values = dict[str, Any]
_TOKEN = re.compile(
    r'(?P<blank>\s+|%[^\n]*)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)'
    r"|(?P<variable>[A-Z]\w*'*|_)|(?P<name>[-@]?[a-z]\w*)|(?P<sign>:-|[<>!]=|[<>=(),.])|(?P<wrong>.)"
)
_SUMMARIES: dict[str, Any] = {"total": sum, "within": sum, "most": max, "ranked": min}
_ORDERS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


class _Reader:
    """Reads terms and rules from a text."""

    def __init__(self, text: str) -> None:
        found = [t for t in _TOKEN.finditer(text) if t.lastgroup != "blank"]
        self.tokens = [(str(t.lastgroup), t.group(), t.start()) for t in found]
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> tuple[str, str]:
        if not self.peek() or (wanted and self.peek() not in wanted):
            raise ValueError(f"{self.peek()!r} cannot be read")
        self.at += 1
        return self.tokens[self.at - 1][:2]

    def term(self) -> Any:  # noqa: ANN401 - a value of any type
        kind, text = self.take()
        if kind == "string":
            return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], text[1:-1])
        if kind == "number":
            return Fraction(text) if "." in text else int(text)
        if kind == "variable":
            return Variable(f"_{self.at}" if text == "_" else text)
        if kind != "name":
            raise ValueError(f"{text!r} cannot be read")
        args: list[Any] = []
        if self.peek() == "(":
            self.take()
            while not args or self.take(",", ")")[1] == ",":
                args.append(self.term())
        return Term(text, tuple(args))

    def condition(self) -> Condition:
        sign = self.take()[1] if self.peek() == "not" else ""
        left = self.term()
        if self.peek() in _ORDERS:
            return Condition(self.take()[1], left, self.term())
        return Condition(sign, left)

    def rule(self, clause: str) -> Rule:
        head = self.term()
        body: list[Condition] = []
        if self.take(":-", ".")[1] == ":-":
            while not body or self.take(",", ".")[1] == ",":
                body.append(self.condition())
        return Rule(head, tuple(body), clause)


def read_value(text: str) -> Any:  # noqa: ANN401 - a value of any type
    """Return the value, or the atom, that a text stands for; a ``ValueError`` if for neither."""
    reader = _Reader(text)
    value = reader.term()
    if reader.peek():
        raise ValueError(f"{text!r} cannot be read")
    return value


def read_rules(files: Mapping[str, str]) -> dict[str, Rule]:
    """Return the rules of files, each by ``file:line``."""
    rules = {}
    for file, text in files.items():
        clauses: list[str] = []
        for line in text.splitlines():
            quoted = "" if line.startswith("%##") or not clauses else clauses[-1]
            clauses.append(quoted + (line[2:].strip() if line.startswith("%>") else ""))
        reader = _Reader(text)
        while reader.peek():
            line_number = text.count("\n", 0, reader.tokens[reader.at][2])
            rules[f"{file}:{line_number + 1}"] = reader.rule(clauses[line_number])
    return rules


def _years_later(day: int, years: int) -> int:
    later = day + years * 10_000
    return later - (later % 10_000 == 229 and not isleap(later // 10_000))


_CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "@portion": lambda whole, share: whole * Fraction(share) // 1,
    "@portion_up": lambda whole, share: -(-whole * Fraction(share) // 1),
    "@plus": add,
    "@minus": sub,
    "@times": mul,
    "@at_most": min,
    "@wholes": floordiv,
    "@anniversary": _years_later,
}


def open_names(term: Any) -> set[str]:  # noqa: ANN401 - a term of any type
    """Return the names of the variables in a term."""
    if isinstance(term, Variable):
        return {term.variable}
    inner = term.args if isinstance(term, Term) else ()
    return {name for argument in inner for name in open_names(argument)}


def value_of(term: Any, values: Values) -> Any:  # noqa: ANN401 - a term of any type
    """Return a term with its variables replaced and its calculations made, as far as known."""
    if isinstance(term, Variable):
        return values.get(term.variable, term)
    if not isinstance(term, Term):
        return term
    args = tuple(value_of(argument, values) for argument in term.args)
    if term.name in _CALLS and not any(map(open_names, args)):
        return _CALLS[term.name](*args)
    return Term(term.name, args)


def fit(term: Any, value: Any, values: Values) -> Values | None:  # noqa: ANN401 - as above
    """Return the values of variables under which a term is a value, ``None`` if there are none."""
    if isinstance(term, Variable):
        known = values.setdefault(term.variable, value)
        return values if type(known) is type(value) and known == value else None
    if not isinstance(term, Term) or not isinstance(value, Term):
        return values if type(term) is type(value) and term == value else None
    if (term.name, len(term.args)) != (value.name, len(value.args)):
        return None
    found = [fit(inner, own, values) for inner, own in zip(term.args, value.args, strict=True)]
    return None if None in found else values


class Theory:
    """Rules and what is given: decides for itself what follows."""

    def __init__(self, rules: Mapping[str, Rule], given: Iterable[Term]) -> None:
        self.rules, self.given = rules, frozenset(given)
        self._heads: dict[tuple[str, int], list[Rule]] = {}
        for rule in rules.values():
            self._heads.setdefault((rule.head.name, len(rule.head.args)), []).append(rule)
        self._given: dict[tuple[str, int], list[Term]] = {}
        for atom in sorted(self.given, key=repr):
            self._given.setdefault((atom.name, len(atom.args)), []).append(atom)
        self._known: dict[Term, list[Term]] = {}

    def answers(self, goal: Term) -> list[Term]:
        """Return every atom that follows and fits a goal, whose open arguments are variables."""
        args = (Variable(f"_{n}") if open_names(a) else a for n, a in enumerate(goal.args))
        asked = Term(goal.name, tuple(args))
        if asked not in self._known:
            found = list(self._given.get((goal.name, len(goal.args)), ()))
            for rule in self._heads.get((goal.name, len(goal.args)), ()):
                pairs = zip(rule.head.args, asked.args, strict=True)
                bound = [pair for pair in pairs if not open_names(pair[1])]
                start: Values = {}
                if all(fit(term, value, start) is not None for term, value in bound):
                    found += [value_of(rule.head, way) for way in self._ways(rule.body, start)]
            self._known[asked] = [a for a in dict.fromkeys(found) if fit(asked, a, {}) is not None]
        return [atom for atom in self._known[asked] if fit(goal, atom, {}) is not None]

    def _ways(self, body: tuple[Condition, ...], values: Values) -> Iterator[Values]:
        if not body:
            yield values
            return
        for after in self._after(body[0], values):
            yield from self._ways(body[1:], after)

    def _after(self, condition: Condition, values: Values) -> Iterator[Values]:
        left, right = value_of(condition.left, values), value_of(condition.right, values)
        if condition.sign == "=" and (open_names(left) or open_names(right)):
            pattern, value = (left, right) if open_names(left) else (right, left)
            found = [fit(pattern, value, dict(values))]
        elif condition.sign in _ORDERS:
            found = [values] if _ORDERS[condition.sign](left, right) else []
        elif condition.sign == "not":
            found = [] if self.answers(left) else [values]
        else:
            found = [fit(left, answer, dict(values)) for answer in self.answers(left)]
        yield from (after for after in found if after is not None)


def check(nodes: Mapping[str, Json], theory: Theory) -> Iterator[tuple[str, str, str]]:
    """Yield every fault: node, kind, and what it is about; nodes rest on earlier ones only."""
    done: dict[str, Json] = {}
    for name, node in nodes.items():
        try:
            for what in _STEPS[node["type"]](node, done, theory):
                yield name, *what
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
            yield name, "unreadable", f"{type(fault).__name__} {fault}"
        done[name] = node


def _given(node: Json, _: Json, theory: Theory) -> Iterator[tuple[str, str]]:
    atom = read_value(node["atom"])
    if atom not in theory.given:
        yield "not_given", node["atom"]
    if node["origin"] == "summary":
        figures = [int(fact["value"]) for fact in node["facts"]]
        if _SUMMARIES[node["form"]](figures) != atom.args[-1]:
            yield "sum", f"{figures}"


def _absent(node: Json, _: Json, theory: Theory) -> Iterator[tuple[str, str]]:
    if theory.answers(read_value(node["atom"])):
        yield "follows", node["atom"]


def _comparison(node: Json, _: Json, __: Theory) -> Iterator[tuple[str, str]]:
    if not _ORDERS[node["operator"]](read_value(node["left"]), read_value(node["right"])):
        yield "not_so", f"{node['left']} {node['operator']} {node['right']}"
    for step in node["steps"]:
        found = _CALLS[f"@{step['function']}"](*map(read_value, step["arguments"]))
        if found != step["result"]:
            yield "result", f"{step['function']} {step['arguments']} = {found}"


def _derived(node: Json, done: Json, theory: Theory) -> Iterator[tuple[str, str]]:
    rule = theory.rules[node["position"]]
    if (node["clause"] or "") != rule.clause:
        yield "clause", rule.clause
    values = {name: read_value(text) for name, text in node["bindings"].items()}
    if value_of(rule.head, values) != read_value(node["atom"]):
        yield "head", node["atom"]
    for (sign, left, right), cause in zip(
        rule.body, [done[name] for name in node["causes"]], strict=True
    ):
        kinds = {"": {"given", "derived"}, "not": {"absent"}}.get(sign, {"comparison"})
        parts = [("left", left), ("right", right)] if sign in _ORDERS else [("atom", left)]
        is_kind = cause["type"] in kinds and cause.get("operator", sign) == sign
        if not is_kind or not all(_is(cause[p], value_of(t, values), cause) for p, t in parts):
            sides = (cause.get("left"), cause.get("operator"), cause.get("right"))
            yield "condition", cause.get("atom") or " ".join(map(str, sides))


def _is(text: str, wanted: Any, cause: Json) -> bool:  # noqa: ANN401 - a term of any type
    """Return whether a stated text is an instance of a condition; of an absence, all of it."""
    stated = read_value(text)
    is_bound = all(name.startswith("_") for name in open_names(wanted))
    is_whole = cause["type"] != "absent" or fit(stated, wanted, {}) is not None
    return is_bound and is_whole and fit(wanted, stated, {}) is not None


_STEPS = {"given": _given, "absent": _absent, "comparison": _comparison, "derived": _derived}
