"""When a finding is told still, told as less, or not at all."""

from __future__ import annotations

from typing import Any

from enumwatch.core.times import DAY, HOUR
from enumwatch.core.verdict import COMPROMISE, HIGH, LOW, MODERATE, SPRAY, Actor, Verdict
from enumwatch.tuning.told import Told, counted, difference, told_of


def told(verdict: str = LOW, who: str = "192.0.2.1", start: int = 0, **known: Any) -> Told:
    fields: dict[str, Any] = {
        **{"finding_id": f"ew-{who}-{start}", "group": "email_enumeration", "detection": "email_enumeration"},
        **{"tenant": "contoso", "verdict": verdict, "confidence": "medium", "who": frozenset({("ip", who)})},
        **{"start": start, "end": start + HOUR, "days": 1},
    }
    return Told(**{**fields, **known})


def test_another_id_with_the_same_actor_and_time_is_the_same_finding() -> None:
    found = difference([told(start=5 * DAY)], [told(start=5 * DAY + HOUR, detection="password_spray")])
    assert found.lost == found.weaker == ()


def test_another_actor_tenant_group_or_week_is_another_finding() -> None:
    one = told(start=5 * DAY)
    for other in (
        told(who="192.0.2.2", start=5 * DAY),
        told(start=5 * DAY, tenant="fabrikam"),
        told(start=5 * DAY, group="account_creation"),
        told(start=9 * DAY),
        told(start=0),
    ):
        assert difference([one], [other]).lost == (one,), other


def test_a_lower_verdict_is_told_as_less_and_a_higher_one_is_not() -> None:
    one = told(MODERATE)
    assert difference([one], [told(LOW)]).weaker == ((one, LOW),)
    assert difference([one], [told(LOW), told(HIGH)]).weaker == ()


def test_an_attack_is_hidden_when_it_is_lost_or_told_as_less() -> None:
    assert difference([told(HIGH)], []).hides_an_attack
    assert difference([told(COMPROMISE)], [told(HIGH)]).hides_an_attack
    assert difference([told(SPRAY, confidence="high")], []).hides_an_attack
    assert not difference([told(SPRAY), told(MODERATE)], []).hides_an_attack


def test_findings_without_an_actor_are_compared_by_time() -> None:
    nobody = told(who="", start=0)._replace(who=frozenset())
    assert difference([nobody], [nobody._replace(finding_id="x")]).lost == ()


def test_counting_goes_by_group_and_by_verdict() -> None:
    every = [told(LOW), told(MODERATE), told(HIGH), told(HIGH, group="account_creation")]
    assert len(counted(every, "email_enumeration")) == 3
    assert len(counted(every, "email_enumeration", MODERATE)) == 2


def test_an_actor_is_its_addresses_else_its_account() -> None:
    actor = Actor(ip=["192.0.2.1"], account="a@contoso.example", user_agent="curl/8")
    verdict = Verdict("ew-1", "password_spray", 1, SPRAY, 30, "low", "contoso", actor, 0, 3 * DAY, 1)
    made = told_of(verdict)
    assert made.group == "email_enumeration"
    assert made.actor == (("ip", "192.0.2.1"),)
    assert made._replace(who=made.who - {("ip", "192.0.2.1")}).actor == (("actor", "a@contoso.example"),)
    assert made.days == 4
