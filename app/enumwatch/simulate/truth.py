"""What a scan should find: the answer key written beside the logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .event import SimEvent, iso
from .shapes import Shape
from .story import Scenario

CONFIRMED = frozenset({"exists_bad_secret", "exists_good_secret", "exists_blocked", "success"})


def expected(scenario: Scenario, shape: Shape, tenant: str, file: str, written: Sequence[SimEvent]) -> dict[str, Any]:
    """One entry of truth.json, from the events of one scenario and tenant that left a record.

    What is usual beside an attack counts as a record alone. Names and outcomes are as the log shows them: a log that
    hides absent names has none here, only their count.
    """
    is_attack = scenario.kind == "attack"
    unseen = scenario.unseen.get(shape.id, "")
    records, written = len(written), [event for event in written if not event.is_past]
    tried = [event for event in written if event.kind in ("sign_in", "autodiscover")]
    outcome = [(shape.shown(event), shape.seen(event)) for event in tried]
    entry: dict[str, Any] = {
        "source": shape.id, "scenario": scenario.id, "tenant": tenant, "file": file, "kind": scenario.kind,
        "expected_findings": 1 if is_attack and written and not unseen else 0, "detection": scenario.detection,
        "technique": scenario.technique, "is_declared": scenario.is_declared, "expect": scenario.expect,
        "start": iso(written[0].time, 3) if written else None, "end": iso(written[-1].time, 3) if written else None,
        "events": records, "aspect": scenario.aspect, "unseen": unseen,
    }  # fmt: skip
    if not is_attack:
        return entry
    entry["actor"] = {
        "ip": _distinct(event.src_ip for event in written),
        "account": _distinct(shape.doer(event) for event in written),
    }
    entry["names_tried"] = len(_distinct(name for name, _ in outcome))
    entry["names_absent"] = len(_distinct(name for name, seen in outcome if seen == "not_found"))
    entry["names_hidden"] = sum(1 for name, _ in outcome if not name)
    entry["names_found"] = _distinct(name for name, seen in outcome if seen in CONFIRMED)
    entry["accounts_compromised"] = _distinct(
        name for name, seen in outcome if seen in ("success", "exists_good_secret")
    )
    entry["accounts_created"] = _distinct(shape.shown(event) for event in written if event.kind == "account_created")
    entry["objects_read"] = len(_distinct(event.target for event in written if event.kind == "directory_read"))
    entry["mails_sent"] = sum(1 for event in written if event.kind == "mail_sent")
    return entry


def _distinct(names: Any) -> list[str]:
    return sorted({name for name in names if name})
