"""The account of one claim, or of one refusal, as trees under headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.decide.explaining import Why, WhyNot
from policy_logic.derive.claims import Claim, Received
from policy_logic.prove.proof import Derived, Node
from policy_logic.tell.leaves import Source
from policy_logic.tell.tree import Branch, ProofTeller, RefusalTeller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.tell.wording import Wording


@dataclass(frozen=True, slots=True)
class Account:
    """What ``why`` prints about one claim or refusal.

    Attributes:
        title: What it is about.
        verdict: The answer in one sentence.
        clause: The clause that grants it.
        parts: Trees under headings.
        names: What each part is: ``conditions``, ``amount``, ``caps``, ``quotas``, ``exclusions``,
            ``choice`` or ``missing``.
    """

    title: str
    verdict: str
    clause: str
    parts: tuple[tuple[str, tuple[Branch, ...]], ...]
    names: tuple[str, ...]

    def part(self, name: str) -> tuple[Branch, ...]:
        """Return the trees of a part; none where there is no such part."""
        return next((p[1] for n, p in zip(self.names, self.parts, strict=True) if n == name), ())

    def lines(self) -> Iterator[str]:
        """Yield the account as lines of text."""
        yield self.title
        yield self.verdict
        yield self.clause
        for heading, branches in self.parts:
            yield ""
            yield heading
            for index, branch in enumerate(branches):
                yield from branch.lines("", last=index == len(branches) - 1, root=False)


def account(answer: Why | WhyNot, words: Wording) -> Account:
    """Return the account of an answer."""
    return _why(answer, words) if isinstance(answer, Why) else _why_not(answer, words)


def _why(answer: Why, words: Wording) -> Account:
    decided = answer.decided
    teller = ProofTeller(words)
    verdict = words.say(
        "verdict_chosen" if decided.chosen else "verdict_not_chosen",
        firm=words.amount(decided.amount.firm),
        potential=words.amount(decided.amount.potential),
        paid_firm=words.amount(decided.paid.firm),
        paid=words.amount(decided.paid.potential),
        review=words.value(decided.review, "outcome"),
    )
    parts = [("conditions", _inner(teller, answer.eligibility, "qualifies"))]
    teller.mark_told(answer.eligibility, but="worth_something")
    parts.append(("amount", _amount(teller, answer, words)))
    caps = tuple(_caps(teller, answer, words))
    if caps:
        parts.append(("caps", caps))
    quotas = tuple(_quotas(teller, answer, words))
    if quotas:
        parts.append(("quotas", quotas))
    exclusions = tuple(_exclusions(teller, answer, words))
    if exclusions:
        parts.append(("exclusions", exclusions))
    choice = [Branch("·", choice_sentence(answer, words))]
    if answer.change is not None:
        told = change_sentence(answer.change, words, chosen=decided.chosen)
        choice.append(Branch("=", told))
    parts.append(("choice", tuple(choice)))
    title = words.say("title", claim=words.claim(answer.claim), name=str(answer.claim),
                      article=decided.article)  # fmt: skip
    clause = words.say("quoted", article=decided.article, clause=answer.clause)
    numerals = words.say("numerals").split()
    headed = tuple(
        (words.say("heading", number=number, name=words.say(f"part_{name}")), told)
        for number, (name, told) in zip(numerals, parts, strict=False)
    )
    return Account(title, verdict, clause, headed, tuple(name for name, _ in parts))


def _inner(teller: ProofTeller, node: Node, name: str) -> tuple[Branch, ...]:
    """Return the conditions under the node that ties a line to the applicant."""
    if not isinstance(node, Derived):
        return ()
    if node.atom.name == name:
        kept = (c for c in node.causes if getattr(c, "atom", None) is None
                or c.atom.name != "worth_something")  # type: ignore[union-attr] # fmt: skip
        return tuple(b for cause in kept for b in teller.branch(cause, dict(node.bindings)))
    for cause in node.causes:
        found = _inner(teller, cause, name)
        if found:
            return found
    return ()


def _amount(teller: ProofTeller, answer: Why, words: Wording) -> tuple[Branch, ...]:
    """Return the calculation, without telling eligibility again; then what is certain of it."""
    branches: list[Branch] = []
    for node in (answer.potential, answer.firm):
        if isinstance(node, Derived):
            branches.extend(_calculation(teller, node))
    if answer.decided.determinacy != "exact":
        branches.append(Branch("·", words.say(f"remark_{answer.decided.determinacy}")))
    return tuple(dict.fromkeys(branches))


def calculation(answer: Why, words: Wording) -> tuple[str, ...]:
    """Return how a sum is computed, step by step; where the text fixes it, by what it rests on."""
    branches = _amount(ProofTeller(words), answer, words)
    steps = tuple(branch.text for branch in branches if branch.mark == "=")
    return steps or tuple(branch.text for branch in branches[:1])


def _calculation(teller: ProofTeller, node: Derived) -> Iterator[Branch]:
    for cause in node.causes:
        if isinstance(cause, Derived) and cause.atom.name in {"eligible", "candidate"}:
            continue
        if isinstance(cause, Derived) and cause.atom.name in {"amount", "potential", "worth"}:
            yield from _calculation(teller, cause)
            continue
        yield from teller.branch(cause, dict(node.bindings))


def _caps(teller: ProofTeller, answer: Why, words: Wording) -> Iterator[Branch]:
    for cap in answer.caps:
        children = [Branch("✓", words.say("cap_limit", amount=words.amount(cap.limit)),
                           words.say("quoted", article="", clause=cap.number.clause),
                           source=Source("text", clause=cap.number.clause))]  # fmt: skip
        if cap.drawn:
            children.append(Branch("=", words.say("cap_drawn", amount=words.amount(cap.drawn))))
        children += [
            Branch(
                "=",
                words.say("cap_member", claim=words.claim(claim), alone=words.amount(alone),
                          paid=words.amount(paid)),
            )
            for claim, alone, paid in cap.claims
        ]  # fmt: skip
        total = sum(paid for _, _, paid in cap.claims)
        children.append(Branch("=", words.say("cap_total", amount=words.amount(total))))
        name = words.keyed(cap.number.label.say(words.language), [str(cap.year)])
        free = "cap_full" if cap.drawn + total >= cap.limit else "cap_free"
        state = words.say("cap_binds" if cap.binds else free)
        if isinstance(cap.proof, Derived):
            children.extend(teller.branches(cap.proof))
        text = words.say("named", name=name, value=state)
        yield Branch("·", text, "", tuple(children))


def _quotas(teller: ProofTeller, answer: Why, words: Wording) -> Iterator[Branch]:
    for quota in answer.quotas:
        clause = words.say("quoted", article="", clause=quota.number.clause)
        source = Source("text", clause=quota.number.clause)
        places = words.say("quota_places", count=quota.places)
        children = [Branch("✓", places, clause, source=source)]
        if quota.taken:
            children.append(Branch("=", words.say("quota_taken", count=quota.taken)))
        children += [
            Branch("=", words.say("quota_member", claim=words.claim(c))) for c in quota.claims
        ]
        if isinstance(quota.proof, Derived):
            children.extend(teller.branches(quota.proof))
        name = words.keyed(quota.number.label.say(words.language), [str(quota.year)])
        full = quota.taken + len(quota.claims) >= quota.places
        state = words.say("quota_full" if full else "quota_free")
        text = words.say("named", name=name, value=state)
        yield Branch("·", text, "", tuple(children))


def _exclusions(teller: ProofTeller, answer: Why, words: Wording) -> Iterator[Branch]:
    for exclusion in answer.exclusions:
        other = other_name(exclusion.other, words)
        state = "settled" if exclusion.settled else "chosen" if exclusion.chosen else "left_out"
        text = words.say(f"excludes_{state}", other=other)
        note = words.say("quoted", article="", clause=exclusion.clause)
        source = Source("text", clause=exclusion.clause)
        yield Branch("·", text, note, teller.branch(exclusion.proof), source)


def other_name(other: Claim | Received, words: Wording) -> str:
    """Return what stands against a claim, in words."""
    if isinstance(other, Received):
        return words.say("received", entry=other.entry)
    return words.claim(other)


def choice_sentence(answer: Why, words: Wording) -> str:
    """Return in one sentence why a candidate was chosen or not."""
    decided = answer.decided
    if decided.chosen:
        bound = [cap for cap in answer.caps if cap.binds]
        if bound:
            return words.say("chosen_capped", cap=bound[0].number.label.say(words.language))
        return words.say("chosen_free" if decided.paid.potential else "chosen_open")
    return rejection_sentence(answer.decided, words)


def change_sentence(change: int, words: Wording, *, chosen: bool) -> str:
    """Return in one sentence by how much the total would fall were a claim chosen otherwise."""
    kind = "worth_chosen" if chosen else "worth_left_out"
    return words.say(kind if change else f"{kind}_same", change=words.amount(change))


def rejection_sentence(decided: object, words: Wording) -> str:
    """Return in one sentence why a candidate was left out."""
    from policy_logic.decide.decision import Decided  # noqa: PLC0415 - for the type alone

    assert isinstance(decided, Decided)  # noqa: S101 - the callers' promise
    found = decided.rejection
    if found is None:
        return ""
    if found.kind == "excluded_by":
        others = words.say("between").join(words.claim(claim) for claim in found.by)
        return words.say("rejected_excluded_by", by=others, clause=found.clause)
    if found.kind == "no_gain" and not found.limit:
        return words.say("rejected_worthless")
    entries = words.list([str(entry) for entry in found.entries])
    limit = words.value(found.limit, "number")
    return words.say(f"rejected_{found.kind}", entries=entries, limit=limit, clause=found.clause)


def _why_not(answer: WhyNot, words: Wording) -> Account:
    target = answer.target
    claim = Claim(target.line, target.subject, target.year, target.trigger)
    teller = RefusalTeller(words, ProofTeller(words))
    verdict = words.say("verdict_refused" if answer.refusal.fails else "verdict_unknown")
    title = words.say("title", claim=words.claim(claim), name=str(claim), article=answer.article)
    clause = words.say("quoted", article=answer.article, clause=answer.clause)
    parts = ((words.say("part_missing"), teller.tell(answer.refusal)),)
    return Account(title, verdict, clause, parts, ("missing",))
