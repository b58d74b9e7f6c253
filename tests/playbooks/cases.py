"""Cases: simulated logs and lists that make each question yes, no and open, and each condition met and just not met."""

from __future__ import annotations

from collections.abc import Mapping

from .scenes import Lists, Play, Scene

YES, NO, OPEN = "yes", "no", "not enough evidence"
ADDRESSES, IDENTITIES, ACCOUNTS = "T1589.002", "T1589", "T1585.002"
Key = tuple[str, str]  # a playbook and its question or condition

_NETS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")  # where simulated attacks come from
_ELSEWHERE = ("10.0.0.0/8",)


def _feed(seen: str, nets: tuple[str, ...] = _NETS) -> Lists:
    return tuple(("threat_intel", ("cidr", net, "a feed", "high", seen)) for net in nets)


def _networks(nets: tuple[str, ...]) -> Lists:
    return tuple(("networks", (net, "", "corporate")) for net in nets)


def _sensitive(name: str) -> Lists:
    return (("sensitive_accounts", (name, "", "executive")),)


def _scene(*plays: Play, lists: Lists = ()) -> Scene:
    return Scene(plays, lists)


_FAST = Play("fast_enumeration", "entra_signin", 30)
_SLOW = Play("slow_enumeration", "okta_system", 12)
_FORMS = Play("identity_probing", "entra_signin")
_OKTA_FORMS = Play("identity_probing", "okta_system")
_WINDOWS_FORMS = Play("identity_probing", "windows_security")
_HARVEST = Play("directory_harvest", "graph_activity", 40)
_MADE = Play("account_machine_made", "entra_audit")
_BURST = Play("account_burst", "entra_audit")
_MAIL = Play("account_burst", "message_trace")
_THEN_SUCCESS = Play("enumeration_then_success", "entra_signin", 30)
_CURRENT, _OLD = "2026-03-01", "2026-01-30"
_NOT_IT = _feed(_CURRENT, _ELSEWHERE)

ANSWERS: Mapping[tuple[str, str, str], Scene] = {
    (ADDRESSES, "Q1", YES): _scene(_FAST),
    (ADDRESSES, "Q1", NO): _scene(Play("password_guessing", "okta_system")),
    (ADDRESSES, "Q1", OPEN): _scene(Play("fast_enumeration", "m365_audit", 16)),
    (ADDRESSES, "Q2", YES): _scene(Play("autodiscover_enumeration", "iis", 30)),
    (ADDRESSES, "Q2", NO): _scene(_FAST, Play("office", "iis", 20)),
    (ADDRESSES, "Q2", OPEN): _scene(_FAST),
    (ADDRESSES, "Q3", YES): _scene(_FAST, lists=_sensitive("*.*@contoso.example")),
    (ADDRESSES, "Q3", NO): _scene(_FAST, lists=_sensitive("nobody@contoso.example")),
    (ADDRESSES, "Q3", OPEN): _scene(_FAST),
    (ADDRESSES, "Q4", YES): _scene(_FAST),
    (ADDRESSES, "Q4", NO): _scene(_SLOW, lists=_NOT_IT),
    (ADDRESSES, "Q4", OPEN): _scene(_SLOW),
    (IDENTITIES, "Q1", YES): _scene(_FORMS),
    (IDENTITIES, "Q1", NO): _scene(Play("directory_off_hours", "windows_security")),
    (IDENTITIES, "Q1", OPEN): _scene(_HARVEST),
    (IDENTITIES, "Q2", YES): _scene(_FORMS, lists=_networks(_ELSEWHERE)),
    (IDENTITIES, "Q2", NO): _scene(_FORMS, lists=_networks(_NETS)),
    (IDENTITIES, "Q2", OPEN): _scene(_FORMS),
    (IDENTITIES, "Q3", YES): _scene(_HARVEST),
    (IDENTITIES, "Q3", NO): _scene(_WINDOWS_FORMS),
    (IDENTITIES, "Q3", OPEN): _scene(_FORMS),
    (IDENTITIES, "Q4", YES): Scene((_FORMS,), changes=True),
    (IDENTITIES, "Q4", NO): _scene(_OKTA_FORMS),
    (IDENTITIES, "Q4", OPEN): _scene(_FORMS),
    (ACCOUNTS, "Q1", YES): _scene(_BURST, lists=_feed(_CURRENT)),
    (ACCOUNTS, "Q1", NO): _scene(_BURST, lists=_NOT_IT),
    (ACCOUNTS, "Q1", OPEN): _scene(_MADE),
    (ACCOUNTS, "Q2", YES): _scene(_BURST, lists=_NOT_IT),
    (ACCOUNTS, "Q2", NO): _scene(_MADE),
    (ACCOUNTS, "Q2", OPEN): _scene(Play("account_bulk_upload", "entra_audit")),
    (ACCOUNTS, "Q3", YES): Scene((Play("account_lookalike", "entra_audit"),), own_lists=True),
    (ACCOUNTS, "Q3", NO): _scene(_MADE),
    (ACCOUNTS, "Q3", OPEN): _scene(Play("account_machine_made", "windows_security")),
    (ACCOUNTS, "Q4", YES): _scene(_BURST, _MAIL),
    (ACCOUNTS, "Q4", NO): _scene(_MADE, Play("office", "message_trace", 40, 7)),
    (ACCOUNTS, "Q4", OPEN): _scene(_MADE),
}

# By condition: a scene that meets it, and one that is just on the other side.
CONDITIONS: Mapping[Key, tuple[Scene, Scene]] = {
    (ADDRESSES, "E1"): (
        _scene(Play("kerberos_enumeration", "windows_security", 12)),
        _scene(Play("kerberos_enumeration", "windows_security", 11)),
    ),
    (ADDRESSES, "E2"): (_scene(Play("agent_rotation", "entra_signin", 40)), _scene(_FAST)),
    (ADDRESSES, "E3"): (
        _scene(_FAST, lists=_feed("2026-02-02T00:00:00Z")),
        _scene(_FAST, lists=_feed("2026-02-01T00:00:00Z")),
    ),
    (ADDRESSES, "E4"): (
        Scene((_THEN_SUCCESS,), success_after=23.9),
        Scene((_THEN_SUCCESS,), success_after=24.1),
    ),
    (IDENTITIES, "E1"): (
        _scene(_FORMS, _FORMS._replace(day=1), _FORMS._replace(day=2)),
        _scene(_FORMS, _FORMS._replace(day=1)),
    ),
    (IDENTITIES, "E2"): (_scene(_HARVEST), _scene(Play("directory_off_hours", "windows_security"))),
    (IDENTITIES, "E3"): (
        _scene(_FORMS, lists=_feed("2026-02-02T00:00:00Z")),
        _scene(_FORMS, lists=_feed("2026-01-31T00:00:00Z")),
    ),
    (ACCOUNTS, "E1"): (
        _scene(_MADE._replace(events=5)),
        Scene((Play("account_lookalike", "entra_audit"),), own_lists=True),
    ),
    (ACCOUNTS, "E1+"): (_scene(_BURST, lists=_NOT_IT), _scene(_MADE)),
    (ACCOUNTS, "E2"): (_scene(_BURST, _MAIL), _scene(_MADE, Play("office", "message_trace", 40, 7))),
}
