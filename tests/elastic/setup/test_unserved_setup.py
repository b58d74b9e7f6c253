"""Requests of setup that no node of these tests serves, asserted as they are sent."""

from __future__ import annotations

from typing import Any

import pytest
from elasticsearch import Elasticsearch
from tests.elastic.pretended import Pretended

from enumwatch.elastic.cluster import Cluster, look_at
from enumwatch.elastic.faults import ClusterError
from enumwatch.elastic.names import CONTACTS
from enumwatch.elastic.setup.apply import make, refuse_what_is_not_ours, regrouped, to_do
from enumwatch.elastic.setup.enrich import enrich_pieces, renew, source_of
from enumwatch.elastic.setup.indices import LIFECYCLE, LIFECYCLE_BODY
from enumwatch.elastic.setup.piece import Piece
from enumwatch.elastic.setup.plan import Plan, found_of, look_over, plan
from enumwatch.elastic.setup.removal import removal, remove
from enumwatch.elastic.setup.roles import role_bodies
from enumwatch.elastic.setup.stamp import stamp_of
from enumwatch.engines.elastic.pivot import DAILY, HOURLY, transforms
from enumwatch.rulebook.compiled import compiled

from .unserved import UNSERVED

LOOKUPS = tuple(source_of(piece) for piece in enrich_pieces())


def whole(client: Elasticsearch, cluster: Cluster) -> Plan:
    """What setup makes."""
    return plan(client, cluster, compiled())


def set_up(there: Pretended) -> list[str]:
    """Runs setup; returns what it said."""
    said: list[str] = []
    with there.client() as client:
        found = look_over(client, whole(client, look_at(client)).pieces)
        refuse_what_is_not_ours(found)
        make(client, found, said.append)
    return said


def with_lookups() -> Pretended:
    there = Pretended()
    there.indices = {name: {"mappings": {"_meta": stamp_of({}).fields()}} for name in LOOKUPS}
    return there


def states(there: Pretended) -> set[str]:
    with there.client() as client:
        return {one.state for one in look_over(client, whole(client, look_at(client)).pieces)}


def generalised(path: str) -> str:
    """A path with NAME for the name of a thing."""
    parts = path.split("/")
    return "/".join("NAME" if part.startswith("enumwatch-") and part != "enumwatch-*" else part for part in parts)


def change(there: Pretended, place: str, name: str) -> None:
    """Makes a thing look as if an earlier enumwatch had made it of other content."""
    there.things[place][name]["_meta"]["enumwatch"] |= {"version": "0.0.1", "digest": "other"}


def test_unserved_everything_is_made_once_and_found_again() -> None:
    there = with_lookups()
    assert states(there) == {"missing"}
    assert set_up(there)
    assert states(there) == {"current"}
    before = len(there.requests)
    assert set_up(there) == []
    assert len(there.requests) == before


def test_unserved_requests_are_those_of_the_list() -> None:
    there = with_lookups()
    set_up(there)
    change(there, "_transform", HOURLY)
    set_up(there)
    with there.client() as client:
        renew(client)
        cluster = look_at(client)
        remove(client, removal(client, cluster, with_findings=True).going, lambda line: None)
    places = ("_ilm", "_enrich", "_transform", "_security", "enumwatch-*/_ilm")
    sent = {f"{method} /{generalised(path)}" for method, path, _ in there.requests if path.startswith(places)}
    assert sent == {line for line in UNSERVED if not line.startswith("GET")}


def test_unserved_bodies_carry_what_they_should() -> None:
    there = with_lookups()
    set_up(there)
    policy = there.things["_ilm/policy"][LIFECYCLE]["policy"]
    assert policy["phases"] == LIFECYCLE_BODY["phases"]
    assert policy["_meta"] == stamp_of(LIFECYCLE_BODY).fields()
    settings = there.things["_component_template"]["enumwatch-settings"]["template"]["settings"]
    assert settings["index.lifecycle.name"] == LIFECYCLE
    for piece in enrich_pieces():
        assert there.things["_enrich/policy"][piece.name] == piece.body
    for name, role in role_bodies(["logs-a-*"]).items():
        assert there.things["_security/role"][name]["cluster"] == role["cluster"]
    for name, body in transforms(compiled()).items():
        assert {key: there.things["_transform"][name][key] for key in body} == body


def test_unserved_a_transform_is_changed_in_place_unless_its_pivot_is_another() -> None:
    there = with_lookups()
    set_up(there)
    change(there, "_transform", HOURLY)
    there.requests.clear()
    set_up(there)
    assert [(method, path) for method, path, _ in there.requests] == [
        ("POST", f"_transform/{HOURLY}/_update"),
        ("POST", f"_transform/{HOURLY}/_start"),
    ]
    assert "pivot" not in there.requests[0][2]
    change(there, "_transform", HOURLY)
    there.things["_transform"][HOURLY]["_meta"]["enumwatch"]["pivot"] = "other"
    there.requests.clear()
    with there.client() as client:
        found = look_over(client, whole(client, look_at(client)).pieces)
        assert {one.piece.name for one in regrouped(found)} == {HOURLY, DAILY}
        make(client, found, lambda line: None)
    sent = [(method, path) for method, path, _ in there.requests]
    gone = [(method, path) for method, path in sent if method == "DELETE"]
    assert gone == [("DELETE", f"_transform/{HOURLY}"), ("DELETE", f"_transform/{DAILY}"), ("DELETE", CONTACTS)]
    assert sent.index(("PUT", CONTACTS)) < sent.index(("PUT", f"_transform/{HOURLY}"))
    assert ("POST", f"_transform/{DAILY}/_start") in sent
    assert states(there) == {"current"}


