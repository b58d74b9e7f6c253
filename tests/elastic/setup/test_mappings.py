"""Every key of a record has its field, and only fields that every cluster knows are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from enumwatch.core.contact import Contact
from enumwatch.elastic.documents import FINDING, WITHDRAWN
from enumwatch.elastic.names import CONTACTS, VERDICTS, lookup_index
from enumwatch.elastic.setup.indices import LOOKUPS, mappings
from enumwatch.lookups import COLUMNS
from enumwatch.schemas import schema

# Types that both nodes of these tests have without a module.
_EVERYWHERE = {"keyword", "text", "long", "float", "double", "boolean", "date", "ip", "ip_range", "object"}


def paths(mapping: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The leaves of a mapping by their path."""
    found: dict[str, Any] = {}
    for name, field in mapping.get("properties", {}).items():
        path = f"{above}{name}"
        found |= paths(field, f"{path}.") if "properties" in field else {path: field}
    return found


def keys(described: Mapping[str, Any], above: str) -> Iterator[str]:
    """Paths of everything that a schema names; a list is named like its items."""
    for name, one in described.get("properties", {}).items():
        one = one.get("items", one)
        if one.get("properties"):
            yield from keys(one, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def test_every_key_of_a_verdict_has_a_field() -> None:
    there = paths(mappings()[VERDICTS])
    wanted = list(keys(schema("verdict"), "enumwatch."))
    assert len(wanted) > 80
    # What is kept whole has no fields of its own keys.
    whole = tuple(f"{path}." for path, field in there.items() if field.get("enabled") is False)
    assert [path for path in wanted if path not in there and not path.startswith(whole)] == []
    assert {f"enumwatch.{FINDING}", f"enumwatch.{WITHDRAWN}"} <= there.keys()
    named = {"evidence", "actor", "reasons", "names_found", "triage"}
    assert named <= mappings()[VERDICTS]["properties"]["enumwatch"]["properties"].keys()


def test_every_key_of_a_contact_has_a_field() -> None:
    there = paths(mappings()[CONTACTS])
    assert [name for name in Contact._fields if f"enumwatch.contact.{name}" not in there] == []
    assert there["enumwatch.contact.first"]["type"] == "date"


@pytest.mark.parametrize("table", LOOKUPS)
def test_every_column_of_a_table_has_a_field(table: str) -> None:
    assert paths(mappings()[lookup_index(table)]).keys() == set(COLUMNS[table])


@pytest.mark.parametrize("index", sorted(mappings()))
def test_no_document_can_add_a_field_or_be_too_long_for_one(index: str) -> None:
    mapping = mappings()[index]
    assert mapping["dynamic"] is False
    assert mapping["date_detection"] is False
    for path, field in paths(mapping).items():
        assert field["type"] in _EVERYWHERE, path
        if field["type"] == "keyword" and field.get("index", True):
            assert field["ignore_above"] * 4 <= 32_766, path
