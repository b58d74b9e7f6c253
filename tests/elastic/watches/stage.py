"""Contacts and verdicts for watches, and what the core says of them where it sees no more than a watch does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.decide import decide
from enumwatch.core.times import DAY, HOUR, day_of, hour_of, to_iso
from enumwatch.core.verdict import Verdict
from enumwatch.elastic.documents import contact_document, contact_id, finding_json, verdict_document
from enumwatch.elastic.mappings import contact_mapping, notice_mapping, verdict_mapping
from enumwatch.elastic.names import CONTACTS, NOTICES, VERDICTS
from enumwatch.rulebook.compiled import compiled

_MAPPINGS = {CONTACTS: contact_mapping, VERDICTS: verdict_mapping, NOTICES: notice_mapping}
_SHARDS = {CONTACTS: 2, VERDICTS: 1, NOTICES: 1}


@contextmanager
def fresh_indices(client: Elasticsearch) -> Iterator[None]:
    """Empty indices with the mappings that setup gives them; contacts on two shards, so that more than one counts."""
    for name, mapping in _MAPPINGS.items():
        client.indices.delete(index=name, ignore_unavailable=True)
        settings = {"number_of_shards": _SHARDS[name], "number_of_replicas": 0}
        client.indices.create(index=name, mappings=mapping(), settings=settings)
    yield
    client.indices.delete(index=list(_MAPPINGS), ignore_unavailable=True)


def put_contacts(client: Elasticsearch, contacts: Iterable[Contact]) -> None:
    """Indexes contacts as the runner and the transform do."""
    actions = ({"_index": CONTACTS, "_id": contact_id(one), "_source": contact_document(one)} for one in contacts)
    bulk(client, actions, refresh=True)


def put_verdicts(
    client: Elasticsearch, verdicts: Iterable[Verdict], cautions: Sequence[str] = ()
) -> list[Mapping[str, Any]]:
    """Indexes verdicts as the runner does, all with these cautions; returns their documents."""
    documents = [verdict_document(finding_json(one), compiled(), cautions) for one in verdicts]
    bulk(client, ({"_index": VERDICTS, "_id": one["event"]["id"], "_source": one} for one in documents), refresh=True)
    return documents


def contact(target: str, time: int, **other: Any) -> Contact:
    """A failed sign-in at a name that does not exist, unless told otherwise."""
    fields: dict[str, Any] = {
        **{name: "" for name in Contact._fields},
        **{"kind": "sign_in", "source": "entra_signin", "tenant": "contoso", "src_ip": "203.0.113.9"},
        **{"code": "50034", "outcome": "not_found", "target_visible": True, "attempts": 1, "target": target},
        **{"hour": hour_of(time), "first": time, "last": time},
    }
    return Contact(**{**fields, **other})


def in_milliseconds(contacts: Iterable[Contact]) -> list[Contact]:
    """The contacts as an index keeps their times."""
    return [one._replace(first=one.first - one.first % 1_000, last=one.last - one.last % 1_000) for one in contacts]


def moved(contacts: Iterable[Contact], by: int) -> list[Contact]:
    """The contacts at other times."""
    return [one._replace(hour=one.hour + by, first=one.first + by, last=one.last + by) for one in contacts]


def trigger_after(contacts: Iterable[Contact]) -> int:
    """A minute after all of them."""
    return max(one.last for one in contacts) + HOUR // 60


def published(contacts: Iterable[Contact], trigger: int) -> list[Verdict]:
    """What the published rule says of what its watch sees at a time."""
    begin = hour_of(trigger) - DAY
    seen = [one for one in contacts if begin <= one.first < trigger]
    return decide(seen, Context(compiled()), ["published_threshold"]).findings


def alone(contacts: Iterable[Contact], trigger: int) -> list[tuple[Verdict, list[Contact]]]:
    """What the core says of each address by itself, of what the watch sees at a time, with what it saw there."""
    begin, known_since = day_of(trigger) - DAY, day_of(trigger) - 7 * DAY
    addresses: dict[tuple[str, str], list[Contact]] = {}
    for one in contacts:
        is_seen = one.first >= (known_since if one.outcome == "success" else begin) and one.first < trigger
        if is_seen and one.src_ip:
            addresses.setdefault((one.tenant, one.src_ip), []).append(one)
    found = []
    for rows in addresses.values():
        asked = ["email_enumeration", "success_after_enumeration"]
        found += [(one, rows) for one in decide(rows, Context(compiled()), asked).findings]
    return found


def iso(time: int) -> str:
    """A time as Watcher hands it to templates."""
    return to_iso(time)
