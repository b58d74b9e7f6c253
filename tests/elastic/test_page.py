"""The page for Elastic admins: every step is shown somewhere, and every name and number on it is true."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.nodes import elastic, opensearch

from enumwatch.cli import command_line
from enumwatch.elastic.cluster import OLDEST, OPENSEARCH, STACK
from enumwatch.elastic.names import CONTACTS, MEMORY, RUNS, VERDICTS
from enumwatch.elastic.settings import DEFAULT_TIMEOUT_SECONDS, NAMES
from enumwatch.elastic.setup import roles
from enumwatch.elastic.setup.indices import LIFECYCLE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "elastic.md").read_text(encoding="utf-8")
PROOF = re.compile(r"\[(tests/[^\]]*)\](?!\()")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]


def steps() -> dict[str, str]:
    """Text of each numbered step of the page, by its title."""
    parts = re.split(r"^## (.*)$", PAGE, flags=re.MULTILINE)
    return {title: text for title, text in zip(parts[1::2], parts[2::2], strict=True) if title[0].isdigit()}


def test_every_step_is_shown() -> None:
    assert [title for title, text in steps().items() if not PROOF.search(text)] == []
    named = [one.strip() for found in PROOF.findall(PAGE) for one in found.split(",")]
    assert [one for one in named if not (ROOT / one).exists()] == []


def commands() -> list[str]:
    blocks = re.findall(r"^```\w*\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line.startswith("enumwatch ")]


@pytest.mark.parametrize("line", commands())
def test_every_command_is_one(line: str) -> None:
    command_line().parse_args(shlex.split(line)[1:])


def test_every_setting_is_told_once() -> None:
    told = [(row[0].strip("`"), row[1].strip("`")) for row in ROWS if "ENUMWATCH_ELASTIC_" in "".join(row)]
    assert told == [(name, f"ENUMWATCH_ELASTIC_{name.upper()}") for name in NAMES_IN_ORDER]
    assert sorted(NAMES_IN_ORDER) == sorted(NAMES)
    assert f"; {DEFAULT_TIMEOUT_SECONDS:g} if nothing is said" in PAGE


NAMES_IN_ORDER = (
    *("url", "cloud_id", "api_key", "user", "password", "ca", "kibana_url", "allow_http", "timeout_seconds"),
)


def test_every_privilege_is_told_with_its_reason() -> None:
    told = [(row[2].strip("`"), row[3]) for row in ROWS if len(row) == 4 and row[2].startswith("`")]
    tables = (roles.SETUP_CLUSTER, roles.SETUP_OWN, roles.SETUP_LOGS)
    tables += (roles.RUNNER_CLUSTER, roles.RUNNER_OWN, roles.RUNNER_LOGS, roles.ANALYST_OWN)
    assert told == [one for table in tables for one in table.items()]
    named = [row[0].strip("`") for row in ROWS if len(row) == 4 and row[0].startswith("`enumwatch-")]
    assert named == [roles.SETUP_ROLE, roles.RUNNER_ROLE, roles.ANALYST_ROLE]


def test_versions_and_names_are_those_of_the_code() -> None:
    stack, search = (".".join(map(str, OLDEST[flavour])) for flavour in (STACK, OPENSEARCH))
    assert f"Elasticsearch {stack} or newer" in PAGE
    assert f"OpenSearch {search} or newer" in PAGE
    assert f"Elasticsearch {elastic.VERSION} and OpenSearch {opensearch.VERSION.removesuffix('.0')};" in PAGE
    assert {f"`{name}`" for name in (CONTACTS, VERDICTS, MEMORY, RUNS)} <= {row[0] for row in ROWS}
    assert f"`{LIFECYCLE}`" in PAGE
