"""What is collected is what each add-on would index, where the macros of the app look for it, and marked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.splunk import indexed

from enumwatch.core.times import from_iso
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate.sending.marks import LABEL, RUN, SCENARIO, SOURCE, TAG
from enumwatch.simulate.sending.playing import write_play
from enumwatch.simulate.sending.splunk import finding_search, removing_search
from enumwatch.simulate.sending.splunk_events import FORMS, hec_events, sourcetype_of

from .runs import ONE_EACH, manifest_of, played
from .runs import RUN as NAME

MARKS = {RUN, SCENARIO, SOURCE, LABEL}
MACROS = (Path(__file__).parents[3] / "default" / "macros.conf").read_text(encoding="utf-8")


def extracted(source: str, event: dict[str, Any]) -> dict[str, Any]:
    """The fields of a collected event: those that its add-on takes out of the text, and those that came beside it."""
    columns = {name: value for name, value in event["fields"].items() if name not in MARKS}
    if source == "windows_security":
        (only,) = indexed._xml(source, f"<Events>{event['event']}</Events>")
        return {name: value for name, value in only.items() if not name.startswith("_")}
    if columns:
        return columns
    return indexed.flat(json.loads(event["event"]))


@pytest.mark.parametrize(("scenario", "source"), ONE_EACH)
def test_splunk_holds_what_its_add_on_would_make_of_the_file(scenario: str, source: str, tmp_path: Path) -> None:
    manifest, (one,) = played(manifest_of(index="test"), ((scenario, source),))
    write_play(tmp_path, [one], manifest.seed)
    (file,) = (tmp_path / source).glob("*")
    events = [event for events in hec_events(manifest, one) for event in events]
    expected = indexed.indexed(source, file)
    assert len(events) == len(expected) == manifest.total
    for event, known in zip(events, expected, strict=True):
        fields = {name: value for name, value in known.items() if not name.startswith("_")}
        assert fields.pop("index") == "main"
        assert event["sourcetype"] == fields.pop("sourcetype")
        found = extracted(source, event)
        found.pop("index", None), found.pop("sourcetype", None)
        assert found == fields
        assert event["time"] == pytest.approx(known["_time"], abs=1)
        if source != "windows_security":
            assert event["event"] == known["_raw"] or json.loads(event["event"]) == json.loads(known["_raw"])
        assert (event["host"], event["source"], event["index"]) == (TAG, f"{TAG}:{NAME}", "test")
        marks = {name: event["fields"][name] for name in MARKS}
        assert marks == {RUN: NAME, SCENARIO: scenario, SOURCE: source, LABEL: marks[LABEL]}
        assert all(isinstance(value, str) for value in event["fields"].values())


def test_times_have_what_the_log_says_of_a_second() -> None:
    manifest, (one,) = played(manifest_of(), (("fast_enumeration", "entra_signin"),))
    for (event,) in hec_events(manifest, one):
        assert round(event["time"] * 1_000_000) == from_iso(json.loads(event["event"])["time"])


@pytest.mark.parametrize("source", sorted(FORMS))
def test_macros_of_the_app_find_them(source: str) -> None:
    (definition,) = re.findall(rf"^\[enumwatch_{source}\]\ndefinition = (.*)$", MACROS, re.MULTILINE)
    assert f'sourcetype="{sourcetype_of(source)}"' in definition
    assert FORMS[source] == indexed.FORMS[source]
    assert "splunk" in compiled()["sources"][source]


def test_searches_find_one_run_alone() -> None:
    assert finding_search(NAME) == f'index=* source="enumwatch-test:{NAME}" enumwatch_test="{NAME}"'
    search = removing_search(NAME, "azure", 1_700_000_000_900_000)
    assert search == (
        f'index=azure source="enumwatch-test:{NAME}" enumwatch_test="{NAME}" earliest=1700000000 | delete'
    )
