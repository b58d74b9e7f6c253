from __future__ import annotations

import ipaddress
from collections import Counter
from random import Random

from enumwatch.simulate import SHAPES, SimEvent
from enumwatch.simulate.event import DAY, HOUR, microseconds
from enumwatch.simulate.population import Organisation, Rhythm, hosting, rotating
from enumwatch.simulate.run import DEFAULT_START, tell
from enumwatch.simulate.scenarios import BY_ID

START = microseconds(DEFAULT_START)  # a Monday
NOBODYS = [
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "240.0.0.0/4", "100.64.0.0/10",
                "10.0.0.0/8", "2001:db8::/32")
]  # fmt: skip


def office(events: int = 6000) -> list[SimEvent]:
    organisation = Organisation(2, 0, 200)
    return tell(BY_ID["office"], SHAPES["entra_signin"], organisation, seed=2, start=START, events=events).events


def test_people_are_different_people_at_one_domain() -> None:
    organisation = Organisation(2, 0, 1500)
    assert len({person.upn for person in organisation.people}) == 1500
    assert len({person.user_id for person in organisation.people}) == 1500
    assert {person.upn.partition("@")[2] for person in organisation.people} == {"contoso.example"}


def test_names_come_in_several_formats() -> None:
    people = Organisation(2, 0, 400).people
    assert sum("." in person.login for person in people) > 300
    assert sum("." not in person.login for person in people) > 5


def test_an_organisation_depends_on_seed_and_number_only() -> None:
    assert Organisation(2, 1, 50).people == Organisation(2, 1, 50).people
    assert Organisation(2, 1, 50).tenant != Organisation(2, 2, 50).tenant
    assert Organisation(2, 0, 50).tenant == Organisation(2, 0, 500).tenant


def test_absent_names_do_not_exist_and_do_not_repeat() -> None:
    organisation = Organisation(2, 0, 3000)
    absent = organisation.absent(Random(1), 2000)
    assert len(set(absent)) == 2000
    assert not set(absent) & set(organisation.by_upn)


def test_nobody_signs_in_as_the_decoy() -> None:
    decoy = Organisation(2, 0, 200).decoy.upn
    assert decoy not in {event.target for event in office()}


def test_weekends_and_nights_are_quiet() -> None:
    rng = Random(3)
    rhythm = Rhythm(START, 7)
    times = [rhythm.moment(rng) for _ in range(8000)]
    by_day = Counter((time - START) // DAY for time in times)
    assert max(by_day[5], by_day[6]) < 0.3 * min(by_day[day] for day in range(5))
    by_hour = Counter(time // HOUR % 24 for time in times)
    assert sum(by_hour[hour] for hour in range(8, 17)) > 0.7 * len(times)
    assert sum(by_hour[hour] for hour in range(4)) < 0.03 * len(times)


def test_most_sign_ins_succeed_and_absent_names_are_rare_slips() -> None:
    events = office()
    answers = Counter(event.answer for event in events)
    assert 0.8 < answers["success"] / len(events) < 0.95
    assert 0 < answers["not_found"] < 0.01 * len(events)
    absent_per_address = Counter(event.src_ip for event in events if event.answer == "not_found")
    assert max(absent_per_address.values()) < 20


def test_offices_share_an_address_and_homes_do_not() -> None:
    per_address: dict[str, set[str]] = {}
    for event in office():
        per_address.setdefault(event.src_ip, set()).add(event.target)
    shared = [address for address, names in per_address.items() if len(names) > 20]
    assert len(shared) == 3
    assert sum(len(names) <= 3 for names in per_address.values()) > 0.9 * len(per_address)


def test_every_address_belongs_to_nobody() -> None:
    rng = Random(4)
    addresses = {event.src_ip for event in office(3000)} | {hosting(rng).src_ip for _ in range(50)}
    addresses |= {place.src_ip for place in rotating(rng, 300)}
    for address in addresses:
        parsed = ipaddress.ip_address(address)
        assert any(parsed in net for net in NOBODYS if net.version == parsed.version), address


def test_no_attacker_has_an_address_that_a_scenario_declares() -> None:
    rng = Random(5)
    drawn = {hosting(rng).src_ip for _ in range(3000)}
    rows = [
        row
        for scenario in BY_ID.values()
        for row in tell(scenario, SHAPES[scenario.sources[0]], Organisation(2, 0, 60), seed=1, start=START).lookups.get(
            "enumwatch_allowlist.csv", []
        )
    ]
    declared = {row["value"] for row in rows if row["type"] == "ip"}
    assert len(declared) > 5
    assert not declared & drawn
