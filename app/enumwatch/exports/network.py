"""Network: addresses and networks as the standard library has them, from texts nobody has checked."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

from ..core.network import canonical_ip

Network: TypeAlias = IPv4Network | IPv6Network


def network(text: str) -> Network | None:
    """The network of a CIDR text, or of an address in any spelling; None of anything else."""
    address, slash, length = text.strip().partition("/")
    plain = canonical_ip(address)
    if not plain or (slash and not (length.isascii() and length.isdigit())):
        return None
    if slash and ":" in address and ":" not in plain:
        length = str(int(length) - 96)  # IPv4 written as IPv6
    try:
        return ip_network(f"{plain}/{length}" if slash else plain, strict=False)
    except ValueError:
        return None


def order(one: Network) -> tuple[int, int, int]:
    """Sort key: IPv4 before IPv6, then by address and length."""
    return one.version, int(one.network_address), one.prefixlen
