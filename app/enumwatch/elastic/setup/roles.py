"""Roles: the least that setup, the runner and an analyst need; and API keys that hold no more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..names import CONTACTS, MEMORY, PREFIX, RUNS, VERDICTS, lookup_index
from .piece import Piece

Body = dict[str, Any]

SETUP_ROLE, RUNNER_ROLE, ANALYST_ROLE = f"{PREFIX}setup", f"{PREFIX}runner", f"{PREFIX}analyst"
OWN = f"{PREFIX}*"
_LOOKUPS = lookup_index("*")
_KEY_LIVES = "365d"

# Why each privilege is there; docs and tests go through the same table.
SETUP_CLUSTER: Mapping[str, str] = {
    "monitor": "version, licence and processors of the cluster",
    "manage_index_templates": "templates",
    "manage_ingest_pipelines": "pipelines",
    "manage_ilm": "the lifecycle policy",
    "manage_transform": "transforms",
    "manage_enrich": "enrich policies",
    "manage_watcher": "watches",
}
SETUP_OWN: Mapping[str, str] = {
    "manage": "indices, their mappings, and removing them",
    "read": "counts and ages for status; what transforms have written",
    "index": "lookup tables; what transforms write",
    "delete": "rows that a lookup table no longer has; contacts past their age",
}
SETUP_LOGS: Mapping[str, str] = {
    "read": "the logs, which transforms read in the name of whoever made them",
    "view_index_metadata": "types of their fields",
}
RUNNER_CLUSTER: Mapping[str, str] = {"monitor": "version of the cluster"}
RUNNER_LOGS: Mapping[str, str] = {"read": "the logs"}
RUNNER_OWN: Mapping[str, str] = {
    "read": "contacts, memory, cursor and lease",
    "index": "contacts, verdicts, memory, cursor and lease",
    "delete": "memory and contacts that are no longer needed",
    "maintenance": "reading at once what was just written",
}
ANALYST_OWN: Mapping[str, str] = {
    "read": "findings, contacts, runs and lookup tables",
    "view_index_metadata": "data views and their fields",
}


def log_indices(rulebook: Mapping[str, Any]) -> list[str]:
    """Return the index patterns of every log that the rulebook knows in Elastic."""
    sources = rulebook["sources"].values()
    return sorted({index for source in sources for index in source.get("elastic", {}).get("indices", ())})


def role_bodies(logs: Iterable[str]) -> dict[str, Body]:
    """Return each role by its name; `logs` are the index patterns that are read."""
    patterns = list(logs)
    kept = [CONTACTS, VERDICTS, MEMORY, RUNS]
    return {
        SETUP_ROLE: {"cluster": list(SETUP_CLUSTER), "indices": [_on([OWN], SETUP_OWN), _on(patterns, SETUP_LOGS)]},
        RUNNER_ROLE: {"cluster": list(RUNNER_CLUSTER), "indices": [_on(kept, RUNNER_OWN), _on(patterns, RUNNER_LOGS)]},
        ANALYST_ROLE: {"cluster": [], "indices": [_on([*kept, _LOOKUPS], ANALYST_OWN)]},
    }


def key_bodies(logs: Iterable[str]) -> dict[str, Body]:
    """Return the API keys that can do what the roles can, by name."""
    return {
        name: {"name": name, "expiration": _KEY_LIVES, "role_descriptors": {name: role}}
        for name, role in role_bodies(logs).items()
        if name != ANALYST_ROLE  # people sign in as themselves
    }


def role_pieces(logs: Iterable[str]) -> list[Piece]:
    """Return the roles as things to be made."""
    return [Piece("role", name, body) for name, body in role_bodies(logs).items()]


def as_requests(logs: Iterable[str]) -> str:
    """Return roles and keys as requests, as the console of Kibana takes them."""
    patterns = list(logs)
    requests = [
        *((f"PUT /_security/role/{name}", body) for name, body in role_bodies(patterns).items()),
        *(("POST /_security/api_key", body) for body in key_bodies(patterns).values()),
    ]
    return "\n\n".join(f"{line}\n{json.dumps(body, indent=2)}" for line, body in requests)


def as_roles_file(bodies: Mapping[str, Body]) -> str:
    """Return roles as the file config/roles.yml of a node; JSON is YAML too."""
    return "".join(f"{json.dumps(name)}: {json.dumps(body)}\n" for name, body in bodies.items())


def _on(names: list[str], privileges: Mapping[str, str]) -> Body:
    return {"names": names, "privileges": list(privileges)}
