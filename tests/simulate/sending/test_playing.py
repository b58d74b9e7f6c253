"""What is sent happened just now, to nobody, and is the same each time it is asked for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from enumwatch.beside_logs import LABELS, RUN_FILE, TRUTH
from enumwatch.simulate import SHAPES, SimulateError, scenarios
from enumwatch.simulate.scenarios.accounts import DISPOSABLE
from enumwatch.simulate.sending.manifest import ELASTIC, read_manifest, write_manifest
from enumwatch.simulate.sending.marks import first_organisation, is_run, new_run, seed_of
from enumwatch.simulate.sending.playing import checked, play, write_play
from enumwatch.simulate.sending.splunk_events import FORMS

from .runs import END, IN_ELASTIC, ONE_EACH, RUN, manifest_of, played

# RFC 5737, 2544, 3849, 1112 and 6598; 10.0.0.0/8 in the logs of machines on the premises.
NOBODYS = [
    *map(ip_network, ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24", "198.18.0.0/15", "240.0.0.0/4")),
    *map(ip_network, ("100.64.0.0/10", "2001:db8::/32", "10.0.0.0/8")),
]
EVERYTHING = tuple((one.id, source) for one in scenarios() for source in one.sources)
MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
# Of real services: what Okta calls itself, and disposable mail, which a rule is about.
SERVICES = {"okta.com", *DISPOSABLE}


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, (list, tuple)):
        return [text for one in value for text in texts(one)]
    return [str(value)]


@pytest.mark.parametrize("scenario", sorted({one for one, _ in EVERYTHING}))
def test_every_scenario_ends_now_and_accuses_nobody(scenario: str) -> None:
    wanted = tuple(one for one in EVERYTHING if one[0] == scenario)
    plays = play(manifest_of(events=60), wanted, FORMS)
    number = first_organisation(RUN) // 8
    for one in plays:
        events = list(one.labelled())
        assert max(event.time for event in events) <= END
        assert END - max(event.time for event in one.told.events) == 0
        addresses = {event.src_ip for event in one.told.events if event.src_ip}
        assert [one for one in addresses if not any(ip_address(one) in net for net in NOBODYS)] == []
        assert one.told.organisation.domain.endswith(f"{number}.example")
        for event in events[:40]:
            domains = {found for text in texts(event.record) for found in MAIL.findall(text)} - SERVICES
            assert [domain for domain in domains if not domain.endswith((".example", ".test", ".invalid"))] == []


def test_the_same_run_is_the_same_and_another_is_nobody_of_it() -> None:
    wanted = ONE_EACH[:3]
    once, again = played(manifest_of(), wanted), played(manifest_of(), wanted)
    assert once[0] == again[0]
    assert [list(one.labelled()) for one in once[1]] == [list(one.labelled()) for one in again[1]]
    other = "ewt20261122t101112ffff"
    assert seed_of(other) != seed_of(RUN)
    _, others = played(manifest_of(run=other), wanted)
    names = [{event.target for one in plays for event in one.told.events} for plays in (once[1], others)]
    assert names[0] & names[1] <= {""}
    ids = [{one.event_id for each in plays for one in each.records} for plays in (once[1], others)]
    assert ids[0] & ids[1] <= {""}


def test_one_scenario_in_two_logs_is_one_attack() -> None:
    _, (one, other) = played(manifest_of(), (("fast_enumeration", "entra_signin"), ("fast_enumeration", "okta_system")))
    assert {event.src_ip for event in one.told.events} == {event.src_ip for event in other.told.events}
    assert [event.target for event in one.told.events] == [event.target for event in other.told.events]


def test_the_folder_holds_what_is_sent_with_its_labels(tmp_path: Path) -> None:
    manifest, plays = played(manifest_of(ELASTIC), IN_ELASTIC)
    write_play(tmp_path, plays, manifest.seed)
    truths = json.loads((tmp_path / TRUTH).read_text())["scenarios"]
    assert {(one["scenario"], one["source"]) for one in truths} == set(IN_ELASTIC)
    assert len((tmp_path / LABELS).read_text().splitlines()) == manifest.total
    for one in plays:
        (file,) = (tmp_path / one.shape.id).glob("*")
        written = [json.loads(line) for line in file.read_text().splitlines()]
        assert written == json.loads(json.dumps([event.record for event in one.labelled()]))


def test_a_manifest_is_read_as_it_was_written_and_holds_how_far_it_came(tmp_path: Path) -> None:
    manifest, _ = played(manifest_of(index="test"), ONE_EACH[:2])
    manifest = replace(manifest, began=END + 1_000, ended=0).with_sent(1, 7)
    path = write_manifest(tmp_path, manifest)
    assert read_manifest(path) == (tmp_path, manifest)
    assert read_manifest(tmp_path) == (tmp_path, manifest)
    assert (manifest.sent, manifest.total) == (7, sum(one.events for one in manifest.parts))
    assert [one.name for one in tmp_path.iterdir()] == [RUN_FILE]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"run": "x", "parts": []}', '{"parts": [{"scenario": 1}]}', '{"run": 1, "parts": 3}']
)
def test_what_is_no_manifest_is_told(content: str, tmp_path: Path) -> None:
    (tmp_path / RUN_FILE).write_text(content)
    with pytest.raises(SimulateError, match="is no run that `simulate --to` wrote: name its folder"):
        read_manifest(tmp_path)


def test_a_manifest_of_other_types_is_refused(tmp_path: Path) -> None:
    path = write_manifest(tmp_path, manifest_of())
    told = json.loads(path.read_text())
    for change in ({"run": "everything"}, {"target": "mail"}, {"users": "many"}, {"seed": None}, {"end": "soon"}):
        path.write_text(json.dumps(told | change))
        with pytest.raises(SimulateError):
            read_manifest(path)


def test_names_of_runs() -> None:
    from datetime import datetime, timezone

    now = datetime(2026, 11, 22, 10, 11, 12, tzinfo=timezone.utc)
    names = {new_run(now) for _ in range(20)}
    assert len(names) > 15
    assert all(is_run(one) and one.startswith("ewt20261122t101112") for one in names)
    assert not any(is_run(one) for one in ("", "ewt", "*", f"{RUN}x", RUN.upper()))


def test_what_cannot_be_is_refused() -> None:
    for wanted in ((("nope", "iis"),), (("kerberos_enumeration", "iis"),)):
        with pytest.raises(SimulateError):
            checked(wanted)
    for change in ({"users": 3}, {"days": -1.0}, {"events": 0}):
        with pytest.raises(SimulateError, match="give "):
            play(replace(manifest_of(), **change), ONE_EACH[:1], FORMS)
    assert set(FORMS) == set(SHAPES)
