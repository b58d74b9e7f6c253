from __future__ import annotations

from pathlib import Path

import pytest

from enumwatch.engines.local.intake import Limits
from enumwatch.engines.local.intake.splunk_labels import LABELS

from .reading import batch_of, records, skipped_of

EVENT = """<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">
  <System>
    <Provider Name="Microsoft-Windows-Security-Auditing" Guid="{54849625-5478-4994-A5BA-3E3B0328C30D}"/>
    <EventID>4625</EventID><Version>0</Version>
    <TimeCreated SystemTime="2026-03-02T09:00:00.000000Z"/>
    <EventRecordID>77</EventRecordID><Correlation/>
    <Execution ProcessID="604" ThreadID="1"/>
    <Channel>Security</Channel><Computer>dc1.contoso.example</Computer>
  </System>
  <EventData>
    <Data Name="TargetUserName">ann &amp; co</Data><Data Name="WorkstationName"></Data>
    <Data Name="SubStatus">0xc0000064</Data>
  </EventData>
</Event>
"""
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def test_an_xml_event_has_the_form_of_an_evtx_record(tmp_path: Path) -> None:
    found = batch_of(tmp_path, EVENT.encode())
    assert found.container == "event_xml"
    (record,) = records(found)
    assert record == {
        "Event": {
            "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
            "System": {
                "Provider": {
                    "#attributes": {
                        "Name": "Microsoft-Windows-Security-Auditing",
                        "Guid": "{54849625-5478-4994-A5BA-3E3B0328C30D}",
                    }
                },
                "EventID": 4625,
                "Version": 0,
                "TimeCreated": {"#attributes": {"SystemTime": "2026-03-02T09:00:00.000000Z"}},
                "EventRecordID": 77,
                "Correlation": None,
                "Execution": {"#attributes": {"ProcessID": 604, "ThreadID": 1}},
                "Channel": "Security",
                "Computer": "dc1.contoso.example",
            },
            "EventData": {"TargetUserName": "ann & co", "WorkstationName": "", "SubStatus": "0xc0000064"},
        }
    }


@pytest.mark.parametrize("joined", ["\n", ""])
@pytest.mark.parametrize("wrapped", ["%s", "<?xml version='1.0'?>\n<Events>%s</Events>"])
def test_events_are_found_wrapped_or_not_on_one_line_or_many(tmp_path: Path, joined: str, wrapped: str) -> None:
    one_line = " ".join(EVENT.split("\n"))
    for event in (EVENT, one_line):
        found = batch_of(tmp_path, (wrapped % joined.join([event] * 3)).encode())
        assert (found.records, found.problems) == (3, [])


def test_qualifiers_and_unnamed_values_are_kept(tmp_path: Path) -> None:
    event = "<Event><System><EventID Qualifiers='16384'>7036</EventID></System><EventData>"
    event += "<Data>a</Data><Data>b</Data></EventData></Event>"
    (record,) = records(batch_of(tmp_path, event.encode()))
    assert record["Event"]["System"]["EventID"] == {"#attributes": {"Qualifiers": 16384}, "#text": 7036}
    assert record["Event"]["EventData"] == {"Data": {"#text": ["a", "b"]}}


def test_a_broken_event_costs_only_itself(tmp_path: Path) -> None:
    broken = EVENT.replace("</System>", "</Sys>")
    unclosed = EVENT.replace("</Event>", "")
    found = batch_of(tmp_path, (EVENT + broken + EVENT + unclosed + EVENT).encode())
    assert (found.records, found.unreadable) == (3, 2)
    assert {problem.what for problem in found.problems} == {"event 2 is not well-formed XML", "an event has no end tag"}


def test_entities_never_expand(tmp_path: Path) -> None:
    before = ENTITIES + "<Events>" + EVENT + EVENT.replace("ann", "&b;") + "</Events>"
    found = batch_of(tmp_path, before.encode())
    assert (found.records, found.unreadable) == (1, 1)
    inside = EVENT.replace("  <System>", ENTITIES + "<System>")
    found = batch_of(tmp_path, (EVENT + inside).encode())
    assert (found.records, found.unreadable) == (1, 1)


def test_a_file_cut_in_an_event_says_so(tmp_path: Path) -> None:
    found = batch_of(tmp_path, (EVENT * 2)[:-30].encode())
    assert found.records == 1
    assert found.problems[0].what == "the file ends in the middle of an event"


