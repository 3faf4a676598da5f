"""Tamperings: one change each in a stored decision and its proofs that alters what they say."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    Json = dict[str, Any]


class Tampering(NamedTuple):
    """One change.

    Attributes:
        kind: What was changed: a number, a fact, a rule, an edge, a quotation, and so on.
        where: The place of the change.
        document: The decision with the change.
    """

    kind: str
    where: str
    document: Json


def tamperings(document: Json, rng: random.Random) -> Iterator[Tampering]:
    """Yield random changes without end, all kinds in turn."""
    while True:
        for kind, tamper in _KINDS.items():
            changed = copy.deepcopy(document)
            where = tamper(changed, rng)
            if where is not None and changed != document:
                yield Tampering(kind, where, changed)


def _other_number(text: str, rng: random.Random) -> str:
    """Return a text with one of its numbers changed."""
    found = list(re.finditer(r"\d+", text))
    spot = rng.choice(found)
    changed = str(int(spot.group()) + rng.choice([-1, 1, 10, 1000]))
    return text[: spot.start()] + changed.lstrip("-") + text[spot.end() :]


def _nodes(document: Json, *types: str) -> list[tuple[str, Json]]:
    nodes = document["proofs"]["nodes"].items()
    return [(name, node) for name, node in nodes if not types or node["type"] in types]


def _number(document: Json, rng: random.Random) -> str | None:
    """Change a number in an atom, a value of a variable, a comparison or a calculation."""
    spots: list[tuple[str, Any, Any]] = []
    for name, node in _nodes(document):
        spots += [(name, node, part) for part in ("atom", "left", "right") if part in node]
        spots += [(name, node["bindings"], part) for part in node.get("bindings", ())]
        for step in node.get("steps", ()):
            spots.append((name, step["arguments"], rng.randrange(len(step["arguments"]))))
    name, holder, part = rng.choice([s for s in spots if re.search(r"\d", s[1][s[2]])])
    holder[part] = _other_number(holder[part], rng)
    return f"nodes.{name}.{part}"


def _result(document: Json, rng: random.Random) -> str | None:
    steps = [(n, step) for n, node in _nodes(document, "comparison") for step in node["steps"]]
    if not steps:
        return None
    name, step = rng.choice(steps)
    step["result"] += rng.choice([-1, 1, 100])
    return f"nodes.{name}.steps"


def _operator(document: Json, rng: random.Random) -> str | None:
    name, node = rng.choice(_nodes(document, "comparison"))
    signs = ["=", "!=", "<", "<=", ">", ">="]
    node["operator"] = rng.choice([sign for sign in signs if sign != node["operator"]])
    return f"nodes.{name}.operator"


def _fact(document: Json, rng: random.Random) -> str | None:
    """Change what a leaf says of its fact: path, value, place or evidence."""
    leaves = [(n, node) for n, node in _nodes(document, "given") if node["origin"] == "fact"]
    name, node = rng.choice(leaves)
    part = rng.choice(["fact", "value", "position", "evidence"])
    node[part] = f"{node[part]}0"
    return f"nodes.{name}.{part}"


def _origin(document: Json, rng: random.Random) -> str | None:
    name, node = rng.choice(_nodes(document, "given"))
    origins = ["fact", "number", "reading", "case", "line"]
    node["origin"] = rng.choice([origin for origin in origins if origin != node["origin"]])
    return f"nodes.{name}.origin"


def _atom(document: Json, rng: random.Random) -> str | None:
    """Give a node the atom of another."""
    kinds = ("given", "derived", "absent")
    (name, node), (_, other) = rng.sample(_nodes(document, *kinds), 2)
    node["atom"] = other["atom"]
    return f"nodes.{name}.atom"


def _rule(document: Json, rng: random.Random) -> str | None:
    """Let a step name another rule, or another place of it."""
    (name, node), (_, other) = rng.sample(_nodes(document, "derived"), 2)
    part = rng.choice(["rule", "position", "article"])
    node[part] = other[part]
    return f"nodes.{name}.{part}"


def _edge(document: Json, rng: random.Random) -> str | None:
    """Remove, repeat, exchange or redirect what a step rests on."""
    name, node = rng.choice([pair for pair in _nodes(document, "derived") if pair[1]["causes"]])
    causes, nodes = node["causes"], document["proofs"]["nodes"]
    at, how = rng.randrange(len(causes)), rng.choice(["remove", "repeat", "exchange", "redirect"])
    if how == "remove":
        del causes[at]
    elif how == "repeat":
        causes.insert(at, causes[at])
    elif how == "exchange":
        other = rng.randrange(len(causes))
        if nodes[causes[at]] == nodes[causes[other]]:
            return None
        causes[at], causes[other] = causes[other], causes[at]
    else:
        other_name = rng.choice(list(nodes))
        if nodes[other_name] == nodes[causes[at]]:
            return None
        causes[at] = other_name
    return f"nodes.{name}.causes {how}"


def _quotation(document: Json, rng: random.Random) -> str | None:
    """Change one character of a clause."""
    name, node = rng.choice([pair for pair in _nodes(document) if pair[1].get("clause")])
    at = rng.randrange(len(node["clause"]))
    node["clause"] = node["clause"][:at] + rng.choice("万不百下") + node["clause"][at + 1 :]
    return f"nodes.{name}.clause"


def _sentence(document: Json, rng: random.Random) -> str | None:
    name, node = rng.choice(_nodes(document))
    language = rng.choice(["zh", "en"])
    node["sentence"][language] += "0"
    return f"nodes.{name}.sentence"


def _missing(document: Json, rng: random.Random) -> str | None:
    name, _ = rng.choice(_nodes(document))
    del document["proofs"]["nodes"][name]
    return f"nodes.{name}"


def _root(document: Json, rng: random.Random) -> str | None:
    """Let the proof of a claim be that of something else."""
    claim, roots = rng.choice(list(document["proofs"]["claims"].items()))
    nodes = document["proofs"]["nodes"]
    part = rng.choice(["candidate", "potential", "firm", "review"])
    other = rng.choice(list(nodes))
    if nodes[other] == nodes[roots[part]]:
        return None
    roots[part] = other
    return f"claims.{claim}.{part}"


def _rivals(document: Json, rng: random.Random) -> str | None:
    """Leave out a cap that a claim draws on, or something that stands against it."""
    claims = document["proofs"]["claims"].items()
    tied = [(claim, roots) for claim, roots in claims if roots["draws_on"] or roots["against"]]
    if not tied:
        return None
    claim, roots = rng.choice(tied)
    if roots["draws_on"] and (not roots["against"] or rng.random() < 0.5):
        roots["draws_on"].pop()
        return f"claims.{claim}.draws_on"
    del roots["against"][rng.choice(list(roots["against"]))]
    return f"claims.{claim}.against"


def _claim(document: Json, rng: random.Random) -> str | None:
    """Change a sum, a state or a party of a candidate."""
    row = rng.choice(document["candidates"])
    part = rng.choice(["amount", "paid", "chosen", "review", "recipient", "article", "determinacy"])
    if part in {"amount", "paid"}:
        row[part][rng.choice(["firm", "potential"])] += rng.choice([1, 10_000])
    elif part == "chosen":
        row[part] = not row[part]
    else:
        row[part] = {"review": "failed"}.get(part, "somebody")
    return f"candidates.{row['line']}/{row['subject']}.{part}"


def _candidate(document: Json, rng: random.Random) -> str | None:
    row = document["candidates"].pop(rng.randrange(len(document["candidates"])))
    return f"candidates.{row['line']}/{row['subject']}"


def _total(document: Json, rng: random.Random) -> str | None:
    measure = rng.choice(["firm", "potential"])
    document["totals"][measure] += rng.choice([-1, 1, 10_000])
    return f"totals.{measure}"


def _cap(document: Json, rng: random.Random) -> str | None:
    if not document["proofs"]["caps"]:
        return None
    cap = rng.choice(document["proofs"]["caps"])
    part = rng.choice(["limit", "already_drawn", "asked", "paid"])
    cap[part] += rng.choice([1, 10_000])
    return f"caps.{cap['cap']}.{part}"


def _refusal(document: Json, rng: random.Random) -> str | None:
    """Change what a refusal lists: a condition, what is there, or what is short."""
    rows = [row for row in document.get("refusals", ()) if row["failed"]]
    if not rows:
        return None
    row = rng.choice(rows)
    leaf = rng.choice(row["failed"])
    part = rng.choice([part for part in ("condition", "actual", "short_by") if leaf.get(part)])
    leaf[part] = f"{leaf[part]}0"
    return f"refusals.{row['line']}/{row['subject']}.{part}"


def _way(document: Json, rng: random.Random) -> str | None:
    """Change the clause or the rule by which a refusal could have been none."""
    trees = [tree for tree in document["proofs"]["refusals"] if tree["ways"]]
    if not trees:
        return None
    tree = rng.choice(trees)
    way = rng.choice(tree["ways"])
    part = rng.choice(["position", "rule", "clause"])
    way[part] = f"{way[part]}0"
    return f"proofs.refusals.{tree['line']}/{tree['subject']}.{part}"


def _digest(document: Json, rng: random.Random) -> str | None:
    part = rng.choice(["facts", "rules", "program"])
    document["digests"][part] += "0"
    return f"digests.{part}"


_KINDS: dict[str, Callable[[Json, random.Random], str | None]] = {
    "number": _number,
    "result": _result,
    "operator": _operator,
    "fact": _fact,
    "origin": _origin,
    "atom": _atom,
    "rule": _rule,
    "edge": _edge,
    "quotation": _quotation,
    "sentence": _sentence,
    "missing node": _missing,
    "root": _root,
    "cap or rival": _rivals,
    "claim": _claim,
    "missing claim": _candidate,
    "total": _total,
    "cap": _cap,
    "refusal": _refusal,
    "way of a refusal": _way,
    "digest": _digest,
}
