"""The page in the terminal: as it is shipped, under limits of one's own, and where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from enumwatch.cli import main
from enumwatch.guides.commands import show_guide

from .reading import shipped_pages

OVERLAY = """\
overlay: our proxies are noisy
detections:
  email_enumeration:
    version: 2
    limits: {shared_level: 60}
"""


def test_the_page_is_printed_as_it_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "guide", "password_spray"]) == 0
    assert capsys.readouterr().out == shipped_pages()["password_spray.md"]


def test_the_page_holds_the_limits_in_use(tmp_path: Path) -> None:
    (tmp_path / "ours.yml").write_text(OVERLAY, encoding="utf-8")
    said: list[str] = []
    assert show_guide("email_enumeration", said.append, tmp_path) == 0
    assert [line for line in said if line.startswith("| `shared_level` | 60 points (shipped: 45 points) |")]


@pytest.mark.parametrize("name", ["okta_system", "T1589", "nothing"])
def test_what_has_no_guide_is_told_in_one_line(name: str) -> None:
    said: list[str] = []
    assert show_guide(name, said.append) == 2
    assert len(said) == 1
    assert said[0].startswith(f'There is no guide to "{name}": name one of account_creation, ')


def test_rules_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    (tmp_path / "ours.yml").write_text("overlay: x\n", encoding="utf-8")
    said: list[str] = []
    assert show_guide("email_enumeration", said.append, tmp_path) == 2
    assert "ours.yml" in said[0]
