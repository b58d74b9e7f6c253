"""Puts documents into a node as Elastic's integrations do: with their data stream's name and their types of fields."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

# Types that the integrations give fields which the rules read; every other text is a keyword.
_TYPES = {
    "date": (
        *(
            "@timestamp",
            "event.ingested",
            "azure.signinlogs.properties.created_at",
            "azure.auditlogs.properties.activity_datetime",
        ),
        *("azure.graphactivitylogs.properties.time_generated",),
    ),
    "ip": (
        *("source.ip", "client.ip", "okta.client.ip", "azure.signinlogs.caller_ip_address", "network.forwarded_ip"),
        *("microsoft.exchange.clientipaddress",),
    ),
    "long": (
        *("source.as.number", "azure.signinlogs.properties.autonomous_system_number", "http.response.status_code"),
        *("azure.signinlogs.properties.status.error_code", "destination.port"),
    ),
    "integer": ("okta.security_context.as.number",),
    "boolean": ("azure.signinlogs.properties.is_interactive",),
}
_LONGEST_TEXT = 1024


def template(client: Elasticsearch) -> None:
    """Gives every log index of the node these types."""
    mappings: dict[str, Any] = {
        "date_detection": False,
        "dynamic_templates": [
            {
                "texts": {
                    "match_mapping_type": "string",
                    "mapping": {"type": "keyword", "ignore_above": _LONGEST_TEXT},
                }
            }
        ],
        "properties": {name: {"type": type_} for type_, names in _TYPES.items() for name in names},
    }
    settings = {
        "number_of_shards": 2,
        "number_of_replicas": 0,
        "refresh_interval": "-1",
        "mapping.total_fields.limit": 2000,
    }
    body = {"mappings": mappings, "settings": settings}
    client.indices.put_index_template(
        name="logs-for-tests", index_patterns=["logs-*", "winlogbeat-*"], priority=500, template=body
    )


def index_name(pattern: str, suffix: str) -> str:
    """An index that an index pattern finds."""
    return pattern.replace("*", suffix)


def put(client: Elasticsearch, index: str, documents: Iterable[Any]) -> int:
    """Indexes documents and makes them visible; returns how many there were."""
    actions = ({"_index": index, "_source": document} for document in documents)
    count, _ = bulk(client, actions, chunk_size=2_000)
    client.indices.refresh(index=index)
    return count


def documents_of(path: Path) -> Iterable[Any]:
    """The documents of a file of NDJSON."""
    with path.open("rb") as lines:
        yield from map(orjson.loads, lines)