def test_events_without_end_take_no_more_time_than_others(tmp_path: Path) -> None:
    found = batch_of(tmp_path, EVENT.encode() + b"<Event ><System>" * 150_000)
    assert found.records == 1
    assert found.unreadable > 100_000


def test_an_event_without_end_is_bounded(tmp_path: Path) -> None:
    content = EVENT.encode() + b"<Event x=''>" + b"y" * (3 << 20) + EVENT.encode()
    found = batch_of(tmp_path, content, limits=Limits(max_line_bytes=1 << 20))
    assert found.records == 2
    assert any("longer than 1048576 bytes" in problem.what for problem in found.problems)


def block(code: int, message: str, date: str = "03/02/2026 09:00:00 AM\n", record: int = 5) -> str:
    return (
        f"{date}LogName=Security\nEventCode={code}\nEventType=0\nComputerName=dc1.contoso.example\n"
        f"SourceName=Microsoft Windows security auditing.\nType=Information\nRecordNumber={record}\n"
        f"Keywords=Audit Failure\nTaskCategory=Logon\nOpCode=Info\nMessage={message}\n"
    )


FAILED = """An account failed to log on.

Subject:
\tSecurity ID:\t\tS-1-5-18
\tAccount Name:\t\tEX01$
\tAccount Domain:\t\tCONTOSO

Logon Type:\t\t\t3

Account For Which Logon Failed:
\tSecurity ID:\t\tS-1-0-0
\tAccount Name:\t\tann
\tAccount Domain:\t\tCONTOSO

Failure Information:
\tFailure Reason:\t\tUnknown user name or bad password.
\tStatus:\t\t\t0xC000006D
\tSub Status:\t\t0xC0000064

Process Information:
\tCaller Process ID:\t0x25c
\tCaller Process Name:\tC:\\Windows\\System32\\lsass.exe

Network Information:
\tWorkstation Name:\tWS1
\tSource Network Address:\t203.0.113.9
\tSource Port:\t\t41974

This event is generated when a logon request fails.
"""


def test_a_text_event_becomes_the_flat_fields_of_the_event(tmp_path: Path) -> None:
    found = batch_of(tmp_path, block(4625, FAILED).encode())
    assert found.container == "splunk_text"
    (record,) = records(found)
    expected = {
        "EventTime": "03/02/2026 09:00:00 AM",
        "TimeZone": "unknown",
        "Channel": "Security",
        "EventID": 4625,
        "Hostname": "dc1.contoso.example",
        "RecordNumber": "5",
        "EventType": "AUDIT_FAILURE",
        "SubjectUserName": "EX01$",
        "TargetUserName": "ann",
        "TargetDomainName": "CONTOSO",
        "LogonType": "3",
        "FailureReason": "Unknown user name or bad password.",
        "Status": "0xC000006D",
        "SubStatus": "0xC0000064",
        "ProcessName": "C:\\Windows\\System32\\lsass.exe",
        "WorkstationName": "WS1",
        "IpAddress": "203.0.113.9",
        "IpPort": "41974",
    }
    assert {name: record.get(name) for name in expected} == expected


