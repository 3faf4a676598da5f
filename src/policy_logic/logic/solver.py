"""The one place that speaks to clingo: grounding, solving, optimising, and its messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from clingo.control import Control
from clingo.symbol import Number, Symbol

from policy_logic.errors import Position, Problem, RulebookError
from policy_logic.logic.arithmetic import FUNCTIONS
from policy_logic.logic.spans import calculate, compare
from policy_logic.logic.symbols import LARGEST, SymbolReader, to_atom, to_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from clingo.solving import Model

    from policy_logic.logic.terms import Fact, Value

_UNSAFE = re.compile(r"note: '([A-Z_][^']*'*)' is unsafe")
_MESSAGE = re.compile(
    r"(?P<file>[^\n]*?):(?P<line>\d+):(?P<column>\d+)(?:-[\d:]+)?: (?P<text>.*)", re.DOTALL
)


class Calculations:
    """The ``@``-functions, as clingo calls them.

    A difference below -LARGEST arrives as -LARGEST. That is right as long as what is made of it
    stays below every threshold; a call that would make a positive amount of it is refused.

    Attributes:
        problems: What was refused.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._reader = SymbolReader()

    def __getattr__(self, name: str) -> Callable[[Symbol, Symbol], Symbol]:
        function, value = FUNCTIONS[name], self._reader.value

        def call(first: Symbol, second: Symbol) -> Symbol:
            operands = (value(first), value(second))
            result = function(*operands)
            if result > 0 and -LARGEST in operands:
                fault = Problem("rulebook.deep_difference", None, {"function": name})
                self.problems.append(fault)
                raise RuntimeError(fault)  # clingo would not hand on an error of ours whole
            return to_symbol(result)

        return call


@dataclass(frozen=True, slots=True)
class Optimum:
    """What an optimisation found.

    Attributes:
        atoms: The atoms of the best model that the program shows.
        proved: Whether nothing can be better.
        found: Whether a model was found at all.
    """

    atoms: frozenset[Fact]
    proved: bool
    found: bool


_LONGEST_WAIT: Final = 1e6  # in seconds; clingo takes a much longer one as none at all


class Grounded:
    """A program grounded on facts, ready to be solved, also several times."""

    def __init__(
        self,
        files: Sequence[Path],
        facts: Iterable[Fact],
        *,
        text: str = "",
        choices: Mapping[Fact, bool] | None = None,
    ) -> None:
        """Ground.

        Args:
            files: The rule files.
            facts: What is given.
            text: More statements (``#defined``), generated.
            choices: Atoms that are set for each solving, with their first setting.

        Raises:
            RulebookError: clingo had anything to say, be it an error or a remark.
        """
        self._choices = dict(choices or {})
        self._symbols = {fact: to_atom(fact) for fact in self._choices}
        # The grounder has to meet the choices as statements: it takes what only facts lead to
        # as settled, and then looks for one way to derive an atom, not for all of them.
        externals = "".join(f"#external {symbol}. " for symbol in self._symbols.values())
        self._control = _grounded(files, facts, f"{text} {externals}")
        self._set(self._choices)

    def _set(self, choices: Mapping[Fact, bool]) -> None:
        for fact, value in choices.items():
            self._control.assign_external(self._symbols[fact], value)

    def model(
        self, choices: Mapping[Fact, bool] | None = None, *, shown: bool = True
    ) -> list[Symbol]:
        """Return the atoms of the one model that stratified rules have.

        Args:
            choices: Settings that differ from the first ones, for this solving only.
            shown: Whether only the atoms that the program shows are wanted.
        """
        first = self._choices
        changed = {fact: value for fact, value in (choices or {}).items() if first[fact] != value}
        self._set(changed)
        found: list[Symbol] = []
        self._control.solve(
            on_model=lambda m: found.extend(m.symbols(shown=shown, atoms=not shown))
        )
        self._set({fact: first[fact] for fact in changed})
        return found

    def optimise(self, seconds: float | None) -> Optimum:
        """Return the best model, or the best found in time.

        Args:
            seconds: The longest time to search; ``None`` for no limit.
        """
        best: list[Fact] = []
        found = False
        control: Any = self._control

        def keep(model: Model) -> None:
            nonlocal found
            found = True
            best[:] = map(SymbolReader().atom, model.symbols(shown=True))

        with control.solve(on_model=keep, async_=True) as handle:
            if not handle.wait(None if seconds is None else min(seconds, _LONGEST_WAIT)):
                handle.cancel()
            result = handle.get()
        return Optimum(frozenset(best), bool(result.exhausted), found)


