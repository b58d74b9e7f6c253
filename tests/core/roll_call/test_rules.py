"""The rules of the roll call are the limits of the rulebook in the core's units."""

from __future__ import annotations

import pytest

from enumwatch.core.roll_call.rules import rules_of
from enumwatch.core.times import DAY, HOUR, MINUTE

from ..making import RULEBOOK, RULES

LIMITS = RULEBOOK["detections"]["email_enumeration"]["limits"]


def test_times_are_in_microseconds() -> None:
    assert (RULES.learning, RULES.shared_memory) == (30 * HOUR, DAY)
    assert (RULES.revisit_after, RULES.schedule_slot) == (7 * DAY, 20 * MINUTE)


@pytest.mark.parametrize("entity", ["address", "network", "asn_agent", "agent", "tenant", "team"])
def test_every_entity_has_its_level_its_names_and_its_rate(entity: str) -> None:
    alarm = getattr(RULES, entity)
    assert alarm == (LIMITS[f"{entity}_level"], LIMITS[f"{entity}_names"], LIMITS[f"{entity}_rate"])


def test_shared_and_young_addresses_have_the_rate_of_an_address() -> None:
    assert RULES.shared == (LIMITS["shared_level"], LIMITS["shared_names"], LIMITS["address_rate"])
    assert RULES.young == (LIMITS["learning_level"], LIMITS["learning_names"], LIMITS["address_rate"])


def test_a_missing_limit_is_named() -> None:
    for name in ("weight_near", "tenant_level", "retries"):
        with pytest.raises(KeyError, match=name):
            rules_of({key: value for key, value in LIMITS.items() if key != name})
