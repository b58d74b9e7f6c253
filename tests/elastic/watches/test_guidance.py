"""What a notice says: every step of the playbook, each with a place in the finding for every value it names."""

from __future__ import annotations

from dataclasses import fields

import pytest

from enumwatch.core.evidence import Evidence
from enumwatch.core.verdict import Actor, Verdict
from enumwatch.elastic.watches.guidance import PLACES, lines
from enumwatch.rulebook.compiled import compiled
from enumwatch.rulebook.vocabulary import FILLABLE


def test_every_value_that_a_step_may_name_has_a_place() -> None:
    assert set(PLACES) == set(FILLABLE)


@pytest.mark.parametrize("name", PLACES)
def test_the_places_are_in_the_record(name: str) -> None:
    records = {"actor": Actor, "evidence": Evidence}
    for path in PLACES[name]:
        record = records[path[0]] if len(path) > 1 else Verdict
        assert path[-1] in {one.name for one in fields(record)}


@pytest.mark.parametrize("detection", compiled()["detections"])
def test_every_step_and_condition_of_the_playbook_is_told(detection: str) -> None:
    rule = compiled()["detections"][detection]
    playbook = compiled()["playbooks"][rule["playbook"]]
    told = "\n".join(lines(rule, playbook))
    steps = [*playbook["l1"], *playbook["tier2"], *playbook["containment"]]
    assert all(one["step"] in told for one in steps)
    assert all(
        f"{one['hurts']}" in told for one in playbook["containment"] if one["kind"] == "manual" and "hurts" in one
    )
    assert all(one["condition"] in told for one in playbook["escalate"].values())
