"""Contacts: the event table grouped into the contact table that every engine hands to the core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from ...core.contact import TIME_FIELDS, Contact
from ...core.event import TRYING_KINDS
from .extract import EVENT
from .reach import literal
from .state import ReadUntil, not_read_before
from .store import Store

TRYING = ", ".join(literal(kind) for kind in sorted(TRYING_KINDS))
_HEAD = ("kind", "source", "tenant")
_PLACE_KEYS = ("asn", "country", "user_agent")
_DETAIL_KEYS = ("app", "app_id", "client_app")
_NAME_KEYS = ("actor", "host", "target")

# Texts are trimmed and addresses brought into one form here, where there are fewest of them.
_ANSWERED = "(SELECT event.*, outcome FROM event JOIN answer USING (provider, code, reason))"
_SETTLED = (
    "(SELECT one.* REPLACE (coalesce(settled.address, one.src_ip) AS src_ip) "
    f"FROM {_ANSWERED} AS one LEFT JOIN settled ON one.src_ip = settled.written) AS answered"
)
_IS_SUCCESS = f"(outcome = 'success' AND kind IN ({TRYING}))"

_IDS_AT_ONCE = 1_500_000
# Each failing event can be a contact of its own; of successes one in five or fewer is a first one.
_CONTACTS_AT_ONCE = 500_000
_SUCCESSES_AT_ONCE = 2_000_000

# A place as one number: its address, else its machine, else the account that acted.
PLACE = "hash(tenant, CASE WHEN src_ip <> '' THEN 'i' || src_ip WHEN host <> '' THEN 'h' || host ELSE 'a' || actor END)"


def _trimmed(names: Iterable[str]) -> str:
    return ", ".join(f"trim({name}) AS {name}" for name in names)


class Contacts:
    """The contact table of a store. Failing rows are grouped at once; successes only as far as they are asked for.

    `since` and `until` (exclusive) bound the events, microseconds since 1970 UTC; what was `read_before` does not count again.
    """

    def __init__(
        self, store: Store, since: int | None = None, until: int | None = None, read_before: ReadUntil | None = None
    ) -> None:
        self.store = store
        bounds = [f"time >= make_timestamp({since})"] if since is not None else []
        bounds += [f"time < make_timestamp({until})"] if until is not None else []
        self._is_within = " AND ".join([f"state = {EVENT}", *bounds])
        self._is_new = not_read_before(read_before or {})
        self._is_event = f"{self._is_within} AND {self._is_new}" if self._is_new else self._is_within
        if self._is_new:
            store.db.execute(f"DELETE FROM given WHERE NOT {self._is_new.replace('time >', 'first >', 1)}")
        # Nearly always no address needs settling, and then nothing should pay for it.
        has_settled = bool(store.value("SELECT count(*) FROM settled"))
        self._answered = _SETTLED if has_settled else _ANSWERED
        self._has_repeated: bool | None = None

    def build(self) -> None:
        """Creates the table `contact`: the hourly contacts of failing events, of each id once."""
        # A view, for nearly always it is grouped once; only where ids stand twice its rows are written down.
        self.store.db.execute(
            f"CREATE OR REPLACE TEMP VIEW failing AS SELECT time, event_id, {_trimmed(_HEAD)}, src_ip, "
            f"{_trimmed(_PLACE_KEYS)}, {_trimmed(_DETAIL_KEYS)}, {_trimmed(_NAME_KEYS)}, target_visible, code, outcome "
            f"FROM {self._answered} WHERE {self._is_event} AND outcome <> 'noise' AND NOT {_IS_SUCCESS}"
        )
        failing = self._without_repeats() if self._find_repeated("failing WHERE true") else "failing"
        rows = self.store.value(f"SELECT (SELECT count(*) FROM {failing}) + (SELECT count(*) FROM given)")
        self.store.gather("contact", 1 + rows // _CONTACTS_AT_ONCE, partial(self._hourly, failing))

    def _hourly(self, failing: str, which: str) -> str:
        """SQL of the hourly contacts of some names."""
        is_asked = which.format("hash(target)")
        grouped = (
            "SELECT kind, source, tenant, time_bucket(INTERVAL 1 HOUR, time) AS hour, src_ip, asn, country, user_agent, "
            "app, app_id, client_app, actor, host, target, target_visible, code, outcome, count(*) AS attempts, "
            f"min(time) AS first, max(time) AS last FROM {failing} WHERE {is_asked} GROUP BY ALL"
        )
        if self.store.has_given:
            given = f"SELECT * FROM given WHERE NOT {_IS_SUCCESS} AND {is_asked}"
            grouped = _merged(f"SELECT * FROM ({grouped}) UNION ALL BY NAME {given}")
        return f"SELECT *, {PLACE} AS place, hash(target) AS name FROM ({grouped})"

    def _without_repeats(self) -> str:
        """Name of a table with one row of each event id; of rows that differ the first in the order of their content."""
        order = ", ".join(("time", *_HEAD, "src_ip", *_PLACE_KEYS, *_DETAIL_KEYS, *_NAME_KEYS, "code", "outcome"))
        once = "SELECT * FROM failing WHERE event_id IS NULL OR event_id NOT IN (SELECT event_id FROM repeated)"
        self.store.db.execute(
            f"CREATE OR REPLACE TEMP TABLE failing_once AS {once} UNION ALL "
            "SELECT * EXCLUDE (place_in_line) FROM (SELECT *, row_number() OVER "
            f"(PARTITION BY event_id ORDER BY {order}) AS place_in_line FROM failing SEMI JOIN repeated USING (event_id)) "
            "WHERE place_in_line = 1"
        )
        return "failing_once"

    def _find_repeated(self, rows: str) -> int:
        """How many event ids stand in more than one of some rows; they are in the table `repeated`.

        The ids of all rows can be more than memory holds, so they are looked at in parts.
        """
        number: int = self.store.value(f"SELECT count(event_id) FROM {rows}")
        parts = 1 + number // _IDS_AT_ONCE
        self.store.db.execute("CREATE OR REPLACE TEMP TABLE repeated (event_id UBIGINT)")
        for turn in range(parts):
            part = f"{rows} AND event_id IS NOT NULL AND event_id % {parts} = {turn}"
            # Counting first takes a fraction of the memory, and nearly always no two are the same.
            if self.store.value(f"SELECT count(*) > count(DISTINCT event_id) FROM {part}"):
                self.store.db.execute(
                    f"INSERT INTO repeated SELECT event_id FROM {part} GROUP BY event_id HAVING count(*) > 1"
                )
        found: int = self.store.value("SELECT count(*) FROM repeated")
        return found

    def read_before(self) -> int:
        """Events that an earlier run with the same state had read."""
        if not self._is_new:
            return 0
        return int(self.store.value(f"SELECT count(*) FROM event WHERE {self._is_within} AND NOT {self._is_new}"))

    def read_until(self) -> dict[tuple[str, str], int]:
        """Time of the last event by tenant and source, microseconds."""
        rows = self.store.rows(
            "SELECT tenant, source, epoch_us(max(last)) FROM (SELECT trim(tenant) AS tenant, trim(source) AS source, "
            f"max(time) AS last FROM event WHERE {self._is_event} GROUP BY ALL UNION ALL "
            "SELECT tenant, source, max(last) FROM given GROUP BY ALL) GROUP BY ALL"
        )
        return {(tenant, source): last for tenant, source, last in rows}

    def duplicates(self) -> dict[int, int]:
        """Events whose id had been seen before, by batch; the earlier batch keeps the event."""
        if not self._repeats_events():
            return {}
        self._find_repeated(f"event WHERE {self._is_event}")  # another search may have filled the table since
        return dict(
            self.store.rows(
                "SELECT batch, count(*) FROM (SELECT batch, row_number() OVER (PARTITION BY event_id ORDER BY batch) AS n "
                f"FROM event SEMI JOIN repeated USING (event_id) WHERE {self._is_event}) WHERE n > 1 GROUP BY batch"
            )
        )

    def span(self) -> tuple[int, int] | None:
        """Times of the first and the last event, microseconds; None where there are no events."""
        first, last = self.store.rows(
            "SELECT epoch_us(min(first)), epoch_us(max(last)) FROM (SELECT min(time) AS first, max(time) AS last "
            f"FROM event WHERE {self._is_event} UNION ALL SELECT min(first), max(last) FROM given)"
        )[0]
        return None if first is None else (first, last)

    def gather(self, name: str, select: Callable[[str], str]) -> None:
        """Creates a table of some of the contacts; see Store.gather."""
        self.store.gather(name, 1 + self.count() // _CONTACTS_AT_ONCE, select)

    def count(self) -> int:
        """Hourly contacts; successes are grouped only where somebody asks for them, so they are not among these."""
        found: int = self.store.value("SELECT count(*) FROM contact")
        return found

    def kinds(self) -> dict[str, int]:
        """Events by kind, repeated ones included."""
        return dict(
            self.store.rows(f"SELECT kind, count(*) FROM event WHERE {self._is_event} GROUP BY kind ORDER BY kind")
        )

    def unknown_codes(self) -> list[dict[str, object]]:
        """Codes of sign-ins and autodiscover that the outcome table does not have, most frequent first."""
        return self._codes(f"NOT is_known AND kind IN ({TRYING})")

    def noise(self) -> list[dict[str, object]]:
        """Codes that say nothing about names and make no contact, most frequent first."""
        return self._codes("outcome = 'noise'")

    def _codes(self, condition: str) -> list[dict[str, object]]:
        rows = self.store.rows(
            f"SELECT source, code, count(*) AS attempts FROM event JOIN answer USING (provider, code, reason) "
            f"WHERE {self._is_event} AND {condition} GROUP BY ALL ORDER BY attempts DESC, source, code"
        )
        return [{"source": source, "code": code, "attempts": attempts} for source, code, attempts in rows]

    def all_rows(self) -> str:
        """SQL of the whole contact table, successes per day included."""
        columns = ", ".join(f'"{name}"' for name in Contact._fields)
        daily = (
            f"SELECT {_trimmed(_HEAD)}, time_bucket(INTERVAL 1 DAY, time) AS hour, src_ip, {_trimmed(_PLACE_KEYS)}, "
            f"'' AS app, '' AS app_id, '' AS client_app, {_trimmed(_NAME_KEYS)}, target_visible, '' AS code, outcome, "
            f"{self._attempts()} AS attempts, "
            f"min(time) AS first, max(time) AS last FROM {self._answered} WHERE {self._is_event} AND {_IS_SUCCESS} GROUP BY ALL"
        )
        if self.store.has_given:
            daily = _merged(f"SELECT * FROM ({daily}) UNION ALL BY NAME SELECT * FROM given WHERE {_IS_SUCCESS}")
        return f"SELECT {columns} FROM (SELECT {columns} FROM contact UNION ALL BY NAME {daily})"

    def spans(self) -> Iterator[tuple[str, str, int, int]]:
        """Tenant, source, first and last event that makes a contact, of each log; microseconds since 1970 UTC."""
        rows = (
            'SELECT tenant, source, "first", "last" FROM contact UNION ALL '
            f"SELECT trim(tenant), trim(source), time, time FROM {self._answered} WHERE {self._is_event} AND {_IS_SUCCESS}"
        )
        if self.store.has_given:
            rows += f' UNION ALL SELECT tenant, source, "first", "last" FROM given WHERE {_IS_SUCCESS}'
        yield from self.store.stream(
            f'SELECT tenant, source, epoch_us(min("first")), epoch_us(max("last")) FROM ({rows}) GROUP BY ALL'
        )

    def _attempts(self) -> str:
        """SQL that counts events, each id once. Keeping all ids apart takes more memory than there is, and is rarely needed."""
        return "count(DISTINCT event_id) + count(*) FILTER (event_id IS NULL)" if self._repeats_events() else "count(*)"

    def _repeats_events(self) -> bool:
        """True where any event id stands twice; looked for once, as it means reading all of them."""
        if self._has_repeated is None:
            self._has_repeated = bool(self._find_repeated(f"event WHERE {self._is_event}"))
        return self._has_repeated

    @property
    def is_event(self) -> str:
        """SQL that holds for the events of this run in the event table."""
        return self._is_event

    @property
    def scratch(self) -> Path:
        """Folder for files of this run."""
        return self.store.scratch

    def copy(self, select: str, path: Path, options: str) -> int:
        """Writes the rows of a SELECT to a file; returns how many there were."""
        return int(self.store.value(f"COPY ({select}) TO {literal(str(path))} ({options})"))

    def with_codes(self, codes: Iterable[str]) -> Iterator[Contact]:
        """Hourly contacts with one of these codes."""
        listed = ", ".join(literal(code) for code in codes)
        yield from self.read(f"SELECT {microsecond_columns()} FROM contact WHERE code IN ({listed})")

    def everything(self) -> Iterator[Contact]:
        """Every contact, in no particular order."""
        yield from self.read(f"SELECT {microsecond_columns()} FROM ({self.all_rows()})")

    def gather_arrivals(self) -> None:
        """Creates the table `arrival`: the first success of each name with each agent at each place.

        These are successes of which the log says whose name it was.
        """
        rows = self.store.value("SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM given)")
        self.store.gather("arrival", 1 + rows // _SUCCESSES_AT_ONCE, self._first_successes)

    def _first_successes(self, which: str) -> str:
        is_asked = f"target_visible AND trim(target) <> '' AND {which.format('hash(trim(target))')}"
        rows = (
            f"SELECT source, tenant, src_ip, asn, user_agent, actor, host, target, time AS first FROM {self._answered} "
            f"WHERE {self._is_event} AND {_IS_SUCCESS} AND {is_asked}"
        )
        if self.store.has_given:
            rows += (
                " UNION ALL SELECT source, tenant, src_ip, asn, user_agent, actor, host, target, first FROM given "
                f"WHERE {_IS_SUCCESS} AND {is_asked}"
            )
        return (
            f"SELECT *, {PLACE} AS place, hash(target) AS name FROM (SELECT trim(tenant) AS tenant, "
            "min(trim(source)) AS source, src_ip, min(trim(asn)) AS asn, trim(user_agent) AS user_agent, "
            "trim(actor) AS actor, trim(host) AS host, trim(target) AS target, min(rows.first) AS first "
            f"FROM ({rows}) AS rows GROUP BY ALL)"
        )

    def read(self, sql: str) -> Iterator[Contact]:
        """Contacts of a query that gives their columns, times as microseconds."""
        return map(Contact._make, self.store.stream(sql))


def _merged(rows: str) -> str:
    """SQL of contacts in which rows with equal keys became one."""
    keys = ", ".join(f'"{name}"' for name in Contact._fields[:17])
    return (
        f"SELECT {keys}, sum(rows.attempts)::BIGINT AS attempts, min(rows.first) AS first, max(rows.last) AS last "
        f"FROM ({rows}) AS rows GROUP BY {keys}"
    )


def microsecond_columns() -> str:
    """SQL of the columns of a contact as the core wants them."""
    return ", ".join(
        f'epoch_us("{name}") AS "{name}"' if name in TIME_FIELDS else f'"{name}"' for name in Contact._fields
    )
