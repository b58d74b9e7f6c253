"""What Windows events become, and what belongs to another log although its number is the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .source_events import events_of, the_event


def nxlog(number: int, channel: str = "Security", **fields: Any) -> str:
    record = {
        "EventTime": "2026-03-02 09:00:00",
        "Hostname": "DC01",
        "EventID": number,
        "Channel": channel,
        "RecordNumber": 7,
        **fields,
    }
    return json.dumps(record) + "\n"


def test_a_refused_logon_is_known_by_its_sub_status(tmp_path: Path) -> None:
    event = the_event(
        tmp_path,
        "a.ndjson",
        nxlog(4625, TargetUserName="ghost", Status="0xC000006D", SubStatus="0xC0000064", IpAddress="203.0.113.9"),
    )
    assert (event["code"], event["target"], event["src_ip"]) == ("4625:0xc0000064", "ghost", "203.0.113.9")


@pytest.mark.parametrize("number", [4624, 4625, 4648, 4662, 4720, 4722, 4726, 4768, 4771, 4776])
def test_the_same_number_in_another_log_is_not_relevant(number: int, tmp_path: Path) -> None:
    security = nxlog(number, TargetUserName="anna", SubjectUserName="admin", Status="0x6", ObjectName="o")
    (tmp_path / "other").mkdir()
    assert len(events_of(tmp_path / "other", "security.ndjson", security)) == 1
    application = nxlog(number, "Application", SourceName="EventSystem", TargetUserName="anna", SubjectUserName="admin")
    assert events_of(tmp_path, "application.ndjson", application) == []
