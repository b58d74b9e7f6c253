"""Contacts that the runner keeps in the cluster are those of the logs, and lead to the same verdicts."""

from __future__ import annotations

from pathlib import Path

from elasticsearch import Elasticsearch

from enumwatch.core.contact import Contact
from enumwatch.core.times import DAY, to_iso
from enumwatch.elastic import names
from enumwatch.elastic.documents import contact_id, contact_of
from enumwatch.elastic.runner.indices import make_sure_of
from enumwatch.elastic.runner.publishing import Published
from enumwatch.elastic.runner.reading import Logs
from enumwatch.elastic.runner.run import Runner, Settings
from enumwatch.elastic.runner.transformed import Transformed
from enumwatch.engines.elastic.contacts import ContactReader
from enumwatch.rulebook.compiled import compiled

from .feeding import BEGIN, Alone, World, batches, feed, undisturbed, world, written

TABLES = {name: source["emits"] for name, source in compiled()["sources"].items()}


def run(client: Elasticsearch, some: World, reading: Published | Transformed) -> None:
    Runner(client, reading, some.context, Settings(BEGIN, 9 * DAY), Alone()).once()
    client.indices.refresh(index=names.CONTACTS)


def published(client: Elasticsearch, some: World) -> Published:
    return Published(client, Logs(client, some.logs, some.lookups.outcomes), TABLES)


def kept(client: Elasticsearch) -> list[Contact]:
    hits = client.search(index=names.CONTACTS, size=5_000)["hits"]["hits"]
    contacts = [contact_of(hit["_source"]) for hit in hits]
    assert [hit["_id"] for hit in hits] == [contact_id(one) for one in contacts]
    return sorted(contacts)


def of_logs(client: Elasticsearch, some: World) -> list[Contact]:
    readers = [ContactReader(client, log, some.lookups.outcomes) for log in some.logs.values()]
    return sorted(contact for reader in readers for contact in reader.contacts())


def test_contacts_follow_the_logs_and_lead_to_the_same_verdicts(empty_cluster: Elasticsearch, tmp_path: Path) -> None:
    some = world(tmp_path, "publishing", events=20)
    for part in batches(some.arriving, 3):
        feed(empty_cluster, part)
        run(empty_cluster, some, published(empty_cluster, some))
    assert kept(empty_cluster) == of_logs(empty_cluster, some)
    expected = undisturbed(empty_cluster, some)
    assert written(empty_cluster) == expected
    for index in (names.VERDICTS, names.MEMORY, names.RUNS):
        empty_cluster.indices.delete(index=index)
    make_sure_of(empty_cluster)
    run(empty_cluster, some, Transformed(empty_cluster))
    assert written(empty_cluster) == expected


def test_a_contact_that_its_events_left_is_deleted(empty_cluster: Elasticsearch, tmp_path: Path) -> None:
    some = world(tmp_path, "leaving", events=20)
    feed(empty_cluster, some.arriving)
    run(empty_cluster, some, published(empty_cluster, some))
    before = kept(empty_cluster)
    changed = next(one for one in some.arriving if "fast_enumeration" in one.unique)
    changed.document["source"]["ip"] = changed.document["client"]["ip"] = "203.0.113.250"
    properties = changed.document["azure"]["signinlogs"]
    properties["caller_ip_address"] = "203.0.113.250"
    properties.setdefault("properties", {})["ip_address"] = "203.0.113.250"
    later = max(one.arrival for one in some.arriving)
    changed.document["event"]["ingested"] = to_iso(later)
    feed(empty_cluster, [changed])
    run(empty_cluster, some, published(empty_cluster, some))
    after = kept(empty_cluster)
    assert after == of_logs(empty_cluster, some)
    assert after != before