TEXTS = {
    4776: (
        "x\n\nLogon Account:\tann\nSource Workstation:\tWS1\nError Code:\t0xC0000064\n",
        {"TargetUserName": "ann", "Workstation": "WS1", "Status": "0xC0000064"},
    ),
    4768: (
        "x\n\nAccount Information:\n\tAccount Name:\t\tann\n\tSupplied Realm Name:\tCONTOSO\n\tUser ID:\t\tS-1-0-0\n\n"
        "Service Information:\n\tService Name:\t\tkrbtgt/CONTOSO\n\n"
        "Network Information:\n\tClient Address:\t\t::ffff:203.0.113.9\n"
        "\tClient Port:\t\t4\n\nAdditional Information:\n\tResult Code:\t\t0x6\n\tPre-Authentication Type:\t-\n",
        {"TargetUserName": "ann", "Status": "0x6", "IpAddress": "::ffff:203.0.113.9", "ServiceName": "krbtgt/CONTOSO"},
    ),
    4771: (
        "x\n\nAccount Information:\n\tSecurity ID:\t\tS-1-5-21\n\tAccount Name:\t\tann\n\nAdditional Information:\n"
        "\tFailure Code:\t\t0x18\n\tPre-Authentication Type:\t2\n",
        {"TargetUserName": "ann", "TargetSid": "S-1-5-21", "Status": "0x18", "PreAuthType": "2"},
    ),
    4720: (
        "x\n\nSubject:\n\tAccount Name:\t\tadmin\n\nNew Account:\n\tAccount Name:\t\tnewbie\n\nAttributes:\n"
        "\tSAM Account Name:\tnewbie\n\tUser Principal Name:\tnewbie@contoso.example\n",
        {"SubjectUserName": "admin", "TargetUserName": "newbie", "UserPrincipalName": "newbie@contoso.example"},
    ),
    4726: (
        "x\n\nSubject:\n\tAccount Name:\t\tadmin\n\nTarget Account:\n\tAccount Name:\t\tnewbie\n",
        {"SubjectUserName": "admin", "TargetUserName": "newbie"},
    ),
    4662: (
        "x\n\nSubject :\n\tAccount Name:\t\tann\n\nObject:\n\tObject Type:\t\t%{bf96}\n\n"
        "Operation:\n\tAccess Mask:\t\t0x100\n"
        "\tProperties:\t\tControl Access\n\t\t{1131f6ad}\n\t{19195a5b}\n\n"
        "Additional Information:\n\tParameter 1:\t\t-\n",
        {"SubjectUserName": "ann", "AccessMask": "0x100", "Properties": "Control Access\n{1131f6ad}\n{19195a5b}"},
    ),
    4648: (
        "x\n\nSubject:\n\tAccount Name:\t\tann\n\nAccount Whose Credentials Were Used:\n\tAccount Name:\t\tbob\n\n"
        "Target Server:\n\tTarget Server Name:\tfs1\n\n"
        "Network Information:\n\tNetwork Address:\t203.0.113.9\n\tPort:\t\t445\n",
        {"SubjectUserName": "ann", "TargetUserName": "bob", "TargetServerName": "fs1", "IpAddress": "203.0.113.9"},
    ),
    4624: (
        "x\n\nSubject:\n\tAccount Name:\t\t-\n\nLogon Information:\n\tLogon Type:\t\t3\n\n"
        "New Logon:\n\tAccount Name:\t\tann\n\n"
        "Network Information:\n\tSource Network Address:\t203.0.113.9\n",
        {"LogonType": "3", "TargetUserName": "ann", "IpAddress": "203.0.113.9"},
    ),
    4722: (
        "x\n\nSubject:\n\tAccount Name:\t\tadmin\n\nTarget Account:\n\tAccount Name:\t\tann\n",
        {"SubjectUserName": "admin", "TargetUserName": "ann"},
    ),
}


@pytest.mark.parametrize(("code", "text", "expected"), [(code, *case) for code, case in TEXTS.items()])
def test_each_event_code_has_its_labels(tmp_path: Path, code: int, text: str, expected: dict[str, str]) -> None:
    (record,) = records(batch_of(tmp_path, block(code, text).replace("\n", "\r\n").encode()))
    assert record["EventID"] == code
    assert {name: record.get(name) for name in expected} == expected


def test_every_code_with_labels_is_tried_here() -> None:
    assert set(LABELS) == {*TEXTS, 4625}


def test_other_codes_keep_their_header_only(tmp_path: Path) -> None:
    (record,) = records(batch_of(tmp_path, block(4697, "x\n\nSubject:\n\tAccount Name:\t\tann\n").encode()))
    assert record["EventID"] == 4697
    assert "SubjectUserName" not in record


def test_events_follow_each_other_and_a_date_in_a_text_starts_none(tmp_path: Path) -> None:
    odd = "The time is\n03/02/2026 09:00:00 AM\nnot an event"
    content = block(4776, odd, record=1) + block(4776, "x", record=2) + "\n" + block(4776, "y", "", record=3)
    found = batch_of(tmp_path, content.encode())
    assert [record["RecordNumber"] for record in records(found)] == ["1", "2", "3"]
    assert "EventTime" not in records(found)[2]


def test_a_block_without_event_code_is_named_by_line(tmp_path: Path) -> None:
    content = block(4776, "x") + block(4776, "x").replace("EventCode=4776", "EventCode=many")
    found = batch_of(tmp_path, content.encode())
    assert (found.records, found.unreadable, found.problems[0].line) == (1, 1, 13)


def test_xml_without_events_is_unknown(tmp_path: Path) -> None:
    assert "XML or HTML" in skipped_of(tmp_path, b"<?xml version='1.0'?><a><b>c</b></a>").reason
