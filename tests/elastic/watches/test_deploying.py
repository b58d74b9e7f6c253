"""Putting watches into a cluster. No node of these tests has Watcher, so these are the requests, and nothing more."""

from __future__ import annotations

import pytest
from tests.elastic.pretended import Pretended

from enumwatch.elastic.faults import ClusterError
from enumwatch.elastic.watches.actions import NOBODY
from enumwatch.elastic.watches.bodies import CONTACTS_FORM, VERDICTS_FORM, watches_of
from enumwatch.elastic.watches.deploying import deploy, remove
from enumwatch.elastic.watches.stored import scripts
from enumwatch.rulebook.compiled import compiled

# What only a cluster with Watcher serves: function of the client, request. The docs list them.
UNSERVED = {
    "watcher.put_watch": "PUT /_watcher/watch/{id}",
    "watcher.get_watch": "GET /_watcher/watch/{id}",
    "watcher.delete_watch": "DELETE /_watcher/watch/{id}",
}


def sent(cluster: Pretended) -> list[str]:
    return [f"{method} {path}" for method, path, _ in cluster.requests]


def test_unserved_scripts_come_first_and_each_watch_runs_or_rests() -> None:
    cluster, lines = Pretended(), []
    running = deploy(cluster.client(), compiled(), out=lines.append)
    names = list(watches_of(CONTACTS_FORM, compiled()))
    wanted = [f"PUT _scripts/{name}" for name in scripts()] + [f"PUT _watcher/watch/{name}" for name in names]
    assert sent(cluster)[: len(wanted)] == wanted
    assert running == ["enumwatch-contacts-email-enumeration"]
    assert lines == [
        "put: watch enumwatch-contacts-published-threshold, at rest",
        "put: watch enumwatch-contacts-email-enumeration",
    ]


def test_unserved_the_bodies_are_those_that_were_validated() -> None:
    cluster = Pretended()
    deploy(cluster.client(), compiled())
    assert cluster.things["_watcher/watch"] == watches_of(CONTACTS_FORM, compiled())
    assert cluster.things["_scripts"] == scripts()


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
    assert len(gone) == len(watches_of(CONTACTS_FORM, compiled())) + len(scripts())
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
