"""Every question, asked of simulated logs that make it yes, no and open; an open one says how to close it."""

from __future__ import annotations

import pytest

from enumwatch.core.triage.triage import QUESTIONS

from .cases import ANSWERS, NO, OPEN, YES
from .scenes import only


@pytest.mark.parametrize("case", ANSWERS, ids=" ".join)
def test_a_question_is_answered_from_logs(case: tuple[str, str, str]) -> None:
    playbook, question, expected = case
    told = only(ANSWERS[case], playbook).triage()["answers"][question]
    assert told["answer"] == expected
    assert told["because"]
    if expected == OPEN:
        assert [one.partition(":")[0] for one in told["connect"]] == told["missing"] != []
        assert all(len(one.partition(": ")[2]) > 20 for one in told["connect"])
    else:
        assert told["connect"] == told["missing"] == []


def test_every_question_is_made_yes_no_and_open() -> None:
    assert ANSWERS.keys() == {(*key, told) for key in QUESTIONS for told in (YES, NO, OPEN)}
