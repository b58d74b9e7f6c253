"""Macros: what an admin points at his index, and what turns its events into contacts, by source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...splunk.content.confs import Stanza
from .address import address_commands
from .cim import cim_commands
from .contacts import contact_commands
from .events import COLUMNS, base_search, event_commands
from .outcomes import outcome_commands
from .words import piped, text

Source = Mapping[str, Any]


def sources_in_splunk(rulebook: Mapping[str, Any]) -> dict[str, Source]:
    """The sources of a compiled rulebook whose log Splunk can hold, by id."""
    return {name: source for name, source in rulebook["sources"].items() if "splunk" in source}


def macro_stanzas(rulebook: Mapping[str, Any]) -> Iterator[Stanza]:
    """Three macros for each source, those that need an admin's hand first, and what all of them share."""
    sources = sources_in_splunk(rulebook)
    for name, source in sources.items():
        yield _macro(f"enumwatch_{name}", base_search(source))
    for name, source in sources.items():
        yield _macro(f"enumwatch_{name}_events", events_of(source))
        yield _macro(f"enumwatch_{name}_contacts", "`enumwatch_grouped`")
    yield _macro("enumwatch_address", piped(address_commands()))
    yield _macro("enumwatch_grouped", piped(contact_commands()))
    yield _macro("enumwatch_cim_contacts", piped(cim_commands(sources)))


def _macro(name: str, definition: str) -> Stanza:
    return Stanza("macros", name, {"definition": definition, "iseval": "0"})


def events_of(source: Source) -> str:
    """The search that follows a pipe and gives events: their columns, `_time` and the outcome."""
    return piped(
        [
            *event_commands(source),
            "`enumwatch_address`",
            *outcome_commands(text(source["provider"])),
            f"fields _time {' '.join(COLUMNS)} outcome",
            "fields - _raw",
        ]
    )


def contacts_search(name: str) -> str:
    """The search for the contacts of one source in the time range it is run over."""
    return f"`enumwatch_{name}` | `enumwatch_{name}_events` | `enumwatch_{name}_contacts`"
