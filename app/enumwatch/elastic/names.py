"""Names: what everything that belongs to enumwatch is called in a cluster."""

from __future__ import annotations

PREFIX = "enumwatch-"

CONTACTS = "enumwatch-contacts"
VERDICTS = "enumwatch-verdicts"
MEMORY = "enumwatch-memory"
RUNS = "enumwatch-runs"  # cursor, lease and health of the runner
NOTICES = "enumwatch-notices"  # of which findings the watches told, and as what

CONTACT_FIELD = "enumwatch.contact"  # the keys of a contact stand below it, in events and in contacts


def lookup_index(table: str) -> str:
    """The index of a lookup table, by its name without prefix and ending."""
    return f"{PREFIX}lookup-{table.replace('_', '-')}"
