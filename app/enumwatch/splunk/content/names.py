"""Names of the app's knowledge objects, and the columns that its commands write. Nothing else spells them out."""

from __future__ import annotations

from ...core.contact import Contact
from ..commands import columns

APP = "enumwatch"

INDEX = "enumwatch_index"  # macro: the summary index
CONTACTS = "enumwatch_contacts"  # macro that finds contacts, and the source they are kept under
TRIAGE = "enumwatch_triage"  # macro: one finding, its playbook answered from the contacts
FINDINGS = "enumwatch_findings"  # KV-store lookup with the last word on each finding, and the source of every word
RUNS = "enumwatch_runs"  # KV-store lookup of what each run of a detection looked at

OVERVIEW, FINDING, SOURCES, HUNT = (f"enumwatch_{name}" for name in ("overview", "finding", "sources", "hunt"))

# `source` and `host` are Splunk's own fields of every event.
SPLUNK_NAMES = {"source": "log_source", "host": "src_host"}
CONTACT_COLUMNS = tuple(SPLUNK_NAMES.get(name, name) for name in Contact._fields)

RUN_COLUMNS = ("run", "detection", "ended", "summary")
MEMORY_COLUMNS = (columns.ROW_TYPE, *columns.MEMORY_COLUMNS)


def memory_of(detection: str) -> str:
    """Return the KV-store collection, and lookup, of what a detection remembers."""
    return f"enumwatch_memory_{detection}"


def filter_of(detection: str) -> str:
    """Return the macro in which an admin drops findings of a detection."""
    return f"enumwatch_{detection}_filter"


def rule_title(title: str) -> str:
    """Return the name of a detection's saved search."""
    return f"enumwatch - {title} - Rule"


def hunt_title(title: str) -> str:
    """Return the name of a hunt's saved search."""
    return f"enumwatch - Hunt - {title}"
