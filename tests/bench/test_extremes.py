"""Of the worst shapes no more reaches the core than its bounds let through, however many events there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bench.extremes import EXTREMES, write
from tests.core.test_bounds import bounded

from enumwatch.engines.local.scan import Request, context_of, counted, needed
from enumwatch.lookups import load_lookups

EVENTS = 120_000
HOURS = 25  # that a day of events touches
ROOM = 2  # times the bounds that an engine may hand on


@pytest.mark.parametrize("name", [name for name, one in EXTREMES.items() if one.days == 1])
def test_a_flood_reaches_the_core_only_within_its_bounds(name: str, tmp_path: Path) -> None:
    file = tmp_path / "events.parquet"
    write(EXTREMES[name], EVENTS, file)
    limits = {"place_contacts": 50, "name_contacts": 20, "tenant_contacts": 100, "quiet_contacts": 25}
    request = Request([str(file)], bounded(**limits), load_lookups())
    context = context_of(request)
    with counted(request, lambda _: None) as (contacts, _):
        rows, _, cuts = needed(contacts, context, request)
    assert len(rows) <= HOURS * ROOM * (limits["tenant_contacts"] + limits["quiet_contacts"])
    assert len(rows) + sum(one.contacts for one in cuts) == EVENTS
