"""Organisations and their people: names, homes, offices behind one address, phones, agents and a working week.

Addresses are from ranges that belong to nobody (RFC 5737, 2544, 3849, 1112), so simulated logs never accuse anyone.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import NamedTuple

from .event import DAY, HOUR, SECOND, guid
from .names import BROWSERS, FAMILY, FORMATS, GIVEN, MAIL_PHONES, OUTLOOKS, PHONES, guess, login_name

ORGANISATIONS = ("contoso", "fabrikam", "northwind", "adventure", "tailspin", "wingtip", "proseware", "litware")
OFFICE_COUNTRIES = (("NL", 1), ("DE", 1), ("GB", 0))
WORKDAY = (0, 0, 0, 0, 0, 1, 3, 9, 14, 12, 10, 9, 7, 10, 10, 9, 8, 6, 4, 3, 3, 2, 1, 0)
WEEKEND = (1, 0, 0, 0, 0, 0, 1, 1, 2, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 3, 3, 2, 1, 1)
WEEKEND_SHARE = 0.14
# Below 100 in this network are the owner's machines that scenarios declare.
_DECLARED_NET = "198.51.100"


class Place(NamedTuple):
    """Where a request comes from, as a log sees it."""

    src_ip: str
    asn: int
    country: str


@dataclass(frozen=True)
class Person:
    """One employee; `weight` says how often they sign in compared with others."""

    given: str
    family: str
    login: str
    upn: str
    user_id: str
    sid: str
    office: int
    home: Place
    mobile: Place
    browser: str
    outlook: str
    phone: str
    mail_phone: str
    workstation: str
    weight: float

    @property
    def display_name(self) -> str:
        return f"{self.given.title()} {self.family.title()}"


class Organisation:
    """One tenant and everyone in it; a function of the seed, its number and its size alone."""

    def __init__(self, seed: int, number: int, users: int) -> None:
        rng = Random(f"organisation/{seed}/{number}")
        self.name = ORGANISATIONS[number % len(ORGANISATIONS)] + (str(number // 8) if number >= 8 else "")
        self.number = number
        self.domain = f"{self.name}.example"
        self.netbios = self.name.upper()
        self.tenant = guid(rng)
        self.style = FORMATS[0] if number == 0 else rng.choice(FORMATS)
        self.domain_sid = f"S-1-5-21-{rng.randrange(10**9)}-{rng.randrange(10**9)}-{rng.randrange(10**9)}"
        self.customer_id = f"C0{rng.getrandbits(28):07x}"
        self.server_ip = f"10.{20 + number % 200}.0.25"
        block = rng.randrange(1, 200)
        self.offices = tuple(
            Place(f"198.18.{(block + 7 * i) % 256}.{10 + i}", 64510 + i, country)
            for i, (country, _) in enumerate(OFFICE_COUNTRIES)
        )
        self._taken: set[str] = set()
        self.people = tuple(self._person(rng, i) for i in range(users))
        # Accounts nobody signs in with: people who left, and a mailbox that only guessers ever try.
        self.leavers = tuple(self._person(rng, users + i) for i in range(6))
        self.decoy = self._person(rng, users + 6)
        self.by_upn = {person.upn: person for person in (*self.people, *self.leavers, self.decoy)}
        self._weights = list(accumulate(person.weight for person in self.people))

    def _person(self, rng: Random, number: int) -> Person:
        style = self.style if rng.random() < 0.93 else rng.choice(FORMATS)
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        login = login_name(given, family, style)
        while login in self._taken:
            login = f"{login}{number}"
        self._taken.add(login)
        office = number % 10 % 3 if number % 10 else 0
        country = OFFICE_COUNTRIES[office][0]
        return Person(
            given=given, family=family, login=login, upn=f"{login}@{self.domain}", user_id=guid(rng),
            sid=f"{self.domain_sid}-{1100 + number}", office=office, home=_home(rng, country),
            mobile=Place(f"100.{64 + rng.randrange(64)}.{rng.randrange(256)}.{rng.randrange(1, 255)}",
                         64496 + office, country),
            browser=rng.choice(BROWSERS), outlook=rng.choice(OUTLOOKS), phone=rng.choice(PHONES),
            mail_phone=rng.choice(MAIL_PHONES), workstation=f"WS-{self.number:02d}{number:04d}",
            weight=rng.lognormvariate(0, 0.6),
        )  # fmt: skip

    def anyone(self, rng: Random) -> Person:
        """A person, the busier ones more often."""
        return self.people[bisect(self._weights, rng.random() * self._weights[-1]) % len(self.people)]

    def somebody(self, rng: Random, count: int) -> list[Person]:
        """`count` different people in random order (all of them where there are fewer)."""
        return rng.sample(self.people, min(count, len(self.people)))

    def knows(self, login: str) -> bool:
        return f"{login}@{self.domain}" in self.by_upn

    def absent(self, rng: Random, count: int, style: str = "") -> list[str]:
        """`count` different addresses of the organisation's own domain that do not exist."""
        names: dict[str, None] = {}
        while len(names) < count:
            login = guess(rng, style or self.style)
            if login in names or self.knows(login):
                login = f"{login}{rng.randrange(2, 99)}"
            if not self.knows(login):
                names[login] = None
        return [f"{name}@{self.domain}" for name in names]