class Searched:
    """A program with choices of its own, grounded once and searched for answer sets.

    What it makes small by ``#minimize`` or weak constraints is its own affair; an answer set
    found is the same on every run.
    """

    def __init__(self, files: Sequence[Path], facts: Iterable[Fact], text: str) -> None:
        """Ground.

        Args:
            files: The rule files.
            facts: What is given.
            text: More statements: the choices, what to look for, what to make small.

        Raises:
            RulebookError: clingo had anything to say, be it an error or a remark.
        """
        self._control = _grounded(files, facts, text, "--opt-strategy=usc,stratify")

    def possible(self, name: str, arity: int) -> list[Fact]:
        """Return the atoms of a predicate that some choice may make true, in no certain order."""
        reader = SymbolReader()
        atoms = self._control.symbolic_atoms.by_signature(name, arity)
        return [reader.atom(atom.symbol) for atom in atoms]

    def exists(self, wanted: Iterable[Fact]) -> bool:
        """Return whether there is an answer set in which what is wanted holds.

        Args:
            wanted: What has to hold; what the program cannot derive never does.
        """
        self._look_for("ignore")
        return bool(self._control.solve([(to_atom(fact), True) for fact in wanted]).satisfiable)

    def _look_for(self, mode: str) -> None:
        configuration: Any = self._control.configuration
        configuration.solve.opt_mode = mode

    def best(self, wanted: Iterable[Fact]) -> frozenset[Fact] | None:
        """Return all atoms of the best answer set in which what is wanted holds, if there is one.

        Args:
            wanted: What has to hold.
        """
        self._look_for("opt")
        found: list[Symbol] = []

        def keep(model: Model) -> None:
            found[:] = model.symbols(atoms=True)

        self._control.solve([(to_atom(fact), True) for fact in wanted], on_model=keep)
        return frozenset(map(SymbolReader().atom, found)) if found else None


def _grounded(files: Sequence[Path], facts: Iterable[Fact], text: str, *options: str) -> Control:
    """Return a grounded program.

    Raises:
        RulebookError: clingo had anything to say.
    """
    messages: list[str] = []
    calculations = Calculations()
    control = Control(
        ["--warn=all", *options],
        logger=lambda _, message: messages.append(message),
        message_limit=20,
    )
    try:
        control.add("base", [], text)
        for file in files:
            control.load(str(file))
        with control.backend() as backend:
            for fact in facts:
                backend.add_rule([backend.add_atom(to_atom(fact))])
        control.ground([("base", [])], context=calculations)
    except RuntimeError as fault:
        problems = calculations.problems or _problems(messages or [str(fault)])
        raise RulebookError(problems) from None
    if messages:
        raise RulebookError(_problems(messages))
    return control


_SPARING: Final = ["--warn=none", "--sign-def=neg", "--opt-strategy=usc"]


