"""Setup on real nodes: made once, brought up to date, safe from what a log holds, and taken away again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import bulk
from tests.core.making import RULEBOOK, contact, findings, names, success

from enumwatch.elastic import documents
from enumwatch.elastic.cluster import look_at
from enumwatch.elastic.faults import ClusterError, told_as_faults, translated
from enumwatch.elastic.names import CONTACTS, MEMORY, RUNS, VERDICTS, lookup_index
from enumwatch.elastic.setup.apply import make
from enumwatch.elastic.setup.contacts import contact_pieces
from enumwatch.elastic.setup.plan import look_over
from enumwatch.elastic.setup.removal import removal, remove
from enumwatch.rulebook.compiled import compiled

from .nodes import cleared, looked_over, set_up, states

HOSTILE = (
    "{{ctx.payload}}",
    "'; DROP",
    '"}}\n{"delete":{}}',
    "a" * 65_536,
    "田" * 40_000,
    "..",
    "a.b.c",
    "\x00\x1b[2J",
    "-",
)


@pytest.fixture(params=["bare_cluster", "opensearch"])
def node(request: pytest.FixtureRequest) -> Iterator[Elasticsearch]:
    """A node without anything of enumwatch, before and after."""
    client: Elasticsearch = request.getfixturevalue(request.param)
    cleared(client)
    yield client
    cleared(client)


def hostile_documents() -> Iterator[tuple[str, dict[str, object]]]:
    """Documents with hostile texts in every field a log fills, and with keys that no mapping knows."""
    for text in HOSTILE:
        one = contact(target=text, user_agent=text, app=text, actor=text, src_ip=text[:64], tenant=text, host=text)
        yield CONTACTS, documents.contact_document(one)
        rows = [
            row._replace(user_agent=text, app=text, target=f"{n}{text}@b.example") for n, row in enumerate(names(30))
        ]
        for found in findings([*rows, success(900, rows[3].target)]):
            yield VERDICTS, documents.verdict_document(documents.finding_json(found), RULEBOOK)
    foreign = {f"key{number}": {"deeper": number, "@timestamp": "no time"} for number in range(1_500)}
    for index in (CONTACTS, VERDICTS, MEMORY, RUNS):
        yield index, {**foreign, "source": {"ip": "no address"}, "enumwatch": {"evidence": {"baseline": foreign}}}


def mapping_of(client: Elasticsearch) -> str:
    return json.dumps(client.indices.get_mapping(index="enumwatch-*").body, sort_keys=True)


def test_setup_makes_everything_once_and_hostile_documents_change_no_mapping(node: Elasticsearch) -> None:
    made = set_up(node)
    assert made >= len(looked_over(node)) - 1
    assert states(node) == {"current"}
    assert set_up(node) == 0
    before = mapping_of(node)
    actions = [{"_index": index, "_source": body} for index, body in hostile_documents()]
    done, refused = bulk(node, actions, refresh=True, raise_on_error=False)
    assert (done, refused) == (len(actions), [])
    assert mapping_of(node) == before
    assert states(node) == {"current"}
    found = node.search(index=CONTACTS, query={"term": {"enumwatch.contact.target": "{{ctx.payload}}"}})
    assert found["hits"]["total"]["value"] == 1


def test_setup_brings_up_to_date_what_an_earlier_version_made(node: Elasticsearch) -> None:
    node.cluster.put_component_template(
        name=f"{CONTACTS}-mapping",
        template={"mappings": {"dynamic": False}},
        meta={"enumwatch": {"version": "0.0.1", "digest": "old"}},
    )
    old = {"_meta": {"enumwatch": {"version": "0.0.1", "digest": "old"}}, "dynamic": False}
    node.indices.create(index=CONTACTS, mappings=old)
    node.index(index=CONTACTS, id="kept", document={"enumwatch": {"contact": {"code": "50034"}}}, refresh=True)
    node.indices.create(index=VERDICTS)  # made by whoever wrote first
    assert {one.piece.name: one.state for one in looked_over(node)}[VERDICTS] in ("missing", "stale")
    set_up(node)
    assert states(node) == {"current"}
    assert node.get(index=CONTACTS, id="kept")["found"]
    assert "code" in json.dumps(node.indices.get_mapping(index=CONTACTS).body)


def test_what_a_newer_version_or_somebody_else_made_is_not_touched(node: Elasticsearch) -> None:
    name = f"{CONTACTS}-mapping"
    node.cluster.put_component_template(name=name, template={}, meta={"enumwatch": {"version": "99.1", "digest": "x"}})
    with pytest.raises(ClusterError, match=r"made by a newer enumwatch.*pip install --upgrade enumwatch"):
        set_up(node)
    node.cluster.put_component_template(name=name, template={})
    with pytest.raises(ClusterError, match="enumwatch did not make: delete it or give it another name"):
        set_up(node)
    assert not node.indices.exists(index=CONTACTS)
    assert removal(node, look_at(node), with_findings=True) == (
        [],
        [f"component template {name}: enumwatch did not make it"],
    )
    node.cluster.delete_component_template(name=name)


def test_a_field_of_another_type_is_told(node: Elasticsearch) -> None:
    clash = {"properties": {"enumwatch": {"properties": {"contact": {"properties": {"first": {"type": "long"}}}}}}}
    node.indices.create(index=CONTACTS, mappings=clash)
    with pytest.raises(ClusterError) as caught:
        set_up(node)
    assert caught.value.kind == "mapping"
    assert "enumwatch.contact.first" in str(caught.value)


def test_removal_keeps_findings_and_tables_unless_they_are_named(node: Elasticsearch) -> None:
    set_up(node)
    table = lookup_index("domains")
    node.indices.create(index=table)
    node.indices.create(index="enumwatch-mine", mappings={"dynamic": False})
    node.indices.create(index="logs-others")
    cluster = look_at(node)
    remove(node, removal(node, cluster, with_findings=False).going, lambda line: None)
    assert set(node.indices.get(index="enumwatch-*,logs-others")) == {VERDICTS, table, "enumwatch-mine", "logs-others"}
    last = removal(node, cluster, with_findings=True)
    assert {piece.name for piece in last.going} == {VERDICTS, table}
    remove(node, last.going, lambda line: None)
    assert set(node.indices.get(index="enumwatch-*,logs-others")) == {"enumwatch-mine", "logs-others"}
    assert states(node) == {"missing"}
    node.indices.delete(index="logs-others")


def test_pipelines_and_their_callers_are_made_known_again_and_taken_away(opensearch: Elasticsearch) -> None:
    name = "logs-okta.system@custom"
    theirs = {"processors": [{"set": {"field": "a", "value": 1}}]}
    opensearch.ingest.put_pipeline(id=name, body=theirs)
    wanted = [one for one in contact_pieces(compiled()) if one.kind in ("pipeline", "attachment")]
    assert {one.state for one in look_over(opensearch, wanted)} == {"missing"}
    assert make(opensearch, look_over(opensearch, wanted), lambda line: None) == len(wanted)
    assert {one.state for one in look_over(opensearch, wanted)} == {"current"}
    event = {"okta": {"event_type": "user.session.start"}, "source": {"ip": "192.0.2.1"}}
    done = opensearch.ingest.simulate(id=name, docs=[{"_source": event}])["docs"][0]["doc"]["_source"]
    assert done["a"] == 1
    assert "contact_error" not in done.get("enumwatch", {})
    cleared(opensearch)
    assert {one.state for one in look_over(opensearch, wanted)} == {"missing"}
    assert opensearch.ingest.get_pipeline(id="*").body == {name: theirs}
    opensearch.ingest.delete_pipeline(id=name)


def test_a_node_says_what_it_is_and_what_it_lacks(node: Elasticsearch) -> None:
    cluster = look_at(node)
    assert cluster.name in ("Elasticsearch 9.2.4, licence basic", "OpenSearch 3.8.0")
    assert cluster.serves("pipelines")
    assert cluster.serves("")
    assert not cluster.serves("transforms")
    assert "no: this cluster does not have them" in "\n".join(cluster.lines())


def test_faults_of_a_real_cluster_are_told(node: Elasticsearch) -> None:
    def kind_of(**asked: object) -> str:
        with pytest.raises(ClusterError) as caught, told_as_faults():
            node.options(headers=asked.pop("headers", None)).search(**asked)  # type: ignore[arg-type]
        return caught.value.kind

    assert kind_of(index="enumwatch-none") == "no_index"
    assert kind_of(index="*", query={"nonsense": {}}) == "refused"
    node.indices.create(index=CONTACTS)
    node.indices.put_settings(index=CONTACTS, settings={"index.blocks.write": True})
    with pytest.raises(ClusterError, match="takes nothing for") as caught, told_as_faults():
        node.index(index=CONTACTS, document={})
    assert (caught.value.kind, caught.value.is_passing) == ("read_only", True)
    with pytest.raises(ClusterError) as caught, told_as_faults():
        node.options(request_timeout=0.2).cluster.health(wait_for_nodes=">99", timeout="5s")
    assert (caught.value.kind, caught.value.is_passing) == ("slow", True)
    node.indices.put_settings(index=CONTACTS, settings={"index.blocks.write": False})
    node.index(index=CONTACTS, document={}, refresh=True)
    node.cluster.put_settings(persistent={"indices.breaker.request.limit": "1b"})
    try:
        assert (
            kind_of(index=CONTACTS, aggs={"a": {"cardinality": {"field": "_id", "precision_threshold": 40_000}}})
            == "breaker"
        )
    finally:
        node.cluster.put_settings(persistent={"indices.breaker.request.limit": None})


def test_a_client_of_another_version_is_told_which_it_needs(bare_cluster: Elasticsearch) -> None:
    other = {"accept": "application/vnd.elasticsearch+json; compatible-with=10"}
    answer = bare_cluster.transport.perform_request("GET", "/_count", headers=other)
    fault = translated(ApiError("", answer.meta, answer.body))
    assert fault is not None
    assert fault.kind == "other_version"
    assert "does not speak with a cluster of version 9: pip install 'elasticsearch>=9,<10'" in str(fault)
