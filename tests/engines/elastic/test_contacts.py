"""Documents that a grouping would misread: they are told from the others and read by themselves."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from enumwatch.core.times import from_iso
from enumwatch.engines.elastic import contacts as contacts_module
from enumwatch.engines.elastic import survey as survey_module
from enumwatch.engines.elastic import view as view_module
from enumwatch.simulate import simulate

from .comparing import cluster_contacts, local_contacts, written
from .indexing import documents_of

Document = dict[str, Any]


def documents(folder: Path, source: str, scenario: str = "fast_enumeration", events: int = 60) -> list[Document]:
    """A scenario as the documents of an integration."""
    simulate(scenario, source, seed=7, out=folder, users=20, form="ecs", events=events)
    return [deepcopy(one) for one in documents_of(folder / source / f"{scenario}.ndjson")]


@pytest.fixture
def both(cluster: Elasticsearch, tmp_path: Path) -> Callable[[str, list[Document]], contacts_module.Tally]:
    """Compares the engines on documents; gives what the cluster's reader counted."""

    def compare(source: str, given: list[Document]) -> contacts_module.Tally:
        expected, _ = local_contacts([written(tmp_path, given)])
        found, tally = cluster_contacts(cluster, source, given)
        assert expected
        assert found == expected
        return tally

    return compare


Both = Callable[[str, "list[Document]"], contacts_module.Tally]


def test_documents_that_only_have_single_values_are_never_read_by_themselves(both: Both, tmp_path: Path) -> None:
    assert both("entra_signin", documents(tmp_path, "entra_signin")).one_by_one == 0


@pytest.mark.parametrize("source", ["entra_signin", "okta_system"])
def test_an_event_that_was_indexed_twice_counts_once(source: str, both: Both, tmp_path: Path) -> None:
    given = documents(tmp_path, source)
    # Some failed and some succeeded; one of them three times.
    tally = both(source, [*given, *given[::5], given[5]])
    assert tally.one_by_one >= 2 * len(given[::5]) + 1


def test_of_two_events_with_one_id_the_first_counts(both: Both, tmp_path: Path) -> None:
    given = documents(tmp_path, "entra_signin")
    failed = next(one for one in given if one["event"]["outcome"] == "failure")
    later = deepcopy(failed)
    later["@timestamp"] = failed["@timestamp"].replace("-03-", "-04-")
    later["azure"]["signinlogs"]["properties"]["user_principal_name"] = "other@example.com"
    assert both("entra_signin", [*given, later]).one_by_one == 2


def test_a_list_where_a_value_is_expected_does_not_count_twice(both: Both, tmp_path: Path) -> None:
    given = documents(tmp_path, "exchange_httpproxy", "autodiscover_enumeration")
    given[3]["microsoft"]["exchange"]["clientipaddress"] = ["203.0.113.77", "198.51.100.3"]
    assert both("exchange_httpproxy", given).one_by_one > 0


def test_a_text_too_long_for_its_mapping_is_not_lost(both: Both, tmp_path: Path) -> None:
    given = documents(tmp_path, "entra_signin")
    given[0]["user_agent"]["original"] = "long " * 1_000
    assert both("entra_signin", given).one_by_one == 1


def test_hostile_and_empty_texts_stay_what_they_are(both: Both, tmp_path: Path) -> None:
    given = documents(tmp_path, "entra_signin")
    names = [
        "{{ctx.payload}}",
        "a\"b'c\\d",
        "-",
        "",
        " padded@example.com ",
        "\u202eoverturned",
        "x" * 1_000,
        "null",
        "null byte \x01",
    ]
    for document, name in zip(given, names, strict=False):
        document["azure"]["signinlogs"]["properties"]["user_principal_name"] = name
    both("entra_signin", given)


def test_keys_joined_by_dots_are_found(both: Both, tmp_path: Path) -> None:
    given = documents(tmp_path, "okta_system")
    for document in given:
        document["source.ip"] = document["source"].pop("ip")
        document["okta.actor.id"] = document["okta"]["actor"].pop("id")
    both("okta_system", given)


def test_objects_in_a_list_are_told_apart_by_their_type(both: Both, tmp_path: Path) -> None:
    given = documents(tmp_path, "okta_system")
    for number, document in enumerate(given):
        user = {"id": "u", "type": "User", "alternate_id": f"user{number}@example.com", "display_name": "U"}
        app = {"id": "a", "type": "AppInstance", "alternate_id": "none", "display_name": f"App {number % 3}"}
        document["okta"]["target"] = [app, user] if number % 2 else [user, app]
    assert both("okta_system", given).one_by_one == len(given)


def test_only_what_lies_in_the_window_is_read(cluster: Elasticsearch, tmp_path: Path) -> None:
    given = documents(tmp_path, "entra_signin", events=200)
    times = sorted(from_iso(one["@timestamp"]) for one in given)
    since, until = times[40], times[150]
    inside = [one for one in given if since <= from_iso(one["@timestamp"]) < until]
    expected, _ = local_contacts([written(tmp_path, inside)])
    found, tally = cluster_contacts(cluster, "entra_signin", given, since=since, until=until)
    assert found == expected
    assert tally.documents == len(inside) < len(given)


def test_an_index_without_documents_or_none_at_all_has_no_contacts(cluster: Elasticsearch) -> None:
    assert cluster_contacts(cluster, "entra_signin", [{"event": {"dataset": "azure.signinlogs"}}])[0] == []


def test_small_pages_and_parts_give_the_same(both: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = documents(tmp_path, "entra_signin", "slow_enumeration", events=120)
    monkeypatch.setattr(view_module, "PAGE", 3)
    monkeypatch.setattr(contacts_module, "_PART", 10)
    monkeypatch.setattr(contacts_module, "_DOCUMENTS_OF_ONE_PAGE", 2)
    monkeypatch.setattr(survey_module, "_MOST_COMBINATIONS", 2)
    tally = both("entra_signin", [*given, *given[:7]])
    assert tally.documents == len(given) + 7
