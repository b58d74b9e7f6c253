"""Contacts of the same logs, once by the searches of the app on the SPL engine and once by DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from enumwatch.core.contact import Contact
from enumwatch.core.outcome import OutcomeTable
from enumwatch.engines.local.scan import Request, counted
from enumwatch.engines.splunk.macros import contacts_search, macro_stanzas, sources_in_splunk
from enumwatch.engines.splunk.outcomes import LOOKUP, outcome_keys
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.splunk.content.names import CONTACT_COLUMNS

from .engine import Engine, Row
from .expanding import expand, macros_of
from .indexed import Event

SOURCES = tuple(sources_in_splunk(compiled()))


@lru_cache(maxsize=1)
def outcomes() -> OutcomeTable:
    return load_lookups(None).outcomes


def expanded(search: str) -> str:
    """A search with the app's macros put in."""
    return expand(search, macros_of(list(macro_stanzas(compiled()))))


def prepare(engine: Engine) -> None:
    """Gives the engine the table of outcomes."""
    providers = sorted({source["provider"] for source in sources_in_splunk(compiled()).values()})
    with TemporaryDirectory() as folder:
        Path(folder, f"{LOOKUP}.csv").write_text(outcome_keys(outcomes(), providers), encoding="utf-8")
        engine.load_lookups(Path(folder))


def by_splunk(engine: Engine, source: str, events: Iterable[Event]) -> list[Contact]:
    """Contacts of indexed events, sorted."""
    engine.load(events)
    prepare(engine)
    return sorted(contact(row) for row in engine.run(expanded(contacts_search(source))))


def contact(row: Row) -> Contact:
    """A row of the searches as the core's record."""
    values = {name: row.get(name, "") for name in CONTACT_COLUMNS}
    for name in ("hour", "first", "last"):
        values[name] = round(float(values[name]) * 1_000_000)
    values["attempts"] = int(values["attempts"])
    values["target_visible"] = values["target_visible"] == "true"
    return Contact(*(value if isinstance(value, (int, bool)) else str(value) for value in values.values()))


def by_duckdb(paths: Iterable[Path], source: str | None = None) -> list[Contact]:
    """Contacts of the files themselves, sorted."""
    request = Request([str(path) for path in paths], compiled(), load_lookups(None))
    with counted(request, lambda _: None) as (contacts, _):
        found = list(contacts.everything())
    return sorted(found)
