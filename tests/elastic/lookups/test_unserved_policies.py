"""After a push the enrich policies take the tables over; only a full cluster has policies."""

from __future__ import annotations

from tests.elastic.pretended import Pretended

from enumwatch.elastic.setup.enrich import enrich_pieces, renew


def test_unserved_policies_that_are_there_are_executed_again() -> None:
    cluster = Pretended()
    with cluster.client() as client:
        assert renew(client) == []
        first = enrich_pieces()[0]
        client.enrich.put_policy(name=first.name, **first.body)
        cluster.requests.clear()
        assert renew(client) == [first.name]
    assert [(method, path) for method, path, _ in cluster.requests] == [
        ("PUT", f"_enrich/policy/{first.name}/_execute")
    ]
