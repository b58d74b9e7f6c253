"""Moment: a contact as it becomes known in time, for rules that do not care for names tried."""

from __future__ import annotations

from typing import Iterable, List, NamedTuple

from .contact import Contact


class Moment(NamedTuple):
    """Part of a contact at the time it was known.

    A contact says when its first and its last attempt were. How many lay between is known only at the last, so they are
    placed there: a verdict then never rests on what had not happened yet.
    """

    time: int  # microseconds since 1970 UTC
    contact: Contact
    is_first: bool
    attempts: int


def moments(contacts: Iterable[Contact]) -> List[Moment]:
    """Moments of contacts in any order, in time order; equal times in the order of their content."""
    found: List[Moment] = []
    for contact in contacts:
        early = contact.attempts if contact.first == contact.last else 1
        found.append(Moment(contact.first, contact, True, early))
        if contact.attempts > early:
            found.append(Moment(contact.last, contact, False, contact.attempts - early))
    found.sort()
    return found
