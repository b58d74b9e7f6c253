"""Log rows: what files tell of their logs, by one look over the contacts and one over the times of arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.contact import DROPPED_FOR_SUCCESS
from ...visibility.record import HOUR_SECONDS, MICROSECONDS, Lateness, LogRow, Told, source_of_log
from .contacts import TRYING, Contacts

FILES = "files"
_ARRIVAL_UNREAD = "how late events arrive was not looked at: `enumwatch visibility` with the same paths tells it"
_FAILS = f"NOT (outcome = 'success' AND kind IN ({TRYING}))"


def told_by_files(contacts: Contacts, rulebook: Mapping[str, Any], clock: int) -> Told:
    """Return what the files behind some contacts tell; `clock` is the time now in microseconds.

    Files end when somebody took them, so what is known ends with the last event of all logs, or at the clock.
    """
    rows = tuple(_rows(contacts, tuple(rulebook["visibility"]["fields"])))
    last = max((row.last for row in rows if row.last <= clock), default=clock)
    if not contacts.store.keeps_arrival:
        return Told(FILES, rows, last, clock, notes=(_ARRIVAL_UNREAD,))
    return Told(FILES, rows, last, clock, _lateness(contacts, source_of_log(rulebook)))


def _rows(contacts: Contacts, fields: Sequence[str]) -> list[LogRow]:
    # By the hour in which contacts began, there are few rows to look at twice.
    filled = ", ".join(f"coalesce(sum(attempts) FILTER ({_is_filled(name)}), 0) AS has_{name}" for name in fields)
    contacts.store.db.execute(
        f"CREATE OR REPLACE TEMP TABLE told AS SELECT source, kind, client_app, CASE WHEN outcome = 'ambiguous' AND kind IN "
        f"({TRYING}) THEN code ELSE '' END AS doubtful, epoch_us(one.first) // {MICROSECONDS * HOUR_SECONDS} AS began, "
        f"sum(attempts) AS attempts, coalesce(sum(attempts) FILTER ({_FAILS}), 0) AS failing, "
        "coalesce(sum(attempts) FILTER (NOT target_visible), 0) AS hidden, min(one.first) AS first, max(one.last) AS last, "
        f"{filled} FROM ({contacts.all_rows()}) AS one GROUP BY ALL"
    )
    sums = ", ".join(f"sum(has_{name})" for name in fields)
    found = contacts.store.rows(
        "SELECT told.source, kind, client_app, doubtful, sum(attempts), sum(failing), sum(hidden), epoch_us(min(told.first)), "
        f"epoch_us(max(told.last)), any_value(pause.pause), {sums} FROM told JOIN ({_PAUSES}) AS pause USING (source) "
        "GROUP BY ALL ORDER BY ALL"
    )
    contacts.store.db.execute("DROP TABLE told")
    return [
        LogRow._make((*row[:4], *map(int, row[4:10]), dict(zip(fields, map(int, row[10:]), strict=True))))
        for row in found
    ]


_HOURS = "SELECT DISTINCT source, began FROM told"
_PAUSES = (
    f"SELECT source, coalesce(max(pause), 0) * {HOUR_SECONDS} AS pause FROM (SELECT source, began - lag(began) "
    f"OVER (PARTITION BY source ORDER BY began) AS pause FROM ({_HOURS})) GROUP BY source"
)


def _is_filled(name: str) -> str:
    """SQL that holds for the contacts with a value; a success keeps none of some fields."""
    return f"{name} <> ''" + (f" AND {_FAILS}" if name in DROPPED_FOR_SUCCESS else "")


def _lateness(contacts: Contacts, sources: Mapping[str, str]) -> dict[str, Lateness]:
    """Seconds by source of the rulebook, of the records that say when they arrived."""
    cases = " ".join(f"WHEN '{log}' THEN '{name}'" for log, name in sources.items())
    lag = "epoch_us(arrival) - epoch_us(time)"
    found = contacts.store.rows(
        f"SELECT CASE source {cases} END AS name, min(lag), quantile_disc(lag, 0.5), quantile_disc(lag, 0.95), max(lag) "
        f"FROM (SELECT trim(source) AS source, {lag} AS lag FROM event WHERE {contacts.is_event} AND arrival IS NOT NULL) "
        "GROUP BY name HAVING name IS NOT NULL"
    )
    return {name: Lateness(*(value / MICROSECONDS for value in values)) for name, *values in found}
