"""Keeping out: which addresses must not leave, and findings without them.

Every export is made of findings that went through `Keeper.cleaned`, so none has to think of it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Network, ip_network
from typing import Any, NamedTuple, TypeAlias

from ..core.allowlist import Allowlist, Entry
from ..core.network import canonical_ip
from ..core.times import from_iso
from .network import Network, network

Finding: TypeAlias = dict[str, Any]

MASK = "(address left out)"

# Never an outsider's: RFC 1122, 1918, 6598, 3927, 4291, 4193 and what multicast and broadcast use. Documentation ranges
# are none of these: nobody's traffic comes from there, and examples must stay examples.
_NOBODYS = tuple(
    ip_network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/127", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)
# Networks whose addresses hold an IPv4 address, and where in it: NAT64, 6to4, IPv4-compatible.
_WITHIN = (
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
    (IPv6Network("::/96"), 0),
    (IPv6Network("::ffff:0:0/96"), 0),
)
_IPV6 = re.compile(
    r"[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]*)(?:/\d{1,3})?",
)
_IPV4 = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)(?:/\d{1,2}(?!\d))?")


class Listed(NamedTuple):
    """A network that must not leave, why, and until when (microseconds since 1970 UTC), None for always."""

    network: Network
    why: str
    until: int | None


@dataclass
class LeftOut:
    """What did not leave: addresses with the reason, and findings that an entry of the allowlist covers."""

    addresses: dict[str, str] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)


class Keeper:
    """Knows the owner's networks and the allowlist."""

    def __init__(self, networks: Iterable[Mapping[str, str]], allowlist: Allowlist) -> None:
        """`networks` are rows of the lookup table of that name, which was checked when it was read."""
        self._allowlist = allowlist
        self._listed = [Listed(one, "never an outsider's address", None) for one in _NOBODYS]
        for row in networks:
            listed = network(row["cidr"])
            if listed is not None:
                self._listed.append(Listed(listed, f"the organisation's own ({row['kind'].strip().lower()})", None))
        for entry in allowlist.entries:
            listed = network(entry.value) if entry.type in ("ip", "cidr") else None
            if listed is not None:
                self._listed.append(Listed(listed, _allowed(entry), entry.expires))

    def why(self, text: str, since: int) -> str:
        """Why an address or network must not leave, "" where it may; exceptions that ended before `since` do not count.

        A network must not leave where a part of it must not.
        """
        asked = network(text)
        if asked is None:
            return "no address"
        for one in (asked, *_within(asked)):
            for listed in self._listed:
                is_over = listed.until is not None and listed.until <= since
                if not is_over and listed.network.version == one.version and listed.network.overlaps(one):
                    return listed.why
        return ""

    def cleaned(self, findings: Iterable[Finding], left_out: LeftOut) -> list[Finding]:
        """The findings that may leave, without the addresses that may not; what did not is added to `left_out`."""
        kept = []
        for one in findings:
            why = self._covered(one)
            if why:
                left_out.findings[one["finding_id"]] = why
                continue
            kept.append(self._without(one, one, from_iso(one["window_start"]), left_out))
        return kept

    def _covered(self, finding: Finding) -> str:
        """Why a finding does not leave at all: an exception covers its actor."""
        if finding["suppressed_by"]:
            return f"allowlisted ({finding['suppressed_by'].get('entry', 'by an entry')})"
        actor = finding["actor"]
        for address in actor["ip"] or [""]:
            entry = self._allowlist.match(_AttemptOf(finding, address), finding["detection"])
            if entry is not None and entry.type not in ("ip", "cidr"):
                return _allowed(entry)
        return ""

    def _without(self, value: Any, finding: Finding, since: int, left_out: LeftOut) -> Any:
        """A copy of a JSON value that names no address that must not leave."""
        if isinstance(value, str):
            return self._masked(value, since, left_out)
        if isinstance(value, Mapping):
            return {
                self._masked(key, since, left_out): self._without(part, finding, since, left_out)
                for key, part in value.items()
            }
        if isinstance(value, list):
            parts = [self._without(part, finding, since, left_out) for part in value]
            return [part for part in parts if part != MASK and not _names_nobody(part)]
        return value

    def _masked(self, text: str, since: int, left_out: LeftOut) -> str:
        def told(found: re.Match[str]) -> str:
            address = next((one for one in (found[0], found[0].rstrip(":")) if network(one) is not None), "::")
            if address == "::":
                return found[0]
            why = self.why(address, since)
            if not why:
                return found[0]
            left_out.addresses[address] = why
            return MASK + found[0][len(address) :]

        if ":" in text:
            text = _IPV6.sub(told, text)
        return _IPV4.sub(told, text) if text.count(".") > 2 else text


class _AttemptOf:
    """A finding as the allowlist looks at an attempt."""

    def __init__(self, finding: Finding, address: str) -> None:
        actor = finding["actor"]
        self.src_ip = canonical_ip(address)
        self.asn = actor["asn"] or ""
        self.user_agent = actor["user_agent"] or ""
        self.app_id = actor["app_id"] or ""
        self.actor = actor["account"] or ""
        self.target = ""
        self.tenant = finding["tenant"]
        self.first, self.last = from_iso(finding["window_start"]), from_iso(finding["window_end"])


def _allowed(entry: Entry) -> str:
    return f"allowlisted ({entry.where})"


def _within(asked: Network) -> Iterable[Network]:
    """The IPv4 networks that an IPv6 network carries inside its addresses."""
    if isinstance(asked.network_address, IPv4Address):
        return
    for wrapper, shift in _WITHIN:
        if isinstance(asked, IPv6Network) and asked.overlaps(wrapper):
            length = max(0, min(32, asked.prefixlen - (128 - 32 - shift)))
            number = (int(asked.network_address) >> shift) & 0xFFFFFFFF
            yield ip_network((number >> (32 - length) << (32 - length), length)) if length else ip_network("0.0.0.0/0")


def _names_nobody(part: Any) -> bool:
    """True for a report on an address that must not leave."""
    return isinstance(part, Mapping) and part.get("value") == MASK
