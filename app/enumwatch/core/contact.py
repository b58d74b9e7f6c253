"""Contact: one actor tried one name, with one outcome, n times in one hour (a success: in one day)."""

from __future__ import annotations

from typing import Dict, Iterable, List, NamedTuple, Tuple

from .event import TRYING_KINDS, Event
from .times import SECOND, day_of, hour_of


class Contact(NamedTuple):
    """The smallest thing worth moving between an engine and the core; times are microseconds since 1970 UTC."""

    kind: str
    source: str
    tenant: str
    hour: int  # start of the UTC hour; of the UTC day for a success
    src_ip: str
    asn: str
    country: str
    user_agent: str
    app: str
    app_id: str
    client_app: str
    actor: str
    host: str
    target: str
    target_visible: bool
    code: str
    outcome: str
    attempts: int
    first: int
    last: int


TIME_FIELDS = ("hour", "first", "last")
# A repeated success of a familiar pair says nothing new, so these keys do not split successes.
DROPPED_FOR_SUCCESS = ("app", "app_id", "client_app", "code")


def is_plain_success(kind: str, outcome: str) -> bool:
    """True for the rows that are kept per day instead of per hour."""
    return outcome == "success" and kind in TRYING_KINDS


def group(events: Iterable[Event]) -> List[Contact]:
    """Contacts of events, sorted; events whose id was seen before count once, noise makes no contact."""
    seen = set()
    rows: Dict[Tuple[object, ...], List[int]] = {}
    for event in events:
        if event.outcome == "noise" or (event.event_id and (event.source, event.event_id) in seen):
            continue
        seen.add((event.source, event.event_id))
        if is_plain_success(event.kind, event.outcome):
            hour, app, app_id, client_app, code = day_of(event.time), "", "", "", ""
        else:
            hour, app, app_id, client_app = hour_of(event.time), event.app, event.app_id, event.client_app
            code = event.code
        key = (
            event.kind,
            event.source,
            event.tenant,
            hour,
            event.src_ip,
            event.asn,
            event.country,
            event.user_agent,
            app,
            app_id,
            client_app,
            event.actor,
            event.host,
            event.target,
            event.target_visible,
            code,
            event.outcome,
        )
        row = rows.get(key)
        if row is None:
            rows[key] = [1, event.time, event.time]
        else:
            row[0] += 1
            row[1] = min(row[1], event.time)
            row[2] = max(row[2], event.time)
    return sorted(Contact(*key, *row) for key, row in rows.items())  # type: ignore[arg-type]


# Windows writes one refused NTLM attempt twice: as 4776 where the password was checked and as 4625 where it was used.
ECHO_EVENT, ECHOED_EVENT = "4776", "4625"
_ECHO_TOLERANCE = 5 * SECOND


def without_echoes(contacts: Iterable[Contact]) -> List[Contact]:
    """The contacts with each 4776 attempt removed that a 4625 of the same name, hour and status already tells.

    Counts are subtracted inside one hour where the two rows overlap in time (5 s of slack for the clocks of two
    machines), so a 4776 without its 4625 stays. The rows that remain keep their order.
    """
    contacts = list(contacts)
    told: Dict[Tuple[str, int, str, str], List[List[int]]] = {}
    for contact in contacts:
        if contact.client_app == ECHOED_EVENT and contact.kind == "sign_in":
            told.setdefault(_echo_key(contact), []).append([contact.first, contact.last, contact.attempts])
    if not told:
        return contacts
    kept = []
    for contact in contacts:
        if contact.client_app == ECHO_EVENT and contact.kind == "sign_in":
            rest = contact.attempts
            for row in told.get(_echo_key(contact), ()):
                if row[0] - _ECHO_TOLERANCE <= contact.last and contact.first <= row[1] + _ECHO_TOLERANCE:
                    used = min(rest, row[2])
                    row[2] -= used
                    rest -= used
            if rest == 0:
                continue
            if rest < contact.attempts:
                # Which of them are left is not known, so none is placed before the last.
                contact = contact._replace(attempts=rest, first=contact.last)
        kept.append(contact)
    return kept


def _echo_key(contact: Contact) -> Tuple[str, int, str, str]:
    return contact.tenant, contact.hour, contact.target.lower(), contact.code.partition(":")[2]
