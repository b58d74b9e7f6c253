from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.network import NetworkTable, canonical_ip, is_inside, network_of

ADDRESSES = st.one_of(st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str))
TEXTS = st.one_of(st.text(max_size=50), st.text("0123456789abcdef:.[]%/ -", max_size=45), ADDRESSES)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("203.0.113.9", "203.0.113.9"),
        (" 203.0.113.9 ", "203.0.113.9"),
        ("203.0.113.9:8085", "203.0.113.9"),
        ("::ffff:10.23.123.11", "10.23.123.11"),
        ("::FFFF:0a17:7b0b", "10.23.123.11"),
        ("[::ffff:10.23.123.11]:443", "10.23.123.11"),
        ("::ffff:10.23.123.11:443", "10.23.123.11"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:50001", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:80", "fe80::1"),
        ("::1", "::1"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_an_address_has_one_spelling(text: str, canonical: str) -> None:
    assert canonical_ip(text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "<null>",
        "unknown",
        "203.0.113",
        "203.0.113.256",
        "203.0.113.09",
        "1.2.3.4.5",
        "203.0.113.9:",
        "203.0.113.9:x",
        "[2001:db8::1",
        "[2001:db8::1]x",
        "[2001:db8::1]:x",
        "2001:db8:::1",
        "contoso.example",
        "\N{ARABIC-INDIC DIGIT ONE}.2.3.4",
        "1" * 5000,
        "::1\x00",
    ],
)
def test_what_is_no_address_is_empty(text: str) -> None:
    assert canonical_ip(text) == ""
    assert network_of(text) == ""


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("10.0.0.1", "10.0.0.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
    ],
)
def test_an_address_lies_in_its_usual_network(ip: str, network: str) -> None:
    assert network_of(ip) == network


@given(TEXTS)
def test_the_one_spelling_is_stable_and_an_address(text: str) -> None:
    once = canonical_ip(text)
    assert canonical_ip(once) == once
    if once:
        assert ipaddress.ip_address(once) in ipaddress.ip_network(network_of(once))


@given(ADDRESSES)
def test_every_address_is_recognised(text: str) -> None:
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    assert ipaddress.ip_address(canonical_ip(text)) == (mapped or address)


def test_networks_are_found_narrowest_first() -> None:
    table: NetworkTable[str] = NetworkTable()
    for cidr in ("10.0.0.0/8", "10.1.2.0/24", "10.1.0.0/16", "2001:db8::/32", "0.0.0.0/0"):
        table.add(cidr, cidr)
    assert table.values_of("10.1.2.3") == ("10.1.2.0/24", "10.1.0.0/16", "10.0.0.0/8", "0.0.0.0/0")
    assert table.values_of("10.9.9.9") == ("10.0.0.0/8", "0.0.0.0/0")
    assert table.values_of("2001:db8::7") == ("2001:db8::/32",)
    assert table.values_of("::a01:203") == ()
    assert table.values_of("no address") == ()
    assert len(table) == 5


def test_a_network_added_later_is_found_by_an_address_asked_for_before() -> None:
    table: NetworkTable[str] = NetworkTable()
    assert table.values_of("192.0.2.1") == ()
    table.add("192.0.2.0/24", "late")
    assert table.values_of("192.0.2.1") == ("late",)


def test_a_network_with_bits_beyond_its_length_is_refused() -> None:
    with pytest.raises(ValueError, match="host bits"):
        NetworkTable[str]().add("192.0.2.1/24", "x")


@pytest.mark.parametrize(
    ("ip", "inside"),
    [
        *[(ip, True) for ip in ("10.0.0.1", "192.168.1.9", "172.16.0.1", "172.31.255.255", "fd00::1", "fc12:3::")],
        *[(ip, False) for ip in ("172.15.0.1", "172.32.0.1", "192.169.0.1", "203.0.113.9", "2001:db8::1", "fd::1", "")],
    ],
)
def test_private_ranges_are_inside(ip: str, inside: bool) -> None:
    assert is_inside(ip) is inside
