"""How much of the half of the labelled sets that nothing was tuned on is found, and how much is found wrongly."""

from __future__ import annotations

import pytest

from .__main__ import DETECTIONS, Score, lines, of, score_of

# Even seeds were tuned on; these are odd.
REPORTED = (1, 3)
LEAST_ATTACKS, LEAST_BENIGN = 20, 40
LEAST_FOUND, MOST_FALSE_A_DAY = 0.95, 0.05


@pytest.fixture(scope="module")
def score() -> Score:
    return score_of(REPORTED)


@pytest.mark.parametrize("detection", DETECTIONS)
def test_the_reported_half_is_large_enough(score: Score, detection: str) -> None:
    assert of(score.attacks, detection) >= LEAST_ATTACKS
    assert of(score.benign, detection) >= LEAST_BENIGN


@pytest.mark.parametrize("detection", DETECTIONS)
def test_attacks_are_found_and_others_left_alone(score: Score, detection: str) -> None:
    assert score.share_found(detection) >= LEAST_FOUND, "\n".join(lines(score))
    assert score.false_a_day(detection) <= MOST_FALSE_A_DAY, "\n".join(lines(score))


def test_every_sort_of_attack_is_played(score: Score) -> None:
    assert {sort for detection, sort in score.attacks if detection == DETECTIONS[0]} >= {"insider", "one_person"}
    assert {sort for detection, sort in score.attacks if detection == DETECTIONS[1]} >= {"slow_maker", "mass_mailer"}
