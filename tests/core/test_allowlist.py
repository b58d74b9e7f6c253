from __future__ import annotations

import time
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.allowlist import ENTRY_TYPES, Allowlist
from enumwatch.core.times import DAY, from_iso

NOON = from_iso("2026-03-02T12:00:00Z")


class Try(NamedTuple):
    src_ip: str = ""
    asn: str = ""
    user_agent: str = ""
    app_id: str = ""
    actor: str = ""
    target: str = ""
    tenant: str = ""
    first: int = NOON
    last: int = NOON


def row(kind: str, value: str, **cells: str) -> dict[str, str]:
    usual = {
        "tenant": "",
        "detections": "",
        "reason": "pen test",
        "owner": "soc",
        "starts": "",
        "expires": "2026-04-01",
    }
    return {"type": kind, "value": value, **usual, **cells}


def allow(kind: str, value: str, **cells: str) -> Allowlist:
    return Allowlist.from_rows([row(kind, value, **cells)])


@pytest.mark.parametrize(
    ("kind", "value", "attempt", "covered"),
    [
        ("ip", "192.0.2.43", Try(src_ip="192.0.2.43"), True),
        ("ip", "192.0.2.43", Try(src_ip="192.0.2.4"), False),
        ("ip", "2001:DB8::0:1", Try(src_ip="2001:db8::1"), True),
        ("cidr", "192.0.2.0/24", Try(src_ip="192.0.2.200"), True),
        ("cidr", "192.0.2.0/24", Try(src_ip="192.0.3.1"), False),
        ("cidr", "2001:db8::/48", Try(src_ip="2001:db8:0:9::1"), True),
        ("asn", "AS64500", Try(asn="64500"), True),
        ("asn", "64500", Try(asn="645001"), False),
        ("user_agent", "*Nessus*", Try(user_agent="Mozilla (nessus 10)"), True),
        ("user_agent", "Nessus", Try(user_agent="Nessus 10"), False),
        ("app_id", "CB1056E2-0000", Try(app_id="cb1056e2-0000"), True),
        ("actor", "svc-*@contoso.example", Try(actor="SVC-hr@contoso.example"), True),
        ("actor", "svc-hr@contoso.example", Try(target="svc-hr@contoso.example"), False),
        ("target", "test??@contoso.example", Try(target="Test01@contoso.example"), True),
        ("target_domain", "Retired.example", Try(target="anna@retired.EXAMPLE"), True),
        ("target_domain", "retired.example", Try(target="anna@mail.retired.example"), False),
        ("target_domain", "*.retired.example", Try(target="anna@mail.retired.example"), True),
        ("target_domain", "bücher.example", Try(target="anna@xn--bcher-kva.example"), True),
        ("target_domain", "retired.example", Try(target="retired.example.evil@x.example"), False),
    ],
)
def test_an_entry_covers_what_it_names(kind: str, value: str, attempt: Try, covered: bool) -> None:
    assert (allow(kind, value).match(attempt) is not None) is covered


@pytest.mark.parametrize("kind", [kind for kind in ENTRY_TYPES if kind not in ("ip", "cidr", "asn")])
def test_an_attempt_without_the_field_is_covered_by_no_pattern(kind: str) -> None:
    assert allow(kind, "*x*").match(Try()) is None


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [
        ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", True),
        ("2026-02-28T23:59:59.999999Z", "2026-03-01T01:00:00Z", False),
        ("2026-03-31T23:59:59.999999Z", "2026-03-31T23:59:59.999999Z", True),
        ("2026-03-31T23:00:00Z", "2026-04-01T00:00:00Z", False),
        ("2026-04-01T00:00:00Z", "2026-04-01T00:00:00Z", False),
    ],
)
def test_an_entry_holds_from_its_start_until_just_before_its_end(first: str, last: str, covered: bool) -> None:
    entries = allow("ip", "192.0.2.43", starts="2026-03-01", expires="2026-04-01")
    attempt = Try(src_ip="192.0.2.43", first=from_iso(first), last=from_iso(last))
    assert (entries.match(attempt) is not None) is covered


def test_times_with_a_zone_are_read_as_written() -> None:
    entry = allow("ip", "192.0.2.43", starts="2026-03-01T09:00:00+02:00", expires="2026-03-01T18:00:00Z").entries[0]
    assert entry.starts == from_iso("2026-03-01T07:00:00Z")
    assert (entry.starts_text, entry.expires_text) == ("2026-03-01T09:00:00+02:00", "2026-03-01T18:00:00Z")


@pytest.mark.parametrize(
    ("listed", "seen", "covered"), [("*", "t1", True), ("", "t1", True), ("T1", "t1", True), ("t1", "", False)]
)
def test_an_entry_for_one_tenant_covers_no_other(listed: str, seen: str, covered: bool) -> None:
    entries = allow("ip", "192.0.2.43", tenant=listed)
    assert (entries.match(Try(src_ip="192.0.2.43", tenant=seen)) is not None) is covered


