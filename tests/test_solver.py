"""The border to clingo: values cross it unchanged and in order, and its messages come back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_logic.errors import RulebookError
from policy_logic.logic.arithmetic import FUNCTIONS
from policy_logic.logic.solver import Grounded
from policy_logic.logic.symbols import LARGEST, SymbolReader, from_symbol, to_atom, to_symbol
from policy_logic.logic.terms import Compound, Fact

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.logic.terms import Value

STABLE: Final = settings(derandomize=True, deadline=None, database=None, max_examples=300)
MOST: Final = 10**13
BORDERS: Final = sorted(
    {
        value
        for border in (0, 1, 10**9, 2 * 10**9, 2**31 - 1, 2**31, 2**32, MOST)
        for value in (border - 1, border, border + 1)
        if 0 <= value <= MOST
    }
)
MONEY: Final = st.integers(0, MOST) | st.sampled_from(BORDERS)
SHARES: Final = st.integers(0, 10**18).map(lambda digits: Decimal(digits).scaleb(-18))
TEXT: Final = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
) | st.sampled_from(['a "quoted" word', "back\\slash\\n", "two\nlines", "古城“奇缘”", "", "none"])
NAMES: Final = st.sampled_from(["year", "day", "claim", "pool", "listing"])
PLAIN: Final = MONEY | SHARES | TEXT | st.none()
VALUES: Final = st.recursive(
    PLAIN,
    lambda inner: st.builds(Compound, NAMES, st.lists(inner, max_size=4).map(tuple)),
    max_leaves=8,
)


@STABLE
@given(VALUES)
@example(2**31 - 1)
@example(2**31)
@example(MOST)
@example(Decimal("0.2"))
@example(Decimal("0.200000000000000001"))
@example(Decimal(1))
@example(-LARGEST)
@example('"\\\n')
def test_a_value_comes_back_as_it_went(value: Value) -> None:
    """Numbers of any size, exact shares, any text, nothing, and terms of these."""
    back = from_symbol(to_symbol(value))
    assert back == value
    assert type(back) is type(value)


@STABLE
@given(st.sampled_from(["filed", "-filed"]), st.lists(VALUES, max_size=4))
def test_an_atom_comes_back_as_it_went(name: str, args: list[Value]) -> None:
    """Also a strongly negated one."""
    fact = Fact(name, tuple(args))
    assert SymbolReader().atom(to_atom(fact)) == fact


@STABLE
@given(MONEY, MONEY)
@example(2**31 - 1, 2**31)
@example(2**31, 3 * 10**9)
@example(2_999_999_999, 3_000_000_000)
def test_money_keeps_its_order(first: int, second: int) -> None:
    """Clingo compares two sums as Python does, on either side of its 32 bits."""
    left, right = to_symbol(first), to_symbol(second)
    assert (left < right) == (first < second)
    assert (left == right) == (first == second)


@STABLE
@given(SHARES, SHARES)
@example(Decimal("0.2"), Decimal("0.200000000000000001"))
@example(Decimal("0.20"), Decimal("0.2"))
@example(Decimal("0.999999999999999999"), Decimal(1))
def test_shares_keep_their_order(first: Decimal, second: Decimal) -> None:
    """Clingo compares two shares exactly, to the eighteenth decimal."""
    left, right = to_symbol(first), to_symbol(second)
    assert (left < right) == (first < second)
    assert (left == right) == (first == second)


def _atoms(grounded: Grounded, changes: dict[Fact, bool] | None = None) -> set[Fact]:
    reader = SymbolReader()
    return {reader.atom(symbol) for symbol in grounded.model(changes)}


def _program(folder: Path, text: str) -> Path:
    file = folder / "rules.lp"
    file.write_text(text, encoding="utf-8")
    return file


def test_rules_compare_money_of_any_size(tmp_path: Path) -> None:
    """A rule's ``>=`` means what it says from 0 to 10^13."""
    file = _program(tmp_path, "reached(A, B) :- sum(A), sum(B), A >= B.")
    grounded = Grounded([file], [Fact("sum", (value,)) for value in BORDERS])
    assert {fact.args for fact in _atoms(grounded) if fact.name == "reached"} == {
        (a, b) for a in BORDERS for b in BORDERS if a >= b
    }


@settings(STABLE, max_examples=60)
@given(MONEY, MONEY, SHARES)
def test_rules_calculate_exactly(first: int, second: int, rate: Decimal) -> None:
    """The calculations that a rule may call give whole yuan, floored once."""
    assert FUNCTIONS["portion"](first, rate) == first * int(rate.scaleb(18)) // 10**18
    assert FUNCTIONS["minus"](first, second) == first - second
    assert FUNCTIONS["at_most"](first, second) == min(first, second)


