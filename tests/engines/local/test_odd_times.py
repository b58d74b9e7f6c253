"""Times at which nothing can have happened: told as such, and no harm to what lies beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enumwatch.core.times import EARLIEST, LATEST, to_iso
from enumwatch.engines.local.scan import Request, scan
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

from .test_around import tries

ODD = [
    "infinity",
    "-infinity",
    "epoch",
    "1601-01-01T00:00:00Z",
    "294247-01-10T04:00:54.775807Z",
    "290308-12-21 (BC) 19:59:05",
    "9999-12-31T23:59:59Z",
]


def sign_in(time: str) -> dict[str, object]:
    status = {"errorCode": 50034}
    return {
        "id": time,
        "createdDateTime": time,
        "userPrincipalName": "a@contoso.example",
        "ipAddress": "203.0.113.77",
        "status": status,
        "appDisplayName": "x",
        "isInteractive": True,
        "resourceTenantId": "t",
        "userId": "u",
        "appId": "y",
        "clientAppUsed": "Browser",
    }


@pytest.mark.parametrize("odd", ODD)
def test_an_event_at_no_time_is_counted_and_told(odd: str, tmp_path: Path) -> None:
    rows = [sign_in(odd), sign_in("2026-03-02T09:00:00Z"), sign_in(to_iso(EARLIEST)), sign_in(to_iso(LATEST - 1))]
    (tmp_path / "log.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows))
    summary = scan(Request([str(tmp_path / "log.ndjson")], compiled(), load_lookups())).summary
    is_no_time = odd != "epoch"  # which is another word for the first there is
    assert (summary["records"], summary["unreadable"]) == (4, int(is_no_time))
    assert [one["count"] for one in summary["unreadable_times"]] == [1] * is_no_time


@pytest.mark.parametrize("odd", ODD)
def test_a_contact_at_no_time_is_none(odd: str, tmp_path: Path) -> None:
    rows = tries()
    bad = {**rows[0], "hour": odd, "first": odd, "last": odd}
    (tmp_path / "contacts.ndjson").write_text("".join(json.dumps(row) + "\n" for row in [bad, *rows]))
    result = scan(Request([str(tmp_path / "contacts.ndjson")], compiled(), load_lookups()))
    assert result.summary["unreadable"] == int(odd != "epoch")
    assert len(result.decision.findings) == 1
