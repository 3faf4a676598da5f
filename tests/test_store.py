"""A checked rulebook is kept between runs, and only while nothing has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policy_logic.errors import RulebookError
from policy_logic.rulebook import store
from policy_logic.rulebook.load import load_rulebook, shipped_rules


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rules, with a cache folder of its own."""
    monkeypatch.setattr(store, "user_cache_dir", lambda _: str(tmp_path / "cache"))
    return Path(shutil.copytree(shipped_rules(), tmp_path / "rules"))


def test_a_kept_rulebook_is_the_one_that_was_checked(rules: Path, tmp_path: Path) -> None:
    """What is recalled equals what was built."""
    built = load_rulebook.__wrapped__(rules)
    (kept,) = (tmp_path / "cache").glob("*.pickle")
    recalled = load_rulebook.__wrapped__(rules)
    assert recalled.lines == built.lines
    assert recalled.rules == built.rules
    assert kept.exists()


def test_a_changed_file_is_checked_again(rules: Path) -> None:
    """A fault that comes in later is found although an older rulebook was kept."""
    load_rulebook.__wrapped__(rules)
    file = rules / "datong" / "numbers.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("value = 2_000_000", "value = 200_000", 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=r"datong\.horizontal_minimum"):
        load_rulebook.__wrapped__(rules)


def test_a_spoilt_cache_is_only_slower(rules: Path, tmp_path: Path) -> None:
    """Rubbish in the cache is ignored and replaced."""
    load_rulebook.__wrapped__(rules)
    (kept,) = (tmp_path / "cache").glob("*.pickle")
    kept.write_bytes(b"rubbish")
    assert load_rulebook.__wrapped__(rules).lines


def test_where_nothing_can_be_kept_nothing_is(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache folder that cannot be made is no error."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setattr(store, "user_cache_dir", lambda _: str(tmp_path / "file"))
    assert load_rulebook.__wrapped__(rules).lines
