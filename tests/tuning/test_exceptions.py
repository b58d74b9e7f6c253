"""What allowlist entries removed, what expired ones would have, and which new ones suggest themselves."""

from __future__ import annotations

from tests.core.making import context, names

from enumwatch.core.allowlist import Allowlist
from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.decide import decide
from enumwatch.tuning.exceptions import Suggestion, suggestions, uses
from enumwatch.tuning.told import told_of

from .logs import DAY_SECONDS, attack, busy, log_of, small_runs

ASKED = ("email_enumeration", "password_spray")
PORTAL = "198.18.9.10"
_ROW = {"tenant": "", "detections": "*", "reason": "r", "owner": "o", "starts": "2026-01-01"}


def allowing(*entries: tuple[str, str]) -> Context:
    rows = [{**_ROW, "type": "ip", "value": value, "expires": expires} for value, expires in entries]
    return context(allowlist=Allowlist.from_rows(rows))


def portal(address: str = PORTAL) -> list[Contact]:
    """Somebody's machine that tries five absent names every third day or so, at any hour."""
    return [
        one
        for turn in range(4)
        for one in names(5, 3.2 * turn * DAY_SECONDS, 60, f"typed{'abcd'[turn]}", src_ip=address, user_agent="Portal/1")
    ]


def suggested(contacts: list[Contact], known: Context | None = None) -> list[Suggestion]:
    log, given = log_of(contacts), known or context()
    now = [told_of(one) for one in decide(log.contacts, given, ASKED, False).findings]
    return suggestions(log, given, ASKED, now)


def test_an_entry_in_force_is_counted_an_idle_one_shown_and_an_expired_one_tried_again() -> None:
    known = allowing(("198.18.0.10", "2027-01-01"), ("192.0.2.99", "2027-01-01"), ("198.18.1.10", "2026-03-01"))
    log = busy()
    found = uses(log, known, ASKED, decide(log.contacts, known, ASKED, False))
    assert [(one.entry.value, one.findings, one.events, one.is_expired) for one in found] == [
        ("198.18.0.10", 1, 5, False),
        ("192.0.2.99", 0, 0, False),
        ("198.18.1.10", 1, 5, True),
    ]


def test_what_comes_again_and_again_from_one_place_is_suggested_with_what_it_would_remove() -> None:
    (one,) = suggested([*portal(), *small_runs(3)])
    assert (one.type, one.value, one.findings, one.days) == ("ip", PORTAL, 4, 4)
    assert (one.tenant, one.detections) == ("contoso", ("email_enumeration",))


def test_what_came_once_is_not_suggested() -> None:
    assert suggested(small_runs(3)) == []


def test_an_entry_that_would_hide_an_attack_is_not_suggested() -> None:
    same_place = [one._replace(src_ip=PORTAL) for one in attack()]
    assert suggested([*portal(), *attack()]) != []
    assert [one for one in suggested([*portal(), *same_place]) if one.value == PORTAL] == []


def test_what_an_entry_covers_already_is_not_suggested() -> None:
    assert suggested(portal(), allowing((PORTAL, "2027-01-01"))) == []


def test_everybodys_agent_and_patterns_are_not_suggested() -> None:
    for agent in ("Mozilla/5.0 (Windows NT 10.0)", "Tool *"):
        rows = [one._replace(src_ip=f"198.18.{turn // 5}.77", user_agent=agent) for turn, one in enumerate(portal())]
        assert suggested(rows) == []


def test_one_agent_from_many_places_is_suggested_by_agent() -> None:
    rows = [one._replace(src_ip=f"198.18.{turn // 5}.77") for turn, one in enumerate(portal())]
    assert [(one.type, one.value) for one in suggested(rows)] == [("user_agent", "Portal/1")]
