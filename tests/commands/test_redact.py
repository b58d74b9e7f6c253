"""With --redact no name that was tried leaves: in no form, no summary, no report and no word about the run."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from enumwatch.cli import command_line
from enumwatch.commands.redact import Redactor
from enumwatch.reference import leaves

from .running import Run

AT = "2026-03-02T09"
# "planted" stands in every name, in the spellings logs have.
NAMES = [f"planted.{number}@contoso.example" for number in range(30)]
IN_BASE64 = [
    code(name.encode()).decode() for name in (*NAMES, *map(str.upper, NAMES)) for code in (b64encode, urlsafe_b64encode)
]
# Agents that quote a name: plain, in capitals, URL-encoded once and twice, in Base64, and without its domain.
QUOTING = (
    f"agent of ({NAMES[3]}; test)",
    f"agent/{NAMES[4].upper()}",
    f"curl/8 login?user={quote(NAMES[5], safe='')}&x=1",
    f"curl/8 {quote(quote(NAMES[5], safe=''))}",
    f"curl/8 token={b64encode(NAMES[6].encode()).decode()}",
    f"sync for {NAMES[8].partition('@')[0]} PLANTED.4",
)


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
                "userAgent": {"rawUserAgent": QUOTING[number % len(QUOTING)] if number < 18 else "curl/8"},
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


def leaked(text: str) -> list[str]:
    """The lines of a text that hold a name in any spelling."""
    hold = ("planted", *(code.rstrip("=").lower() for code in IN_BASE64))
    return [line for line in text.lower().splitlines() if any(name in line for name in hold)]


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
        assert leaked(text) == []
    assert "name-" in ran.out
    assert "soc@contoso.example" in (tmp_path / "summary.json").read_text()


FORMS = {
    "scan": [()],
    "triage": [("worst", "--query", "kql"), ("worst", "--format", "json")],
    "hunt": [("counted_names", "--format", "json"), ("decoys",)],
    "export ocsf": [()],
    "export stix": [("--with-names",)],
    "export names": [()],
}


def test_every_command_that_can_leave_names_out_is_here() -> None:
    able = {
        name.removeprefix("enumwatch ")
        for name, command in leaves(command_line(), "enumwatch")
        if "--redact" in command._option_string_actions
    }
    # This one needs a cluster, and tells a finding by what tells `triage`.
    assert able - {"elastic triage"} == set(FORMS)


@pytest.mark.parametrize("leaf", FORMS)
def test_no_command_tells_a_name(leaf: str, run: Run, tmp_path: Path) -> None:
    *logs, lookups = write(tmp_path)
    for more in FORMS[leaf]:
        arguments = [*leaf.split(), *more, *logs, "--lookups", lookups]
        assert leaked(run(*arguments).out), "without --redact the names are there"
        ran = run(*arguments, "--redact")
        assert ran.code == 0
        assert ran.out
        assert leaked(ran.out + ran.err) == [], more


def test_no_export_of_saved_findings_tells_a_name(run: Run, tmp_path: Path) -> None:
    *logs, lookups = write(tmp_path)
    saved = tmp_path / "findings.ndjson"
    assert run("scan", *logs, "--lookups", lookups, "--triage", "--format", "ndjson", "--output", saved).code == 0
    for form, *more in (("ocsf",), ("stix", "--with-names"), ("names",)):
        ran = run("export", form, "--findings", saved, "--lookups", lookups, *more, "--redact")
        assert ran.code == 0
        assert leaked(ran.out + ran.err) == [], form
    # These leave every name out without being asked.
    for form in ("blocklist", "named-location", "navigator"):
        assert leaked(run("export", form, "--findings", saved, "--lookups", lookups, "--as-of", "2026-03-02").out) == []


@pytest.mark.parametrize("agent", QUOTING)
def test_texts_that_quote_a_name_keep_the_rest(agent: str) -> None:
    told = Redactor().text(agent, NAMES)
    assert leaked(told) == []
    assert "name-" in told
    assert told.split()[0] == agent.split()[0] or "/" in agent


@pytest.mark.parametrize(
    "text", ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "dGhpcyBpcyBub3QgYSBuYW1l", "50% of 40", "%zz"]
)
def test_texts_without_a_name_stay(text: str) -> None:
    assert Redactor().text(text, NAMES) == text


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
