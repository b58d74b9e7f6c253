"""One set of events for all hunts: attackers, their harmless twins, and people at work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from enumwatch.core.contact import Contact, group
from enumwatch.core.event import Event
from enumwatch.core.times import DAY, HOUR
from enumwatch.hunts.hunt import Hunt
from enumwatch.hunts.loading import shipped_hunts

from . import identities, new_accounts, roll_calls  # noqa: F401 - they plant on import
from .logs import contact_file, sentinel_tables
from .planting import DECOYS, END, MONDAY, OWN, PLANTS, SENSITIVE, Field

ACCOUNTS = [{"account": name, "tenant": "", "kind": "decoy"} for name in DECOYS]
ACCOUNTS += [{"account": name, "tenant": "", "kind": "executive"} for name in SENSITIVE]
PEOPLE = 30


class Ground(NamedTuple):
    """What is in the logs, and what a hunt must find and must not find there."""

    hunts: Mapping[str, Hunt]
    events: list[Event]
    contacts: list[Contact]
    found: dict[str, str]
    spared: dict[str, str]
    file: Path
    sentinel: Any


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """The whole of it."""
    hunts = {name: hunt.with_rows("sensitive_accounts", ACCOUNTS) for name, hunt in shipped_hunts().items()}
    events, found, spared = _everyday(), {}, {}
    for number, (name, do) in enumerate(sorted(PLANTS.items())):
        limits = {key: int(one.number) for key, one in hunts[name].limits.items()}
        for less, told in ((0, found), (1, spared)):
            here = Field(limits, 2 * number + less, less)
            told[name] = do(here)
            events += here.events
    contacts = group(events)
    file = tmp_path_factory.mktemp("contacts") / "contacts.parquet"
    contact_file(contacts, file)
    return Ground(hunts, events, contacts, found, spared, file, _sentinel(events))


def _everyday() -> list[Event]:
    """People who sign in each working day, mistype now and then, and an event that is the newest of all."""
    here = Field({}, 250, 0)
    people = [f"person.{letter}@{OWN}" for letter in "abcdefghijklmnopqrstuvwxyz"[:PEOPLE]]
    for day in range(5):
        at = MONDAY + day * DAY + 8 * HOUR
        here.tries(people, "success", at=at, src_ip="198.18.0.1")
        here.tries(people[day::7], "exists_bad_secret", at=at - HOUR, src_ip="198.18.0.1")
        here.reads(["/v1.0/me", "/v1.0/users"], at=at, actor="inventory", src_ip="198.18.0.2")
    at = MONDAY + DAY + 9 * HOUR
    here.put("account_created", "windows_security", at, "newhire", actor="desk", code="4720", outcome="ambiguous")
    here.sends(people[:3], at=MONDAY - 7 * DAY, src_ip="198.18.0.3", actor=f"news@{OWN}")
    here.tries([people[0]], "success", at=END, src_ip="198.18.0.1")
    return here.events


def _sentinel(events: list[Event]) -> Any:
    duckdb_kql = pytest.importorskip("duckdb_kql") if _has_kql() else None
    database = duckdb_kql.connect() if duckdb_kql else duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    sentinel_tables(database, events)
    return database


def _has_kql() -> bool:
    from importlib.util import find_spec

    return find_spec("duckdb_kql") is not None
