"""Contacts: the commands that group events of any source into the contact table."""

from __future__ import annotations

from ...core.contact import DROPPED_FOR_SUCCESS
from ...core.event import TRYING_KINDS
from ...splunk.content.names import CONTACT_COLUMNS
from .words import is_one_of

_HOUR, _DAY = 3600, 86400
# Stands for an empty text while rows are grouped: it is none of the values, and no step can take it for a missing one.
EMPTY = "-"

_IS_SUCCESS = 'ew_success="yes"'

_NEVER_EMPTY = ("kind", "log_source", "hour", "target_visible", "outcome")
KEYS = CONTACT_COLUMNS[: CONTACT_COLUMNS.index("attempts")]
TEXT_KEYS = tuple(name for name in KEYS if name not in _NEVER_EMPTY)


def contact_commands() -> list[str]:
    """Commands that turn events with an outcome into contacts; `_time` of a contact is its first attempt."""
    filled = [f'{name}=if(len({name})>0,{name},"{EMPTY}")' for name in TEXT_KEYS]
    return [
        *grain_commands("_time"),
        "eval " + ",\n    ".join(filled),
        "stats count AS ew_events count(event_id) AS ew_named dc(event_id) AS ew_ids min(_time) AS first max(_time) AS last "
        f"BY {' '.join(KEYS)}",
        "eval attempts=ew_events-ew_named+ew_ids",
        *text_commands(),
        f"table _time {' '.join(CONTACT_COLUMNS)}",
    ]


def grain_commands(time: str) -> list[str]:
    """Commands that drop noise and give `hour`: the day of a success, which keeps fewer keys, else the hour of `time`."""
    dropped = [f'{name}=if({_IS_SUCCESS},"{EMPTY}",{name})' for name in DROPPED_FOR_SUCCESS]
    return [
        'where outcome!="noise"',
        f'eval ew_success=if(outcome="success" AND {is_one_of("kind", sorted(TRYING_KINDS))},"yes","no")',
        f"eval hour=if({_IS_SUCCESS},floor({time}/{_DAY})*{_DAY},floor({time}/{_HOUR})*{_HOUR})",
        "eval " + ", ".join(dropped),
    ]


def text_commands() -> list[str]:
    """Commands that make what stood for an empty text empty again, and a contact's time that of its first attempt."""
    emptied = [f'{name}=if({name}="{EMPTY}","",{name})' for name in TEXT_KEYS]
    return ["eval " + ",\n    ".join(emptied), "eval _time=first"]
