"""Writes what of the Splunk app follows from how events become contacts: the table of outcomes, and stanzas of conf files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...lookups import load_lookups, shipped_lookups
from ...rulebook.compiling import compile
from ...rulebook.load import load
from ...splunk.content.confs import Stanza
from .macros import macro_stanzas, sources_in_splunk
from .outcomes import LOOKUP, outcome_keys
from .summary import summary_stanzas


def stanzas() -> Iterator[Stanza]:
    """Yield macros and the searches that fill the summary."""
    rulebook = compile(load())
    yield from macro_stanzas(rulebook)
    yield from summary_stanzas(rulebook)


def build(folder: Path | None = None) -> None:
    """Write the table of outcomes as Splunk looks it up."""
    _file(folder).write_text(_table(), encoding="utf-8", newline="\n")


def stale(folder: Path | None = None) -> list[Path]:
    """Return the table where it is not what the outcome table says."""
    file = _file(folder)
    return [] if file.is_file() and file.read_text(encoding="utf-8") == _table() else [file]


def _file(folder: Path | None) -> Path:
    return (folder or shipped_lookups()) / f"{LOOKUP}.csv"


def _table() -> str:
    providers = sorted({source["provider"] for source in sources_in_splunk(compile(load())).values()})
    return outcome_keys(load_lookups(None).outcomes, providers)