class SpanCalculations(Calculations):
    """The ``@``-functions on values of which only bounds are known, and ``@compare``."""

    def __init__(self) -> None:
        super().__init__()
        self._outcomes: dict[tuple[Symbol, Symbol, Symbol], Symbol] = {}

    def compare(self, operator: Symbol, first: Symbol, second: Symbol) -> Symbol:
        """Return the outcome of a comparison; one that recurs is made once."""
        asked = (operator, first, second)
        if asked not in self._outcomes:
            value = self._reader.value
            self._outcomes[asked] = Number(compare(operator.string, value(first), value(second)))
        return self._outcomes[asked]

    def __getattr__(self, name: str) -> Callable[[Symbol, Symbol], Symbol]:
        if name not in FUNCTIONS:
            raise AttributeError(name)
        value = self._reader.value

        def call(first: Symbol, second: Symbol) -> Symbol:
            return to_symbol(calculate(name, value(first), value(second)))

        return call


class Possibilities:
    """A program with choices, grounded: what may hold, what must, and what can hold together."""

    def __init__(self, text: str, facts: Iterable[Fact]) -> None:
        """Ground.

        Args:
            text: The program; its comparisons of figures are calls of ``@compare``.
            facts: What is given.

        Raises:
            RulebookError: clingo refuses the program.
        """
        messages: list[str] = []
        self._control = Control(_SPARING, logger=lambda _, text: messages.append(text))
        try:
            self._control.add("base", [], text)
            with self._control.backend() as backend:
                for fact in facts:
                    backend.add_rule([backend.add_atom(to_atom(fact))])
            self._control.ground([("base", [])], context=SpanCalculations())
        except RuntimeError as fault:
            raise RulebookError(_problems(messages or [str(fault)])) from None
        self._reader = SymbolReader()

    def may_hold(self, name: str, arity: int) -> dict[tuple[Value, ...], bool]:
        """Return the arguments with which an atom may hold, each with whether it surely does."""
        found = self._control.symbolic_atoms.by_signature(name, arity)
        return {self._reader.args(atom.symbol): atom.is_fact for atom in found}

    def together(
        self, wanted: Sequence[tuple[Fact, bool]], *, fewest: bool = False
    ) -> frozenset[Fact] | None:
        """Return what is shown of a model in which some atoms hold and others do not.

        Args:
            wanted: The atoms, each with whether it is to hold; what cannot hold does not.
            fewest: Whether to choose as few answers as can be; else only few at first sight.

        Returns:
            ``None`` where there is no such model.
        """
        configuration: Any = self._control.configuration
        configuration.solve.opt_mode = "opt" if fewest else "ignore"
        found: list[Fact] = []

        def keep(model: Model) -> None:
            found[:] = [self._reader.atom(symbol) for symbol in model.symbols(shown=True)]

        result = self._control.solve(
            assumptions=[(to_atom(fact), holds) for fact, holds in wanted], on_model=keep
        )
        return frozenset(found) if result.satisfiable else None

    def conflict(self, wanted: Sequence[tuple[Fact, bool]]) -> list[int] | None:
        """Return the places of wanted atoms that cannot all be as wanted; ``None`` if they can."""
        configuration: Any = self._control.configuration
        configuration.solve.opt_mode = "ignore"
        atoms = self._control.symbolic_atoms
        places: dict[int, int] = {}
        for place, (fact, holds) in enumerate(wanted):
            atom = atoms[to_atom(fact)]
            if atom is None and holds:
                return [place]
            if atom is not None:
                places.setdefault(atom.literal if holds else -atom.literal, place)
        with self._control.solve(assumptions=list(places), yield_=True) as handle:
            if handle.get().satisfiable:
                return None
            return [places[literal] for literal in handle.core()]


def _problems(messages: Sequence[str]) -> list[Problem]:
    problems = []
    for message in messages:
        found = _MESSAGE.match(message.strip())
        text = " ".join((found["text"] if found else message).split())
        where = Position(found["file"], int(found["line"]), int(found["column"])) if found else None
        unsafe = list(dict.fromkeys(_UNSAFE.findall(message)))
        problems += [Problem("rulebook.unsafe", where, {"variable": name}) for name in unsafe]
        if not unsafe:
            problems.append(Problem("rulebook.clingo", where, {"message": text}))
    return problems
