"""Macros: what an admin points at his index, and what turns its events into contacts, by source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...splunk.content.confs import Stanza
from .address import address_commands
from .contacts import contact_commands
from .events import COLUMNS, base_search, event_commands
from .outcomes import LOOKUP, outcome_commands
from .words import piped

Source = Mapping[str, Any]


def sources_in_splunk(rulebook: Mapping[str, Any]) -> dict[str, Source]:
    """The sources of a compiled rulebook whose log Splunk can hold, by id."""
    return {name: source for name, source in rulebook["sources"].items() if "splunk" in source}


def macro_stanzas(rulebook: Mapping[str, Any]) -> Iterator[Stanza]:
    """Three macros for each source, those that need an admin's hand first, and the two that all of them share."""
    sources = sources_in_splunk(rulebook)
    for name, source in sources.items():
        yield Stanza("macros", f"enumwatch_{name}", {"definition": base_search(source)})
    for name, source in sources.items():
        yield Stanza("macros", f"enumwatch_{name}_events", {"definition": events_of(source)})
        yield Stanza("macros", f"enumwatch_{name}_contacts", {"definition": "`enumwatch_grouped`"})
    yield Stanza("macros", "enumwatch_address", {"definition": piped(address_commands())})
    yield Stanza("macros", "enumwatch_grouped", {"definition": piped(contact_commands())})


def events_of(source: Source) -> str:
    """The search that follows a pipe and gives events: their columns, `_time` and the outcome."""
    return piped(
        [
            *event_commands(source),
            "`enumwatch_address`",
            *outcome_commands(source["provider"]),
            f"fields _time {' '.join(COLUMNS)} outcome",
            "fields - _raw",
        ]
    )


def contacts_search(name: str) -> str:
    """The search for the contacts of one source in the time range it is run over."""
    return f"`enumwatch_{name}` | `enumwatch_{name}_events` | `enumwatch_{name}_contacts`"


def lookup_stanza() -> Stanza:
    """The definition of the table of outcomes."""
    keys = {"filename": f"{LOOKUP}.csv", "case_sensitive_match": "true", "max_matches": "1"}
    return Stanza("transforms", LOOKUP, keys)
