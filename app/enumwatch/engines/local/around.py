"""Around: the logs that were read and the contacts around each finding, for its triage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...core.contact import Contact
from ...core.context import Context
from ...core.triage import MOST_AROUND, Known, Reading, Wanted, triage, wanted
from ...core.verdict import Verdict
from .contacts import Contacts, microsecond_columns

Triages = dict[str, dict[str, Any]]
Readings = Mapping[tuple[str, str], Reading]  # by tenant and source


def triages(contacts: Contacts, findings: Sequence[Verdict], context: Context) -> Triages:
    """The triage of each finding by its id."""
    if not findings:
        return {}
    told = [one.to_dict() for one in findings]
    asked = {one["finding_id"]: wanted(one, context) for one in told}
    around = _around(contacts, asked)
    readings = _readings(contacts)
    return {
        one["finding_id"]: triage(
            one, context, Known(asked[one["finding_id"]].told_by(readings), sorted(around[one["finding_id"]]))
        )
        for one in told
    }


def _readings(contacts: Contacts) -> Readings:
    """By tenant and source, from when to when the log was read."""
    rows = contacts.store.rows(
        'SELECT tenant, source, epoch_us(min("first")), epoch_us(max("last")) '
        f"FROM ({contacts.all_rows()}) GROUP BY ALL"
    )
    return {(tenant, source): Reading(first, last) for tenant, source, first, last in rows}


def _around(contacts: Contacts, asked: Mapping[str, Wanted]) -> dict[str, list[Contact]]:
    by_address: dict[str, list[str]] = {}
    by_name: dict[str, list[str]] = {}
    for finding, one in asked.items():
        for address in one.addresses:
            by_address.setdefault(address, []).append(finding)
        for name in one.names:
            by_name.setdefault(name, []).append(finding)
    found: dict[str, list[Contact]] = {finding: [] for finding in asked}
    for contact in _rows(contacts, by_address, by_name):
        places = by_address.get(contact.src_ip, ()) if contact.src_ip else ()
        named = [
            finding
            for name in {contact.target.lower(), contact.actor.lower()} - {""}
            for finding in by_name.get(name, ())
        ]
        for finding in {*places, *named}:
            one, mine = asked[finding], found[finding]
            if len(mine) < MOST_AROUND and one.takes(contact):
                mine.append(contact)
    return found


def _rows(contacts: Contacts, addresses: Iterable[str], names: Iterable[str]) -> Iterator[Contact]:
    store = contacts.store
    store.db.execute("CREATE OR REPLACE TEMP TABLE wanted (sort VARCHAR, value VARCHAR)")
    rows = [("address", one) for one in addresses] + [("name", one) for one in names]
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        store.db.execute("INSERT INTO wanted SELECT unnest(?), unnest(?)", columns)
    yield from contacts.read(
        f"SELECT {microsecond_columns()} FROM ({contacts.all_rows()}) AS one WHERE "
        "src_ip IN (SELECT value FROM wanted WHERE sort = 'address') OR "
        "lower(target) IN (SELECT value FROM wanted WHERE sort = 'name') OR "
        "lower(actor) IN (SELECT value FROM wanted WHERE sort = 'name') "
        'ORDER BY "first", kind, source, tenant, src_ip, target, actor, code'
    )
