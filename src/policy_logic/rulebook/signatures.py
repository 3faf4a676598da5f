"""The predicates a rule may rely on without deriving them, and what their arguments are.

A *type* is a word: ``money``, ``usd``, ``share``, ``integer``, ``date``, ``year``, ``entity``,
``line``, ``occasion``, ``claim`` and so on; ``value:LIST`` is a value of a list of the
vocabulary. An empty word means that another argument decides; a ``quantity`` is an amount of
money, of dollars, or a whole number, and all quantities of one calculation are of one type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from policy_logic.facts.vocabulary import Attribute, Vocabulary

Signature: TypeAlias = tuple[str, int]

GIVEN: Final[dict[Signature, tuple[str, ...]]] = {
    ("applicant", 1): ("entity",),
    ("as_of", 1): ("date",),
    ("entity", 2): ("kind", "entity"),
    ("given", 2): ("entity", "attribute"),
    ("refers", 3): ("entity", "role", "entity"),
    ("falls_on", 2): ("occasion", "date"),
    ("falls_in", 2): ("occasion", "year"),
    ("names", 2): ("occasion", "trigger"),
    ("occasion_of", 2): ("entity", "occasion"),
    ("year_before", 2): ("year", "year"),
    ("review", 6): ("entry", "line", "entity", "year", "trigger", "outcome"),
    ("review_amount", 2): ("entry", "money"),
    ("review_detail", 2): ("entry", "rank"),
    ("granted", 2): ("claim", "entry"),
    ("grant_year", 2): ("claim", "year"),
    ("received", 4): ("entry", "entity", "matter", "year"),
    ("received_amount", 2): ("entry", "money"),
    ("received_in", 2): ("entry", "value:place"),
    ("line", 2): ("line", "policy"),
    ("article", 2): ("line", "article"),
    ("policy_in", 2): ("policy", "value:place"),
    ("per", 2): ("line", "unit"),
    ("determinacy", 2): ("line", "determinacy"),
    ("review_required", 1): ("line",),
    ("counts_by_year", 1): ("line",),
    ("matter", 2): ("line", "matter"),
    ("pays_for_trigger", 1): ("line",),
    ("role", 3): ("line", "rank", "role"),
    ("number", 2): ("number", ""),
    ("reading", 2): ("reading", "reading_value"),
    ("valid_from", 2): ("policy", "date"),
    ("valid_until", 2): ("policy", "date"),
}

EXPECTED: Final[dict[Signature, tuple[str, ...]]] = {
    ("eligible", 3): ("line", "entity", "occasion"),
    ("amount", 4): ("line", "entity", "occasion", "money"),
    ("annual_cap", 2): ("line", "number"),
    ("annual_quota", 2): ("line", "number"),
    ("level_of", 2): ("line", "honour"),
    ("one_matter", 2): ("matter", "matter"),
    ("excludes", 2): ("claim", "claim"),
    ("higher_only", 2): ("claim", "claim"),
    ("benefit", 2): ("line", "entity"),
    ("notice", 2): ("notice", "entity"),
}

COMPOUNDS: Final[dict[Signature, tuple[str, tuple[str, ...]]]] = {
    ("year", 1): ("occasion", ("year",)),
    ("day", 1): ("occasion", ("date",)),
    ("listing", 2): ("occasion", ("trigger", "date")),
    ("claim", 4): ("claim", ("line", "entity", "year", "trigger")),
    ("received", 1): ("claim", ("entry",)),
    ("pool", 3): ("pool", ("number", "entity", "year")),
}

CALLS: Final[dict[Signature, tuple[str, tuple[str, ...]]]] = {
    ("portion", 2): ("quantity", ("quantity", "share")),
    ("portion_up", 2): ("quantity", ("quantity", "share")),
    ("plus", 2): ("quantity", ("quantity", "quantity")),
    ("minus", 2): ("quantity", ("quantity", "quantity")),
    ("at_most", 2): ("quantity", ("quantity", "quantity")),
    ("times", 2): ("money", ("money", "integer")),
    ("wholes", 2): ("integer", ("quantity", "quantity")),
    ("anniversary", 2): ("date", ("date", "integer")),
}

SUMMARIES: Final = ("total", "most", "ranked", "within")
_SUMMARISED: Final = frozenset({"money", "usd", "integer"})


def attribute_signature(attribute: Attribute) -> tuple[Signature, tuple[str, ...]]:
    """Return the predicate of an attribute and the types of its arguments."""
    keys = tuple(_key_type(key) for key in attribute.index)
    value = () if attribute.type == "bool" else (_value_type(attribute),)
    types = ("entity", *keys, *value)
    return (attribute.name, len(types)), types


def summary_signatures(attribute: Attribute) -> dict[str, tuple[Signature, tuple[str, ...]]]:
    """Return the predicates of what an attribute's figures come to over their last index.

    ``total`` is their sum, ``most`` the greatest, ``ranked`` the n-th greatest, and ``within``,
    for figures by place, the sum over the places inside one place.

    Returns:
        By the name of the summary: the predicate and the types of its arguments; nothing for an
        attribute that is no figure, or has no index.
    """
    if not attribute.index or attribute.type not in _SUMMARISED:
        return {}
    _, (entity, *keys, value) = attribute_signature(attribute)
    *earlier, last = keys
    shapes = {
        "total": (entity, *earlier, value),
        "most": (entity, *earlier, value),
        "ranked": (entity, *earlier, "integer", value),
    }
    if attribute.index[-1] == "place":
        shapes["within"] = (entity, *earlier, last, value)
    return {
        form: ((f"{attribute.name}_{form}", len(types)), types) for form, types in shapes.items()
    }


def summarised(vocabulary: Vocabulary, kind: str, predicate: str) -> tuple[Attribute, str] | None:
    """Return the attribute of a kind, and the summary, that a predicate is about."""
    name, _, form = predicate.rpartition("_")
    attribute = vocabulary.attribute(kind, name) if form in SUMMARIES else None
    if attribute is None or form not in summary_signatures(attribute):
        return None
    return attribute, form


def attribute_signatures(vocabulary: Vocabulary) -> dict[Signature, tuple[str, ...]]:
    """Return the predicates of all attributes; kinds that share one share its types."""
    found: dict[Signature, tuple[str, ...]] = {}
    for attribute in vocabulary.attributes.values():
        if attribute.type == "text":
            continue
        own = [attribute_signature(attribute), *summary_signatures(attribute).values()]
        for signature, types in own:
            known = found.get(signature)
            found[signature] = types if known is None else tuple(map(_either, known, types))
    return found


def _key_type(key: str) -> str:
    return {"year": "year", "scene": "text"}.get(key, f"value:{key}")


def _value_type(attribute: Attribute) -> str:
    if attribute.values == ("line",):
        return "line"
    if attribute.type in {"enum", "set"}:
        return "value:" + "+".join(attribute.values)
    return "entity" if attribute.type == "ref" else attribute.type


def _either(first: str, second: str) -> str:
    """Return a type for an argument that several kinds of entity use differently."""
    if first == second:
        return first
    if first.startswith("value:") and second.startswith("value:"):
        lists = {*first[6:].split("+"), *second[6:].split("+")}
        return "value:" + "+".join(sorted(lists))
    return ""
