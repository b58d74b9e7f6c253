"""An ordinary company in its log, and what an attack on top of it comes to once everything is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import NamedTuple

from tests.core.making import RULEBOOK, START, contact, context, success

from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.decide import Decision, decide
from enumwatch.core.times import DAY, SECOND
from enumwatch.core.verdict import Verdict
from enumwatch.simulate.names import BROWSERS
from enumwatch.simulate.population import Organisation, Person

TENANT = "contoso"
COMPANY = Organisation(seed=1, number=0, users=60)
OFFICE = COMPANY.offices[0]
MIDNIGHT = START - START % DAY
BEGIN_DAY = 5  # the attack begins on this day of the log, long after its first hours
TOOL = "python-requests/2.31.0"


class Result(NamedTuple):
    """What became of an attack: the worst verdict ("" for none), and how much of it had been tried when it was first told."""

    verdict: str
    attempts: int
    made: int
    names: int
    tried: int
    findings: Sequence[Verdict]
    decision: Decision

    @property
    def is_told(self) -> bool:
        return bool(self.verdict)


def limits(detection: str = "email_enumeration") -> Mapping[str, float]:
    """The shipped limits of a rule."""
    found: Mapping[str, float] = RULEBOOK["detections"][detection]["limits"]
    return found


def bounded(**changed: float) -> Context:
    """The shipped rules with other limits of email_enumeration."""
    rule = RULEBOOK["detections"]["email_enumeration"]
    rules = {**RULEBOOK["detections"], "email_enumeration": {**rule, "limits": {**rule["limits"], **changed}}}
    return replace(context(), rulebook={**RULEBOOK, "detections": rules})


def at(day: float, seconds: float = 0) -> float:
    """Seconds after START at which a day of the log has this age."""
    return (MIDNIGHT - START) / SECOND + day * DAY / SECOND + seconds


def absent(count: int, seed: int = 1) -> list[str]:
    """So many names as a guesser's list has them, none of which exists."""
    return COMPANY.absent(Random(f"absent {seed}"), count)


def sign_in(person: Person, day: float, place: str, asn: int, agent: str) -> Contact:
    """Somebody of the company signs in."""
    return success(at(day), person.upn, src_ip=place, asn=str(asn), user_agent=agent)


@cache
def at_work(days: int = 14) -> tuple[Contact, ...]:
    """Who signs in first where and with what, and what fails in a company every day without anybody attacking it."""
    rng, rows = Random("at work"), []
    for person in COMPANY.people:
        came = rng.random() * 0.8
        rows.append(sign_in(person, came, OFFICE.src_ip, OFFICE.asn, person.browser))
        rows.append(sign_in(person, came + 0.4, person.home.src_ip, person.home.asn, person.browser))
        rows.append(sign_in(person, came + 0.2, person.mobile.src_ip, person.mobile.asn, person.mail_phone))
    for day in range(days):
        for person in rng.sample(COMPANY.people, 6):
            moment = at(day, rng.uniform(8, 18) * 3600)
            known = {"src_ip": OFFICE.src_ip, "asn": str(OFFICE.asn), "user_agent": person.browser}
            rows.append(contact(moment, person.upn, outcome="exists_bad_secret", code="50126", **known))
            rows.append(contact(moment + 30, slip(rng, person.upn), **known))
        if day % 3 == 0:
            away = f"240.9.{rng.randrange(256)}.{rng.randrange(1, 255)}"
            rows.append(contact(at(day, rng.uniform(0, 86_000)), absent(1, 900 + day)[0], src_ip=away, asn="64502",
                                user_agent=rng.choice(BROWSERS)))  # fmt: skip
    return tuple(rows)


def slip(rng: Random, name: str) -> str:
    """A name with one letter of it doubled."""
    where = rng.randrange(1, name.index("@"))
    return name[:where] + name[where - 1] + name[where:]


def attacked(
    attack: Sequence[Contact], known: Context | None = None, days: int = 14, of: Iterable[Contact] | None = None
) -> Result:
    """What is told of an attack on the company at work. `of` are the tries that count, where some only serve to hide them."""
    counted = sorted([one for one in (of or attack) if one.outcome != "success"], key=lambda one: one.first)
    decision = decide([*at_work(days), *attack], known or context())
    places = {one.src_ip for one in counted}
    mine = {one.finding_id: one for one in decision.findings if places & _places(one)}
    told = [one for one in decision.updates if one.finding_id in mine]
    first = min((one.detected_at for one in told), default=0)
    early = [one for one in counted if one.first <= first]
    found = list(mine.values())
    verdict = found[0].verdict if found else ""
    made, until = (sum(one.attempts for one in each) for each in (counted, early))
    names, tried = (len({one.target for one in each}) for each in (early, counted))
    return Result(verdict, until, made, names, tried, found, decision)


def _places(verdict: Verdict) -> set[str]:
    return set(verdict.actor.ip or ())
