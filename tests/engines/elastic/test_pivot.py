"""The same events give the same contacts, whether transforms keep them in the cluster or the local engine counts them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from elasticsearch import Elasticsearch

from enumwatch.core.contact import DROPPED_FOR_SUCCESS, Contact
from enumwatch.elastic.documents import contact_document
from enumwatch.engines.elastic.pipeline import pipeline_name, pipelines
from enumwatch.engines.elastic.pivot import DAILY, HOURLY
from enumwatch.rulebook.compiled import compiled

from .comparing import LOGS, local_contacts, written
from .hostile import hostile, kept
from .indexing import documents_of
from .ingesting import Document, ingested
from .pivoting import TRANSFORMS, contact_documents, contacts
from .test_bench_parity import bench, documents
from .test_contacts import documents as scenario
from .test_parity import simulated

PIPELINES = pipelines(compiled())
# Documents of each log that hostile values are put into.
_PUT_INTO = 200
EVENTS = 20

Nodes = tuple[Elasticsearch, Elasticsearch]


@pytest.fixture
def nodes(cluster: Elasticsearch, opensearch: Elasticsearch) -> Nodes:
    """The node that groups, and the one that runs ingest pipelines."""
    return cluster, opensearch


def in_cluster(nodes: Nodes, source: str, given: Sequence[Document], page: int | None = None) -> list[Document]:
    """The documents of the contacts that pipelines and transforms make of events."""
    cluster, opensearch = nodes
    events = ingested(opensearch, PIPELINES[pipeline_name(source)], given)
    assert [one for one in events if "contact_error" in one.get("enumwatch", {})] == []
    # No more than a transform reads: what else an index would refuse is not its business.
    slim = [{name: one.get(name, {}) for name in ("@timestamp", "enumwatch")} for one in events]
    return contact_documents(cluster, opensearch, LOGS[source].indices[0], slim, page)


def shortened(given: list[Contact]) -> list[Contact]:
    """The contacts with texts as an index can group them."""
    return sorted(
        one._replace(**{name: kept(text) for name, text in one._asdict().items() if isinstance(text, str)})
        for one in given
    )


def sorted_documents(given: list[Document]) -> list[Document]:
    return sorted(given, key=repr)


class Log(NamedTuple):
    """One log with every scenario that it can hold."""

    source: str
    folder: Path
    files: list[Path]

    @property
    def documents(self) -> list[Document]:
        return [document for file in self.files for document in documents_of(file)]


@pytest.fixture(scope="module", params=sorted(LOGS))
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Each log in turn."""
    folder = tmp_path_factory.mktemp(request.param)
    return Log(request.param, folder, simulated(request.param, folder, EVENTS))


def test_contacts_equal_those_of_the_local_engine(log: Log, nodes: Nodes) -> None:
    expected, _ = local_contacts(log.files, log.folder / "lookups")
    found = in_cluster(nodes, log.source, log.documents)
    assert contacts(found) == expected
    assert len(expected) > 50
    written_by_runner = [contact_document(contact) for contact in expected]
    assert sorted_documents(_ordered(found)) == sorted_documents(_ordered(written_by_runner))


def _ordered(value: Any) -> Any:
    """The value with the keys of every object in order."""
    if isinstance(value, list):
        return [_ordered(one) for one in value]
    return {name: _ordered(value[name]) for name in sorted(value)} if isinstance(value, dict) else value


def test_hostile_values_are_read_as_the_local_engine_reads_them(log: Log, nodes: Nodes, tmp_path: Path) -> None:
    all_of_them = log.documents
    given = list(hostile(LOGS[log.source].shape, all_of_them[:: max(1, len(all_of_them) // _PUT_INTO)]))
    expected, _ = local_contacts([written(tmp_path, given)])
    assert len(expected) > 100
    assert contacts(in_cluster(nodes, log.source, given)) == shortened(expected)


SIZES = (
    "dev-10k",
    pytest.param("dev-100k", marks=pytest.mark.skipif("ENUMWATCH_LONG" not in os.environ, reason="long")),
)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", SIZES)
def test_contacts_of_a_data_set_equal_those_of_the_local_engine(name: str, nodes: Nodes, tmp_path: Path) -> None:
    folder = bench(name)
    given = list(documents(folder))
    expected, _ = local_contacts([written(tmp_path, given)], folder / "lookups")
    assert contacts(in_cluster(nodes, "entra_signin", given)) == expected


def test_small_pages_give_the_same(nodes: Nodes, tmp_path: Path) -> None:
    given = scenario(tmp_path, "entra_signin", "slow_enumeration", events=60)
    assert in_cluster(nodes, "entra_signin", given, page=7) == in_cluster(nodes, "entra_signin", given)


@pytest.mark.parametrize("source", ["entra_signin", "okta_system"])
def test_an_event_that_was_indexed_twice_counts_once(source: str, nodes: Nodes, tmp_path: Path) -> None:
    given = scenario(tmp_path, source)
    expected, _ = local_contacts([written(tmp_path, given)])
    assert contacts(in_cluster(nodes, source, [*given, *given[::5], given[5]])) == expected


def test_events_without_an_id_count_each(nodes: Nodes, tmp_path: Path) -> None:
    given = scenario(tmp_path, "entra_signin")
    (first, *_) = [one for one in given if one["event"]["outcome"] == "failure"]
    first["event"].pop("id", None)
    first["azure"]["signinlogs"]["properties"].pop("id", None)
    whole = [deepcopy(first), deepcopy(first)]
    (contact,) = contacts(in_cluster(nodes, "entra_signin", whole))
    assert contact.attempts == len(whole)


def test_two_events_with_one_id_that_say_different_things_count_both(nodes: Nodes, tmp_path: Path) -> None:
    """What transforms do otherwise than the other engines, which take the first; docs/elastic-contacts.md says so."""
    given = scenario(tmp_path, "entra_signin")
    failed = next(one for one in given if one["event"]["outcome"] == "failure")
    other = deepcopy(failed)
    other["azure"]["signinlogs"]["properties"]["user_principal_name"] = "other@example.com"
    expected, _ = local_contacts([written(tmp_path, [failed, other])])
    assert (len(expected), len(in_cluster(nodes, "entra_signin", [failed, other]))) == (1, 2)


def test_what_came_late_is_counted_where_it_belongs(nodes: Nodes, tmp_path: Path) -> None:
    given = scenario(tmp_path, "entra_signin", events=200)
    found = in_cluster(nodes, "entra_signin", given)
    assert sorted_documents(in_cluster(nodes, "entra_signin", given[::-1])) == sorted_documents(found)


def test_transforms_group_what_makes_contacts_equal() -> None:
    keys = set(Contact._fields) - {"attempts", "first", "last"}
    hourly, daily = TRANSFORMS[HOURLY]["pivot"], TRANSFORMS[DAILY]["pivot"]
    assert set(hourly["group_by"]) == {f"enumwatch.contact.{name}" for name in keys}
    assert set(hourly["group_by"]) - set(daily["group_by"]) == {
        f"enumwatch.contact.{name}" for name in DROPPED_FOR_SUCCESS
    }
    assert [next(iter(one["group_by"].values()))["date_histogram"]["fixed_interval"] for one in (hourly, daily)] == [
        "1h",
        "1d",
    ]


def test_transforms_follow_what_is_ingested_and_read_every_log() -> None:
    indices = {pattern for log in LOGS.values() for pattern in log.indices}
    for transform in TRANSFORMS.values():
        assert transform["sync"]["time"]["field"] == "event.ingested"
        assert set(transform["source"]["index"]) == indices
        assert transform["settings"]["align_checkpoints"] is False
