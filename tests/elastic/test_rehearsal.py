"""A dry run prints every request, and sends only what changes nothing."""

from __future__ import annotations

from elasticsearch import Elasticsearch

from enumwatch.elastic.connection import Connection, client_of
from enumwatch.elastic.rehearsal import changes_nothing, rehearsing


def rehearsed() -> tuple[Elasticsearch, list[str]]:
    said: list[str] = []
    # Nobody listens there, so whatever is sent fails.
    return client_of(Connection(url="http://127.0.0.1:9"), rehearsing(said.append)), said


def test_what_changes_something_is_printed_and_not_sent() -> None:
    client, said = rehearsed()
    with client:
        client.indices.create(index="enumwatch-x", mappings={"dynamic": False})
        client.bulk(operations=[{"index": {"_index": "enumwatch-x"}}, {"message": "hello"}])
        client.indices.delete(index="enumwatch-x")
        client.watcher.put_watch(id="w", actions={"a": {"webhook": {"auth": {"basic": {"password": "hidden"}}}}})
    assert said[0] == 'PUT /enumwatch-x  (not sent)\n{\n  "mappings": {\n    "dynamic": false\n  }\n}'
    assert said[1].splitlines() == [
        "PUT /_bulk  (not sent)",
        '{"index": {"_index": "enumwatch-x"}}',
        '{"message": "hello"}',
    ]
    assert said[2] == "DELETE /enumwatch-x  (not sent)"
    assert "hidden" not in said[3]


def test_what_asks_is_told_from_what_changes() -> None:
    asking = [
        ("GET", "/"),
        ("HEAD", "/a"),
        ("POST", "/a/_search?x=y"),
        ("POST", "/a/_count"),
        ("POST", "/a/_pit?keep_alive=1m"),
        ("DELETE", "/_pit"),
        ("POST", "/_ingest/pipeline/_simulate"),
        ("POST", "/_scripts/painless/_execute"),
        ("POST", "/_security/user/_has_privileges"),
    ]
    changing = [
        ("POST", "/a/_doc"),
        ("PUT", "/a"),
        ("DELETE", "/a"),
        ("POST", "/_bulk"),
        ("POST", "/a/_update_by_query"),
        ("POST", "/_reindex"),
        ("PUT", "/_search"),
        ("POST", "/_transform/a/_start"),
        ("POST", "/a_search"),
        ("POST", "/_enrich/policy/a/_execute"),
        ("POST", "/_watcher/watch/a/_execute"),
    ]
    assert [one for one in asking if not changes_nothing(*one)] == []
    assert [one for one in changing if changes_nothing(*one)] == []
