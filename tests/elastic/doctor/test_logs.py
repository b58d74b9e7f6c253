"""The doctor on a real node: each fault of a log, planted, is told with what to do, and a sound log is not complained of."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from .planting import INDEX, dated, examined, of_log, planted, sound_documents, told

LOG = "log entra_signin"


@pytest.fixture(scope="module")
def node(bare_cluster: Elasticsearch) -> Iterator[Elasticsearch]:
    yield bare_cluster
    bare_cluster.options(ignore_status=404).indices.delete_index_template(name="logs-for-tests")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return sound_documents(tmp_path_factory.mktemp("sound"), datetime.now(timezone.utc))


@pytest.fixture
def documents(sound: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Copies of the sound documents, to be spoiled."""
    return copy.deepcopy(sound)


def test_a_sound_log_is_not_complained_of(node: Elasticsearch, documents: list[Any]) -> None:
    with planted(node, documents):
        found = examined(node)
    assert {level for level in told(found, LOG).values()} <= {"note"}
    assert "log entra_signin" in found.seen
    assert told(found, "log okta_system") == {"no index fits": "note"}
    assert not [one for one in found.troubles if one.where == "logs"]


def test_no_log_at_all_is_broken(node: Elasticsearch) -> None:
    found = examined(node)
    assert found.is_broken
    assert told(found, "logs")["the cluster has none that enumwatch reads, or the key may not see them"] == "broken"


def test_text_where_a_keyword_is_needed(node: Elasticsearch, documents: list[Any]) -> None:
    user = {"user_agent": {"properties": {"original": {"type": "text"}}}}
    with planted(node, documents, user):
        assert of_log(node)["user_agent.original is text, which cannot be grouped"] == "doubtful"


def test_a_number_where_a_date_is_needed(node: Elasticsearch, documents: list[Any]) -> None:
    for place, document in enumerate(documents):
        document["@timestamp"] = 1_772_442_000_000 + place
    with planted(node, documents, {"@timestamp": {"type": "long"}}):
        found = of_log(node)
    assert found["@timestamp is long and no date"] in ("broken", "doubtful")


def test_two_types_in_two_indices(node: Elasticsearch, documents: list[Any]) -> None:
    code = {"azure": {"properties": {"signinlogs": {"properties": {"result_type": {"type": "long"}}}}}}
    with planted(node, documents), planted(node, documents[:5], code, index=f"{INDEX}-other"):
        found = of_log(node)
    assert found["azure.signinlogs.result_type is keyword and long, as the index may be"] == "doubtful"


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("azure.signinlogs.properties.user_principal_name", "target is empty in every record of the last day"),
        ("source.ip", "src_ip is empty in every record of the last day"),
    ],
)
def test_a_field_that_decides_is_never_filled(node: Elasticsearch, documents: list[Any], path: str, what: str) -> None:
    also = {
        "azure.signinlogs.properties.user_principal_name": [
            "azure.signinlogs.properties.sign_in_identifier",
            "user.name",
        ]
    }
    others = also.get(path, ["source.address", "client.ip"])
    for document in documents:
        for one in (path, *others):
            taken_out(document, one)
    with planted(node, documents):
        assert of_log(node)[what] == "broken"


def test_an_address_that_is_often_missing(node: Elasticsearch, documents: list[Any]) -> None:
    for document in documents[: int(len(documents) * 0.7)]:
        for one in ("source.ip", "source.address", "client.ip"):
            taken_out(document, one)
    with planted(node, documents):
        found = of_log(node)
    (what,) = (one for one in found if one.startswith("src_ip is empty in "))
    assert found[what] == "doubtful"


def test_lists_where_one_value_is_expected(node: Elasticsearch, documents: list[Any]) -> None:
    documents[0]["user_agent"] = {"original": ["one", "two"]}
    with planted(node, documents):
        found = of_log(node)
    assert (
        found["user_agent.original holds 1 values more than there are documents with it, so some hold lists"] == "note"
    )


def test_an_index_that_holds_something_else(node: Elasticsearch, documents: list[Any]) -> None:
    for document in documents:
        document["event"]["dataset"] = "azure.other"
    with planted(node, documents):
        found = examined(node)
    assert told(found, LOG)["there are documents, and none is a record of this log"] == "broken"
    assert "event.dataset: azure.signinlogs" in " ".join(one.advice for one in found.troubles)


def test_an_empty_and_a_silent_log(node: Elasticsearch, documents: list[Any]) -> None:
    with planted(node, []):
        assert of_log(node)["its index is empty"] == "doubtful"
    for document in documents:
        dated(document, datetime.now(timezone.utc) - timedelta(days=3), timedelta(minutes=1))
    with planted(node, documents):
        assert of_log(node)["no record came in the last day"] == "doubtful"


@pytest.mark.parametrize(
    ("hours", "what", "level"),
    [
        (-2, "records are dated up to 2 hours after they came", "broken"),
        (-0.25, "records are dated up to 15 minutes after they came", "doubtful"),
        (2, "even the quickest record comes 2 hours late", "doubtful"),
        (72, "records come 3 days late, the runner waits 2 days", "broken"),
    ],
)
def test_late_and_early_records(node: Elasticsearch, documents: list[Any], hours: float, what: str, level: str) -> None:
    moment = datetime.now(timezone.utc) - timedelta(hours=3)
    for document in documents:
        dated(document, moment, timedelta(hours=hours))
    with planted(node, documents):
        assert of_log(node)[what] == level


def test_records_that_are_dated_ahead(node: Elasticsearch, documents: list[Any]) -> None:
    dated(documents[0], datetime.now(timezone.utc) + timedelta(hours=1), timedelta(0))
    with planted(node, documents):
        assert of_log(node)["1 records are dated ahead of the cluster's clock"] == "doubtful"


def test_no_time_of_coming(node: Elasticsearch, documents: list[Any]) -> None:
    for document in documents:
        del document["event"]["ingested"]
    with planted(node, documents, {"event": {"properties": {"kind": {"type": "keyword"}}}}):
        assert of_log(node)["event.ingested is not there"] == "doubtful"


def test_a_clock_that_differs(node: Elasticsearch) -> None:
    now = datetime.now(timezone.utc)
    assert "this machine is 3 hours ahead of the cluster" in told(examined(node, now + timedelta(hours=3)), "clock")
    assert "this machine is 3 hours behind the cluster" in told(examined(node, now - timedelta(hours=3)), "clock")
    assert not told(examined(node, now), "clock")


def taken_out(document: dict[str, Any], path: str) -> None:
    """The document without a field."""
    *above, last = path.split(".")
    for name in above:
        document = document.get(name, {})
    document.pop(last, None)
