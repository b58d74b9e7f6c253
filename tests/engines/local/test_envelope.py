from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from enumwatch.core.contact import Contact
from enumwatch.engines.local.envelope import record_in, route_of
from enumwatch.engines.local.scan import Request, counted
from enumwatch.engines.local.shape import prepare
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

SHAPES = prepare(compiled())
OKTA = {
    "uuid": "u1",
    "published": "2026-03-02T09:00:00.000Z",
    "eventType": "user.session.start",
    "actor": {"id": "unknown", "type": "User", "alternateId": "ghost@contoso.example"},
    "client": {"ipAddress": "203.0.113.9"},
    "outcome": {"result": "FAILURE", "reason": "UNKNOWN_USER"},
}
TEXT = json.dumps(OKTA)
EVENT_XML = (
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><EventID>4768</EventID>'
    '<TimeCreated SystemTime="2026-03-02T09:00:00.000000Z"/><EventRecordID>7</EventRecordID><Channel>Security</Channel>'
    '<Computer>DC01</Computer></System><EventData><Data Name="TargetUserName">ghost</Data>'
    '<Data Name="Status">0x6</Data><Data Name="IpAddress">203.0.113.9</Data></EventData></Event>'
)
WINDOWS_TEXT = (
    "03/02/2026 09:00:00 AM\nLogName=Security\nEventCode=4768\nComputerName=DC01\nRecordNumber=7\n"
    "Message=A Kerberos authentication ticket (TGT) was requested.\n\nAccount Information:\n\tAccount Name:\t\tghost\n\n"
    "Network Information:\n\tClient Address:\t\t203.0.113.9\n\nAdditional Information:\n\tResult Code:\t\t0x6\n"
)
WRAPPED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "rule test": ({"rule": "Okta.Rule", "test": "x", "expected": True, "log": OKTA}, ("log",)),
    "any key": ({"payload": OKTA, "n": 3, "tags": ["a"]}, ("payload",)),
    "search hit": ({"_id": "1", "_score": 1.0, "_source": OKTA}, ("_source",)),
    "two deep": ({"id": 3, "event": {"source": "okta", "record": OKTA}}, ("event", "record")),
    "message as text": ({"@timestamp": "2026-03-02T09:00:07Z", "log": {"offset": 3}, "message": TEXT}, ("message",)),
    "Splunk export": (
        {"preview": False, "offset": 0, "result": {"_time": "2026-03-02 09:00:07", "_raw": TEXT, "host": "h"}},
        ("result", "_raw"),
    ),
    "Splunk export of event XML": (
        {"preview": False, "result": {"_raw": EVENT_XML, "EventCode": "4768"}},
        ("result", "_raw"),
    ),
    "Splunk export of event text": ({"preview": False, "result": {"_raw": WINDOWS_TEXT}}, ("result", "_raw")),
    "container log": ({"log": TEXT + "\n", "stream": "stdout", "time": "2026-03-02T09:00:07Z"}, ("log",)),
}
BARE: dict[str, dict[str, Any]] = {
    "its own time": {"timestamp": "2026-03-02T09:00:07Z", "log": OKTA},
    "two objects": {"log": OKTA, "other": {"a": 1}},
    "two texts": {"before": TEXT, "after": TEXT},
    "unknown inside": {"log": {"a": 1}},
    "too deep": {"a": {"b": {"c": {"d": OKTA}}}},
    "no object": {"a": 1, "b": "text {"},
    "broken text": {"message": TEXT[:-5]},
    "a list": {"log": [OKTA]},
}


def events(path: Path) -> tuple[list[tuple[str, str, str]], Any]:
    """(source, target, outcome) of every event of a file, and the report on it."""
    request = Request([str(path)], compiled(), load_lookups(), threads=1)
    with counted(request, lambda _: None) as (contacts, reports):
        found = [(one.source, one.target, one.outcome) for one in contacts.everything() for _ in range(one.attempts)]
        (report,) = reports
        return sorted(found), report


def lines(*records: Any) -> str:
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


@pytest.mark.parametrize("name", WRAPPED)
def test_route_leads_to_the_record(name: str) -> None:
    record, route = WRAPPED[name]
    assert not any(shape.recognises(record) for shape in SHAPES)
    assert route_of(record, SHAPES) == route


