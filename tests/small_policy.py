"""Small invented policies about works and their split revenue, to plant faults in."""

from __future__ import annotations

from dataclasses import dataclass, field

NAME = "invented"


@dataclass(frozen=True)
class Grant:
    """One line of a small policy.

    Attributes:
        name: The last part of its id.
        sentence: Its sentence in the text.
        rules: Its rules.
        numbers: Its numbers by name: value, type, and the number as written.
        per: ``year`` or ``once``.
        matter: What it pays for.
    """

    name: str
    sentence: str
    rules: str
    numbers: dict[str, tuple[object, str, str]] = field(default_factory=dict)
    per: str = "year"
    matter: str = "revenue_share"

    @property
    def id(self) -> str:
        """Its id."""
        return f"{NAME}.{self.name}"


def small_policy(*grants: Grant) -> dict[str, str]:
    """Return the files of a policy with some lines, in force from 2025 to 2027."""
    force = "本办法自2025年1月1日起施行，有效期至2027年12月31日。"
    text = "\n".join([*(grant.sentence for grant in grants), force])
    about = [
        'title = {zh = "扶持办法", en = "Measures"}',
        'issuer = {zh = "某市", en = "A city"}',
        'place = "datong"',
        'status = "in_force"',
        'source = "invented"',
        'text_sha256 = "DIGEST"',
        "[validity]",
        f'clause = "{force}"',
        "from = 2025-01-01",
        "until = 2027-12-31",
    ]
    numbers: list[str] = []
    rules = ["%# Measures"]
    for grant in grants:
        about += [
            f'[line."{grant.id}"]',
            f'article = "{grant.name}"',
            'class = "monetary"',
            'subject = ["work"]',
            'recipient = ["first_producer"]',
            f'per = "{grant.per}"',
            'determinacy = "exact"',
            'review = "none"',
            f'matter = "{grant.matter}"',
            f'zh = "条目{grant.name}"',
            f'en = "line {grant.name}"',
        ]
        for name, (value, kind, written) in grant.numbers.items():
            shown = f'"{value}"' if kind == "share" else value
            numbers += [
                f"[{grant.name}_{name}]",
                f"value = {shown}",
                f'type = "{kind}"',
                f'clause = "{grant.sentence}"',
                f'written = "{written}"',
                f'zh = "{name}"',
                f'en = "{name}"',
            ]
        rules += [f"%## {grant.name} {grant.id}", f"%> {grant.sentence}", grant.rules]
    ids = [f'"{grant.id}"' for grant in grants]
    words = [
        "[kind.work]",
        f"subject_of = [{', '.join(ids)}]",
        "[kind.policy]",
        f'ids = ["{NAME}"]',
        "[value.policy]",
        f'{NAME} = {{zh = "扶持办法", en = "Measures"}}',
        "[line_event]",
        *(
            f'{line} = "{"year" if g.per == "year" else "aired_on"}"'
            for line, g in zip(ids, grants, strict=True)
        ),
        "[attribute.work.split_revenue]",
        f"lines = [{', '.join(ids)}]",
    ]
    return {
        "text.txt": text,
        "policy.toml": "\n".join(about),
        "numbers.toml": "\n".join(numbers),
        "readings.toml": "",
        "rules.lp": "\n".join(rules) + "\n",
        "sentences.toml": "",
        "vocabulary.toml": "\n".join(words),
    }


def tier(name: str, least: int, most: int | None, sum_paid: int, *, top: str = "<") -> Grant:
    """Return a line that pays a fixed sum to works whose yearly revenue lies in a range.

    Args:
        name: Its name.
        least: The least revenue, in units of ten thousand yuan.
        most: The most, in the same unit; ``None`` for no end.
        sum_paid: What it pays, in the same unit.
        top: How the revenue has to stand to the most.
    """
    end = f"、不满{most}万元" if top == "<" else f"、不超过{most}万元"
    works = f"对年度分账收入达到{least}万元{end if most else ''}的作品"
    sentence = f"条目{name}：{works}，奖励{sum_paid}万元。"
    upper = f'    number("{NAME}.{name}_most", Most),\n    Revenue {top} Most,\n' if most else ""
    rules = f"""
eligible("{NAME}.{name}", Work, year(Year)) :-
    number("{NAME}.{name}_least", Least),
    split_revenue(Work, Year, Revenue),
{upper}    Revenue >= Least.
amount("{NAME}.{name}", Work, Occasion, Yuan) :-
    eligible("{NAME}.{name}", Work, Occasion),
    number("{NAME}.{name}_sum", Yuan).
"""
    numbers: dict[str, tuple[object, str, str]] = {
        "least": (least * 10_000, "money", f"{least}万元"),
        "sum": (sum_paid * 10_000, "money", f"{sum_paid}万元"),
    }
    if most:
        numbers["most"] = (most * 10_000, "money", f"{most}万元")
    return Grant(name, sentence, rules, numbers)


def share(name: str, least: int, rate: int, cap: int, most: int | None = None) -> Grant:
    """Return a line that pays a share of the yearly revenue, up to a cap.

    Args:
        name: Its name.
        least: The least revenue, in units of ten thousand yuan.
        rate: The share, in hundredths.
        cap: The cap, in units of ten thousand yuan.
        most: The revenue has to be less than this; ``None`` for no end.
    """
    end = f"、不满{most}万元" if most else ""
    works = f"对年度分账收入达到{least}万元{end}的作品"
    sentence = f"条目{name}：{works}，按收入的{rate}%奖励，最高{cap}万元。"
    upper = f'    number("{NAME}.{name}_most", Most),\n    Revenue < Most,\n' if most else ""
    rules = f"""
eligible("{NAME}.{name}", Work, year(Year)) :-
    number("{NAME}.{name}_least", Least),
    split_revenue(Work, Year, Revenue),
{upper}    Revenue >= Least.
amount("{NAME}.{name}", Work, year(Year), Yuan) :-
    eligible("{NAME}.{name}", Work, year(Year)),
    split_revenue(Work, Year, Revenue),
    number("{NAME}.{name}_rate", Rate),
    number("{NAME}.{name}_cap", Cap),
    Yuan = @at_most(@portion(Revenue, Rate), Cap).
"""
    numbers: dict[str, tuple[object, str, str]] = {
        "least": (least * 10_000, "money", f"{least}万元"),
        "rate": (f"0.{rate:02}", "share", f"{rate}%"),
        "cap": (cap * 10_000, "money", f"{cap}万元"),
    }
    if most:
        numbers["most"] = (most * 10_000, "money", f"{most}万元")
    return Grant(name, sentence, rules, numbers)
