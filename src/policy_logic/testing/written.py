"""Cases written as YAML that a person can read, save and give to ``plan``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEAST_GROUPED: Final = 10_000
_WIDTH: Final = 100


class Drawn(dict[str, Any]):
    """A drawn case: a plain mapping that a report shows as the facts file it would be."""

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: ANN401, FBT001 - hypothesis calls it
        printer.text("# a facts file:")
        for line in as_yaml(self).splitlines():
            printer.break_()
            printer.text(line)
        printer.break_()
        printer.text("# end")  # so that what hypothesis writes behind it is a remark, too


def as_yaml(facts: Mapping[str, Any]) -> str:
    """Write a case as a facts file.

    Args:
        facts: A mapping of the shape of a facts file: names, whole numbers, ``Decimal`` shares,
            dates, truth values, lists and mappings of these.

    Returns:
        YAML that, read again, is the same case; its keys stand in the order of the mapping.
    """
    import yaml  # noqa: PLC0415 - slow to import

    text: str = yaml.dump(
        facts,
        Dumper=_dumper(),
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=_WIDTH,
    )
    return text


@cache
def _dumper() -> Any:  # noqa: ANN401 - a class of a library, made where it is imported
    import yaml  # noqa: PLC0415 - slow to import

    class Dumper(yaml.SafeDumper):
        """Writes exact decimals, groups the digits of large sums, and knows no aliases."""

        def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - as the library has it
            return True

    def whole(dumper: yaml.SafeDumper, value: int) -> yaml.ScalarNode:
        text = f"{value:_}" if abs(value) >= _LEAST_GROUPED else str(value)
        return dumper.represent_scalar("tag:yaml.org,2002:int", text)

    def share(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
        text = format(value, "f")
        kind = "float" if "." in text else "int"
        return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)

    Dumper.add_representer(int, whole)
    Dumper.add_representer(Decimal, share)
    Dumper.add_representer(Drawn, yaml.SafeDumper.represent_dict)
    Dumper.add_representer(date, yaml.SafeDumper.represent_date)
    return Dumper
