"""Rules: the numbers of the roll call, from the rulebook, in the core's units."""

from __future__ import annotations

from typing import Mapping, NamedTuple

from ..times import SECOND


class Alarm(NamedTuple):
    """When the running sum of one sort of entity alarms: its level, the names it needs and its usual rate per hour at least."""

    level: float
    names: int
    rate: float


class Weights(NamedTuple):
    """What one first contact of each sort says; the unit is that of the levels."""

    absent: float
    near: float
    counter: float
    existing: float
    least: float
    success: float


class Rules(NamedTuple):
    """Everything the statistics of one tenant are told; times in microseconds."""

    weights: Weights
    address: Alarm
    network: Alarm
    asn_agent: Alarm
    agent: Alarm
    tenant: Alarm
    shared: Alarm
    team: Alarm
    young: Alarm  # an address in the first hours of a log; its rate is that of an address
    learning: int
    learning_people: int
    shared_users: int
    shared_user_share: float
    shared_memory: int
    retries: int
    retried_names: int
    revisit_after: int
    counter_names: int
    provisioned_names: int
    provisioned_share: float
    schedule_slot: int
    schedule_days: int
    schedule_factor: float
    schedule_names: int


def rules_of(limits: Mapping[str, float]) -> Rules:
    """The rules that the limits of email_enumeration state; raises KeyError where one is missing."""

    def alarm(name: str) -> Alarm:
        return Alarm(limits[f"{name}_level"], int(limits[f"{name}_names"]), limits[f"{name}_rate"])

    return Rules(
        weights=Weights(**{name: limits[f"weight_{name}"] for name in Weights._fields}),
        address=alarm("address"),
        network=alarm("network"),
        asn_agent=alarm("asn_agent"),
        agent=alarm("agent"),
        tenant=alarm("tenant"),
        shared=Alarm(limits["shared_level"], int(limits["shared_names"]), limits["address_rate"]),
        team=alarm("team"),
        young=Alarm(limits["learning_level"], int(limits["learning_names"]), limits["address_rate"]),
        learning=_micro(limits["learning"]),
        learning_people=int(limits["learning_people"]),
        shared_users=int(limits["shared_users"]),
        shared_user_share=limits["shared_user_share"],
        shared_memory=_micro(limits["shared_memory"]),
        retries=int(limits["retries"]),
        retried_names=int(limits["retried_names"]),
        revisit_after=_micro(limits["revisit_after"]),
        counter_names=int(limits["counter_names"]),
        provisioned_names=int(limits["provisioned_names"]),
        provisioned_share=limits["provisioned_share"],
        schedule_slot=_micro(limits["schedule_slot"]),
        schedule_days=int(limits["schedule_days"]),
        schedule_factor=limits["schedule_factor"],
        schedule_names=int(limits["schedule_names"]),
    )


def _micro(seconds: float) -> int:
    return int(seconds * SECOND)
