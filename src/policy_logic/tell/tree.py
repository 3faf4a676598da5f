"""A proof or a refusal as a tree of words: what is told, in which order, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policy_logic.prove.proof import Absence, Compared, Derived, Leaf, Node
from policy_logic.prove.refusal import Attempt, Failed, Refusal, Unknown
from policy_logic.rulebook.policy import Reading
from policy_logic.tell.failing import failed_sentence
from policy_logic.tell.leaves import (
    NO_SOURCE,
    Source,
    absence_sentence,
    is_telling,
    leaf_note,
    leaf_sentence,
    leaf_source,
)
from policy_logic.tell.reckoning import comparison_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.logic.terms import Rule, Value
    from policy_logic.tell.wording import Wording

_STRUCTURE = frozenset(
    {
        "line",
        "article",
        "policy_in",
        "received_amount",
        "per",
        "determinacy",
        "matter",
        "pays_for_trigger",
        "role",
        "falls_on",
        "falls_in",
        "names",
        "entity",
        "year_before",
        "counts_by_year",
        "review_detail",
    }
)
_TABLES_TOLD = frozenset({"annual_cap", "annual_quota"})
_KNOWN_ONCE_TOLD = frozenset({"candidate", "in_play", "qualifies", "of_policy", "eligible"})
_INLINED = frozenset({"eligible", "worth_something", "amount", "qualifies", "worth"})


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a tree.

    Attributes:
        mark: ``✓``, ``✗``, ``?``, ``=`` (a calculation) or ``·`` (a remark).
        text: The words.
        note: Where it comes from: a file, a clause, a rule.
        children: What it rests on.
        source: The same as the note, in parts.
    """

    mark: str
    text: str
    note: str = ""
    children: tuple[Branch, ...] = field(default=())
    source: Source = NO_SOURCE

    def lines(self, indent: str = "", *, last: bool = True, root: bool = True) -> Iterator[str]:
        """Yield the tree as lines of text."""
        lead = "" if root else indent + ("└─ " if last else "├─ ")
        note = f"  〔{self.note}〕" if self.note else ""
        yield f"{lead}{self.mark} {self.text}{note}"
        inner = "" if root else indent + ("   " if last else "│  ")
        for index, child in enumerate(self.children):
            yield from child.lines(inner, last=index == len(self.children) - 1, root=False)


class ProofTeller:
    """Tells proofs in words; what was told once is only referred to afterwards."""

    def __init__(self, wording: Wording) -> None:
        self._words = wording
        self._told: set[int] = set()
        self._quoted: set[str] = set()

    def branch(self, node: Node, bindings: Mapping[str, Value] | None = None) -> tuple[Branch, ...]:
        """Return a proof as trees; none for what is too plain to tell.

        Args:
            node: The proof.
            bindings: The values of the rule that the node is a condition of.
        """
        if isinstance(node, Compared):
            return self._compared(node, bindings or {})
        if isinstance(node, Leaf):
            found = self._leaf(node)
        elif isinstance(node, Absence):
            found = self._absence(node)
        else:
            found = self._derived(node)
        return () if found is None else (found,)

    def branches(self, node: Derived) -> tuple[Branch, ...]:
        """Return why each condition of a node holds."""
        bindings = dict(node.bindings)
        return tuple(branch for cause in node.causes for branch in self.branch(cause, bindings))

    def mark_told(self, root: Node, but: str) -> None:
        """Take a proof as told: from now on it is only referred to.

        Args:
            root: The proof.
            but: The predicate whose own proof was left out.
        """
        stack = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, Derived) and node.atom.name != but:
                self._told.add(id(node))
                stack.extend(node.causes)

    def _derived(self, node: Derived) -> Branch | None:
        if not node.rule.body and node.atom.name not in _TABLES_TOLD:
            return None
        told = id(node) in self._told
        if told and node.atom.name in _KNOWN_ONCE_TOLD:
            return None
        text = self._words.sentence(node.atom)
        if told:
            return Branch("✓", text, self._words.say("told"))
        self._told.add(id(node))
        source = _rule_source(node.rule)
        return Branch("✓", text, self.rule(node.rule), self.branches(node), source)

    def rule(self, rule: Rule) -> str:
        """Return where a rule stands, and the clause above it; a clause is quoted once."""
        clause = rule.section.clause
        where = _rule_place(rule)
        if not clause:
            return where
        if clause in self._quoted:
            return self._words.say("cited", told=rule.section.article, place=where)
        self._quoted.add(clause)
        quoted = self._words.say("quoted", article=rule.section.article, clause=clause)
        return self._words.say("cited", told=quoted, place=where)

    def _leaf(self, node: Leaf) -> Branch | None:
        if node.atom.name in _STRUCTURE or node.atom.name == "applicant":
            return None
        if node.atom.name == "refers" and node.atom.args[1] == "itself":
            return None
        note = leaf_note(node.origin, self._words)
        if isinstance(node.origin, Reading):
            is_default = node.atom.args[1] == node.origin.default
            how = self._words.say("reading_default" if is_default else "reading_chosen")
            note = self._words.say("cited_reading", told=note, name=node.origin.name, how=how)
        source = leaf_source(node.origin)
        return Branch("✓", leaf_sentence(node, self._words), note, (), source)

    def _absence(self, node: Absence) -> Branch | None:
        if not is_telling(node):
            return None
        return Branch("✓", absence_sentence(node, self._words), source=Source("absence"))

    def _compared(self, node: Compared, bindings: Mapping[str, Value]) -> tuple[Branch, ...]:
        lines = comparison_lines(node, bindings, self._words)
        if node.steps:
            return tuple(Branch("=", line) for line in lines)
        if node.comparison.operator in {"=", "!="} or node.right == 0:
            return ()
        return (Branch("✓", lines[-1]),)


