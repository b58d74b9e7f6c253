"""The list of what only a full cluster can prove names every test that stands in for one, and none that is gone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from enumwatch.elastic.kibana.rules import shipped

ROOT = Path(__file__).parents[2]
CHECKS = (ROOT / "docs" / "elastic-live-checks.md").read_text("utf-8")


def standing_in() -> set[str]:
    """Names of the tests that assert requests which no node of the tests serves."""
    trees = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").rglob("test_*.py"))
    functions = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if node.name.startswith("test_unserved_")}


def test_every_test_that_stands_in_is_listed_with_its_check() -> None:
    listed = dict(re.findall(r"^\| `(test_unserved_\w+)` \([\w/.]+\) \| (\d+) \|$", CHECKS, re.MULTILINE))
    assert sorted(standing_in() - listed.keys()) == [], "name them in docs/elastic-live-checks.md"
    assert sorted(listed.keys() - standing_in()) == [], "these are gone"
    sections = set(re.findall(r"^## (\d+)\.", CHECKS, re.MULTILINE))
    assert set(listed.values()) <= sections


def test_docs_name_every_rule() -> None:
    text = (ROOT / "docs" / "elastic-rules.md").read_text("utf-8")
    named = set(re.findall(r"`(enumwatch-(?:verdict|address|published|absent|new)-\w+)`", text))
    assert named == {rule["rule_id"] for rule in shipped()}
