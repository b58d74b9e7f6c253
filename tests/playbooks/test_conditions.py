"""Every condition for escalation, met by simulated logs and not met by those just on the other side of its limit."""

from __future__ import annotations

import pytest

from enumwatch.core.triage.triage import CONDITIONS as COMPUTED

from .cases import CONDITIONS, Key
from .scenes import only


@pytest.mark.parametrize("is_met", [True, False], ids=["met", "not met"])
@pytest.mark.parametrize("case", CONDITIONS, ids=" ".join)
def test_a_condition_is_told_from_logs(case: Key, is_met: bool) -> None:
    playbook, condition = case
    met, unmet = CONDITIONS[case]
    told = only(met if is_met else unmet, playbook).triage()
    assert told["conditions"][condition]["met"] is is_met
    assert told["escalate"] is any(one["met"] for one in told["conditions"].values())


def test_every_condition_is_made_met_and_unmet() -> None:
    assert CONDITIONS.keys() == COMPUTED.keys()
