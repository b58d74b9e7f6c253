"""Contacts: the event table grouped into the contact table that every engine hands to the core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ...core.contact import ECHO_EVENT, ECHOED_EVENT, Contact
from ...core.event import TRYING_KINDS
from ...core.scope import Limits
from .extract import EVENT
from .reach import literal
from .store import Store

_TRYING = ", ".join(literal(kind) for kind in sorted(TRYING_KINDS))
_MISSING = "('not_found', 'wrong_realm')"
_HEAD = ("kind", "source", "tenant")
_PLACE_KEYS = ("asn", "country", "user_agent")
_DETAIL_KEYS = ("app", "app_id", "client_app")
_NAME_KEYS = ("actor", "host", "target")

# Texts are trimmed and addresses brought into one form here, where there are fewest of them.
_ADDRESS = "coalesce(settled.address, src_ip) AS src_ip"
_ANSWERED = (
    "(SELECT event.*, outcome FROM event JOIN answer USING (provider, code, reason)) AS answered "
    "LEFT JOIN settled ON src_ip = settled.written"
)
_IS_SUCCESS = f"(outcome = 'success' AND kind IN ({_TRYING}))"


# Failed tries of the kinds that try names, without those of a name that had signed in at the place with the same agent:
# the core leaves those out as well.
_UNFAMILIAR = (
    "SELECT one.* FROM contact AS one LEFT JOIN success AS before ON one.tenant = before.tenant "
    "AND one.src_ip = before.src_ip AND one.host = before.host AND one.user_agent = before.user_agent "
    "AND one.actor = before.actor AND one.target = before.target AND one.target_visible AND before.target_visible "
    "AND one.target <> '' "
    f"WHERE one.kind IN ({_TRYING}) AND (before.first IS NULL OR before.first >= one.first OR one.outcome IN {_MISSING})"
)
# What the core takes for one attempt that Windows wrote down twice; its names are compared without their letters beyond
# ASCII, of which DuckDB and Python have different small forms.
_ECHOES = f"kind = 'sign_in' AND client_app IN ({literal(ECHO_EVENT)}, {literal(ECHOED_EVENT)})"
_ECHO_KEY = (
    "(tenant, hour, regexp_replace(lower(target), '[^ -~]', '', 'g'), "
    "CASE WHEN contains(code, ':') THEN substr(code, instr(code, ':') + 1) ELSE '' END)"
)


def _place_of(table: str) -> str:
    """SQL of the place of a row, one text for each address, machine or account."""
    return (
        f"CASE WHEN {table}.src_ip <> '' THEN 'i' || {table}.src_ip WHEN {table}.host <> '' THEN 'h' || {table}.host "
        f"ELSE 'a' || {table}.actor END"
    )


def _trimmed(names: Iterable[str]) -> str:
    return ", ".join(f"trim({name}) AS {name}" for name in names)


class Contacts:
    """The contact table of a store. Failing rows are grouped at once; successes only as far as they are asked for.

    `since` and `until` (exclusive) bound the events, microseconds since 1970 UTC.
    """

    def __init__(self, store: Store, since: int | None = None, until: int | None = None) -> None:
        self._store = store
        bounds = [f"time >= make_timestamp({since})"] if since is not None else []
        bounds += [f"time < make_timestamp({until})"] if until is not None else []
        self._is_event = " AND ".join([f"state = {EVENT}", *bounds])

    def build(self) -> None:
        """Creates the tables `failing` (events, each id once) and `contact` (their hourly contacts)."""
        self._store.db.execute(
            f"CREATE OR REPLACE TEMP TABLE failing AS SELECT time, event_id, {_trimmed(_HEAD)}, {_ADDRESS}, "
            f"{_trimmed(_PLACE_KEYS)}, {_trimmed(_DETAIL_KEYS)}, {_trimmed(_NAME_KEYS)}, target_visible, code, outcome "
            f"FROM {_ANSWERED} WHERE {self._is_event} AND outcome <> 'noise' AND NOT {_IS_SUCCESS}"
        )
        rows, ids = self._store.rows("SELECT count(event_id), count(DISTINCT event_id) FROM failing")[0]
        if rows > ids:
            self._drop_repeats()
        grouped = (
            "SELECT kind, source, tenant, time_bucket(INTERVAL 1 HOUR, time) AS hour, src_ip, asn, country, user_agent, "
            "app, app_id, client_app, actor, host, target, target_visible, code, outcome, count(*) AS attempts, "
            "min(time) AS first, max(time) AS last FROM failing GROUP BY ALL"
        )
        if self._store.has_given:
            grouped = _merged(
                f"SELECT * FROM ({grouped}) UNION ALL BY NAME SELECT * FROM given WHERE NOT {_IS_SUCCESS}"
            )
        self._store.db.execute(f"CREATE OR REPLACE TEMP TABLE contact AS {grouped}")

    def _drop_repeats(self) -> None:
        """Keeps one row of each event id; of rows that differ the first in the order of their content."""
        order = ", ".join(("time", *_HEAD, "src_ip", *_PLACE_KEYS, *_DETAIL_KEYS, *_NAME_KEYS, "code", "outcome"))
        self._store.db.execute(
            "CREATE OR REPLACE TEMP TABLE failing AS SELECT * FROM failing WHERE event_id IS NULL UNION ALL "
            "SELECT * EXCLUDE (place_in_line) FROM (SELECT *, row_number() OVER "
            f"(PARTITION BY event_id ORDER BY {order}) AS place_in_line FROM failing WHERE event_id IS NOT NULL) "
            "WHERE place_in_line = 1"
        )

    def duplicates(self) -> dict[int, int]:
        """Events whose id had been seen before, by batch; the earlier batch keeps the event."""
        rows, ids = self._store.rows(
            f"SELECT count(event_id), count(DISTINCT event_id) FROM event WHERE {self._is_event}"
        )[0]
        if rows == ids:
            return {}
        return dict(
            self._store.rows(
                "SELECT batch, count(*) FROM (SELECT batch, row_number() OVER (PARTITION BY event_id ORDER BY batch) AS n "
                f"FROM event WHERE {self._is_event} AND event_id IS NOT NULL) WHERE n > 1 GROUP BY batch"
            )
        )

    def span(self) -> tuple[int, int] | None:
        """Times of the first and the last event, microseconds; None where there are no events."""
        first, last = self._store.rows(
            "SELECT epoch_us(min(first)), epoch_us(max(last)) FROM (SELECT min(time) AS first, max(time) AS last "
            f"FROM event WHERE {self._is_event} UNION ALL SELECT min(first), max(last) FROM given)"
        )[0]
        return None if first is None else (first, last)

    def count(self) -> int:
        """Rows of the contact table, successes per day included."""
        found: int = self._store.value(f"SELECT count(*) FROM ({self.all_rows()})")
        return found

    def kinds(self) -> dict[str, int]:
        """Events by kind, repeated ones included."""
        return dict(
            self._store.rows(f"SELECT kind, count(*) FROM event WHERE {self._is_event} GROUP BY kind ORDER BY kind")
        )

    def unknown_codes(self) -> list[dict[str, object]]:
        """Codes of sign-ins and autodiscover that the outcome table does not have, most frequent first."""
        return self._codes(f"NOT is_known AND kind IN ({_TRYING})")

    def noise(self) -> list[dict[str, object]]:
        """Codes that say nothing about names and make no contact, most frequent first."""
        return self._codes("outcome = 'noise'")

    def _codes(self, condition: str) -> list[dict[str, object]]:
        rows = self._store.rows(
            f"SELECT source, code, count(*) AS attempts FROM event JOIN answer USING (provider, code, reason) "
            f"WHERE {self._is_event} AND {condition} GROUP BY ALL ORDER BY attempts DESC, source, code"
        )
        return [{"source": source, "code": code, "attempts": attempts} for source, code, attempts in rows]

    def all_rows(self) -> str:
        """SQL of the whole contact table, successes per day included."""
        columns = ", ".join(f'"{name}"' for name in Contact._fields)
        daily = (
            f"SELECT {_trimmed(_HEAD)}, time_bucket(INTERVAL 1 DAY, time) AS hour, {_ADDRESS}, {_trimmed(_PLACE_KEYS)}, "
            f"'' AS app, '' AS app_id, '' AS client_app, {_trimmed(_NAME_KEYS)}, target_visible, '' AS code, outcome, "
            "count(DISTINCT event_id) + count(*) FILTER (event_id IS NULL) AS attempts, "
            f"min(time) AS first, max(time) AS last FROM {_ANSWERED} WHERE {self._is_event} AND {_IS_SUCCESS} GROUP BY ALL"
        )
        if self._store.has_given:
            daily = _merged(f"SELECT * FROM ({daily}) UNION ALL BY NAME SELECT * FROM given WHERE {_IS_SUCCESS}")
        return f"SELECT {columns} FROM (SELECT * FROM contact UNION ALL BY NAME {daily})"

    @property
    def scratch(self) -> Path:
        """Folder for files of this run."""
        return self._store.scratch

    def copy(self, select: str, path: Path, options: str) -> int:
        """Writes the rows of a SELECT to a file; returns how many there were."""
        return int(self._store.value(f"COPY ({select}) TO {literal(str(path))} ({options})"))

    def everything(self) -> Iterator[Contact]:
        """Every contact, in no particular order."""
        columns = ", ".join(_as_microseconds(name) for name in Contact._fields)
        yield from self._read(f"SELECT {columns} FROM ({self.all_rows()})")

    def relevant(self, limits: Limits, is_decoy: Callable[[str, str], bool] | None = None) -> Iterator[Contact]:
        """Contacts that can change a verdict of the rules that watch places, and all of other kinds.

        A place can raise something only if some hour and the next together hold what one of the rules asks for of a window
        of one hour, or a decoy (`is_decoy` tells by name and tenant). Of successes only the first of a name with an agent at such a place says
        anything: the rules ask whether a name had signed in there before, and a later success repeats the answer.
        """
        self._store.db.execute(f"CREATE OR REPLACE TEMP TABLE success AS {self._first_successes()}")
        self._store.db.execute(f"CREATE OR REPLACE TEMP TABLE busy AS {_busy_places(limits)}")
        if is_decoy is not None:
            self._add_places_of_decoys(is_decoy)
        columns = ", ".join(_as_microseconds(name) for name in Contact._fields)
        is_busy = "(tenant, {}) IN (SELECT (tenant, place) FROM busy)"
        at_busy_place = is_busy.format(_place_of("contact"))
        # Whether a 4776 is an echo depends on the rows of its name at every place.
        is_told_twice = (
            f"{_ECHOES} AND {_ECHO_KEY} IN (SELECT {_ECHO_KEY} FROM contact WHERE {at_busy_place} "
            f"AND kind = 'sign_in' AND client_app = {literal(ECHO_EVENT)})"
        )
        yield from self._read(
            f"SELECT {columns} FROM contact WHERE kind NOT IN ({_TRYING}) OR ({is_told_twice}) "
            f"UNION ALL SELECT {columns} FROM (SELECT * FROM ({_UNFAMILIAR}) EXCEPT ALL SELECT * FROM contact "
            f"WHERE {is_told_twice}) AS contact WHERE {at_busy_place} "
            f"UNION ALL SELECT {columns} FROM success WHERE {is_busy.format(_place_of('success'))}"
        )

    def _add_places_of_decoys(self, is_decoy: Callable[[str, str], bool]) -> None:
        tried = self._store.rows(f"SELECT DISTINCT target, tenant FROM contact WHERE kind IN ({_TRYING})")
        self._store.table("bait", ["target VARCHAR", "tenant VARCHAR"], [one for one in tried if is_decoy(*one)])
        self._store.db.execute(
            f"INSERT INTO busy SELECT tenant, {_place_of('contact')} FROM contact SEMI JOIN bait USING (target, tenant)"
        )

    def _first_successes(self) -> str:
        """SQL of the first success of each name with each agent at each place, as a contact."""
        rows = (
            f"SELECT kind, source, tenant, {_ADDRESS}, asn, country, user_agent, actor, host, target, target_visible, "
            f"time AS first FROM {_ANSWERED} WHERE {self._is_event} AND {_IS_SUCCESS}"
        )
        if self._store.has_given:
            rows += (
                " UNION ALL SELECT kind, source, tenant, src_ip, asn, country, user_agent, actor, host, target, "
                f"target_visible, first FROM given WHERE {_IS_SUCCESS}"
            )
        return (
            "SELECT min(kind) AS kind, min(source) AS source, tenant, time_bucket(INTERVAL 1 DAY, min(first)) AS hour, "
            "src_ip, min(asn) AS asn, min(country) AS country, user_agent, '' AS app, '' AS app_id, '' AS client_app, "
            "actor, host, target, bool_or(target_visible) AS target_visible, '' AS code, 'success' AS outcome, "
            f"1 AS attempts, min(rows.first) AS first, min(rows.first) AS last FROM ({rows}) AS rows "
            "GROUP BY tenant, src_ip, user_agent, actor, host, target"
        )

    def _read(self, sql: str) -> Iterator[Contact]:
        found = self._store.db.execute(sql)
        while rows := found.fetchmany(20_000):
            for row in rows:
                yield Contact._make(row)


def _merged(rows: str) -> str:
    """SQL of contacts in which rows with equal keys became one."""
    keys = ", ".join(f'"{name}"' for name in Contact._fields[:17])
    return (
        f"SELECT {keys}, sum(rows.attempts)::BIGINT AS attempts, min(rows.first) AS first, max(rows.last) AS last "
        f"FROM ({rows}) AS rows GROUP BY {keys}"
    )


def _busy_places(limits: Limits) -> str:
    """SQL of (tenant, place) of every place that can raise something in some hour and the next.

    Once somebody has signed in at a place the rules look at one agent there, and once several have, they ask for more.
    """
    tried = (
        f"SELECT tenant, {_place_of('contact')} AS place, user_agent, target, attempts, "
        f"unnest([hour, hour + INTERVAL 1 HOUR]) AS window_hour, outcome IN {_MISSING} AS is_missing, "
        f"target = '' OR NOT target_visible AS is_hidden FROM ({_UNFAMILIAR}) AS contact"
    )
    per_name = (
        "SELECT tenant, place, user_agent, window_hour, target, sum(attempts) AS attempts, bool_or(is_missing) AS "
        "is_missing, bool_or(NOT is_missing) AS is_there, bool_or(is_hidden) AS is_hidden "
        f"FROM ({tried}) GROUP BY ALL"
    )
    first_users = (
        f"SELECT tenant, {_place_of('success')} AS place, min(first, {limits.shared_users}) AS firsts FROM "
        f"(SELECT tenant, src_ip, host, actor, target, min(first) AS first FROM success GROUP BY ALL) AS success GROUP BY ALL"
    )
    window = (
        "SELECT tried.*, coalesce(window_hour - INTERVAL 1 HOUR > firsts[1], false) AS is_warm, "
        f"coalesce(window_hour - INTERVAL 1 HOUR > firsts[{limits.shared_users}], false) AS is_shared "
        f"FROM ({per_name}) AS tried LEFT JOIN ({first_users}) AS users USING (tenant, place)"
    )
    place_limits = _having(limits, "target", limits.alarm_names, min(limits.spray_names, limits.unclear_names))
    shared_limits = _having(
        limits, "target", limits.shared_alarm_names, min(limits.spray_shared_names, limits.shared_alarm_names)
    )
    return (
        f"WITH tried AS MATERIALIZED ({window}) "
        "SELECT DISTINCT tenant, place FROM tried GROUP BY tenant, place, window_hour "
        f"HAVING (NOT bool_and(is_warm) OR bool_or(user_agent = '')) AND ({place_limits}) "
        "UNION SELECT DISTINCT tenant, place FROM tried GROUP BY tenant, place, user_agent, window_hour "
        f"HAVING (NOT bool_and(is_shared) AND ({place_limits})) OR ({shared_limits})"
    )


def _having(limits: Limits, name: str, missing: int, there: int) -> str:
    return (
        f"count(DISTINCT {name}) FILTER (is_missing) >= {missing} "
        f"OR sum(attempts) FILTER (is_hidden AND is_missing) >= {limits.hidden_attempts} "
        f"OR count(DISTINCT {name}) FILTER (is_there) >= {there} "
        f"OR count(DISTINCT {name}) FILTER (is_there AND attempts >= {limits.round_attempts}) >= {limits.round_names} "
        f"OR sum(attempts) FILTER (is_there) >= {min(limits.guess_burst_attempts, limits.guess_hour_attempts)}"
    )


def _as_microseconds(name: str) -> str:
    return f'epoch_us("{name}") AS "{name}"' if name in ("hour", "first", "last") else f'"{name}"'