class RefusalTeller:
    """Tells refusals in words."""

    def __init__(self, wording: Wording, proofs: ProofTeller) -> None:
        self._words, self._proofs = wording, proofs
        self._told: set[str] = set()
        self._leaves: set[int] = set()

    def tell(self, refusal: Refusal) -> tuple[Branch, ...]:
        """Return everything that is missing."""
        self._leaves = {id(leaf) for leaf in refusal.leaves()}
        return self.branches(refusal)

    def branches(self, refusal: Refusal) -> tuple[Branch, ...]:
        """Return what is missing, one tree for each rule that could have applied."""
        ways = [(attempt, tuple(self._attempt(attempt))) for attempt in refusal.told()]
        told = [(attempt, branches) for attempt, branches in ways if branches]
        if len(told) == 1:
            return told[0][1]
        return tuple(
            Branch(
                "·",
                self._words.say("either", number=number),
                self._proofs.rule(attempt.rule),
                branches,
            )
            for number, (attempt, branches) in enumerate(told, start=1)
        )

    def _attempt(self, attempt: Attempt) -> Iterator[Branch]:
        bindings = dict(attempt.bindings)
        for reason in attempt.unmet:
            yield from self._reason(reason, bindings, attempt.rule)

    def _reason(
        self, reason: Failed | Unknown | Refusal, bindings: Mapping[str, Value], rule: Rule
    ) -> tuple[Branch, ...]:
        if isinstance(reason, Unknown):
            text = self._words.keyed(self._words.question(reason), [reason.fact])
            return self._once(text, "?", rule, [], Source("unknown", place=reason.fact))
        if isinstance(reason, Failed):
            if reason.is_consequence and id(reason) not in self._leaves:
                return ()
            where = [str(reason.position)] if reason.position else []
            if reason.evidence:
                where.append(self._words.say("evidence", evidence=reason.evidence))
            text = failed_sentence(reason, bindings, self._words)
            return self._once(text, "✗", rule, where, Source("failed", place=reason.fact))
        children = self.branches(reason)
        if not children or reason.atom.name in _INLINED:
            return children
        mark = "✗" if reason.fails else "?"
        return (Branch(mark, self._words.sentence(reason.atom), "", children),)

    def _once(
        self, text: str, mark: str, rule: Rule, where: list[str], source: Source
    ) -> tuple[Branch, ...]:
        """Tell a condition once, however many rules ask for it."""
        if text in self._told:
            return ()
        self._told.add(text)
        note = self._words.say("between").join([*where, self._proofs.rule(rule)])
        return (Branch(mark, text, note, (), source),)


def _rule_place(rule: Rule) -> str:
    return f"{rule.id}, {_short(rule.position.file)}:{rule.position.line}"


def _rule_source(rule: Rule) -> Source:
    section = rule.section
    article = section.article if section.clause else ""
    return Source("rule", article, section.clause, _rule_place(rule))


def _short(file: str) -> str:
    """Return a rule file's path from its folder on."""
    return "/".join(file.split("/")[-2:]) if "rules/" in file else file
