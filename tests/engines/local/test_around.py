"""What is handed to a triage: the logs that were read, and the contacts around each finding, of whichever tenant's logs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from enumwatch.core.times import DAY, from_iso, to_iso
from enumwatch.engines.local import around
from enumwatch.engines.local.scan import Request, Result, scan
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

START = from_iso("2026-03-02T09:00:00Z")
ATTACKER = "203.0.113.9"


def contact(kind: str, source: str, at: int, **fields: Any) -> dict[str, Any]:
    """A line of a contact table."""
    texts = dict.fromkeys(("asn", "country", "user_agent", "app", "app_id", "client_app", "actor", "host"), "")
    time = START + at * 1_000_000
    return {
        **{"kind": kind, "source": source, "tenant": "contoso", "src_ip": ATTACKER, **texts},
        **{"target": "", "target_visible": True, "code": "50034", "outcome": "not_found", "attempts": 1},
        **{"hour": to_iso(time - time % (3600 * 1_000_000)), "first": to_iso(time), "last": to_iso(time)},
        **fields,
    }


def tries() -> list[dict[str, Any]]:
    names = [f"{first}.{last}@contoso.example" for first in ("ann", "bo", "cy", "di") for last in ("ray", "sol", "tam")]
    return [contact("sign_in", "entra_signin", 20 * turn, target=name) for turn, name in enumerate(names)]


def triaged(folder: Path, rows: list[dict[str, Any]]) -> Result:
    path = folder / "contacts.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return scan(Request([str(path)], compiled(), load_lookups(), with_triage=True))


def mailboxes(number: int, tenant: str, at: int = 0) -> list[dict[str, Any]]:
    asked = {"tenant": tenant, "outcome": "ambiguous", "code": "401"}
    return [contact("autodiscover", "iis", at + n, target=f"m{n}@contoso.example", **asked) for n in range(number)]


def answer(result: Result, question: str = "Q2") -> dict[str, Any]:
    (told,) = [one for key, one in result.triages.items() if result.decision.findings[0].finding_id == key]
    found: dict[str, Any] = told["answers"][question]
    return found


def test_contacts_of_a_log_without_tenant_are_around_a_finding(tmp_path: Path) -> None:
    found = answer(triaged(tmp_path, [*tries(), *mailboxes(6, "")]))
    assert (found["answer"], found["evidence"]["mailboxes"]) == ("yes", 6)


def test_contacts_of_another_tenant_are_not(tmp_path: Path) -> None:
    assert answer(triaged(tmp_path, [*tries(), *mailboxes(6, "fabrikam")]))["answer"] == "not enough evidence"


def test_earlier_days_are_around_too(tmp_path: Path) -> None:
    before = mailboxes(5, "", at=-DAY // 1_000_000)
    assert answer(triaged(tmp_path, [*tries(), *mailboxes(6, ""), *before]))["answer"] == "no"


def test_how_much_is_kept_around_one_finding_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(around, "MOST_AROUND", 4)
    result = triaged(tmp_path, [*mailboxes(9, "", at=-60), *tries(), *mailboxes(6, "")])
    assert answer(result)["evidence"]["mailboxes"] <= 4


def test_every_finding_has_its_triage_and_nothing_is_read_where_there_is_none(tmp_path: Path) -> None:
    result = triaged(tmp_path, [*tries(), *(dict(row, tenant="fabrikam", src_ip="198.51.100.7") for row in tries())])
    assert len(result.decision.findings) == 2
    assert set(result.triages) == {one.finding_id for one in result.decision.findings}
    assert triaged(tmp_path, tries()[:1]).triages == {}
