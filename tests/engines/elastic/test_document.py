"""Raw texts out of the source of a document."""

from __future__ import annotations

from typing import Any

import pytest

from enumwatch.engines.elastic.document import raw_texts, roots, time_of
from enumwatch.engines.local.shape import prepare
from enumwatch.rulebook.compiled import compiled

SHAPES = {shape.name: shape for shape in prepare(compiled())}
OKTA, HTTPPROXY = SHAPES["okta_system/ecs"], SHAPES["exchange_httpproxy/ecs"]


@pytest.mark.parametrize(
    "source",
    [
        {"okta": {"actor": {"id": " 7 "}}},
        {"okta.actor.id": "7"},
        {"okta.actor": {"id": 7}},
        {"okta": {"actor.id": "7"}},
        {"okta.actor": {}, "okta": {"actor": {"id": "7"}}},
    ],
    ids=str,
)
def test_keys_may_be_joined_by_dots_anywhere(source: dict[str, Any]) -> None:
    assert raw_texts(source, OKTA, ["actor_id"]) == {"actor_id": "7"}


def test_an_object_is_picked_by_its_type() -> None:
    target = [{"type": "AppInstance", "alternate_id": "a"}, {"type": "User", "alternate_id": "u"}, {"type": "User"}]
    assert raw_texts({"okta": {"target": target}}, OKTA, ["user"]) == {"user": "u"}
    assert raw_texts({"okta": {"target": target[:1]}}, OKTA, ["user"]) == {"user": None}
    assert raw_texts({"okta": {"target": "text"}}, OKTA, ["user"]) == {"user": None}


def test_the_first_of_a_list_counts_and_a_value_that_means_nothing_gives_way() -> None:
    exchange = {"clientipaddress": ["203.0.113.1", "203.0.113.2"]}
    assert raw_texts({"microsoft": {"exchange": exchange}}, HTTPPROXY, ["src_ip"]) == {"src_ip": "203.0.113.1"}
    source = {"source": {"ip": "-"}, "microsoft": {"exchange": {"clientipaddress": "203.0.113.3"}}}
    assert raw_texts(source, HTTPPROXY, ["src_ip"]) == {"src_ip": "203.0.113.3"}


def test_a_list_and_an_object_are_told_as_json_and_truth_as_a_word() -> None:
    assert raw_texts({"source": {"ip": ["a", "b"]}}, HTTPPROXY, ["src_ip"]) == {"src_ip": '["a","b"]'}
    assert raw_texts({"source": {"ip": True}}, HTTPPROXY, ["src_ip"]) == {"src_ip": "true"}


def test_only_what_is_read_is_fetched() -> None:
    assert roots(OKTA, ["user", "actor_id"]) == ["okta.actor.id", "okta.target", "user.target.email"]


def test_time_is_in_microseconds() -> None:
    assert time_of({"fields": {"@timestamp": ["1772438400123"]}}, "@timestamp") == 1_772_438_400_123_000
