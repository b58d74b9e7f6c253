"""The pages in the repository are what the rulebook says, and the builder notices when one is not."""

from __future__ import annotations

from pathlib import Path

from enumwatch.guides import build as guides


def test_the_pages_are_fresh() -> None:
    assert guides.stale() == []


def test_what_differs_is_missing_or_nobody_makes_is_stale(tmp_path: Path) -> None:
    guides.build(tmp_path)
    assert guides.stale(tmp_path) == []
    (tmp_path / "README.md").write_text("changed", encoding="utf-8")
    (tmp_path / "password_spray.md").unlink()
    (tmp_path / "gone.md").write_text("old", encoding="utf-8")
    assert [path.name for path in guides.stale(tmp_path)] == ["README.md", "password_spray.md", "gone.md"]
    guides.build(tmp_path)
    assert guides.stale(tmp_path) == []
