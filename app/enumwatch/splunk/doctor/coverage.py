"""What may be wrong with the events themselves: none, late, from the future, or without the fields that decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .asking import COUNTED, FIELDS_SEARCH, source_macro, times_search
from .exported import Rows
from .measures import DAY, HOUR, MINUTE, number, percent, span
from .trouble import Trouble

Sources = Mapping[str, Mapping[str, Any]]

# Rules look this far back for contacts of events that arrived in the last hour, and this far ahead.
_LATEST, _AHEAD = 7 * DAY, HOUR
_SKEW = 5 * MINUTE
_SILENT = 6 * HOUR
_FEW = 0.5  # of the rows: less is doubtful

_WHO = ("src_ip", "src_host", "actor")


def is_times(row: Mapping[str, str]) -> bool:
    """True for a row of the search that looks at the times of a log."""
    return {"source_id", "events"} <= row.keys()


def is_fields(row: Mapping[str, str]) -> bool:
    """True for a row of the search that looks at the fields of contacts."""
    return {"log_source", "contacts"} <= row.keys()


def check_times(rows: Rows, sources: Sources) -> Iterator[Trouble]:
    """Yield what is wrong with the times of each log; all in seconds."""
    for row in rows:
        source = row["source_id"]
        if source not in sources:
            yield Trouble("note", f"source {source}", "is unknown", "use the app and this program in one version")
            continue
        where = f"source {source}"
        if not number(row, "events"):
            yield Trouble(
                "broken",
                where,
                f"macro {source_macro(source)} finds no event of {sources[source]['title']} in a day",
                "set its index and sourcetype, and look whether events arrive there at all",
            )
            continue
        yield from _check_lateness(where, row)
        silent = number(row, "silent")
        if silent > _SILENT:
            yield Trouble(
                "doubtful", where, f"nothing has arrived for {span(silent)}", "look at the input and its errors"
            )


def check_fields(rows: Rows, sources: Sources) -> Iterator[Trouble]:
    """Yield what is wrong with the contacts of each log."""
    by_table = {table: source for source, rule in sources.items() for table in rule["emits"]}
    for row in rows:
        table, contacts = row["log_source"], number(row, "contacts")
        if table not in by_table:
            advice = "give it one of " + ", ".join(sorted(by_table))
            yield Trouble("doubtful", f"contacts of {table!r}", "no such log_source is known", advice)
        elif contacts:
            yield from _check_filled(f"contacts of {table}", row, contacts, sources[by_table[table]])


def check_both(times: Rows, fields: Rows, sources: Sources) -> Iterator[Trouble]:
    """Yield logs whose events are there and whose contacts are not."""
    tables = {row["log_source"] for row in fields}
    for row in times:
        rule = sources.get(row["source_id"])
        if rule is not None and number(row, "events") and not tables & set(rule["emits"]):
            yield Trouble(
                "broken",
                f"source {row['source_id']}",
                "has events and no contacts",
                f'enable "enumwatch - Contacts - {rule["title"]}", and fill what is there already with its backfill search',
            )


def _check_lateness(where: str, row: Mapping[str, str]) -> Iterator[Trouble]:
    late, least = number(row, "late"), number(row, "least_late")
    if least < -_SKEW:
        level = "broken" if least < -_AHEAD else "doubtful"
        advice = "set TZ for its sourcetype in props.conf, or the clock of the machine that writes it"
        yield Trouble(level, where, f"events are dated up to {span(-least)} after they arrived", advice)
    elif least > HOUR - _SKEW:
        advice = "set TZ for its sourcetype in props.conf if the log is quicker than that"
        yield Trouble("doubtful", where, f"even the quickest event arrives {span(least)} late", advice)
    if late > _LATEST:
        advice = "make the input quicker, or widen dispatch.earliest_time of the searches"
        yield Trouble("broken", where, f"events arrive {span(late)} late, searches look back {span(_LATEST)}", advice)
    elif late > HOUR:
        advice = "make the input run more often if findings should come sooner; none is lost"
        yield Trouble("note", where, f"events arrive up to {span(late)} late", advice)


def _check_filled(where: str, row: Mapping[str, str], contacts: float, rule: Mapping[str, Any]) -> Iterator[Trouble]:
    share = {name: number(row, f"{COUNTED}{name}") / contacts for name in _given_by(rule) if f"{COUNTED}{name}" in row}
    if share and not any(share.get(name) for name in _WHO):
        advice = f"compare the events with the fields of the add-on ({_addon(rule)}); without who there is no finding"
        yield Trouble("broken", where, "no row says who: src_ip, src_host and actor are empty", advice)
    elif 0 < share.get("src_ip", 1) < _FEW:
        advice = "rows without an address are counted by agent and tenant only; look which events lack it"
        yield Trouble("doubtful", where, f"src_ip is empty in {percent(1 - share['src_ip'])} of the rows", advice)
    hidden = number(row, "hidden") / contacts
    if not share.get("target", 1) and hidden < 1:
        advice = f"compare the events with the fields of the add-on ({_addon(rule)}); names cannot be counted"
        yield Trouble("broken", where, "target is empty in every row", advice)
    empty = sorted(name for name, part in share.items() if not part and name not in (*_WHO, "target"))
    if empty:
        advice = "nothing to do if the log has no such values; else compare it with the fields of the add-on"
        yield Trouble("note", where, f"always empty: {', '.join(empty)}", advice)
    ambiguous = number(row, "ambiguous") / contacts
    if ambiguous > _FEW:
        advice = "look at the values of code; unknown ones go into lookups/enumwatch_outcomes.csv"
        yield Trouble("doubtful", where, f"the answer is unknown in {percent(ambiguous)} of the rows", advice)


def _given_by(rule: Mapping[str, Any]) -> Iterable[str]:
    """Columns that the map of a source fills from what its add-on gives, under the names that they have in Splunk."""
    names = set(rule["splunk"]["fields"]) | {name for step in rule["event"] for name in step.get("set", ())}
    return sorted("src_host" if name == "host" else name for name in names)


def _addon(rule: Mapping[str, Any]) -> str:
    return str(rule["splunk"]["addon"])


def missing_parts(has_times: bool, has_fields: bool) -> Iterator[str]:
    """Yield what was not looked at, and how to have it looked at."""
    if not has_times:
        yield f"times were not looked at: run {times_search('...')!r} of each log that you have and export the results"
    if not has_fields:
        yield f"fields were not looked at: run {FIELDS_SEARCH!r} and export the result"
