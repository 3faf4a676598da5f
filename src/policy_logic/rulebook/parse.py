"""From a rule file to plain rules: clingo parses, we copy once and keep only our language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from clingo.ast import AST, ASTType, ComparisonOperator, Sign, parse_string
from clingo.symbol import Symbol, SymbolType

from policy_logic.errors import Position, Problem, RulebookError
from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Compound,
    Condition,
    Constant,
    Literal,
    Pattern,
    Rule,
    Section,
    Term,
    Value,
    Variable,
)
from policy_logic.rulebook.signs import foreign_signs, syntax_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OPERATORS = {
    ComparisonOperator.Equal: "=",
    ComparisonOperator.NotEqual: "!=",
    ComparisonOperator.LessThan: "<",
    ComparisonOperator.LessEqual: "<=",
    ComparisonOperator.GreaterThan: ">",
    ComparisonOperator.GreaterEqual: ">=",
}
_HEADING = re.compile(r"%##\s+(?P<article>\S+)\s+(?P<id>\S+)\s*(?P<title>.*)")
_ALMOST = re.compile(r"\s+%(?:##|>|\?)|%\s+(?:##|>|\?)|％|%(?:＞|？|＃＃)")
_MESSAGE = re.compile(
    r"<string>:(?P<line>\d+):(?P<column>\d+)(?:-[\d:]+)?: \w+: (?P<text>.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A parsed rule file.

    Attributes:
        path: The file.
        text: Its text, as the solver gets it.
        sections: Its sections, in order.
        rules: Its rules, in order.
        pending: The passages quoted behind ``%?``, which wait for their rules, with their places.
    """

    path: Path
    text: str
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    pending: tuple[tuple[str, Position], ...]


