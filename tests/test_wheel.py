"""An installed program works from any folder."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_carries_rules_and_vocabulary_and_plans_from_anywhere(tmp_path: Path) -> None:
    """Unpacked into an empty folder, the wheel decides a case without the project around it."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    shipped = unpacked / "policy_logic" / "shipped"
    assert (shipped / "rules" / "datong" / "text.txt").exists()
    assert (shipped / "facts" / "vocabulary.toml").exists()
    for name in ("style.css", "picture.css", "pdf.typ"):
        assert (unpacked / "policy_logic" / "report" / name).exists()
    assert (unpacked / "policy_logic_pytest.py").exists()
    (entries,) = unpacked.glob("*.dist-info/entry_points.txt")
    assert "policy_logic_pytest = policy_logic_pytest" in entries.read_text(encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r}); import policy_logic;"
        f"assert policy_logic.__file__.startswith({str(unpacked)!r});"
        f"d = policy_logic.plan({str(ROOT / 'facts/examples/datong-studio.yaml')!r});"
        "print(d.totals.potential)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "3290000"
