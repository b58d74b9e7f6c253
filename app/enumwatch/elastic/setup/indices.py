"""Indices: those of enumwatch with their templates, which hold the mapping and what else an index needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lookups import COLUMNS
from ..cluster import OPENSEARCH, SERVERLESS, Cluster
from ..mappings import TEXT, contact_mapping, memory_mapping, notice_mapping, run_mapping, verdict_mapping
from ..names import CONTACTS, MEMORY, NOTICES, PREFIX, RUNS, VERDICTS, lookup_index
from .piece import Piece
from .stamp import stamp_of

Body = dict[str, Any]

LIFECYCLE = f"{PREFIX}keep"
SETTINGS = f"{PREFIX}settings"
LOOKUP_SETTINGS = f"{PREFIX}lookup-settings"
# Above the templates that come with the product, which have at most 500.
_PRIORITY = 600
_LOOKUP_FIELDS: Mapping[str, Body] = {"cidr": {"type": "ip_range"}}
# The tables that a cluster can do something with.
LOOKUPS = ("allowlist", "domains", "networks", "outcomes")

# Documents are written over by their id for as long as an index lives. A policy that rolls it over or deletes it would
# double findings or lose them, so this one does neither, and being named it keeps others away.
LIFECYCLE_BODY: Body = {"phases": {"hot": {"min_age": "0ms", "actions": {"set_priority": {"priority": 100}}}}}


def lookup_mapping(table: str) -> Body:
    """Return the mapping of one lookup table; KeyError for another name."""
    columns = {name: _LOOKUP_FIELDS.get(name, TEXT) for name in COLUMNS[table]}
    return {"dynamic": False, "date_detection": False, "properties": columns}


def mappings() -> dict[str, Body]:
    """Return the mapping of every index by its name."""
    own = {CONTACTS: contact_mapping(), VERDICTS: verdict_mapping(), MEMORY: memory_mapping(), RUNS: run_mapping()}
    own[NOTICES] = notice_mapping()
    return own | {lookup_index(table): lookup_mapping(table) for table in LOOKUPS}


def index_pieces(cluster: Cluster) -> list[Piece]:
    """Return lifecycle, templates and indices in the order in which they are to be made."""
    pieces = [Piece("lifecycle", LIFECYCLE, LIFECYCLE_BODY)]
    shared = {SETTINGS: _settings(cluster, is_lookup=False), LOOKUP_SETTINGS: _settings(cluster, is_lookup=True)}
    pieces += [Piece("component", name, {"template": {"settings": found}}) for name, found in shared.items() if found]
    for index, mapping in mappings().items():
        is_lookup = index.startswith(lookup_index(""))
        settings = LOOKUP_SETTINGS if is_lookup else SETTINGS
        component = f"{index}-mapping"
        known = {**mapping, "_meta": stamp_of(mapping).fields()}
        parts = [*([settings] if shared[settings] else []), component]
        template = {"index_patterns": [f"{index}*"], "composed_of": parts, "priority": _PRIORITY}
        pieces.append(Piece("component", component, {"template": {"mappings": known}}))
        pieces.append(Piece("template", index, template))
        if not is_lookup:
            pieces.append(Piece("index", index, mapping))
    return pieces


def _settings(cluster: Cluster, is_lookup: bool) -> Body:
    """Settings of an index, as far as the cluster lets anybody choose them."""
    settings: Body = {}
    if is_lookup and cluster.flavour != OPENSEARCH:
        settings["index.mode"] = "lookup"
    if cluster.flavour != SERVERLESS:
        settings["index.auto_expand_replicas"] = "0-1"
        if not is_lookup:
            settings["index.number_of_shards"] = 1
    if cluster.serves("lifecycle"):
        settings["index.lifecycle.name"] = LIFECYCLE
    return settings
