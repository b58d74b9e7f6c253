"""Columns: how fields are written in ES|QL and KQL, and what type each has that a rule reads."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..names import CONTACT_FIELD

# Words of the grammar of newer versions, which a field's name must not look like.
_RESERVED = frozenset({"first", "last", "as"})

# Types of the fields that rules name, in our own indices and in the integrations' logs.
TYPES: dict[str, str] = {
    "@timestamp": "date",
    "azure.signinlogs.category": "keyword",
    "azure.signinlogs.properties.app_display_name": "keyword",
    "azure.signinlogs.properties.client_app_used": "keyword",
    "azure.signinlogs.properties.user_principal_name": "keyword",
    "azure.signinlogs.result_type": "keyword",
    "enumwatch.verdict": "keyword",
    "enumwatch.withdrawn_at": "date",
    "event.dataset": "keyword",
    "event.id": "keyword",
    "event.kind": "keyword",
    "rule.id": "keyword",
    "source.ip": "ip",
    "user_agent.original": "keyword",
    **{
        f"{CONTACT_FIELD}.{name}": "keyword"
        for name in (
            *("kind", "source", "tenant", "src_ip", "asn", "country", "user_agent", "app", "app_id", "client_app"),
            *("actor", "host", "target", "code", "outcome"),
        )
    },
    **{f"{CONTACT_FIELD}.{name}": "date" for name in ("hour", "first", "last")},
    f"{CONTACT_FIELD}.attempts": "long",
    f"{CONTACT_FIELD}.target_visible": "boolean",
}
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
    return [{"name": name, "type": TYPES[name], "ecs": not name.startswith(_OWN)} for name in sorted(names)]