def test_an_entry_for_some_detections_covers_only_those() -> None:
    entries = allow("ip", "192.0.2.43", detections="email_enumeration|password_spray")
    attempt = Try(src_ip="192.0.2.43")
    assert entries.match(attempt) is None
    assert entries.match(attempt, "account_creation") is None
    assert entries.match(attempt, "password_spray") is not None
    assert allow("ip", "192.0.2.43", detections="*").match(attempt, "password_spray") is not None


def test_the_first_entry_of_the_file_answers() -> None:
    rows = [row("cidr", "192.0.2.0/24", expires="2026-01-01"), row("target", "a*"), row("ip", "192.0.2.43")]
    entries = Allowlist.from_rows(rows, "own/enumwatch_allowlist.csv")
    found = entries.match(Try(src_ip="192.0.2.43", target="anna"))
    assert found is not None
    assert (found.where, found.type, found.value) == ("own/enumwatch_allowlist.csv:3", "target", "a*")
    assert [entry.line for entry in entries.expired(NOON)] == [2]
    assert [entry.line for entry in entries.expired(from_iso("2026-04-01"))] == [2, 3, 4]


BAD_ROWS = [
    (row("host", "x"), "unknown type"),
    (row("ip", ""), "value is empty"),
    (row("ip", "192.0.2.0/24"), "value is no address"),
    (row("ip", "192.0.2.*"), "value is no address"),
    (row("cidr", "192.0.2.1/24"), "value is no network"),
    (row("cidr", "0.0.0.0/0"), "value matches everything"),
    (row("asn", "AS-MICROSOFT"), "value is no network number"),
    (row("user_agent", "**"), "value matches everything"),
    (row("target_domain", "not a domain"), "value is no domain"),
    (row("ip", "192.0.2.1", reason=" "), "reason is empty"),
    (row("ip", "192.0.2.1", owner=""), "owner is empty"),
    (row("ip", "192.0.2.1", expires=""), "expires is empty"),
    (row("ip", "192.0.2.1", expires="31.03.2026"), "bad date in expires"),
    (row("ip", "192.0.2.1", expires="20260331"), "bad date in expires"),
    (row("ip", "192.0.2.1", expires="2026-02-30"), "bad date in expires"),
    (row("ip", "192.0.2.1", starts="soon"), "bad date in starts"),
    (row("ip", "192.0.2.1", starts="2026-04-01"), "expires is not after starts"),
    (row("ip", "192.0.2.1", detections="a,b"), "bad detections"),
    (row("ip", "192.0.2.1", detections="nothing_such"), "unknown detection"),
]


@pytest.mark.parametrize(("bad", "what"), BAD_ROWS)
def test_a_bad_entry_is_refused_with_its_line(bad: dict[str, str], what: str) -> None:
    with pytest.raises(ValueError, match=what) as caught:
        Allowlist.from_rows([row("ip", "192.0.2.9"), bad], "lookups/enumwatch_allowlist.csv", {"email_enumeration"})
    assert str(caught.value).startswith(f"lookups/enumwatch_allowlist.csv:3: {what}; expected ")


def test_all_bad_entries_are_named_at_once() -> None:
    with pytest.raises(ValueError, match="unknown type") as caught:
        Allowlist.from_rows([bad for bad, _ in BAD_ROWS], known_detections={"email_enumeration"})
    assert [line.split(": ")[1].split(";")[0] for line in str(caught.value).splitlines()] == [
        what for _, what in BAD_ROWS
    ]


@given(
    st.sampled_from([("ip", "192.0.2.43"), ("cidr", "192.0.2.0/24"), ("target", "a*"), ("target_domain", "x.example")]),
    st.integers(-3 * DAY, 3 * DAY),
    st.integers(0, 2 * DAY),
    st.sampled_from([None, "email_enumeration"]),
)
def test_an_expired_entry_never_covers_anything(what: Any, shift: int, length: int, detection: str | None) -> None:
    entries = allow(*what, expires="2026-03-02T12:00:00Z")
    attempt = Try(src_ip="192.0.2.43", target="anna@x.example", first=NOON + shift, last=NOON + shift + length)
    assert (entries.match(attempt, detection) is not None) == (attempt.last < NOON)


def test_many_entries_are_looked_up_not_tried_one_by_one() -> None:
    rows = [row("ip", f"10.{n // 250}.{n % 250}.1") for n in range(20_000)] + [
        row("cidr", f"172.16.{n}.0/24") for n in range(250)
    ]
    entries = Allowlist.from_rows(rows)
    attempts = [Try(src_ip=f"10.0.{n % 250}.{n % 200}", target="anna") for n in range(20_000)]
    started = time.perf_counter()
    covered = sum(entries.match(attempt) is not None for attempt in attempts)
    assert covered == sum(attempt.src_ip.endswith(".1") for attempt in attempts)
    assert time.perf_counter() - started < 2
