"""`enumwatch elastic triage`: the same answers as from the logs by DuckDB, from the contacts index and from the logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from tests.elastic.analyst_cluster import empty
from tests.elastic.running import Operator
from tests.engines.elastic.comparing import LOGS
from tests.engines.elastic.indexing import documents_of, index_name, template

from enumwatch.elastic.documents import contact_document, contact_id, finding_json, verdict_document
from enumwatch.elastic.mappings import contact_mapping, verdict_mapping
from enumwatch.elastic.names import CONTACTS, VERDICTS
from enumwatch.engines.local.scan import Request, counted, scan
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate

PLAYS = (
    ("enumeration_then_success", "entra_signin", 30),
    ("identity_probing", "okta_system", None),
    ("account_burst", "entra_audit", 12),
    ("office", "iis", 20),
)


class Told(NamedTuple):
    """A cluster with findings and contacts, the folder of lists, and what DuckDB says of the same logs."""

    client: Elasticsearch
    lists: str
    local: dict[str, dict[str, Any]]
    worst: str


@pytest.fixture(scope="module")
def told(bare_cluster: Elasticsearch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("logs")
    lists = folder / "lookups"
    files = [
        (source, simulate(one, source, seed=3, users=40, events=number, out=folder, form="ecs").files[0])
        for one, source, number in PLAYS
    ]
    request = Request([str(file) for _, file in files], compiled(), load_lookups(lists), with_triage=True)
    result = scan(request)
    with counted(request, lambda _: None) as (found, _):
        contacts = list(found.everything())
    template(bare_cluster)
    actions = [
        {"_index": index_name(LOGS[source].indices[0], "triage"), "_source": document}
        for source, file in files
        for document in documents_of(file)
    ]
    empty(bare_cluster)
    for index, mapping in ((CONTACTS, contact_mapping()), (VERDICTS, verdict_mapping())):
        bare_cluster.indices.create(index=index, mappings=mapping, settings={"number_of_replicas": 0})
    actions += [{"_index": CONTACTS, "_id": contact_id(one), "_source": contact_document(one)} for one in contacts]
    actions += [
        {"_index": VERDICTS, "_id": one.finding_id, "_source": verdict_document(finding_json(one), compiled())}
        for one in result.decision.findings
    ]
    bulk(bare_cluster, actions, refresh=True)
    yield Told(bare_cluster, str(lists), result.triages, result.decision.findings[0].finding_id)
    empty(bare_cluster, [*{one["_index"] for one in actions}])


@pytest.fixture
def operator(told: Told, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(told.client, monkeypatch, capsys)


def triages(told: Told, operator: Operator) -> dict[str, Any]:
    answers = {one: operator.says("triage", one, "--format", "json", "--lookups", told.lists) for one in told.local}
    return {one: json.loads(said.out)["triage"] for one, said in answers.items()}


def test_every_finding_is_answered_as_by_duckdb(told: Told, operator: Operator) -> None:
    assert {one["playbook"] for one in told.local.values()} == {"T1589.002", "T1589", "T1585.002"}
    assert triages(told, operator) == told.local


def test_without_contacts_the_logs_are_read(told: Told, operator: Operator) -> None:
    told.client.indices.delete(index=CONTACTS)
    assert triages(told, operator) == told.local


def test_the_worst_is_told_as_text_and_its_beginning_is_enough(told: Told, operator: Operator) -> None:
    said = operator.says("triage", "worst", "--lookups", told.lists)
    assert said.code == 0
    assert f"\n{told.worst}  " in said.out
    assert "Playbook T1589.002: escalate" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    assert "enumwatch allow" not in said.out
    assert operator.says("triage", told.worst[:8], "--lookups", told.lists).out == said.out


@pytest.mark.parametrize("asked", ["ew-0000000000000000", "e", "ew-"])
def test_what_is_no_finding_is_told_with_those_there_are(asked: str, told: Told, operator: Operator) -> None:
    said = operator.says("triage", asked)
    assert said.code == 2
    assert "take one of ew-" in said.err
    assert said.out == ""


def test_a_cluster_without_findings_says_what_makes_some(told: Told, operator: Operator) -> None:
    told.client.indices.delete(index=VERDICTS)  # last in this module
    assert "`enumwatch elastic run` decides" in operator.says("triage", "worst").err
