"""Network addresses: one spelling for each, the network it belongs to, and a table of networks to look it up in.

Documentation and other reserved ranges count like any address; only `is_inside` asks for private ones.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Dict, Generic, List, Tuple, TypeVar, Union

_CACHED_ADDRESSES = 200_000
_LONGEST_ADDRESS = 100

# A leading zero would be octal to some readers and decimal to others: no address.
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPV4 = rf"{_BYTE}(?:\.{_BYTE}){{3}}"  # for the engines too, in the syntax that all of them read
_IPV4 = re.compile(IPV4).fullmatch

_Kind = TypeVar("_Kind")
_canonical: Dict[str, str] = {}
_networks: Dict[str, str] = {}


def canonical_ip(text: str) -> str:
    """Return the one spelling of an address, or "" when the text is none.

    Ports, brackets, zone ids and the IPv4-in-IPv6 prefix are dropped; IPv6 is compressed and in lower case.
    """
    found = _canonical.get(text)
    if found is None:
        found = _parse(text)
        if len(_canonical) >= _CACHED_ADDRESSES:
            _canonical.clear()
        if len(text) <= _LONGEST_ADDRESS:
            _canonical[text] = found
    return found


def network_of(ip: str) -> str:
    """Return the /24 of an IPv4 address or the /64 of an IPv6 address in CIDR form, "" when ip is none."""
    found = _networks.get(ip)
    if found is None:
        found = _network(canonical_ip(ip))
        if len(_networks) >= _CACHED_ADDRESSES:
            _networks.clear()
        if len(ip) <= _LONGEST_ADDRESS:
            _networks[ip] = found
    return found


def is_inside(ip: str) -> bool:
    """Return whether an address in canonical form is of a private range (RFC 1918, RFC 4193): a machine of the owner's."""
    if ip.startswith("172."):
        second = ip.split(".", 2)[1]
        return second.isdigit() and 16 <= int(second) <= 31
    return ip.startswith(("10.", "192.168.")) or (":" in ip and ip.startswith(("fc", "fd")) and ip.index(":") == 4)


def _parse(text: str) -> str:
    text = text.strip()
    if len(text) > _LONGEST_ADDRESS or not text.isascii():
        return ""
    if _is_ipv4(text):
        return text
    if text.startswith("["):
        inside, bracket, after = text[1:].partition("]")
        if not bracket or (after and not (after[0] == ":" and after[1:].isdigit())):
            return ""
        text = inside
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
        return host if port.isdigit() and _is_ipv4(host) else ""
    text = text.partition("%")[0]
    if _is_ipv4(text):
        return text
    found = _ipv6(text)
    if not found and "." in text:
        # Some servers write an IPv4-in-IPv6 address with its port and without brackets.
        host, _, port = text.rpartition(":")
        found = _ipv6(host) if port.isdigit() else ""
    return found


def _is_ipv4(text: str) -> bool:
    return _IPV4(text) is not None


def _ipv6(text: str) -> str:
    if ":" not in text:
        return ""
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return ""
    mapped = address.ipv4_mapped
    return str(mapped) if mapped is not None else address.compressed


def _network(ip: str) -> str:
    if not ip:
        return ""
    if ":" not in ip:
        return ip.rpartition(".")[0] + ".0/24"
    first = int(ipaddress.IPv6Address(ip)) >> 64 << 64
    return f"{ipaddress.IPv6Address(first).compressed}/64"


class NetworkTable(Generic[_Kind]):
    """Maps networks to values; finds every network an address lies in, the narrowest first."""

    def __init__(self) -> None:
        self._by_length: Dict[Tuple[int, int], Dict[int, List[_Kind]]] = {}
        self._lengths: List[Tuple[int, int]] = []
        self._found: Dict[str, Tuple[_Kind, ...]] = {}

    def add(self, cidr: str, value: _Kind) -> None:
        """Add a network; raises ValueError when cidr is no network or has bits set beyond its length."""
        network: Union[ipaddress.IPv4Network, ipaddress.IPv6Network] = ipaddress.ip_network(cidr)
        key = (network.version, network.prefixlen)
        if key not in self._by_length:
            self._by_length[key] = {}
            self._lengths = sorted(self._by_length, key=lambda length: -length[1])
        shift = network.max_prefixlen - network.prefixlen
        self._by_length[key].setdefault(int(network.network_address) >> shift, []).append(value)
        self._found.clear()

    def __len__(self) -> int:
        return sum(len(values) for table in self._by_length.values() for values in table.values())

    def values(self) -> List[_Kind]:
        """Return the values of all networks."""
        return [value for table in self._by_length.values() for values in table.values() for value in values]

    def values_of(self, ip: str) -> Tuple[_Kind, ...]:
        """Return the values of all networks that hold this address, narrowest first; none for what is no address."""
        found = self._found.get(ip)
        if found is None:
            found = self._search(ip)
            if len(self._found) >= _CACHED_ADDRESSES:
                self._found.clear()
            if len(ip) <= _LONGEST_ADDRESS:
                self._found[ip] = found
        return found

    def _search(self, ip: str) -> Tuple[_Kind, ...]:
        ip = canonical_ip(ip)
        if not ip or not self._lengths:
            return ()
        address = ipaddress.ip_address(ip)
        number = int(address)
        values: List[_Kind] = []
        for version, length in self._lengths:
            if version == address.version:
                values.extend(self._by_length[version, length].get(number >> (address.max_prefixlen - length), ()))
        return tuple(values)
