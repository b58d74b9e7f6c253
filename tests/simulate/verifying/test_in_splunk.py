"""The searches that are printed, run on what was collected: they count the run alone, and only what an add-on has read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.simulate.sending.runs import ONE_EACH, manifest_of, played
from tests.simulate.sending.test_splunk_events import extracted
from tests.splunk.contact_rows import expanded
from tests.splunk.engine import engine_or_skip

from enumwatch.simulate.sending.manifest import Manifest
from enumwatch.simulate.sending.playing import Play
from enumwatch.simulate.sending.splunk_events import hec_events
from enumwatch.simulate.verifying.in_splunk import searches

WANTED = (("fast_enumeration", "entra_signin"), ("fast_enumeration", "okta_system"))
FRAME = ("_time", "_raw", "index", "sourcetype", "source", "host")
LAST = "\n| appendpipe ["


def collected(manifest: Manifest, plays: list[Play]) -> Iterator[dict[str, Any]]:
    """Events as Splunk holds them, with the fields that the add-on takes out at search time."""
    for play in plays:
        for events in hec_events(manifest, play):
            for one in events:
                frame = {name: one[name] for name in ("index", "sourcetype", "source", "host")}
                held = {"_time": one["time"], "_raw": one["event"], **frame, **one["fields"]}
                yield held | extracted(play.shape.id, one)


def test_they_count_what_arrived_and_what_is_read() -> None:
    engine = engine_or_skip()
    manifest, plays = played(manifest_of(index="main", events=8), WANTED)
    other, others = played(manifest_of(run="ewt20261122t101112ffff", index="main", events=8), WANTED[:1])
    events = list(collected(manifest, plays))
    bare = {name: events[0][name] for name in events[0] if name in FRAME or name.startswith("enumwatch_")}
    held = [*events[1:], bare, *collected(other, others)]
    asked = searches(manifest)
    engine.load(held)
    counted = engine.run(asked["events"].partition(LAST)[0])
    counts = {row["enumwatch_source"]: int(row["enumwatch_count"]) for row in counted}
    assert counts == {"entra_signin": 8, "okta_system": 8}
    first, second = asked["read"].partition(LAST)[0].removeprefix("| ").split("\n| append [")
    for search, source, count in ((first, "entra_signin", 7), (second.removesuffix("]"), "okta_system", 8)):
        engine.load(held)
        (row,) = engine.run(expanded(search.replace(" latest=+1d", "")))  # which the engine does not know
        assert (row["enumwatch_source"], int(row["enumwatch_count"])) == (source, count)


@pytest.mark.parametrize(("scenario", "source"), ONE_EACH)
def test_what_an_add_on_takes_out_is_in_every_event(scenario: str, source: str) -> None:
    manifest, plays = played(manifest_of(index="main"), ((scenario, source),))
    fields = searches(manifest)["read"].partition("isnotnull(coalesce('")[2].partition("'))")[0].split("','")
    assert [one for one in collected(manifest, plays) if not any(one.get(field) for field in fields)] == []
    # None of them is there before an add-on has read the event.
    assert not set(fields) & {"host", "source", "sourcetype", "index", "_raw", "_time"}
    assert all(text.endswith(f'eval enumwatch_result="{name}"]') for name, text in searches(manifest).items())