def _home(rng: Random, country: str) -> Place:
    asn = 64499 + rng.randrange(4)
    if rng.random() < 0.2:
        return Place(
            f"2001:db8:{rng.getrandbits(16):x}:{rng.getrandbits(16):x}::{rng.randrange(1, 65535):x}", asn, country
        )
    return Place(
        f"{240 + rng.randrange(14)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}", asn, country
    )


def hosting(rng: Random, country: str = "") -> Place:
    """An address at a hosting company: where an attacker's tool runs. Never one that a scenario declares as the owner's."""
    net, number = rng.choice(("203.0.113", "198.51.100", "192.0.2")), rng.randrange(2, 254)
    if net == _DECLARED_NET and number < 100:
        number += 100
    return Place(f"{net}.{number}", 65536 + rng.randrange(4), country or rng.choice(("NL", "RO", "US", "SG")))


def rotating(rng: Random, count: int) -> list[Place]:
    """`count` different addresses of a few cloud networks: what a rotating proxy service hands out."""
    seen: dict[str, Place] = {}
    while len(seen) < count:
        cloud = rng.randrange(3)
        place = Place(f"198.19.{cloud * 64 + rng.randrange(64)}.{rng.randrange(1, 255)}", 65540 + cloud,
                      ("US", "BR", "SG")[cloud])  # fmt: skip
        seen[place.src_ip] = place
    return list(seen.values())


class Rhythm:
    """Draws moments of a working week between `start` and `start + days`: office hours, quiet nights and weekends."""

    def __init__(self, start: int, days: float) -> None:
        self.end = start + int(days * DAY)
        self.hours: list[int] = []
        weights: list[float] = []
        hour = start - start % HOUR
        while hour < self.end:
            # 1970-01-01 was a Thursday, so day 2 was a Saturday.
            weekend = (hour // DAY + 3) % 7 >= 5
            shape = WEEKEND if weekend else WORKDAY
            weight = shape[hour // HOUR % 24] / sum(shape) * (WEEKEND_SHARE if weekend else 1.0)
            self.hours.append(hour)
            weights.append(weight)
            hour += HOUR
        if not sum(weights):
            weights = [1.0] * len(weights)
        self._sums = list(accumulate(weights))
        self._start = start

    def moment(self, rng: Random, shift_hours: int = 0) -> int:
        """A time in microseconds; `shift_hours` moves the day for people further west or east."""
        hour = self.hours[min(bisect(self._sums, rng.random() * self._sums[-1]), len(self.hours) - 1)]
        time = hour + int(rng.random() * HOUR) + shift_hours * HOUR
        return min(max(time, self._start), self.end - SECOND) // 1000 * 1000


def paced(rng: Random, start: int, count: int, gap_seconds: float, jitter: float = 0.3) -> list[int]:
    """`count` ascending times from `start`, `gap_seconds` apart give or take the share `jitter`."""
    times = []
    time = float(start)
    for _ in range(count):
        times.append(int(time) // 1000 * 1000)
        time += gap_seconds * SECOND * max(0.05, 1 + jitter * (2 * rng.random() - 1))
    return times
