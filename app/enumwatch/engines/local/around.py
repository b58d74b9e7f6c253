"""Around: the logs that were read and the contacts around each finding, for its triage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from ...core.contact import Contact
from ...core.context import Context
from ...core.triage import MOST_AROUND, Known, Reading, Wanted, triage, wanted
from ...core.verdict import Verdict
from .contacts import Contacts, microsecond_columns

Triages = dict[str, dict[str, Any]]
_ADDRESS, _NAME = "address", "name"
# What stands in a contact's row for each sort of value that is asked for.
_PLACES = (("src_ip", _ADDRESS), ("lower(target)", _NAME), ("lower(actor)", _NAME))
# The core asks the same of a tenant and of times; here it spares most of the rows that it would refuse.
_MAY_TELL = (
    'around."last" >= since AND around."first" <= until AND (around.tenant IN (\'\', wanted.tenant) '
    "OR wanted.tenant = '' OR list_contains(domains, lower(around.tenant)))"
)


def triages(contacts: Contacts, findings: Sequence[Verdict], context: Context) -> Triages:
    """The triage of each finding by its id; no more than one finding's contacts are in memory at a time."""
    if not findings:
        return {}
    told = [one.to_dict() for one in findings]
    asked = [wanted(one, context) for one in told]
    readings = {(tenant, source): Reading(first, last) for tenant, source, first, last in contacts.spans()}
    found: Triages = {}
    for number, around in _around(contacts, asked):
        one = told[number]
        found[one["finding_id"]] = triage(one, context, Known(asked[number].told_by(readings), around))
    return found


def _around(contacts: Contacts, asked: Sequence[Wanted]) -> Iterator[tuple[int, list[Contact]]]:
    """The contacts around each finding, sorted; findings by their number, all of them."""
    _pick(contacts, asked)
    done = 0
    for number, rows in groupby(_rows(contacts), itemgetter(0)):
        yield from ((one, []) for one in range(done, number))
        near = filter(asked[number].takes, (Contact._make(row[1:]) for row in rows))
        yield number, sorted(islice(near, MOST_AROUND))
        done = number + 1
    yield from ((one, []) for one in range(done, len(asked)))


def _pick(contacts: Contacts, asked: Sequence[Wanted]) -> None:
    """Fills the tables `wanted` with what is asked for each finding, and `around` with the contacts that have any of it."""
    store, db = contacts.store, contacts.store.db
    kept = ("finding INTEGER", "tenant VARCHAR", "domains VARCHAR[]", "since BIGINT", "until BIGINT")
    store.table("wanted", [*kept, "sort VARCHAR", "value VARCHAR"], ())
    for number, one in enumerate(asked):
        same = [number, one.tenant, sorted(one.domains), one.since, one.until]
        for sort, values in ((_ADDRESS, one.addresses - {""}), (_NAME, one.names - {""})):
            db.execute("INSERT INTO wanted SELECT ?, ?, ?, ?, ?, ?, unnest(?)", [*same, sort, sorted(values)])
    has_any = " OR ".join(f"{place} IN (SELECT value FROM wanted WHERE sort = '{sort}')" for place, sort in _PLACES)
    rows = f"SELECT {microsecond_columns()} FROM ({contacts.all_rows()}) AS one WHERE {has_any}"
    db.execute(f"CREATE OR REPLACE TEMP TABLE around AS {rows}")


def _rows(contacts: Contacts) -> Iterator[tuple[Any, ...]]:
    """The columns of each contact after the number of a finding it may be around, by finding and time."""
    pairs = " UNION ".join(
        f"SELECT finding, around.rowid AS id FROM around JOIN wanted ON {place} = value "
        f"WHERE sort = '{sort}' AND {_MAY_TELL}"
        for place, sort in _PLACES
    )
    columns = ", ".join(f'around."{name}"' for name in Contact._fields)
    return contacts.store.stream(
        f"SELECT finding, {columns} FROM ({pairs}) AS pair JOIN around ON around.rowid = id "
        'ORDER BY finding, "first", kind, source, tenant, src_ip, target, actor, code'
    )
