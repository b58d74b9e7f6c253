"""Threshold, new-terms and verdict rules as queries on a real node, compared with the core on the same contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from tests.engines.elastic.comparing import local_contacts
from tests.engines.elastic.indexing import put, template
from tests.simulated import simulated

from enumwatch.core.contact import Contact
from enumwatch.core.event import TRYING_KINDS
from enumwatch.core.times import to_iso
from enumwatch.elastic.documents import contact_document, contact_id
from enumwatch.elastic.kibana.rules import shipped
from enumwatch.elastic.mappings import contact_mapping
from enumwatch.elastic.names import CONTACTS
from enumwatch.simulate import simulate

from .executing import new_terms, query_of, threshold_groups
from .judging import judged

RULES: dict[str, dict[str, Any]] = {rule["rule_id"]: rule for rule in shipped()}
KQL = {name: rule["query"] for name, rule in RULES.items() if rule.get("language") == "kuery"}
PLAYS = (
    ("fast_enumeration", "entra_signin"),
    ("office", "entra_signin"),
    ("kerberos_enumeration", "windows_security"),
    ("directory_harvest", "graph_activity"),
    ("account_burst", "entra_audit"),
)
ENTRA_LOGS = "logs-azure.signinlogs-rules"


@pytest.fixture(scope="module")
def queries() -> dict[str, dict[str, Any]]:
    """The KQL of every rule, as a parser of its own reads it, as queries."""
    return {name: query_of(tree) for name, tree in judged(kql=KQL)["kql"].items()}


@pytest.fixture(scope="module")
def contacts(tmp_path_factory: pytest.TempPathFactory) -> list[Contact]:
    """Contacts of many simulated logs."""
    return local_contacts(simulated(tmp_path_factory.mktemp("logs"), PLAYS))[0]


@pytest.fixture(scope="module")
def cluster(bare_cluster: Elasticsearch, contacts: Sequence[Contact]) -> Iterator[Elasticsearch]:
    """The node with these contacts."""
    settings = {"number_of_replicas": 0}
    bare_cluster.options(ignore_status=404).indices.delete(index=CONTACTS)
    bare_cluster.indices.create(index=CONTACTS, mappings=contact_mapping(), settings=settings)
    actions = [{"_index": CONTACTS, "_id": contact_id(one), "_source": contact_document(one)} for one in contacts]
    bulk(bare_cluster, actions)
    bare_cluster.indices.refresh(index=CONTACTS)
    yield bare_cluster
    bare_cluster.indices.delete(index=CONTACTS)


def absent_names(contacts: Sequence[Contact], limit: int) -> dict[tuple[str, ...], int]:
    """Distinct absent names by tenant and address, of those with so many contacts and names."""
    names: dict[tuple[str, ...], set[str]] = defaultdict(set)
    rows: dict[tuple[str, ...], int] = defaultdict(int)
    for one in contacts:
        if one.outcome == "not_found" and one.src_ip and one.kind in TRYING_KINDS:
            names[one.tenant, one.src_ip].add(one.target)
            rows[one.tenant, one.src_ip] += 1
    return {key: len(found) for key, found in names.items() if len(found) >= limit and rows[key] >= limit}


def test_threshold_over_contacts_tells_whom_the_core_counts(
    cluster: Elasticsearch, contacts: list[Contact], queries: dict[str, Any]
) -> None:
    rule = RULES["enumwatch-absent-contacts"]
    told = threshold_groups(cluster, rule, queries[rule["rule_id"]])
    assert told == absent_names(contacts, rule["threshold"]["value"])
    assert told


def test_threshold_over_logs_tells_the_same(
    bare_cluster: Elasticsearch, queries: dict[str, Any], tmp_path: Any
) -> None:
    made = simulate("fast_enumeration", "entra_signin", seed=3, out=tmp_path, users=40, form="ecs")
    documents = [orjson.loads(line) for file in made.files for line in file.read_bytes().splitlines()]
    template(bare_cluster)
    put(bare_cluster, ENTRA_LOGS, documents)
    try:
        rule = RULES["enumwatch-absent-logs"]
        told = threshold_groups(bare_cluster, rule, queries[rule["rule_id"]])
    finally:
        bare_cluster.indices.delete(index=ENTRA_LOGS)
    found = absent_names(local_contacts(made.files)[0], rule["threshold"]["value"])
    assert told == {(address,): names for (_, address), names in found.items()}
    assert told


@pytest.mark.parametrize(
    ("ident", "field", "key", "value"),
    [
        ("enumwatch-new-agent", "user_agent", "outcome", "not_found"),
        ("enumwatch-new-reader", "actor", "kind", "directory_read"),
        ("enumwatch-new-creator", "actor", "kind", "account_created"),
    ],
)
def test_new_terms_are_those_that_were_not_there_before(
    cluster: Elasticsearch,
    contacts: list[Contact],
    queries: dict[str, Any],
    ident: str,
    field: str,
    key: str,
    value: str,
) -> None:
    asked = [one for one in contacts if getattr(one, key) == value and getattr(one, field)]
    middle = sorted(one.first for one in asked)[len(asked) // 2]
    before = {getattr(one, field) for one in asked if one.first < middle}
    expected = {getattr(one, field) for one in asked if one.first >= middle} - before
    assert new_terms(cluster, RULES[ident], queries[ident], to_iso(middle)) == expected
    assert asked
