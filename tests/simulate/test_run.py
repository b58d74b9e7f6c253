from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from enumwatch.simulate import SHAPES, SimulateError, scenarios, simulate

from .reading import labels, records, tree, truth

PAIRS = [(scenario.id, source) for scenario in scenarios() for source in scenario.sources]
FORMS = [(source, form) for source, shape in SHAPES.items() for form in shape.forms]
FIRST_FOR = {source: next(s.id for s in scenarios() if source in s.sources) for source in SHAPES}


@pytest.mark.parametrize(("scenario", "source"), PAIRS)
def test_every_declared_pair_writes_records_that_read_back_and_are_all_labelled(
    scenario: str, source: str, tmp_path: Path
) -> None:
    result = simulate(scenario, source, seed=5, out=tmp_path, users=80, events=90)
    read = records(result.files[0], source)
    told = labels(tmp_path)
    assert len(read) == len(told) == result.records > 0
    assert len({row["event_id"] for row in told}) == len(told)
    assert {row["scenario"] for row in told} == {scenario}
    assert sum(result.counts.values()) == result.records


@pytest.mark.parametrize(("source", "form"), FORMS)
def test_every_form_holds_the_same_records_as_the_providers_own(source: str, form: str, tmp_path: Path) -> None:
    scenario = FIRST_FOR[source]
    own = simulate(scenario, source, seed=5, out=tmp_path / "own", users=80, events=60)
    other = simulate(scenario, source, seed=5, out=tmp_path / "other", users=80, events=60, form=form)
    assert len(records(other.files[0], source, form)) == len(records(own.files[0], source))
    assert [row["event_id"] for row in labels(tmp_path / "other") if source != "iis"] == [
        row["event_id"] for row in labels(tmp_path / "own") if source != "iis"
    ]


@pytest.mark.parametrize("source", sorted(SHAPES))
def test_the_same_arguments_give_the_same_bytes(source: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        simulate(FIRST_FOR[source], source, seed=9, out=tmp_path / name, users=60, events=50)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_parquet_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        simulate("office", "entra_signin", seed=9, out=tmp_path / name, events=300, form="log_analytics_parquet")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_another_seed_gives_other_people_and_addresses(tmp_path: Path) -> None:
    for seed in (1, 2):
        simulate("fast_enumeration", "entra_signin", seed=seed, out=tmp_path / str(seed))
    one, two = truth(tmp_path / "1")[0], truth(tmp_path / "2")[0]
    assert one["tenant"] != two["tenant"]
    assert one["names_found"] != two["names_found"]


def test_scenarios_share_one_folder_without_doubling_ids_or_forgetting_labels(tmp_path: Path) -> None:
    for scenario in ("office", "kerberos_enumeration", "password_spray"):
        simulate(scenario, "windows_security", seed=3, out=tmp_path, events=150)
    told = labels(tmp_path)
    assert {row["scenario"] for row in told} == {"office", "kerberos_enumeration", "password_spray"}
    assert len({row["event_id"] for row in told}) == len(told)
    assert len(truth(tmp_path)) == 3


def test_writing_a_scenario_again_replaces_it(tmp_path: Path) -> None:
    simulate("fast_enumeration", "entra_signin", seed=3, out=tmp_path)
    simulate("office", "entra_signin", seed=3, out=tmp_path, events=100)
    simulate("fast_enumeration", "entra_signin", seed=3, out=tmp_path, events=70, form="portal_44")
    assert sorted(path.name for path in (tmp_path / "entra_signin").iterdir()) == [
        "fast_enumeration.csv",
        "office.ndjson",
    ]
    assert sum(row["scenario"] == "fast_enumeration" for row in labels(tmp_path)) == 70
    assert [entry["events"] for entry in truth(tmp_path) if entry["scenario"] == "fast_enumeration"] == [70]


def test_one_attack_is_the_same_attack_in_every_log(tmp_path: Path) -> None:
    for source in ("entra_signin", "okta_system"):
        simulate("fast_enumeration", source, seed=4, out=tmp_path)
    entra, okta = truth(tmp_path)
    assert entra["actor"] == okta["actor"]
    assert entra["names_found"] == okta["names_found"]


def test_each_tenant_is_attacked_on_its_own(tmp_path: Path) -> None:
    simulate("fast_enumeration", "entra_signin", seed=4, out=tmp_path, tenants=3)
    assert len({entry["tenant"] for entry in truth(tmp_path)}) == 3


def test_events_lie_in_the_days_asked_for(tmp_path: Path) -> None:
    start = datetime(2025, 6, 1, tzinfo=timezone.utc)
    simulate("office", "okta_system", seed=4, out=tmp_path, start=start, days=2, events=400)
    times = [row["time"] for row in labels(tmp_path)]
    assert min(times) >= start.isoformat()[:19]
    assert max(times) < (start + timedelta(days=2)).isoformat()[:19]


@pytest.mark.parametrize(
    ("scenario", "source", "more", "told"),
    [
        ("kerberos_enumeration", "okta_system", {}, "choose --source windows_security"),
        ("autodiscover_enumeration", "entra_signin", {}, "choose --source iis, exchange_httpproxy"),
        ("fast_enumeration", "syslog", {}, "unknown source 'syslog'; choose --source entra_signin"),
        ("nothing", "entra_signin", {}, "choose one of fast_enumeration"),
        ("office", "iis", {"form": "xml"}, "choose one of w3c"),
        ("office", "iis", {"users": 3}, "give 20 or more"),
        ("office", "iis", {"events": 0}, "give 1 or more"),
        ("office", "iis", {"tenants": 0}, "give 1 or more"),
        ("office", "iis", {"days": 0}, "give a number above 0"),
    ],
)
def test_what_cannot_be_ends_in_what_to_do(
    scenario: str, source: str, more: dict[str, object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(SimulateError, match=told) as caught:
        simulate(scenario, source, seed=1, out=tmp_path, **more)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir()), "nothing is written for a wrong request"


def test_what_is_usual_beside_an_attack_is_labelled_background_and_accuses_nobody(tmp_path: Path) -> None:
    simulate("account_lookalike", "entra_audit", seed=5, out=tmp_path, users=80)
    told, (key,) = labels(tmp_path), truth(tmp_path)
    attackers = {row["actor"] for row in told if row["label"] == "attack"}
    usual = {row["actor"] for row in told if row["label"] == "background"}
    assert attackers == set(key["actor"]["account"])
    assert usual
    assert not usual & attackers
    assert len(key["accounts_created"]) == 1
    assert key["events"] == len(told) > 10
