"""What a check of a policy finds: one place in the text, what is so there, and who shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from policy_logic.language import Label, both

if TYPE_CHECKING:
    from collections.abc import Mapping

Grade: TypeAlias = Literal["fault", "remark"]

CHECKS: Final = (
    "unreachable", "worthless", "cap", "stacking", "exclusion", "gap", "overlap", "less",
    "number", "wording", "border", "cliff",
)  # fmt: skip
REMARKS: Final = frozenset({"border", "cliff"})
_TEN_THOUSAND: Final = 10_000


@dataclass(frozen=True, slots=True)
class Shown:
    """An applicant who shows a finding, planned.

    Attributes:
        name: What is special about this one, where there are several.
        facts: The facts, as a mapping in the form of a facts file.
        firm: What the plan pays for certain, in yuan.
        potential: What it pays at most.
        claims: What each claim of the plan is paid at most, by its name.
    """

    name: Label
    facts: Mapping[str, Any]
    firm: int
    potential: int
    claims: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a policy that its drafters should know.

    Attributes:
        check: The check that found it, as ``check.cap``.
        about: What it is about, in the same words at every run: lines, a number, a figure.
        policy: The policy.
        words: What is so, in plain words.
        lines: The lines concerned.
        clauses: The words of the text concerned.
        shown: Applicants who show it; none where nobody can, and nobody nearly can.
        weight: By how much money it matters, in yuan: what the order goes by.
        details: Figures, for programs.
    """

    check: str
    about: str
    policy: str
    words: Label
    lines: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    weight: int = 0
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The finding's name; the same at every run."""
        return f"{self.check}:{self.about}"

    @property
    def form(self) -> str:
        """The check without the command that makes it, as ``cap``."""
        return self.check.partition(".")[2]

    @property
    def grade(self) -> Grade:
        """Whether it is a fault of the text or of its rules, or only worth knowing."""
        return "remark" if self.form in REMARKS else "fault"

    @property
    def order(self) -> tuple[int, int, str]:
        """The place among the findings of a policy."""
        return CHECKS.index(self.form), -self.weight, self.about


@dataclass
class Found:
    """What a study finds, and what it shows not to be so, whatever other studies find.

    Attributes:
        findings: The findings.
        refuted: The names of findings that hold only if no study refutes them, and that this
            one does: what another kind of subject can be granted can be granted.
        views: Applicants who show findings that are read from the rules, by the finding's name.
    """

    findings: list[Finding] = field(default_factory=list)
    refuted: set[str] = field(default_factory=set)
    views: dict[str, tuple[Shown, ...]] = field(default_factory=dict)


def quoted(label: Label) -> Label:
    """Return words that are to stand in quotation marks; their own become single ones."""
    return Label(label.zh.replace("“", "‘").replace("”", "’"), label.en)


def sum_of_money(yuan: int) -> Label:
    """Return a sum of money in words: in units of ten thousand where it is round."""
    if yuan % (_TEN_THOUSAND // 10) == 0 and abs(yuan) >= _TEN_THOUSAND:
        return Label(f"{yuan / _TEN_THOUSAND:,.1f}".removesuffix(".0") + "万元", f"{yuan:,} yuan")
    return both("check.yuan", sum=f"{yuan:,}")