@pytest.mark.parametrize(("amount", "rate"), [(MOST, "0.1"), (9_999_999_999, "0.05"), (7, "0.3")])
def test_a_program_calls_the_calculations(tmp_path: Path, amount: int, rate: str) -> None:
    """What ``@portion`` gives inside clingo is what it gives outside."""
    file = _program(tmp_path, "share_of(Y) :- sum(A), rate(R), Y = @portion(A, R).")
    facts = [Fact("sum", (amount,)), Fact("rate", (Decimal(rate),))]
    exact = amount * int(Decimal(rate) * 100) // 100
    assert Fact("share_of", (exact,)) in _atoms(Grounded([file], facts))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a.\nb :- \n  c(.\n", 3, "syntax error"),
        ("a.\n\nb(X) :- not a.\n", 3, "Nothing gives the variable X a value"),
        ("a.\nb :- a, nowhere(1).\n", 2, "does not occur in any rule head"),
        ('a(1).\nb(Y) :- a(X), Y = X + "one".\n', 2, "undefined"),
        ("#const n = 1.\n#const n = 2.\n", 2, "redefinition"),
    ],
)  # fmt: skip
def test_whatever_clingo_says_is_an_error_with_its_place(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    """Errors and mere remarks alike name the file, the line and what clingo said."""
    file = _program(tmp_path, text)
    with pytest.raises(RulebookError) as caught:
        Grounded([file], [])
    problem = caught.value.problems[0]
    assert problem.where is not None
    assert (problem.where.file, problem.where.line) == (str(file), line)
    assert words in caught.value.tell("en")
    assert f"{file}:{line}" in caught.value.tell("zh")


def test_an_unreadable_file_is_an_error_too(tmp_path: Path) -> None:
    """A rule file that is not there is a fault of the rulebook, told as such."""
    with pytest.raises(RulebookError):
        Grounded([tmp_path / "missing.lp"], [])


def test_settings_hold_for_one_solving_only(tmp_path: Path) -> None:
    """A choice that differs for one model is what it was for the next."""
    file = _program(tmp_path, 'wide :- reading("scope", "wide").\n')  # fmt: skip
    wide, narrow = Fact("reading", ("scope", "wide")), Fact("reading", ("scope", "narrow"))
    grounded = Grounded([file], [], choices={wide: False, narrow: True})

    def names(changes: dict[Fact, bool] | None = None) -> set[str]:
        return {fact.name for fact in _atoms(grounded, changes)}

    assert names() == {"reading"}
    assert names({wide: True, narrow: False}) == {"reading", "wide"}
    assert names() == {"reading"}


def test_every_way_to_an_atom_is_kept_where_choices_decide(tmp_path: Path) -> None:
    """What rests on a choice is not settled by the first way that the grounder meets."""
    program = tmp_path / "program.lp"
    program.write_text(
        "led(Way) :- way(Way), open(Way).\nthere(x) :- led(Way).\n#show there/1.\n",
        encoding="utf-8",
    )
    ways = [Fact("way", (number,)) for number in (1, 2, 3)]
    choices = {Fact("open", (number,)): False for number in (1, 2, 3)}
    grounded = Grounded(
        [program], ways, text="#defined way/1. #defined open/1. #defined there/1.", choices=choices
    )
    assert grounded.model() == []
    for number in (1, 2, 3):
        assert len(grounded.model({Fact("open", (number,)): True})) == 1, number


def test_a_deep_difference_is_not_computed_with_silently(tmp_path: Path) -> None:
    """It arrives cut, so an amount made of it would be wrong by as much as was cut."""
    file = tmp_path / "rules.lp"
    file.write_text("sum(@plus(@minus(0, Debt), Assets)) :- debt(Debt), assets(Assets).")
    facts = [Fact("debt", (5 * 10**9,)), Fact("assets", (6 * 10**9,))]
    with pytest.raises(RulebookError, match="the solver cannot hold"):
        Grounded([file], facts)
    shallow = [Fact("debt", (2 * 10**9,)), Fact("assets", (6 * 10**9,))]
    assert to_atom(Fact("sum", (4 * 10**9,))) in Grounded([file], shallow).model(shown=False)
    below = [Fact("debt", (5 * 10**9,)), Fact("assets", (2 * 10**9,))]
    assert Grounded([file], below).model(shown=False)
