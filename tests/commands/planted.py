"""Planted: logs and tables in which every name, machine and domain of the owner can be found again, whatever its spelling."""

from __future__ import annotations

import json
import zipfile
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

AT = "2026-03-02T09"
# "planted" stands in every name, in the spellings logs have.
NAMES = [f"planted.{number}@planted-corp.example" for number in range(30)]
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
# The other ways in which a log names who belongs to the owner; each as a row of the contact table.
PERSON, ACCOUNT, SERVICE = "Planted Person", "PLANTEDCORP\\p.planted", "svc-Planted$"
HOST, TENANT = "PLANTED-PC7", "planted.onmicrosoft.example"


def okta() -> Iterator[dict[str, Any]]:
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


def windows() -> Iterator[dict[str, Any]]:
    for number in range(24):
        yield {
            **{"EventTime": f"2026-03-02 10:00:{number:02}", "Hostname": "PC1", "EventID": 4648, "Channel": "Security"},
            **{"RecordNumber": number, "TargetUserName": f"planted{number % 6}", "SubjectUserName": "PLANTED-subject"},
        }


def contacts() -> Iterator[dict[str, Any]]:
    """One machine tries names in every form; texts quote names, the domain and the display name of other rows."""
    columns = ("asn", "country", "app", "app_id", "client_app", "code")
    times = {"kind": "sign_in", "source": "windows_security", "hour": f"{AT}:00:00Z", "outcome": "not_found"}
    for number in range(40):
        name = (f"planted{number}@PLANTED-corp.example", f"{ACCOUNT}{number}", f"{PERSON} {number}")[number % 3]
        at = {"first": f"{AT}:{number:02}:00Z", "last": f"{AT}:{number:02}:00Z"}
        agents = (f"agent of {PERSON.upper()} 2", "client/1 at planted-CORP.example", "to PlantedCorp", "python")
        said = {"tenant": TENANT, "src_ip": "", "user_agent": agents[number % 4], "host": HOST, "actor": SERVICE}
        row = {
            **dict.fromkeys(columns, ""),
            **times,
            **at,
            **said,
            "target": name,
            "target_visible": True,
            "attempts": 1,
        }
        if number == 20:
            row |= {"code": f"no mailbox for {PERSON}", "outcome": "ambiguous"}
        yield row


def _alone(row: dict[str, Any], **more: object) -> Iterator[dict[str, Any]]:
    """Forty wrong names by one account or machine, so that only this can be allowed; twice, a day apart."""
    for number in range(40):
        at = f"2026-03-{2 + number // 20:02}T09:{number % 20:02}:00Z"
        times = {"hour": f"{at[:13]}:00:00Z", "first": at, "last": at}
        yield {
            **row,
            **times,
            "target": f"planted{number}@planted-corp.example",
            "code": "",
            "outcome": "not_found",
            **more,
        }


def _again(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A few wrong names by one account, on three days: what `tune` asks about."""
    for number in range(18):
        at = f"2026-03-{2 + number // 6 * 4:02}T09:{number % 6 * 9:02}:00Z"
        times = {"hour": f"{at[:13]}:00:00Z", "first": at, "last": at}
        yield {**row, **times, "target": f"planted{number}@planted-corp.example", "host": "", "user_agent": ""}


_ROW = next(iter(contacts()))
ALONE = {
    "ACCOUNT": list(_alone(_ROW, host="", user_agent="")),
    "MACHINE": list(_alone(_ROW, actor="", host="", src_ip="", user_agent=f"sync for {NAMES[3]}")),
    "TUNED": list(_again(_ROW)),
}


def leaked(text: str) -> list[str]:
    """The lines of a text that hold a name in any spelling."""
    hold = ("planted", *(code.rstrip("=").lower() for code in IN_BASE64))
    return [line for line in text.lower().splitlines() if any(name in line for name in hold)]


def write(folder: Path) -> list[Path]:
    paths = []
    for name, records in (("okta.ndjson", okta()), ("windows.ndjson", windows()), ("contacts.ndjson", contacts())):
        paths.append(folder / name)
        write_lines(paths[-1], records)
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


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def leaked_files(folder: Path) -> list[str]:
    """The names of files below a folder that hold a name, also where columns or archives are packed."""
    return [str(path) for path in sorted(folder.rglob("*")) if path.is_file() and leaked(_unpacked(path))]


def _unpacked(path: Path) -> str:
    if path.suffix == ".parquet":
        with duckdb.connect() as database:
            return repr(database.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall())
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return path.read_bytes().decode("utf-8", "replace")
