"""World: tenants of different size, age and care, the people in them, and the events their logs hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from enumwatch.core.event import Event
from enumwatch.core.times import DAY, HOUR, MINUTE, SECOND, from_iso
from enumwatch.simulate.names import BROWSERS, FAMILY, GIVEN

START = from_iso("2026-02-02T00:00:00Z")
SCRIPTS = (
    "python-requests/2.32.3",
    "Go-http-client/2.0",
    "curl/8.9.1",
    "Python/3.11 aiohttp/3.9.5",
    "azurehound/v2.2.1",
)
SHELL = "Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.22631; en-US) PowerShell/7.4.5 Invoke-MgGraphRequest"
SECTIONS = ("users", "groups", "directoryRoles", "applications", "servicePrincipals", "devices", "roleManagement")
_TEXTS = dict.fromkeys(Event._fields, "")


@dataclass
class Actor:
    """One labelled actor; `keys` are the accounts, addresses and machines by which a finding may name it."""

    label: str  # attack or benign
    detection: str
    sort: str
    tenant: str
    keys: set[str]
    events: list[Event] = field(default_factory=list)
    is_declared: bool = False
    since: int = 0  # an attack begins here; before it the account was its owner's


@dataclass
class Tenant:
    """One organisation and its log."""

    name: str
    domain: str
    days: int
    size: int
    lists_networks: bool
    lists_creators: bool
    office: str
    rng: Random
    taken: int = 0

    @property
    def end(self) -> int:
        return START + self.days * DAY

    def person(self) -> str:
        """A login name nobody had before."""
        self.taken += 1
        stem = f"{self.rng.choice(GIVEN)}.{self.rng.choice(FAMILY)}"
        return stem if self.taken < 30 else f"{stem}{'abcdefghijklmnopqrstuvwxyz'[self.taken % 26]}"

    def someone(self) -> str:
        """A mail address of somebody."""
        return f"{self.person()}@{self.domain}"

    def guid(self) -> str:
        """An object id."""
        bits = f"{self.rng.getrandbits(128):032x}"
        return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-8{bits[17:20]}-{bits[20:]}"

    def home(self) -> str:
        return f"100.{64 + self.rng.randrange(60)}.{self.rng.randrange(256)}.{self.rng.randrange(1, 255)}"

    def foreign(self) -> str:
        net = self.rng.choice(("203.0.113", "192.0.2", "198.19.7", "198.19.99"))
        return f"{net}.{self.rng.randrange(2, 250)}"

    def cloud(self) -> str:
        return f"198.18.{self.rng.randrange(100, 140)}.{self.rng.randrange(2, 250)}"

    def browser(self) -> str:
        return self.rng.choice(BROWSERS)

    def lookups(self) -> dict[str, list[dict[str, str]]]:
        """The owner's tables as far as this owner filled them in."""
        rows: dict[str, list[dict[str, str]]] = {
            "domains": [{"domain": self.domain, "tenant": self.name, "kind": "own"}]
        }
        if self.lists_networks:
            rows["networks"] = [
                {"cidr": self.office.rpartition(".")[0] + ".0/24", "tenant": self.name, "kind": "corporate"}
            ]
        return rows


def tenants(seed: int, number: int) -> list[Tenant]:
    """Different tenants; the same seed gives the same."""
    made = []
    for index in range(number):
        rng = Random(f"identity/{seed}/{index}")
        name = f"org{seed}x{index}"
        made.append(
            Tenant(
                name,
                f"{name}firm.example",
                rng.choice((12, 16, 21, 28)),
                rng.choice((80, 300, 900, 2500)),
                rng.random() < 0.5,
                rng.random() < 0.35,
                f"198.51.{100 + index}.{rng.randrange(2, 250)}",
                rng,
            )
        )
    return made


def event(tenant: Tenant, kind: str, time: int, **known: Any) -> Event:
    """An event of a tenant's log."""
    return Event(
        **{
            **_TEXTS,
            "target_visible": True,
            "outcome": "ambiguous",
            "tenant": tenant.name,
            "kind": kind,
            "time": time // 1000 * 1000,
            **known,
        }
    )


def work_time(tenant: Tenant, day: int, hours: tuple[float, float] = (7.5, 17)) -> int:
    """A moment of a working day."""
    return START + day * DAY + int(tenant.rng.uniform(*hours) * HOUR)


def is_weekend(day: int) -> bool:
    """Whether a day of the log is one; it begins on a Monday."""
    return day % 7 >= 5


def spread(rng: Random, start: int, count: int, gap: float, jitter: float = 0.5) -> Iterable[int]:
    """Ascending times, `gap` seconds apart give or take."""
    time = float(start)
    for _ in range(count):
        yield int(time)
        time += gap * SECOND * rng.uniform(1 - jitter, 1 + jitter)


__all__ = ["DAY", "HOUR", "MINUTE", "SECOND", "SECTIONS", "SHELL", "START", "Actor", "Tenant"]
