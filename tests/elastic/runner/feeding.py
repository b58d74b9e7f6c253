"""Feeding: simulated events of several logs that reach the cluster late and out of order, and what they should lead to."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from tests.engines.elastic.comparing import LOGS
from tests.engines.elastic.indexing import documents_of, index_name

from enumwatch.core.context import Context
from enumwatch.core.decide import decide
from enumwatch.core.times import DAY, HOUR, from_iso, to_iso
from enumwatch.elastic import documents, names
from enumwatch.elastic.runner.lease import Lease
from enumwatch.elastic.runner.reading import Logs
from enumwatch.elastic.runner.run import Runner, Settings
from enumwatch.engines.elastic.contacts import ContactReader, Log
from enumwatch.engines.local.scan import Request, context_of
from enumwatch.lookups import Lookups, load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate

BEGIN = from_iso("2026-03-02")
LATE = 3 * DAY
OWN = (names.VERDICTS, names.MEMORY, names.RUNS, names.CONTACTS)
# Scenario, log, day it begins; they overlap, cross midnights and last for days.
PLAYED = (
    ("slow_enumeration", "entra_signin", 0),
    ("fast_enumeration", "entra_signin", 1),
    ("enumeration_then_success", "entra_signin", 2),
    ("address_rotation", "entra_signin", 1),
    ("account_burst", "entra_audit", 1),
    ("identity_probing", "okta_system", 3),
    ("slow_enumeration", "okta_system", 2),
)


class Arriving(NamedTuple):
    """A document, when it reaches the cluster (microseconds) and where."""

    arrival: int
    index: str
    unique: str
    document: dict[str, Any]


@dataclass
class World:
    """What is fed, and what is known beside it."""

    arriving: list[Arriving]
    lookups: Lookups
    logs: dict[str, Log]

    @property
    def context(self) -> Context:
        return context_of(Request([], compiled(), self.lookups))


def world(folder: Path, suffix: str, events: int = 60, seed: int = 7) -> World:
    """Events of several days; some reach the cluster within minutes, some after hours, some after more than a day."""
    chance = random.Random(seed)
    arriving: list[Arriving] = []
    for scenario, source, day in PLAYED:
        start = datetime.fromtimestamp((BEGIN + day * DAY) / 1_000_000, timezone.utc)
        made = simulate(
            scenario,
            source,
            seed=seed,
            out=folder / f"{scenario}{day}",
            users=24,
            events=events,
            form="ecs",
            start=start,
        )
        index = index_name(LOGS[source].indices[0], suffix)
        for number, document in enumerate(documents_of(made.files[0])):
            delay = chance.choice(
                [0, 0, 0, chance.random() * HOUR, chance.random() * 12 * HOUR, chance.random() * 40 * HOUR]
            )
            arrival = from_iso(document["@timestamp"]) + int(delay)
            document["event"]["ingested"] = to_iso(arrival - arrival % 1_000)
            arriving.append(Arriving(arrival, index, f"{scenario}-{source}-{day}-{number}", document))
    logs = {name: log for name, log in LOGS.items() if name in {source for _, source, _ in PLAYED}}
    lookups = load_lookups(folder / f"{PLAYED[0][0]}{PLAYED[0][2]}" / "lookups")
    return World(sorted(arriving, key=lambda one: (one.arrival, one.unique)), lookups, logs)


def feed(client: Elasticsearch, some: Iterable[Arriving]) -> None:
    """Puts documents into the cluster and makes them visible."""
    actions = [{"_index": one.index, "_id": one.unique, "_source": one.document} for one in some]
    bulk(client, actions)
    client.indices.refresh(index="logs-*", ignore_unavailable=True)


def batches(arriving: Sequence[Arriving], number: int) -> list[list[Arriving]]:
    """What arrives, in so many parts of about the same size."""
    size = -(-len(arriving) // number)
    return [list(arriving[begin : begin + size]) for begin in range(0, len(arriving), size)]


def undisturbed(client: Elasticsearch, world: World) -> dict[str, str]:
    """What one run over everything that lies in the cluster tells: JSON by finding."""
    contacts = [
        contact
        for log in world.logs.values()
        for contact in ContactReader(client, log, world.lookups.outcomes).contacts()
    ]
    found = decide(contacts, world.context).findings
    return {one.finding_id: documents.finding_json(one) for one in found}


def written(client: Elasticsearch) -> dict[str, str]:
    """What the documents of the findings say that nothing took back; every document has its finding's id."""
    client.indices.refresh(index=names.VERDICTS)
    hits = client.search(index=names.VERDICTS, size=1_000)["hits"]["hits"]
    assert all(hit["_source"]["enumwatch"]["finding_id"] == hit["_id"] for hit in hits)
    standing = [hit for hit in hits if not documents.is_withdrawn(hit["_source"])]
    return {hit["_id"]: documents.finding_of(hit["_source"]) for hit in standing}


class Alone:
    """Holds what nobody else asks for."""

    def __init__(self) -> None:
        self.holder = uuid.uuid4().hex

    def confirm(self) -> None:
        """Nothing is lost."""


def runner(client: Elasticsearch, world: World, lease: Lease | None = None, **settings: Any) -> Runner:
    """A runner over the logs of a world; without a lease nobody else is at work."""
    held = lease or Alone()
    reading = Logs(client, world.logs, world.lookups.outcomes)
    return Runner(client, reading, world.context, Settings(**{"since": BEGIN, "late": LATE, **settings}), held)
