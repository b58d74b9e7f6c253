"""With --redact no name that was tried leaves: in no form, no summary, no report and no word about the run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .running import Run

AT = "2026-03-02T09"
# "planted" stands in every name, in the spellings logs have.
NAMES = [f"planted.{number}@contoso.example" for number in range(30)]


def okta() -> Iterator[dict[str, object]]:
    for number, name in enumerate(NAMES):
        is_absent = number % 4 > 0
        yield {
            "uuid": f"u{number}",
            "published": f"{AT}:{number:02}:00.000Z",
            "eventType": "user.session.start",
            "actor": {
                "id": "unknown" if is_absent else "00u1",
                "type": "User",
                "alternateId": name.upper() if number % 3 else name,
            },
            "client": {
                "ipAddress": "203.0.113.9",
                "userAgent": {"rawUserAgent": f"agent of ({NAMES[3]}; test)" if number < 9 else "curl/8"},
            },
            "debugContext": {"debugData": {"requestUri": f"/login?user={name}&x=1"}},
            "outcome": {"result": "FAILURE", "reason": "UNKNOWN_USER" if is_absent else "INVALID_CREDENTIALS"},
        }
    hidden = {"actor": {"id": "unknown", "type": "User", "alternateId": NAMES[0]}, "client": {"ipAddress": "192.0.2.7"}}
    outcome = {"result": "FAILURE", "reason": f"User {NAMES[1]} is unknown"}
    yield {
        "uuid": "x",
        "published": f"{AT}:50:00.000Z",
        "eventType": "user.session.start",
        **hidden,
        "outcome": outcome,
    }
    late = {**hidden, "client": {"ipAddress": "203.0.113.9"}}
    good = {"id": "00u1", "type": "User", "alternateId": NAMES[4]}
    yield {"uuid": "y", "published": f"{AT}:55:00.000Z", "eventType": "user.session.start", **late, "actor": good,
           "outcome": {"result": "SUCCESS"}}  # fmt: skip


def windows() -> Iterator[dict[str, object]]:
    for number in range(24):
        yield {
            **{"EventTime": f"2026-03-02 10:00:{number:02}", "Hostname": "PC1", "EventID": 4648, "Channel": "Security"},
            **{"RecordNumber": number, "TargetUserName": f"planted{number % 6}", "SubjectUserName": "PLANTED-subject"},
        }


def write(folder: Path) -> list[Path]:
    paths = []
    for name, records in (("okta.ndjson", okta()), ("windows.ndjson", windows())):
        paths.append(folder / name)
        paths[-1].write_text("".join(json.dumps(record) + "\n" for record in records))
    lookups = folder / "lookups"
    lookups.mkdir()
    allow = "type,value,tenant,detections,reason,owner,starts,expires\n"
    allow += f"target,{NAMES[20]},,*,test account,soc@contoso.example,2026-01-01,2027-01-01\n"
    allow += "actor,PLANTED-subject,,password_guessing,scanner,soc@contoso.example,2026-01-01,2027-01-01\n"
    allow += f"target,{NAMES[21]},,*,old,soc@contoso.example,2025-01-01,2026-01-01\n"
    (lookups / "enumwatch_allowlist.csv").write_text(allow)
    listed = f"account,tenant,kind\n{NAMES[8]},,decoy\n{NAMES[12]},,executive\n"
    (lookups / "enumwatch_sensitive_accounts.csv").write_text(listed)
    return [*paths, lookups]


@pytest.mark.parametrize("form", ["table", "ndjson", "json", "csv", "html"])
def test_no_name_leaves(form: str, run: Run, tmp_path: Path) -> None:
    *logs, lookups = write(tmp_path)
    beside = {"--report": tmp_path / "report.html", "--summary": tmp_path / "summary.json"}
    options = [word for option, path in beside.items() for word in (option, path)]
    common = [
        "--lookups",
        lookups,
        "--explain",
        "--triage",
        "--suppressed",
        "--all-updates",
        "--format",
        form,
        *options,
    ]
    bare = run("scan", *logs, *common)
    assert "planted" in bare.out.lower(), "without --redact the names are there"
    ran = run("scan", *logs, *common, "--redact")
    assert ran.code == 0
    for text in (ran.out, ran.err, *(path.read_text(encoding="utf-8") for path in beside.values())):
        assert "planted" not in text.lower()
    assert "name-" in ran.out
    assert "soc@contoso.example" in (tmp_path / "summary.json").read_text()


def test_redacting_changes_names_and_nothing_else(run: Run, tmp_path: Path) -> None:
    *logs, lookups = write(tmp_path)
    common = ["--lookups", lookups, "--format", "ndjson"]
    plain = [json.loads(line) for line in run("scan", *logs, *common).out.splitlines()]
    hashed = [json.loads(line) for line in run("scan", *logs, *common, "--redact").out.splitlines()]
    assert [row["verdict"] for row in plain] == ["Compromise Suspected", "Password Spray"]
    assert len(plain) == len(hashed)
    for before, after in zip(plain, hashed, strict=True):
        assert before.keys() == after.keys()
        for key in ("finding_id", "verdict", "score", "window_start", "window_end", "mitre", "reasons"):
            assert before[key] == after[key], key
        for key in ("attempts", "names_tried", "names_absent", "timeline", "sources", "addresses_sample"):
            assert before["evidence"][key] == after["evidence"][key], key
        assert len(before["names_found"]) == len(after["names_found"])


def test_one_name_has_one_stand_in_whatever_its_spelling(run: Run, tmp_path: Path) -> None:
    *logs, _ = write(tmp_path)
    ran = run("scan", *logs, "--format", "ndjson", "--redact")
    (found,) = [row for row in map(json.loads, ran.out.splitlines()) if row["compromised_accounts"]]
    assert set(found["compromised_accounts"]) <= set(found["names_found"])
    sample = [name for names in found["evidence"]["names_sample"].values() for name in names]
    assert set(found["names_found"]) <= set(sample)
