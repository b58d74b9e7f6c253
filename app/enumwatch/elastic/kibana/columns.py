"""Columns: how fields are written in ES|QL and KQL, and what type each has that a rule reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..mappings import contact_mapping, verdict_mapping
from ..names import CONTACT_FIELD

# Words of the grammar of newer versions, which a field's name must not look like.
_RESERVED = frozenset({"first", "last", "as"})

# Types that the integrations give the fields of their logs which rules name.
_OF_LOGS = {
    **dict.fromkeys(
        (
            *("azure.signinlogs.category", "azure.signinlogs.result_type", "event.dataset"),
            *(
                f"azure.signinlogs.properties.{name}"
                for name in ("app_display_name", "client_app_used", "user_principal_name")
            ),
        ),
        "keyword",
    ),
}


def types() -> dict[str, str]:
    """Return the type of every field that a rule may name, in our own indices and in the integrations' logs."""
    return {**_flat(contact_mapping()), **_flat(verdict_mapping()), **_OF_LOGS}


# What Elastic's own schema has, of all that stands there.
_OWN = ("enumwatch.", "azure.")


def column(name: str) -> str:
    """Return a field as ES|QL wants it written."""
    return ".".join(f"`{part}`" if part in _RESERVED else part for part in name.split("."))


def contact(name: str) -> str:
    """Return the column of a key of a contact."""
    return column(f"{CONTACT_FIELD}.{name}")


def one_of(words: Iterable[str]) -> str:
    """Return a list of texts in ES|QL, whatever is in them."""
    return f"({', '.join(text(word) for word in words)})"


def any_of(words: Iterable[str]) -> str:
    """Return alternatives in KQL, whatever is in them."""
    return f"({' or '.join(text(word) for word in words)})"


def text(word: str) -> str:
    """Return a text in quotes, as ES|QL and KQL both read it."""
    return json.dumps(word, ensure_ascii=False)


def required(names: Iterable[str]) -> list[dict[str, object]]:
    """Return the fields that a rule needs, as Kibana lists them; raises KeyError for one without a type."""
    known = types()
    return [{"name": name, "type": known[name], "ecs": not name.startswith(_OWN)} for name in sorted(names)]


def _flat(mapping: dict[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, one in mapping.get("properties", {}).items():
        if "properties" in one:
            found |= _flat(one, f"{above}{name}.")
        elif one.get("enabled", True):
            found[above + name] = one["type"]
    return found
