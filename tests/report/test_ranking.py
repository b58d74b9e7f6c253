"""The worst finding comes first, whatever the order of the input."""

from __future__ import annotations

from itertools import permutations

from tests.report import more_examples

from enumwatch.core.verdict import VERDICTS
from enumwatch.report.labels import SEVERITY
from enumwatch.report.ranking import worst_first


def test_every_verdict_has_a_colour_in_the_order_of_the_ladder() -> None:
    assert tuple(SEVERITY) == VERDICTS


def test_order_is_verdict_then_score_with_suppressed_ones_last() -> None:
    names = [verdict["verdict"] for verdict in worst_first(more_examples.verdicts())]
    assert names == [
        "Compromise Suspected",
        "High Confidence Enumeration",
        "Password Spray",
        "Account Creation Burst",
        "Not Enough Evidence",
        "Moderate Enumeration",
    ]


def test_ties_do_not_depend_on_the_order_of_input() -> None:
    same = [more_examples.spray() | {"finding_id": f"ew-{letter}", "score": 5} for letter in "cab"]
    orders = {tuple(verdict["finding_id"] for verdict in worst_first(order)) for order in permutations(same)}
    assert orders == {("ew-a", "ew-b", "ew-c")}
