"""Address: `src_ip` in the one spelling that the core gives an address, null where the text is none."""

from __future__ import annotations

from ...core.network import IPV4
from .words import pattern

_IS_V6 = 'ew_is_v6="yes"'
_LONGEST = 100
_GROUPS = 8
# Groups that two colons stand for, by the number of colons in an address that does not begin or end with them.
_FILLED = {colons: ":" + "0:" * (_GROUPS - colons) for colons in range(2, _GROUPS + 1)}


def address_commands() -> list[str]:
    """Commands that bring `src_ip` into its one spelling: no port, brackets, zone or IPv4 in IPv6; IPv6 short, lower case.

    Two spellings of IPv4 inside IPv6 stay what they are: hexadecimal digits, and other prefixes than ::ffff:.
    """
    address = "ew_address"
    return [
        f'eval {address}=if(len(src_ip)<={_LONGEST},lower(replace(src_ip,"^\\s+|\\s+$","")),null())',
        *_replaced(address, r"^\[([^\]]*)\](?::[0-9]+)?$", r"\1"),
        *_replaced(address, rf"^({IPV4}):[0-9]+$", r"\1"),
        *_replaced(address, "%.*$", ""),
        *_replaced(address, rf"^(.*:{IPV4}):[0-9]+$", r"\1"),
        *_replaced(address, rf"^(?:0{{0,4}}:){{0,5}}:?ffff:({IPV4})$", r"\1"),
        f'eval ew_is_v4=if(match({address},{pattern(f"^{IPV4}$")}),"yes","no")',
        *_full(address),
        f'eval ew_is_v6=if(match({address},{pattern(f"^[0-9a-f]{{1,4}}(?::[0-9a-f]{{1,4}}){{{_GROUPS - 1}}}$")}),"yes","no")',
        *_short(address),
        f'eval src_ip=if(ew_is_v4="yes" OR {_IS_V6},{address},null())',
    ]


def _replaced(address: str, regex: str, by: str) -> list[str]:
    return [f'eval {address}=replace({address},{pattern(regex)},"{by}")']


def _full(address: str) -> list[str]:
    """All eight groups of an IPv6 address."""
    filled = ",".join(
        f'match({address},"^[^:]*(?::[^:]*){{{colons}}}$"),replace({address},"::","{zeros}")'
        for colons, zeros in _FILLED.items()
    )
    return [
        *_replaced(address, "^::", "0::"),
        *_replaced(address, "::$", "::0"),
        f'eval {address}=if(match({address},"::"),case({filled}),{address})',
    ]


def _short(address: str) -> list[str]:
    """No zeros at the head of a group, two colons for the first of the longest runs of empty groups."""
    runs = []
    for length in range(_GROUPS, 1, -1):
        zeros = f"^(.*?):0(?::0){{{length - 1}}}:(.*)$"
        runs.append(f'match({address},{pattern(zeros)}),replace({address},{pattern(zeros)},"\\1::\\2")')
    return [
        f'eval {address}=if({_IS_V6},replace({address},"(^|:)0+([0-9a-f])","\\1\\2"),{address})',
        f'eval {address}=if({_IS_V6},replace({address},"^(.+)$",":\\1:"),{address})',
        f"eval {address}=case({','.join(runs)},true(),{address})",
        f'eval {address}=if({_IS_V6},replace(replace({address},"^:([^:])","\\1"),"([^:]):$","\\1"),{address})',
    ]