def test_unserved_events_reach_our_pipelines_through_those_of_the_owner() -> None:
    there = with_lookups()
    theirs = {"processors": [{"set": {"field": "a", "value": 1}}], "created_date_millis": 5}
    there.things["_ingest/pipeline"]["logs-okta.system@custom"] = theirs
    set_up(there)
    found = there.things["_ingest/pipeline"]["logs-okta.system@custom"]
    assert found["processors"][0] == theirs["processors"][0]
    assert found["processors"][1]["pipeline"]["name"] == "enumwatch-contact-okta-system"
    assert "created_date_millis" not in found
    with there.client() as client:
        remove(client, removal(client, look_at(client), with_findings=True).going, lambda line: None)
    left = there.things["_ingest/pipeline"]
    assert {name: body["processors"] for name, body in left.items()} == {
        "logs-okta.system@custom": theirs["processors"]
    }


def test_unserved_without_pipelines_events_stay_as_they_are() -> None:
    there = with_lookups()
    with there.client() as client:
        wanted = plan(client, look_at(client), compiled(), with_pipelines=False)
    assert not {one.kind for one in wanted.pieces} & {"pipeline", "attachment", "transform"}


def test_unserved_a_table_that_was_not_pushed_has_no_policy() -> None:
    there = Pretended()
    with there.client() as client:
        skipped = plan(client, look_at(client), compiled()).skipped
    assert {one.piece.kind for one in skipped} == {"enrich"}
    assert all("lookups push" in one.why for one in skipped)


@pytest.mark.parametrize(
    ("place", "name", "stamp", "said"),
    [
        ("_ilm/policy", LIFECYCLE, {"enumwatch": {"version": "99.0.0", "digest": "x"}}, "upgrade this one"),
        ("_ilm/policy", LIFECYCLE, None, "delete it or give it another name"),
        ("_transform", HOURLY, None, "delete it or give it another name"),
    ],
)
def test_unserved_what_is_newer_or_somebody_elses_is_refused(place: str, name: str, stamp: Any, said: str) -> None:
    there = with_lookups()
    set_up(there)
    body = there.things[place][name]
    (body.get("policy") or body)["_meta"] = stamp
    there.requests.clear()
    with pytest.raises(ClusterError, match=said):
        set_up(there)
    assert there.requests == []


def test_unserved_removal_leaves_nothing_but_what_is_not_ours() -> None:
    there = with_lookups()
    set_up(there)
    there.things["_transform"]["enumwatch-mine"] = {"pivot": {}}
    there.things["_security/role"]["other"] = {}
    with there.client() as client:
        found = removal(client, look_at(client), with_findings=False)
        remove(client, found.going, lambda line: None)
    assert any("enumwatch-mine: enumwatch did not make it" in line for line in found.staying)
    left = {place: set(things) for place, things in there.things.items() if things}
    assert left == {"_transform": {"enumwatch-mine"}, "_security/role": {"other"}}
    assert set(there.indices) == {"enumwatch-verdicts", *LOOKUPS}


def test_unserved_serverless_has_no_lifecycle_no_watches_and_few_settings() -> None:
    there = Pretended(flavour="serverless")
    with there.client() as client:
        cluster = look_at(client)
        wanted = plan(client, cluster, compiled())
    assert cluster.name == "Elasticsearch Serverless"
    assert not cluster.serves("lifecycle")
    assert not cluster.serves("watcher")
    settings = [one.body["template"]["settings"] for one in wanted.pieces if one.name.endswith("-settings")]
    assert settings == [{"index.mode": "lookup"}]


@pytest.mark.parametrize(
    ("licence", "why"),
    [("basic", "the licence basic does not allow them"), ("trial", None), ("enterprise", None), ("standard", None)],
)
def test_unserved_watches_are_for_those_who_pay(licence: str, why: str | None) -> None:
    with Pretended(licence=licence).client() as client:
        cluster = look_at(client)
    assert cluster.lacking.get("watcher") == why
    assert cluster.name == f"Elasticsearch 9.2.4, licence {licence}"


def test_unserved_a_key_that_may_not_give_roles_leaves_them_out() -> None:
    there = Pretended(refused=r"GET _security/role")
    with there.client() as client:
        wanted = plan(client, look_at(client), compiled())
    assert [one.piece.kind for one in wanted.skipped if "enumwatch elastic setup --roles" in one.why] == ["role"] * 3


def test_unserved_a_missing_privilege_ends_setup_with_its_name() -> None:
    with pytest.raises(ClusterError, match="--roles"):
        set_up(Pretended(refused=r"PUT _ilm"))


def test_unserved_a_missing_thing_is_missing_however_the_cluster_says_so() -> None:
    with Pretended().client() as client:
        for piece in (Piece("enrich", "enumwatch-none", {}), Piece("transform", "enumwatch-none", {})):
            found = found_of(client, piece)
            assert found.state == "missing"
            assert to_do([found]) == [found]
