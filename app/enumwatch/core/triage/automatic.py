"""Automatic: what the steps that need nobody come to, from the contacts around a finding."""

from __future__ import annotations

from typing import Callable, Dict, Iterable, Mapping, Tuple

from ..contact import Contact
from ..network import is_inside
from ..times import to_iso
from ..wording import counted
from .accounts import disposable
from .addresses import told_of_existence
from .answer import listed
from .subject import Subject

_MOST = 5  # accounts told of in one step


def result(subject: Subject, part: str, number: int) -> str:
    """What an automatic step (from 1 up) comes to; "" where no contacts are at hand or the step is people's work."""
    made = _RESULTS.get((subject.playbook["id"], part, number))
    return made(subject) if made is not None and subject.has_contacts else ""


def _attempts(subject: Subject) -> str:
    evidence = subject.evidence
    told = f"{counted(evidence['attempts'], 'attempt')} at {counted(evidence['names_tried'], 'name')}"
    return f"{told}, {told_of_existence(subject)}; its ready query lists them"


def _new_places(subject: Subject) -> str:
    """Successes of found names at outside addresses where none of them had signed in before the finding."""
    successes = [one for one in subject.around("sign_in", "autodiscover") if one.outcome == "success"]
    known = {one.src_ip for one in successes if one.first < subject.start}
    names = {name.lower() for name in subject.finding["names_found"]}
    found: Dict[str, Contact] = {}
    for one in successes:
        is_new = one.first >= subject.start and one.src_ip not in known and not is_inside(one.src_ip)
        if is_new and one.src_ip and one.target.lower() in names:
            found.setdefault(one.target.lower(), one)
    told = [f"{one.target} from {one.src_ip} on {to_iso(one.first)}" for one in found.values()]
    return listed(told, _MOST) or "no success from a new place"


def _origin(subject: Subject) -> str:
    """Countries of the actor beside those in which the accounts concerned signed in before it."""
    actors = set(subject.addresses)
    usual = {
        one.country
        for one in subject.around("sign_in")
        if one.outcome == "success" and one.first < subject.start and one.src_ip not in actors and one.country
    }
    now = subject.evidence["countries_sample"]
    return f"now {listed(now) or 'no country is told'}; before {listed(sorted(usual)) or 'no sign-in of the accounts'}"


def _earlier(subject: Subject, kind: str, noun: str) -> str:
    """What the same actor did before the finding, by the code of the log."""
    account, actors = (subject.actor["account"] or "").lower(), set(subject.addresses)

    def is_mine(one: Contact) -> bool:
        return one.actor.lower() == account if account else one.src_ip in actors

    mine = [one for one in subject.around(kind) if is_mine(one)]
    before, now = (
        _by_code(one for one in mine if (one.first < subject.start) is is_early) for is_early in (True, False)
    )
    return f"now {_told(now) or 'none at hand'}; before {_told(before) or f'no {noun}'}"


def _by_code(contacts: Iterable[Contact]) -> Mapping[str, int]:
    found: Dict[str, int] = {}
    for one in contacts:
        found[one.code] = found.get(one.code, 0) + one.attempts
    return found


def _told(numbers: Mapping[str, int]) -> str:
    ordered = sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    return listed([f"{number} {code}" for code, number in ordered], _MOST)


def _domains(subject: Subject) -> str:
    return disposable(subject).because


_Result = Callable[[Subject], str]
_RESULTS: Mapping[Tuple[str, str, int], _Result] = {
    ("T1589.002", "l1", 1): _attempts,
    ("T1589.002", "tier2", 3): _new_places,
    ("T1589", "l1", 1): _origin,
    ("T1589", "tier2", 3): lambda subject: _earlier(subject, "directory_read", "read"),
    ("T1585.002", "l1", 1): _domains,
    ("T1585.002", "l1", 3): lambda subject: _earlier(subject, "account_created", "creation"),
}
