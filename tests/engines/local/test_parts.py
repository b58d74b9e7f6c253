"""Contacts and arrivals that are gathered in parts are those that are gathered at once, in the same order."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest
from tests.simulated import simulated

from enumwatch.core.contact import Contact
from enumwatch.engines.local import contacts as gathering
from enumwatch.engines.local.relevance import _CONTACT_PARTS
from enumwatch.engines.local.scan import Request, context_of, counted, needed
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

Handed = tuple[list[object], list[object], list[object]]


def handed(paths: list[str]) -> Handed:
    """Contacts, arrivals and the sorted contact table of some logs."""
    request = Request(paths, compiled(), load_lookups())
    with counted(request, lambda _: None) as (contacts, _):
        rows, arrivals, _cuts = needed(contacts, context_of(request), request)
        return list(rows), list(arrivals), sorted(contacts.everything())


def test_parts_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plays = (("fast_enumeration", "entra_signin"), ("office", "entra_signin"))
    logs = [str(one) for one in simulated(tmp_path, plays)]
    at_once = handed(logs)
    assert all(at_once)
    monkeypatch.setattr(gathering, "_CONTACTS_AT_ONCE", 20)
    monkeypatch.setattr(gathering, "_SUCCESSES_AT_ONCE", 50)
    assert handed(logs) == at_once


def test_columns_are_read_in_the_order_of_a_contact() -> None:
    parts = [(one,) if isinstance(one, str) else one for one in _CONTACT_PARTS]
    assert tuple(chain.from_iterable(parts)) == Contact._fields
