"""Indices: the runner's own are there, with their types, whatever somebody deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from ..mappings import contact_mapping, memory_mapping, run_mapping, verdict_mapping
from ..names import CONTACTS, MEMORY, RUNS, VERDICTS

OWN: Mapping[str, Callable[[], dict[str, Any]]] = {
    VERDICTS: verdict_mapping,
    MEMORY: memory_mapping,
    RUNS: run_mapping,
    CONTACTS: contact_mapping,
}


def make_sure_of(client: Elasticsearch, names: tuple[str, ...] = (RUNS, MEMORY, VERDICTS)) -> list[str]:
    """Creates those of the indices that are not there; returns them. Raises what the client raises."""
    made = []
    for name in names:
        try:
            if client.indices.exists(index=name):
                continue
            client.indices.create(index=name, mappings=OWN[name]())
        except ApiError as error:
            # Who may not ask finds out by using it.
            if error.status_code not in (401, 403) and "resource_already_exists" not in str(error):
                raise
        else:
            made.append(name)
    return made
