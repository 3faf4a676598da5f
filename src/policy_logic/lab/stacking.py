"""Two lines for one thing, and exclusions that hold half or never."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from policy_logic.lab.cone import cone_of
from policy_logic.lab.finding import Found, quoted
from policy_logic.lab.probes import exclusions_of
from policy_logic.lab.study import UnconfirmedWitnessError
from policy_logic.language import Label, both
from policy_logic.logic.terms import Constant, Fact, Literal
from policy_logic.rulebook.turning import rules_about

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.lab.finding import Finding
    from policy_logic.lab.study import Study
    from policy_logic.logic.terms import Rule


def stacking(study: Study) -> Found:
    """Return the pairs of lines that pay for one thing, and what is odd about exclusions."""
    found = Found()
    possible = set(study.search.possible("study_beside", 2))
    apart = set(study.search.possible("study_apart", 2))
    money = [line for line in study.space.lines if study.space.book.lines[line].kind == "monetary"]
    stacked: dict[Shared, list[tuple[str, str]]] = {}
    for pair in combinations(sorted(money), 2):
        beside = Fact("study_beside", pair)
        if beside not in possible or not study.search.exists(beside):
            continue
        excluded = Fact("study_apart", pair)
        if excluded in apart and study.search.exists(excluded):
            found.findings.append(_half(study, pair, beside, excluded))
            continue
        shared = _shared(study, *pair)
        if shared is not None:
            stacked.setdefault(shared, []).append(pair)
    found.findings += [_all_paid(study, shared, pairs) for shared, pairs in stacked.items()]
    found.findings += _open_triples(study)
    found.findings += _one_way(study)
    _judge_rules(study, found)
    return found


class Shared(NamedTuple):
    """What several lines pay for.

    Attributes:
        kind: ``matter``, ``honour`` or ``figure``.
        name: Which.
        words: The same in words.
    """

    kind: str
    name: str
    words: Label


def _shared(study: Study, line: str, other: str) -> Shared | None:
    """Return what two lines both pay for: an honour, a matter, or the same figure."""
    book = study.space.book
    first, second = book.lines[line], book.lines[other]
    honours = _honours(study, line) & _honours(study, other)
    if honours:
        return Shared("honour", min(honours), both("check.same_honour"))
    if first.matter == second.matter and first.matter in book.vocabulary.values["matter"]:
        label = book.vocabulary.label("matter", first.matter)
        return Shared("matter", first.matter, both("check.same_matter", matter=label))
    for name in sorted(_paid_by(study, line) & _paid_by(study, other)):
        attribute = book.vocabulary.attribute(study.space.kind, name)
        if attribute is not None:
            figure = Label(attribute.zh, attribute.en)
            return Shared("figure", name, both("check.same_figure", figure=figure))
    return None


def _honours(study: Study, line: str) -> set[str]:
    """Return the honours of which a line is a level."""
    return {
        str(getattr(rule.head.args[1], "value", ""))
        for rule in study.space.book.rules
        if rule.head.signature == ("level_of", 2) and rule.head.args[0] == Constant(line)
    }


def _paid_by(study: Study, line: str) -> set[str]:
    """Return the attributes of the subject by whose figures a line reckons its sum."""
    book = study.space.book
    cone = {rule.id for rule in cone_of(book, [line])}
    return {
        attribute.name
        for attribute in {cell.attribute for cell in study.space.cells if cell.attribute}
        if attribute.kind == study.space.kind
        and attribute.type in {"money", "usd", "integer"}
        and any(
            rule.id in cone and rule.head.name == "amount" for rule in rules_about(book, attribute)
        )
    }


def _all_paid(study: Study, shared: Shared, pairs: list[tuple[str, str]]) -> Finding:
    """Return that several lines pay for one thing, with who gets the most of two of them."""
    lines = [line for line in study.space.lines if any(line in pair for pair in pairs)]
    views = []
    for pair in pairs:
        witness = study.search.find(Fact("study_beside", pair))
        assert witness is not None  # noqa: S101 - it exists
        view = study.shown(witness.facts)
        if not set(pair) <= {claim.partition("/")[0] for claim in view.claims}:
            raise UnconfirmedWitnessError(witness.facts)
        views.append(view)
    most = max(views, key=lambda view: view.potential)
    names = _label_list([study.label(line) for line in lines])
    words = both("check.stacking", lines=names, shared=shared.words, decided=_decided(study, pairs))
    return study.finding(
        "stacking", "+".join(lines), words, lines=tuple(lines), clauses=study.clauses(*lines),
        shown=(most,), weight=most.potential,
    )  # fmt: skip


def _label_list(labels: list[Label]) -> Label:
    return Label(
        "、".join(f"“{quoted(label).zh}”" for label in labels),
        ", ".join(f"“{label.en}”" for label in labels),
    )


def _decided(study: Study, pairs: list[tuple[str, str]]) -> Label:
    """Return what decides whether two lines may both be paid: nothing, or an open reading."""
    found: dict[str, Label] = {}
    for pair in pairs:
        witness = study.search.find(Fact("study_apart", pair), is_open=True)
        for path in witness.stated if witness is not None else ():
            if path[0] == "readings":
                reading = study.space.book.readings[str(path[1])]
                found[reading.name] = reading.label
    if not found:
        return both("check.no_clause")
    return both("check.left_to_reading", readings=_label_list(list(found.values())),
                names=", ".join(found))  # fmt: skip


def _half(study: Study, pair: tuple[str, str], beside: Fact, apart: Fact) -> Finding:
    """Return that two lines exclude each other for some applicants and not for others."""
    witnesses = study.search.find(beside), study.search.find(apart)
    assert witnesses[0] is not None  # noqa: S101 - both exist
    assert witnesses[1] is not None  # noqa: S101
    names = both("check.both_paid"), both("check.one_paid")
    views = tuple(study.shown(w.facts, name) for w, name in zip(witnesses, names, strict=True) if w)
    first, second = (study.label(line) for line in pair)
    words = both("check.exclusion_half", first=first, second=second)
    return study.finding(
        "exclusion", "+".join(pair), words, lines=pair, clauses=study.clauses(*pair), shown=views
    )


def _open_triples(study: Study) -> Iterator[Finding]:
    """Yield three lines of which the middle one excludes both others, while those stand beside."""
    for fact in study.search.possible("study_triple", 3):
        witness = study.search.find(fact)
        lines = [str(line) for line in fact.args]
        matters = {study.space.book.lines[line].matter for line in (lines[0], lines[2])}
        if witness is None or len(matters) > 1:
            continue
        labels = [study.label(line) for line in lines]
        words = both("check.exclusion_triple", first=labels[0], middle=labels[1], last=labels[2])
        yield study.finding(
            "exclusion", "+".join(lines), words, lines=tuple(lines),
            clauses=study.clauses(*lines), shown=(study.shown(witness.facts),),
        )  # fmt: skip


def _one_way(study: Study) -> Iterator[Finding]:
    """Yield pairs that exclude each other if one comes first, but not if the other does."""
    facts = study.search.possible("study_years", 5)
    known = {f.args for f in facts}
    for line, other, year, later, way in sorted(known, key=str):
        turned = (line, other, later, year, "beside")
        if way != "apart" or turned not in known:
            continue
        excluded = study.search.find(Fact("study_years", (line, other, year, later, way)))
        free = study.search.find(Fact("study_years", turned))
        again = Fact("study_years", (line, other, later, year, "apart"))
        if excluded is None or free is None or study.search.exists(again):
            continue
        pair = str(line), str(other)
        labels = [study.label(name) for name in pair]
        words = both("check.exclusion_one_way", first=labels[0], second=labels[1],
                     year=year, later=later)  # fmt: skip
        names = both("check.one_paid"), both("check.both_paid")
        views = (study.shown(excluded.facts, names[0]), study.shown(free.facts, names[1]))
        yield study.finding(
            "exclusion", f"{'+'.join(pair)}/one way", words, lines=pair,
            clauses=study.clauses(*pair), shown=views,
        )  # fmt: skip


def _judge_rules(study: Study, found: Found) -> None:
    """Judge each rule that excludes: whether it ever sets a claim against anything."""
    for rule in exclusions_of(study.space.book, study.policy):
        name = f"{rule.section.article}/{rule.section.id}#{_place(study, rule)}"
        if study.search.exists(Fact("study_fires", (rule.id,)), is_open=True):
            found.refuted.add(f"check.exclusion:{name}")
        elif not _needs_another_policy(study, rule):
            words = both("check.exclusion_never", article=rule.section.article)
            found.findings.append(
                study.finding("exclusion", name, words, clauses=(rule.section.clause,))
            )


def _place(study: Study, rule: Rule) -> int:
    """Return the number of a rule among those that exclude under its section."""
    own = [
        other.id
        for other in exclusions_of(study.space.book, study.policy)
        if other.section == rule.section
    ]
    return own.index(rule.id) + 1


def _needs_another_policy(study: Study, rule: Rule) -> bool:
    """Return whether a rule speaks of a policy that this study leaves out."""
    others = {Constant(policy) for policy in study.book.policies if policy != study.policy}
    return any(
        isinstance(c, Literal) and c.atom.name == "of_policy" and c.atom.args[1] in others
        for c in rule.body
    )