@pytest.mark.parametrize("name", BARE)
def test_what_may_be_a_record_itself_is_not_opened(name: str) -> None:
    assert route_of(BARE[name], SHAPES) is None


@pytest.mark.parametrize("name", WRAPPED)
@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "gzip"])
def test_wrapped_records_are_read(name: str, is_packed: bool, tmp_path: Path) -> None:
    content = lines(*[WRAPPED[name][0]] * 3).encode()
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(content) if is_packed else content)
    found, report = events(path)
    target = "ghost" if "event" in name.split() else "ghost@contoso.example"
    assert {(one[1], one[2]) for one in found} == {(target, "not_found")}
    assert (report.records, report.skipped, report.unreadable) == (3, 0, 0)


def test_a_mixture_of_bare_wrapped_and_unknown_records_loses_none(tmp_path: Path) -> None:
    path = tmp_path / "mixed.ndjson"
    bare = {**OKTA, "uuid": "u2", "extra": {"log": OKTA}}
    hidden = {**OKTA, "uuid": "u3"}
    path.write_text(
        lines(bare, {"rule": "a", "log": hidden}, {"a": 1}, {"n": 1, "x": {"y": {**OKTA, "uuid": "u4"}}}, {"result": 3})
    )
    found, report = events(path)
    assert len(found) == 3
    assert (report.records, report.skipped, report.unreadable) == (5, 2, 0)


def test_a_record_that_quotes_another_stays_itself(tmp_path: Path) -> None:
    path = tmp_path / "quoting.ndjson"
    other = {**OKTA, "actor": {**OKTA["actor"], "alternateId": "inside@contoso.example"}, "uuid": "u9"}
    path.write_text(lines({**OKTA, "message": json.dumps(other)}, {"message": json.dumps({**OKTA, "uuid": "u8"})}))
    found, report = events(path)
    assert [one[1] for one in found] == ["ghost@contoso.example"] * 2
    assert report.skipped == 0


def test_a_broken_line_among_wrapped_ones_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.ndjson"
    path.write_text(lines({"log": OKTA}, "{broken", {"log": {**OKTA, "uuid": "u2"}}))
    found, report = events(path)
    assert len(found) == 2
    assert (report.unreadable, [problem.line for problem in report.problems]) == (1, [2])


def test_a_cut_archive_of_wrapped_records_is_read_as_far_as_it_goes_and_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    many = lines(*({"log": {**OKTA, "uuid": f"u{number}"}} for number in range(2000)))
    path.write_bytes(gzip.compress(many.encode())[:-2000])
    found, report = events(path)
    assert 0 < len(found) < 2000
    assert any("truncated" in problem.what for problem in report.problems)


@pytest.mark.parametrize("text", [TEXT, WINDOWS_TEXT], ids=["JSON", "event text"])
def test_raw_text_in_a_column_of_a_table_is_read(text: str, tmp_path: Path) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([("_raw", "_time", "host"), *[(text, "2026-03-02 09:00:07", "h")] * 3])
    path = tmp_path / "export.csv"
    path.write_text(table.getvalue(), encoding="utf-8")
    found, report = events(path)
    assert {one[1].partition("@")[0] for one in found} == {"ghost"}
    assert (report.records, report.skipped) == (3, 0)


def test_a_contact_table_is_never_opened(tmp_path: Path) -> None:
    row = dict.fromkeys(Contact._fields, "") | {
        "kind": "sign_in",
        "source": "okta_system",
        "user_agent": TEXT,
        "target": "a@b.example",
    }
    row |= {"hour": "2026-03-02T09:00:00Z", "first": "2026-03-02T09:00:00Z", "last": "2026-03-02T09:00:00Z"}
    row |= {"target_visible": True, "code": "UNKNOWN_USER", "outcome": "not_found", "attempts": 1}
    path = tmp_path / "contacts.ndjson"
    path.write_text(lines(row))
    found, report = events(path)
    assert ([one[1] for one in found], report.source) == (["a@b.example"], ["contacts"])


@pytest.mark.parametrize(
    "value", [None, 3, "", "{", "{]", "[1]", "<Event>", "<Event><!DOCTYPE a></Event>", "LogName=x"]
)
def test_a_text_without_a_record_holds_none(value: object) -> None:
    assert record_in(value) in (None, {})
