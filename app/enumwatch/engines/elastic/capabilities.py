"""Capabilities: the types that fields have over some indices, asked as Elasticsearch and as OpenSearch take it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from elasticsearch import BadRequestError, Elasticsearch

PLAIN = {"accept": "application/json", "content-type": "application/json"}
# OpenSearch takes the names of fields in the address only, which may not be long.
_NAMES_OF_ONE_ADDRESS = 30
_NAMES_MISSED = "specified fields can't be null or empty"


class Capabilities(NamedTuple):
    """What the indices say: by field its types, each as `_field_caps` tells it; and the indices that answered."""

    fields: dict[str, dict[str, Any]]
    indices: list[str]


def capabilities(client: Elasticsearch, indices: Sequence[str], names: Sequence[str]) -> Capabilities:
    """The types of these fields in the open indices that fit the patterns; patterns that fit none are passed over."""
    patterns = ",".join(indices)
    try:
        answer = client.field_caps(
            index=patterns, fields=list(names), ignore_unavailable=True, expand_wildcards="open"
        ).body
        return Capabilities(answer["fields"], _listed(answer["indices"]))
    except BadRequestError as refused:
        if _NAMES_MISSED not in str(refused):
            raise
    return _in_the_address(client, patterns, names)


def _in_the_address(client: Elasticsearch, patterns: str, names: Sequence[str]) -> Capabilities:
    found = Capabilities({}, [])
    for begin in range(0, len(names), _NAMES_OF_ONE_ADDRESS):
        listed = quote(",".join(names[begin : begin + _NAMES_OF_ONE_ADDRESS]), safe=",*@")
        path = (
            f"/{quote(patterns, safe=',*')}/_field_caps?fields={listed}&ignore_unavailable=true&expand_wildcards=open"
        )
        answer = client.perform_request("GET", path, headers=PLAIN).body
        found.fields.update(answer["fields"])
        found.indices[:] = _listed(answer["indices"])
    return found


def _listed(indices: str | Sequence[str]) -> list[str]:
    return [indices] if isinstance(indices, str) else list(indices)
