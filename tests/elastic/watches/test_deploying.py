"""Putting watches into a cluster. No node of these tests has Watcher, so these are the requests, and nothing more."""

from __future__ import annotations

import pytest
from tests.elastic.pretended import Pretended

from enumwatch.elastic.faults import ClusterError
from enumwatch.elastic.watches.actions import NOBODY
from enumwatch.elastic.watches.bodies import CONTACTS_FORM, VERDICTS_FORM, watches_of
from enumwatch.elastic.watches.deploying import deploy, remove, watch_pieces
from enumwatch.elastic.watches.stored import scripts
from enumwatch.rulebook.compiled import compiled

# What only a cluster with Watcher serves: function of the client, request. The docs list them.
UNSERVED = {
    "watcher.put_watch": "PUT /_watcher/watch/{id}",
    "watcher.get_watch": "GET /_watcher/watch/{id}",
    "watcher.activate_watch": "PUT /_watcher/watch/{id}/_activate",
    "watcher.deactivate_watch": "PUT /_watcher/watch/{id}/_deactivate",
    "watcher.delete_watch": "DELETE /_watcher/watch/{id}",
}


def sent(cluster: Pretended) -> list[str]:
    return [f"{method} {path}" for method, path, _ in cluster.requests]


def test_unserved_scripts_come_first_and_each_watch_is_let_run_or_rest() -> None:
    cluster, lines = Pretended(), []
    running = deploy(cluster.client(), compiled(), out=lines.append)
    names = list(watches_of(CONTACTS_FORM, compiled()))
    wanted = [f"PUT _scripts/{name}" for name in scripts()] + [f"PUT _watcher/watch/{name}" for name in names]
    assert sent(cluster)[: len(wanted)] == wanted
    assert running == ["enumwatch-contacts-email-enumeration"]
    assert sent(cluster)[len(wanted) : len(wanted) + 2] == [
        "PUT _watcher/watch/enumwatch-contacts-published-threshold/_deactivate",
        "PUT _watcher/watch/enumwatch-contacts-email-enumeration/_activate",
    ]
    assert len(lines) == len(wanted)


def test_unserved_the_body_of_a_watch_is_the_one_that_was_validated() -> None:
    cluster = Pretended()
    deploy(cluster.client(), compiled())
    for name, body in watches_of(CONTACTS_FORM, compiled()).items():
        kept = cluster.things["_watcher/watch"][name]
        stamp = kept["metadata"].pop("enumwatch")
        assert kept == body
        assert set(stamp) == {"version", "digest"}
    for name, body in scripts().items():
        first, _, rest = cluster.things["_scripts"][name]["script"]["source"].partition("\n")
        assert first.startswith("// [enumwatch ")
        assert rest == body["script"]["source"]


def test_unserved_what_is_as_it_should_be_is_not_put_again() -> None:
    cluster = Pretended()
    deploy(cluster.client(), compiled())
    cluster.requests.clear()
    lines: list[str] = []
    deploy(cluster.client(), compiled(), out=lines.append)
    assert lines == []
    assert not [one for one in sent(cluster) if one.startswith("PUT _scripts") or (one.endswith(("threshold", "eration"))
                and one.startswith("PUT"))]  # fmt: skip


def test_unserved_the_other_form_replaces_this_one() -> None:
    cluster = Pretended()
    deploy(cluster.client(), compiled())
    running = deploy(cluster.client(), compiled(), NOBODY, VERDICTS_FORM, ["published_threshold"])
    assert running == ["enumwatch-verdicts-published-threshold"]
    assert sorted(cluster.things["_watcher/watch"]) == sorted(watches_of(VERDICTS_FORM, compiled()))


def test_unserved_everything_goes_again() -> None:
    cluster = Pretended()
    deploy(cluster.client(), compiled())
    gone = remove(cluster.client(), compiled())
    assert len(gone) == len(watch_pieces(compiled()))
    assert cluster.things["_watcher/watch"] == cluster.things["_scripts"] == {}
    assert remove(cluster.client(), compiled()) == []


def test_unserved_a_watch_of_somebody_else_is_left_alone() -> None:
    cluster = Pretended()
    cluster.things["_watcher/watch"]["enumwatch-contacts-email-enumeration"] = {"metadata": {}}
    with pytest.raises(ClusterError, match="enumwatch did not make"):
        deploy(cluster.client(), compiled())
    assert cluster.requests == []


def test_unserved_a_missing_permission_is_one_line() -> None:
    cluster = Pretended(refused="PUT _watcher")
    with pytest.raises(ClusterError, match="the key may not do this"):
        deploy(cluster.client(), compiled())
