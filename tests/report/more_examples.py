"""The quieter findings, the summary of the run, and the whole set together."""

from __future__ import annotations

from typing import Any

from tests.report.examples import compromise, evidence, finding, high_enumeration, names, timeline


def spray() -> dict[str, Any]:
    """Returns two passwords tried on forty accounts, nobody let in."""
    return finding(
        0x51B0AD,
        "Password Spray",
        64,
        "2026-03-03T02:10:00Z",
        "2026-03-03T03:55:00Z",
        detection="password_spray",
        actor={"ip": ["203.0.113.77"], "asn": "64502", "client_app": "IMAP4"},
        names_found=names(40),
        evidence=evidence(
            names_tried=40,
            names_absent=0,
            names_existing=40,
            absent_ratio=0.0,
            attempts_per_name=2.3,
            addresses=1,
            addresses_sample=["203.0.113.77"],
            names_sample={"exists_bad_secret": names(34), "exists_blocked": names(6, start=34)},
            timeline=timeline(
                "2026-03-03T02:10:00", 300, exists_bad_secret=[4] * 20, exists_blocked=[0] * 16 + [3] * 4
            ),
            timeline_bucket_seconds=300,
        ),
        reasons=["40 existing accounts, 2 or 3 attempts each, none of them from the account's usual network"],
        mitre=["T1110.003"],
    )


def suppressed_pen_test() -> dict[str, Any]:
    """Returns an enumeration that the allowlist covers."""
    return finding(
        0xA110,
        "Moderate Enumeration",
        55,
        "2026-03-02T13:00:00Z",
        "2026-03-02T13:22:00Z",
        actor={"ip": ["192.0.2.43"], "user_agent": "MSOLSpray"},
        evidence=evidence(
            names_tried=44,
            names_absent=44,
            names_existing=0,
            absent_ratio=1.0,
            addresses=1,
            names_sample={"not_found": names(44)},
            timeline=timeline("2026-03-02T13:00:00", 60, not_found=[2] * 22),
        ),
        reasons=["44 of 44 names do not exist (100 %)"],
        suppressed_by=allowlist_entry(),
    )


def hidden_names() -> dict[str, Any]:
    """Returns a burst in a log that hides the names: not enough evidence to say more."""
    gap = "Microsoft 365 audit hides names that do not exist; the number of absent names is not known"
    return finding(
        0xB10D,
        "Not Enough Evidence",
        20,
        "2026-03-03T07:00:00Z",
        "2026-03-03T07:03:00Z",
        confidence="low",
        actor={"ip": ["203.0.113.201"]},
        evidence=evidence(
            names_tried=0,
            names_existing=0,
            names_hidden=37,
            addresses=1,
            sources=["m365_audit"],
            timeline=timeline("2026-03-03T07:00:00", 60, ambiguous=[11, 20, 6]),
            gaps=[gap],
        ),
        reasons=["37 failures in 3 minutes, but the log shows no name"],
    )


def account_burst() -> dict[str, Any]:
    """Returns eleven accounts made by one user within minutes."""
    created = [f"news{number:02d}@mail.contoso.example" for number in range(11)]
    return finding(
        0xACC0,
        "Account Creation Burst",
        58,
        "2026-03-03T22:31:00Z",
        "2026-03-03T22:39:00Z",
        detection="account_creation",
        actor={"account": "helpdesk7@contoso.example"},
        accounts_created=created,
        evidence=evidence(
            names_tried=11,
            baseline={"accounts_per_day": 0.4, "days": 30},
            sources=["entra_audit"],
            timeline=timeline("2026-03-03T22:31:00", 60, success=[1, 2, 1, 2, 1, 1, 1, 1, 1]),
        ),
        reasons=["11 accounts in 8 minutes; this creator made 0.4 a day in the 30 days before"],
        mitre=["T1585.002"],
    )


def allowlist_entry(**changes: Any) -> dict[str, Any]:
    """Returns one allowlist entry as verdicts and summary quote it."""
    entry = {"entry": "lookups/enumwatch_allowlist.csv:3", "type": "ip", "value": "192.0.2.43"}
    entry |= {"reason": "pen test 2026-03", "owner": "soc@contoso.example", "expires": "2026-04-01"}
    return entry | changes


def verdicts() -> list[dict[str, Any]]:
    """Returns all examples, not in order."""
    return [suppressed_pen_test(), hidden_names(), spray(), compromise(), account_burst(), high_enumeration()]


def file_entry(path: str, source: str, records: int, **changes: Any) -> dict[str, Any]:
    """Returns one file of the summary."""
    entry = {"path": path, "source": [source] if source else [], "shape": ["diagnostic"] if source else []}
    entry |= {"records": records, "events": records, "duplicates": 0, "unreadable": 0, "skipped": 0}
    entry |= {"not_relevant": 0, "reason": None, "duplicate_of": None, "problems": []}
    return entry | changes


def summary(**changes: Any) -> dict[str, Any]:
    """Returns the summary of a run with something to say in every part."""
    broken = [
        {"line": line, "what": "not valid JSON", "expected": "one JSON object per line"} for line in (7, 1017, 58_117)
    ]
    files = [
        file_entry("exports/signins-2026-03-01.ndjson", "entra_signin", 61_200, duplicates=5),
        file_entry("exports/signins-2026-03-02.ndjson.gz", "entra_signin", 58_114, unreadable=3, problems=broken),
        file_entry("exports/march.zip!audit/unified.csv", "m365_audit", 9_731, not_relevant=8_420),
        file_entry("exports/directory.ndjson", "entra_audit", 412),
        file_entry("exports/notes.docx", "", 0, skipped=1, reason="no known log; supported logs are in the manual"),
    ]
    whole = {"version": "0.1.0", "started": None, "files": files, "records": 129_457, "duplicates": 5}
    whole |= {"not_relevant": 8_420, "unreadable": 3, "events": 121_029, "contacts": 9_412, "findings": 5}
    whole |= {"kinds": {"sign_in": 120_617, "account_created": 412}}
    whole |= {"suppressed": [allowlist_entry() | {"events": 124, "findings": 1}]}
    expired = allowlist_entry(entry="lookups/enumwatch_allowlist.csv:5", value="192.0.2.7", expires="2026-01-31")
    whole |= {"expired_allowlist": [expired], "unknown_codes": [_code("999999", 4), _code("7000999", 61)]}
    whole |= {"noise": [_code("50058", 1_204)]}
    whole |= {
        "not_visible": [
            "GetCredentialType, which tells anybody whether a mailbox exists, leaves nothing in a tenant's logs",
            "Microsoft 365 audit hides names that do not exist",
        ],
        "truncated": ["Open incidents: the 12 oldest quiet ones were closed to stay within memory"],
        "unreadable_times": [{"path": "exports/march.zip!audit/unified.csv", "count": 3, "example": "2023-13-45"}],
        "first_event": "2026-03-01T00:00:04Z",
        "last_event": "2026-03-04T23:59:58Z",
    }
    return whole | changes


def quiet_summary() -> dict[str, Any]:
    """Returns the summary of a run that found nothing and had no trouble."""
    quiet = {"suppressed": [], "expired_allowlist": [], "unknown_codes": [], "noise": [], "truncated": []}
    files = [file_entry("exports/signins-2026-03-01.ndjson", "entra_signin", 61_200)]
    return summary(**quiet, files=files, unreadable_times=[], unreadable=0, findings=0, not_visible=[])


def _code(code: str, attempts: int) -> dict[str, Any]:
    return {"source": "entra_signin", "code": code, "attempts": attempts}
