"""What a page may name: everything the product has, asked of the product itself."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from typing import Any

from tests.splunk.language import used

from enumwatch.cli import command_line
from enumwatch.core.allowlist import ENTRY_TYPES
from enumwatch.core.event import KINDS
from enumwatch.core.evidence import Evidence
from enumwatch.core.verdict import Actor, Verdict
from enumwatch.elastic import names as elastic_names
from enumwatch.elastic.kibana.rules import shipped
from enumwatch.elastic.mappings import contact_mapping, verdict_mapping
from enumwatch.lookups import COLUMNS, shipped_lookups
from enumwatch.splunk.content.build import MAKERS
from enumwatch.splunk.content.names import FINDING
from enumwatch.splunk.reference import columns_of, declared

from .reading import rulebook

PLACEHOLDERS = frozenset({"FINDING", "logs/"})
_MACRO = re.compile(r"`(\w+)`")
_LOOKUP = re.compile(r"\binputlookup (?:append=t )?(\w+)")
_OPTION = re.compile(r"--[a-z-]+ ?[A-Z]*")


@lru_cache(maxsize=1)
def stanzas() -> dict[str, set[str]]:
    """Names of the app's stanzas by conf file."""
    found: dict[str, set[str]] = {}
    for maker in MAKERS:
        for stanza in maker():
            found.setdefault(stanza.file, set()).add(stanza.name)
    return found


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every name that is no command and no search."""
    record = {one.name for kind in (Evidence, Verdict, Actor) for one in fields(kind)}
    record |= {f"actor.{one.name}" for one in fields(Actor)}
    rules = rulebook()
    limits = {name for rule in rules.detections.values() for name in rule.limits}
    splunk = stanzas()["savedsearches"] | stanzas()["macros"] | {FINDING}
    splunk |= {one.name for one in declared()} | {column for one in declared() for column in columns_of(one)}
    elastic = {elastic_names.VERDICTS, elastic_names.CONTACTS} | {one["name"] for one in shipped()}
    tables = {path.name for path in shipped_lookups().glob("*.csv")} | {c for some in COLUMNS.values() for c in some}
    return frozenset(
        record
        | limits
        | splunk
        | elastic
        | tables
        | set(KINDS)
        | set(ENTRY_TYPES)
        | PLACEHOLDERS
        | set(rules.detections)
    )


def parsed(command: str) -> Any:
    """What the command line makes of a command; raises SystemExit where it refuses it."""
    program, *arguments = shlex.split(command)
    assert program == "enumwatch"
    return command_line().parse_args(arguments)


def faults_of_search(search: str) -> Iterator[str]:
    """What a search names that is not there."""
    for macro in _MACRO.findall(search):
        if macro not in stanzas()["macros"]:
            yield f"no macro {macro}"
    for lookup in _LOOKUP.findall(search):
        if lookup not in stanzas()["transforms"]:
            yield f"no lookup {lookup}"
    known = set(stanzas()["commands"]) | {"search", "inputlookup", "mvexpand", "rename", "fields", "format"}
    commands, _ = used(_MACRO.sub("search", search))
    yield from (f"no command {one}" for one in sorted(commands - known - {"table", "sort"}))


def faults_of_query(query: str) -> Iterator[str]:
    """What a query of Kibana asks that no document has."""
    for field in re.findall(r"([\w.@]+):", query):
        if not (is_field(field, verdict_mapping()) or is_field(field, contact_mapping())):
            yield f"no field {field}"


def is_field(path: str, mapping: Any) -> bool:
    """Whether documents of a mapping have the field."""
    here = mapping
    for name in path.split("."):
        here = here.get("properties", {}).get(name)
        if here is None:
            return False
    return True


def is_option(text: str) -> bool:
    """Whether some command has the option."""
    return bool(_OPTION.fullmatch(text)) and text.split()[0] in _options()


@lru_cache(maxsize=1)
def _options() -> frozenset[str]:
    found, waiting = set(), [command_line()]
    while waiting:
        parser = waiting.pop()
        for action in parser._actions:
            found |= set(action.option_strings)
            if isinstance(action.choices, dict):
                waiting += list(action.choices.values())
    return frozenset(found)