def parse_rules(path: Path, policy: str) -> RuleFile:
    """Parse a rule file into sections and rules.

    Args:
        path: The file, in the layout that ``docs/how-to/add-a-policy.md`` describes.
        policy: The policy's id; empty for the rules that all policies share.

    Raises:
        RulebookError: The file is not ASP, uses something outside the policy language, or has
            a rule outside every section. Each problem names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        details = {"file": str(path), "reason": str(fault)}
        raise RulebookError([Problem("rulebook.unreadable", None, details)]) from None
    lines = text.splitlines()
    sections = tuple(_sections(lines, str(path)))
    headings = list(_heading_problems(lines, sections, str(path), policy))
    if headings:
        raise RulebookError(headings)
    foreign = list(foreign_signs(text, str(path)))
    if foreign:
        raise RulebookError(foreign)
    reader = _Reader(str(path), policy, lines, sections)
    messages: list[str] = []
    try:
        parse_string(text, reader.statement, logger=lambda _, message: messages.append(message))
    except RuntimeError as fault:
        first = messages[0] if messages else str(fault)
        raise RulebookError([_syntax_problem(str(path), first, lines)]) from None
    if reader.problems:
        raise RulebookError(reader.problems)
    pending = tuple(
        (line[2:].strip(), Position(str(path), number))
        for number, line in enumerate(lines, start=1)
        if line.startswith("%?")
    )
    return RuleFile(path, text, sections, tuple(reader.rules), pending)


def _syntax_problem(file: str, message: str, lines: list[str]) -> Problem:
    found = _MESSAGE.match(message.strip())
    if found is None:
        return syntax_problem(message.strip(), Position(file, 1), lines)
    where = Position(file, int(found["line"]), int(found["column"]))
    return syntax_problem(" ".join(found["text"].split()), where, lines)


def _sections(lines: list[str], file: str) -> Iterator[Section]:
    """Read the headings and the quotations under each."""
    heading: tuple[re.Match[str], int] | None = None
    quotes: list[tuple[str, int]] = []
    for number, line in enumerate([*lines, "%## end end"], start=1):
        found = _HEADING.match(line)
        if found:
            if heading is not None:
                start, at = heading
                yield Section(
                    start["id"],
                    start["article"],
                    start["title"].strip(),
                    tuple(quote for quote, _ in quotes),
                    Position(file, at),
                    tuple(Position(file, where) for _, where in quotes),
                )
            heading, quotes = (found, number), []
        elif line.startswith("%>"):
            quotes.append((line[2:].strip(), number))


def _heading_problems(
    lines: list[str], sections: tuple[Section, ...], file: str, policy: str
) -> Iterator[Problem]:
    """Find headings that are none, and sections about another policy."""
    for number, line in enumerate(lines, start=1):
        if line.startswith("%##") and not _HEADING.match(line):
            yield Problem("rulebook.heading", Position(file, number), {"heading": line})
        elif _ALMOST.match(line):
            yield Problem("rulebook.marker", Position(file, number), {"line": line.strip()[:24]})
    for section in sections:
        if policy and section.id != policy and not section.id.startswith(f"{policy}."):
            details: dict[str, object] = {"section": section.id, "policy": policy}
            yield Problem("rulebook.section_of_another", section.position, details)


class _Unsupported(Exception):  # noqa: N818 - a signal inside this module, not an error of its users
    """Something outside the policy language, with the place."""

    def __init__(self, code: str, node: Any, **details: object) -> None:  # noqa: ANN401 - clingo's AST
        super().__init__(code)
        self.code, self.node, self.details = code, node, details


class _Reader:
    """Collects the rules of one file."""

    def __init__(
        self, file: str, policy: str, lines: list[str], sections: tuple[Section, ...]
    ) -> None:
        self.file, self.policy, self.lines, self.sections = file, policy, lines, sections
        self.rules: list[Rule] = []
        self.problems: list[Problem] = []
        self.in_section: dict[str, int] = {}
        self.anonymous = count(1)

    def statement(self, node: AST) -> None:
        if node.ast_type == ASTType.Comment or (
            node.ast_type == ASTType.Program and node.name == "base" and not node.parameters
        ):
            return
        try:
            self.rules.append(self.rule(node))
        except _Unsupported as fault:
            where = self.position(fault.node if hasattr(fault.node, "location") else node)
            self.problems.append(Problem(fault.code, where, fault.details))

    def rule(self, node: AST) -> Rule:
        if node.ast_type != ASTType.Rule:
            raise _Unsupported("rulebook.statement", node, statement=_first_line(node))
        position = self.position(node)
        section = self.section_at(position.line)
        if section is None:
            raise _Unsupported("rulebook.rule_outside_section", node)
        if node.head.ast_type != ASTType.Literal or node.head.sign != Sign.NoSign:
            raise _Unsupported("rulebook.head", node, head=str(node.head))
        if node.head.atom.ast_type != ASTType.SymbolicAtom:
            raise _Unsupported("rulebook.head", node, head=str(node.head))
        head = self.atom(node.head.atom.symbol)
        body = tuple(self.condition(literal) for literal in node.body)
        number = self.in_section[section.id] = self.in_section.get(section.id, 0) + 1
        last = node.location.end.line
        text = "\n".join(self.lines[position.line - 1 : last])
        return Rule(f"{section.id}#{number}", self.policy, head, body, section, position, text)

    def condition(self, node: AST) -> Condition:
        if node.ast_type != ASTType.Literal or node.sign == Sign.DoubleNegation:
            raise _Unsupported("rulebook.condition", node, condition=str(node))
        if node.atom.ast_type == ASTType.SymbolicAtom:
            atom = self.atom(node.atom.symbol)
            return Literal(atom, node.sign == Sign.Negation, self.position(node))
        if node.atom.ast_type == ASTType.Comparison and node.sign == Sign.NoSign:
            guards = list(node.atom.guards)
            if len(guards) == 1:
                operator = _OPERATORS[ComparisonOperator(guards[0].comparison)]
                left, right = self.term(node.atom.term), self.term(guards[0].term)
                return Comparison(left, operator, right, self.position(node))
        raise _Unsupported("rulebook.condition", node, condition=str(node))

    def atom(self, node: AST) -> Atom:
        sign = ""
        if node.ast_type == ASTType.UnaryOperation:
            sign, node = "-", node.argument
        if node.ast_type == ASTType.SymbolicTerm:
            return Atom(sign + node.symbol.name, ())
        if node.ast_type != ASTType.Function or node.external:
            raise _Unsupported("rulebook.term", node, term=str(node))
        return Atom(sign + node.name, tuple(self.term(argument) for argument in node.arguments))

    def term(self, node: AST) -> Term:
        if node.ast_type == ASTType.Variable:
            name = node.name
            return Variable(f"_{next(self.anonymous)}" if name == "_" else name)
        if node.ast_type == ASTType.SymbolicTerm:
            return Constant(_value(node.symbol))
        if node.ast_type == ASTType.Function and node.name:
            args = tuple(self.term(argument) for argument in node.arguments)
            if node.external:
                return Call(node.name, args)
            if not args:
                return Constant(None if node.name == "none" else Compound(node.name, ()))
            if all(isinstance(argument, Constant) for argument in args):
                values = tuple(a.value for a in args if isinstance(a, Constant))
                return Constant(Compound(node.name, values))
            return Pattern(node.name, args)
        if node.ast_type in {ASTType.BinaryOperation, ASTType.UnaryOperation}:
            raise _Unsupported("rulebook.arithmetic", node, term=str(node))
        raise _Unsupported("rulebook.term", node, term=str(node))

    def position(self, node: AST) -> Position:
        begin = node.location.begin
        return Position(self.file, begin.line, begin.column)

    def section_at(self, line: int) -> Section | None:
        found = None
        for section in self.sections:
            if section.position.line > line:
                break
            found = section
        return found


def _first_line(node: AST) -> str:
    return str(node).splitlines()[0]


def _value(symbol: Symbol) -> Value:
    if symbol.type == SymbolType.Number:
        return symbol.number
    if symbol.type == SymbolType.String:
        return symbol.string
    if symbol.type != SymbolType.Function:
        raise _Unsupported("rulebook.term", symbol, term=str(symbol))
    if symbol.name == "none":
        return None
    return Compound(symbol.name, tuple(_value(argument) for argument in symbol.arguments))
