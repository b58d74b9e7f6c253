"""No address that is the owner's own or allowlisted leaves, in any format, in any spelling, as itself or in a network."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.core.network import canonical_ip
from enumwatch.exports.keeping_out import MASK, Keeper, LeftOut

from .formats import FORMATS
from .material import Row, allowlist, keeper, one

SINCE = 1_772_442_000_000_000
# Close together, so that own addresses lie among those of actors and in their networks.
V4 = st.sampled_from(
    [f"{start}.{host}" for start in ("198.51.100", "203.0.113", "10.0.0", "8.8.8") for host in range(12)]
)
V6 = st.sampled_from([f"2001:db8:{part}::{host:x}" for part in (1, 2) for host in range(8)] + ["fd00::5", "::1"])
ADDRESSES = st.one_of(V4, V6)
LENGTHS = {4: st.sampled_from([24, 28, 30, 31, 32]), 6: st.sampled_from([48, 64, 126, 128])}
FOUND_V4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)(?:/\d{1,2})?")
FOUND_V6 = re.compile(r"(?<![0-9A-Za-z:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:/\d{1,3})?(?![0-9A-Za-z:.])")


@st.composite
def networks(draw: st.DrawFn) -> str:
    address = draw(ADDRESSES)
    version = ip_address(address).version
    return str(ip_network(f"{address}/{draw(LENGTHS[version])}", strict=False))


@st.composite
def findings(draw: st.DrawFn, number: int) -> Row:
    addresses = draw(st.lists(ADDRESSES, min_size=1, max_size=14, unique=True))
    made = one(
        addresses,
        number=number,
        score=draw(st.integers(40, 100)),
        names_found=["anna.adler@contoso.example"],
        compromised_accounts=draw(st.lists(st.sampled_from(["b@contoso.example"]), max_size=1)),
    )
    text = draw(st.sampled_from(["from {}", "{}:443", "[{}]", "at {}.", "a@[{}]", "{}/24"]))
    made["reasons"] = [text.format(draw(ADDRESSES))]
    made["actor"]["user_agent"] = f"agent {draw(ADDRESSES)}"
    made["actor"]["cidr"] = draw(networks())
    made["evidence"] |= {
        "networks_sample": [draw(networks())],
        "gaps": [f"seen at {draw(ADDRESSES)}"],
        "user_agents_sample": [text.format(draw(ADDRESSES))],
        "tools": [{"tool": "tool", "match": "agent", "confidence": "high"}],
        "success_share": draw(st.sampled_from([None, 0.0, 0.5])),
        "intelligence": [{"source": "list", "confidence": "high", "seen": "", "value": draw(ADDRESSES)}],
    }
    made["triage"] = {"steps": {"containment": [f"Block {draw(ADDRESSES)}"]}}
    return made


def told(text: str) -> list[Any]:
    """Every address and network that a text holds."""
    tokens = [*FOUND_V4.findall(text), *FOUND_V6.findall(text)]
    found = []
    for token in tokens:
        address, slash, length = token.partition("/")
        if canonical_ip(address):
            found.append(ip_network(f"{canonical_ip(address)}{slash}{length}", strict=False))
    return found


@settings(max_examples=40)
@given(
    st.tuples(findings(1), findings(2)),
    st.lists(networks(), max_size=3),
    st.lists(st.one_of(ADDRESSES, networks()), max_size=3),
)
def test_no_format_holds_an_own_or_allowed_address_or_a_network_that_covers_one(
    rows: tuple[Row, Row], own: list[str], allowed: list[str]
) -> None:
    keeps = keeper(own, allowed)
    inside = ("10.0.0.0/8", "fd00::/8", "::1/128")
    forbidden = [ip_network(cidr, strict=False) for cidr in (*own, *allowed, *inside)]
    for name, made in FORMATS.items():
        for held in told(made(rows, keeps)):
            wrong = [str(bad) for bad in forbidden if bad.version == held.version and bad.overlaps(held)]
            assert not wrong, (name, str(held), wrong)


def test_the_test_finds_what_is_there() -> None:
    row = one(["198.51.100.7", "2001:db8:1::5"])
    held = [str(each) for each in told(FORMATS["ocsf"]([row], keeper()))]
    assert "198.51.100.7/32" in held
    assert "2001:db8:1::5/128" in held


@pytest.mark.parametrize(
    "text",
    [
        *(
            "10.1.2.3",
            "10.1.2.3:443",
            "127.0.0.1",
            "169.254.1.1",
            "224.0.0.1",
            "255.255.255.255",
            "100.64.3.3",
            "0.0.0.0",
        ),
        *("::1", "[fd00::1]", "fe80::1%eth0", "ff02::1", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "2002:a01:203::1"),
        *("0.0.0.0/0", "::/0", "10.0.0.0/7", "not an address", "", "1.2.3"),
    ],
)
def test_what_is_never_an_outsiders_never_leaves(text: str) -> None:
    assert keeper().why(text, SINCE)


@pytest.mark.parametrize(
    "text", ["198.51.100.7", "8.8.8.8:53", "2001:db8::1", "::ffff:8.8.8.8", "203.0.113.0/24", "172.32.0.1"]
)
def test_an_outsiders_address_may(text: str) -> None:
    assert keeper().why(text, SINCE) == ""


def test_reasons_name_the_list_and_its_line() -> None:
    keeps = keeper(["203.0.113.0/24"], ["198.51.100.7"])
    assert keeps.why("203.0.113.9", SINCE) == "the organisation's own (vpn)"
    assert keeps.why("198.51.100.7", SINCE) == "allowlisted (enumwatch_allowlist.csv:2)"
    assert "allowlisted" in keeps.why("198.51.100.0/24", SINCE)
    assert keeps.why("198.51.100.8", SINCE) == ""


def test_an_exception_that_ended_before_the_finding_began_holds_no_longer() -> None:
    assert keeper(allowed=["198.51.100.7"], expires="2026-03-01").why("198.51.100.7", SINCE) == ""
    assert keeper(allowed=["198.51.100.7"], expires="2026-03-03").why("198.51.100.7", SINCE)


@pytest.mark.parametrize(
    ("kind", "value"), [("user_agent", "scanner*"), ("actor", "svc@contoso.example"), ("asn", "64500")]
)
def test_a_finding_whose_actor_is_allowed_does_not_leave_at_all(kind: str, value: str) -> None:
    row = one(["198.51.100.7"], actor={"user_agent": "Scanner/2", "account": "svc@contoso.example", "asn": "AS64500"})
    left = LeftOut()
    assert Keeper((), allowlist((kind, value))).cleaned([row], left) == []
    assert list(left.findings.values()) == ["allowlisted (enumwatch_allowlist.csv:2)"]
    assert len(keeper().cleaned([row], left)) == 1


def test_a_suppressed_finding_does_not_leave() -> None:
    left = LeftOut()
    assert keeper().cleaned([one(["198.51.100.7"], suppressed_by={"entry": "a.csv:3"})], left) == []
    assert left.findings == {"ew-0000000000000001": "allowlisted (a.csv:3)"}


def test_texts_keep_everything_but_the_address() -> None:
    row = one(["10.0.0.9", "198.51.100.7"])
    row["reasons"] = ["at 09:00:00 from 10.0.0.9, then 198.51.100.7 with Chrome/144.0.0.0", "fd00::1 and 2001:db8::1."]
    left = LeftOut()
    (kept,) = keeper().cleaned([row], left)
    assert kept["reasons"] == [
        f"at 09:00:00 from {MASK}, then 198.51.100.7 with Chrome/144.0.0.0",
        f"{MASK} and 2001:db8::1.",
    ]
    assert kept["actor"]["ip"] == ["198.51.100.7"]
    assert set(left.addresses) == {"10.0.0.9", "fd00::1"}


def test_long_hostile_texts_are_read_in_time() -> None:
    row = one(["198.51.100.7"])
    row["reasons"] = [":" * 65_536, "a" * 65_536 + ":", "1." * 32_768, "a:" * 32_768, "1:" + "f" * 65_536]
    assert len(keeper().cleaned([row], LeftOut())) == 1
