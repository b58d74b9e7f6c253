"""The stage a scenario plays on: one organisation, seeded chance, a start, and helpers that write events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from .event import DAY, HOUR, SimEvent, clock
from .population import Organisation, Person, Place


@dataclass(frozen=True)
class Client:
    """What a request looks like apart from its name and answer."""

    place: Place
    user_agent: str
    app: str
    app_id: str
    client_app: str
    host: str = ""
    interactive: bool = True


@dataclass
class Story:
    """One telling of one scenario in one organisation.

    `start` in microseconds since 1970 UTC, `days` and `events` None where the scenario's own length holds;
    `kinds` are the event kinds the log that will be written can hold.
    """

    organisation: Organisation
    rng: Random
    start: int
    days: float | None = None
    events: int | None = None
    kinds: frozenset[str] = frozenset({"sign_in"})
    lookups: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def count(self, own: int) -> int:
        return self.events if self.events is not None else own

    def span_days(self, own: float) -> float:
        return self.days if self.days is not None else own

    def begin(self, own_hour: float) -> int:
        """`own_hour` hours after the start, moved to the front where the run is shorter than that."""
        if self.days is not None and self.days * DAY <= own_hour * HOUR:
            return self.start
        return self.start + int(own_hour * HOUR)

    def attempt(self, time: int, client: Client, name: str, answer: str, detail: str = "") -> SimEvent:
        """A sign-in attempt by `client` at `name`, which need not exist."""
        person = self.organisation.by_upn.get(name.lower())
        return SimEvent(
            time, "sign_in", self.organisation.tenant, client.place.src_ip, client.place.asn, client.place.country,
            client.user_agent, client.app, client.app_id, client.client_app, "", client.host, name, answer, detail,
            person.user_id if person else "", client.interactive,
        )  # fmt: skip

    def allow(self, kind: str, value: str, reason: str, days: float = 90) -> None:
        """Declares a benign actor in the allowlist written beside the logs, for all tenants: half of the logs name
        none."""
        self.lookups.setdefault("enumwatch_allowlist.csv", []).append({
            "type": kind, "value": value, "tenant": "", "detections": "*", "reason": reason,
            "owner": f"soc@{self.organisation.domain}", "starts": day(self.start - DAY),
            "expires": day(self.start + int(days * DAY)),
        })  # fmt: skip

    def approve(self, kind: str, *actors: str) -> None:
        """Declares who may create accounts, under every name a log knows them by."""
        rows = self.lookups.setdefault("enumwatch_approved_creators.csv", [])
        rows += [{"actor": actor, "tenant": "", "kind": kind} for actor in actors]


def day(time: int) -> str:
    """The midnight that day began with, in ISO 8601."""
    return f"{clock(time)[0]}T00:00:00Z"


Play = Callable[[Story], Iterator[SimEvent]]


@dataclass(frozen=True)
class Scenario:
    """One kind of activity that can be simulated and what a user should see when the logs are scanned.

    `aspect` says which side of its detection an attack shows. `unseen` says by source why the rules do not tell this
    attack there, or take this harmless thing for one.
    """

    id: str
    title: str
    kind: str
    detection: str | None
    technique: str | None
    sources: tuple[str, ...]
    expect: str
    play: Play = field(repr=False, compare=False)
    is_declared: bool = False
    aspect: str = ""
    unseen: Mapping[str, str] = field(default_factory=dict, compare=False)


def person_client(person: Person, place: Place, app: tuple[str, str, str, int]) -> Client:
    """How `person` reaches `app` from `place`."""
    agent = person.browser if app[2] == "Browser" else person.outlook
    return Client(place, agent, app[0], app[1], app[2], person.workstation)
