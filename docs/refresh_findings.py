"""Write the findings about the policies into their pages.

``python docs/refresh_findings.py`` checks every policy and rewrites, in ``docs/findings``, what
stands between the two marks of each page; the introduction before them is written by hand.
``tests/test_findings.py`` uses the same functions.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy_logic.cli.check_page import judged, markdown
from policy_logic.lab.checking import CLIFF
from policy_logic.rulebook.load import load_rulebook

if TYPE_CHECKING:
    from policy_logic.cli.check_page import Judged
    from policy_logic.rulebook.policy import Rulebook

FOLDER: Final = Path(__file__).resolve().parent / "findings"
_MARKS = re.compile(
    r"(?P<open><!-- findings: (?P<policy>\w+) -->\n).*?(?P<close><!-- end of findings -->)",
    re.DOTALL,
)


def page_of(policy: str) -> Path:
    """Return the page of a policy."""
    return FOLDER / f"{policy}.md"


def fresh(found: Judged, book: Rulebook) -> str:
    """Return the page of a policy with what was found."""
    text = page_of(found.checked.policy).read_text(encoding="utf-8")
    return _MARKS.sub(lambda m: f"{m['open']}\n{markdown(found, book)}\n\n{m['close']}", text)


def main() -> int:
    """Rewrite all pages."""
    book = load_rulebook()
    for found in judged(book, list(book.policies), CLIFF):
        page_of(found.checked.policy).write_text(fresh(found, book), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
