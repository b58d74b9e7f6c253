"""Which fields of an index are grouped by, and which documents are read by themselves instead."""

from __future__ import annotations

from typing import Any

from enumwatch.engines.elastic.contacts import logs
from enumwatch.engines.elastic.fields import columns_of, either, names_asked, only_in_document, recognised
from enumwatch.engines.local.shape import prepare
from enumwatch.rulebook.compiled import compiled

SHAPES = {shape.name: shape for shape in prepare(compiled())}
OKTA, HTTPPROXY, WINDOWS = (SHAPES[f"{name}/ecs"] for name in ("okta_system", "exchange_httpproxy", "windows_security"))


def types(**by_name: str) -> dict[str, Any]:
    """Field capabilities; dots are written as two underscores."""
    return {name.replace("__", "."): {type_: {"aggregatable": type_ != "text"}} for name, type_ in by_name.items()}


def test_fields_that_no_index_has_are_left_out() -> None:
    columns = columns_of(OKTA, types(source__ip="ip", client__ip="ip"))
    assert [column.grouped for column in columns["src_ip"]] == ["source.ip", "client.ip"]
    assert columns["actor_id"] == ()


def test_one_object_of_a_list_is_only_in_the_document() -> None:
    capabilities = types(okta__target__display_name="keyword", okta__debug_context__debug_data__request_uri="keyword")
    picked, plain = columns_of(OKTA, capabilities)["app"]
    assert (picked.leaf, picked.grouped) == ("okta.target.display_name", None)
    assert plain.grouped == "okta.debug_context.debug_data.request_uri"


def test_one_value_of_a_list_is_grouped_by_since_most_lists_have_one() -> None:
    (column,) = columns_of(HTTPPROXY, types(microsoft__exchange__clientipaddress="ip"))["src_ip"]
    assert column.grouped == "microsoft.exchange.clientipaddress"


def test_text_is_grouped_by_its_keyword_or_not_at_all() -> None:
    alone = types(okta__actor__id="text")
    (column,) = columns_of(OKTA, alone)["actor_id"]
    assert column.grouped is None
    (column,) = columns_of(OKTA, {**alone, **types(okta__actor__id__keyword="keyword")})["actor_id"]
    assert column.grouped == "okta.actor.id.keyword"


def test_a_field_with_two_types_and_a_number_with_a_fraction_are_only_in_the_document() -> None:
    capabilities = types(okta__actor__id="double")
    assert columns_of(OKTA, capabilities)["actor_id"][0].grouped is None
    capabilities["okta.actor.id"] = {"keyword": {"aggregatable": True}, "long": {"aggregatable": True}}
    assert columns_of(OKTA, capabilities)["actor_id"][0].grouped is None


def test_a_key_of_a_flattened_field_is_grouped_by() -> None:
    capabilities = types(okta__actor="flattened")
    assert "okta.actor" in names_asked(OKTA)
    assert columns_of(OKTA, capabilities)["actor_id"][0].grouped == "okta.actor.id"


def test_documents_are_read_by_themselves_where_no_better_field_says_it() -> None:
    capabilities = types(okta__target__alternate_id="keyword", user__target__email="keyword")
    columns = columns_of(OKTA, capabilities)
    picked, ignored = only_in_document(columns, ["user"])["bool"]["should"]
    assert picked["bool"] == {"filter": [{"exists": {"field": "okta.target.alternate_id"}}], "must_not": []}
    assert ignored == {"terms": {"_ignored": ["user.target.email"]}}
    assert only_in_document(columns, ["actor_id"]) == either([]) == {"match_none": {}}


def test_records_are_told_by_what_their_shape_asks_for() -> None:
    assert recognised(OKTA)["bool"]["filter"] == [{"terms": {"event.dataset": ["okta.system"]}}]
    assert recognised(WINDOWS)["bool"]["filter"] == [
        {"exists": {"field": "winlog.channel"}},
        {"exists": {"field": "event.code"}},
    ]


def test_every_log_has_a_time_field_and_index_patterns() -> None:
    found = logs(compiled())
    assert len(found) == 10
    for log in found.values():
        assert log.indices
        assert "@timestamp" in log.time_fields
    assert found["entra_audit"].time_fields[0] == "azure.auditlogs.properties.activity_datetime"
