"""The checklist of the pages that the playbooks came from: each row is answered, and nothing answers by a constant."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from tests.rulebook.test_playbook_table import Line, lines

from enumwatch.core.triage.answer import Answer
from enumwatch.core.triage.triage import triage
from enumwatch.rulebook.compiled import compiled

from .cases import ANSWERS, CONDITIONS, NO, OPEN, YES, Key
from .scenes import Scene, Seen, only

MODULE = sys.modules[triage.__module__]
PLAYBOOKS = compiled()["playbooks"]
SOURCES = compiled()["sources"]


def scenes(playbook: str) -> Iterator[Scene]:
    """Every scene of a playbook."""
    yield from (scene for key, scene in ANSWERS.items() if key[0] == playbook)
    yield from (scene for key, pair in CONDITIONS.items() if key[0] == playbook for scene in pair)


@cache
def told(playbook: str) -> list[tuple[Seen, Mapping[str, Any]]]:
    """The worst finding of each scene with its triage."""
    found = [only(scene, playbook) for scene in dict.fromkeys(scenes(playbook))]
    return [(one, one.triage()) for one in found]


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line.playbook} {line.part}: {line.asks}")
def test_a_row_is_answered(line: Line) -> None:
    for place in line.places:
        name, _, number = place.partition(" ")
        if name in PLAYBOOKS[line.playbook]["questions"]:
            assert {answer for answer in (YES, NO, OPEN) if (line.playbook, name, answer) in ANSWERS} == {YES, NO, OPEN}
        elif name in PLAYBOOKS[line.playbook]["escalate"]:
            assert (line.playbook, name) in CONDITIONS
        elif name == "indicators":
            assert any(one[0] in "QE" for one in line.places), "an indicator that nothing computes"
        elif name == "log_sources":
            check_log(line.playbook, int(number))
        else:
            check_step(line.playbook, name, int(number))


def check_log(playbook: str, number: int) -> None:
    """A log is read in a scene, or named in one as what is missing."""
    source = PLAYBOOKS[playbook]["log_sources"][number - 1]["source"]
    tables = {source, *(SOURCES[source]["emits"] if source in SOURCES else ())}
    read = {name for one, _ in told(playbook) for name in one.known.readings or ()}
    missing = {name for _, triage in told(playbook) for one in triage["answers"].values() for name in one["missing"]}
    assert tables & (read | missing)


def check_step(playbook: str, part: str, number: int) -> None:
    """A step appears, and says of each finding something else, unless it is marked as people's own work."""
    step = PLAYBOOKS[playbook][part][number - 1]
    begin = step["step"].partition("{")[0]
    texts = {text for _, triage in told(playbook) for text in triage["steps"][part] if text.startswith(begin)}
    assert texts, f"{part} {number} is told of no finding"
    if step["kind"] != "manual":
        assert texts - {step["step"]}, f"{part} {number} is the same for every finding"
    if step["kind"] == "automatic":
        assert any(" Done: " in text for text in texts), f"{part} {number} is called automatic and does nothing"


def wrong_answers(of: str = "") -> set[Key]:
    """Questions and conditions (of one playbook) of which a scene says something else than it should."""
    wrong = {
        (playbook, question)
        for (playbook, question, answer), scene in ANSWERS.items()
        if of in ("", playbook) and only(scene, playbook).triage()["answers"][question]["answer"] != answer
    }
    return wrong | {
        (playbook, condition)
        for (playbook, condition), pair in CONDITIONS.items()
        if of in ("", playbook) and is_met(playbook, condition, pair) != [True, False]
    }


def is_met(playbook: str, condition: str, pair: Iterable[Scene]) -> list[bool]:
    """What each of the scenes says of a condition."""
    return [only(scene, playbook).triage()["conditions"][condition]["met"] for scene in pair]


@pytest.mark.parametrize("answer", [YES, NO, OPEN])
@pytest.mark.parametrize("key", sorted({key[:2] for key in ANSWERS}), ids=" ".join)
def test_a_constant_answer_turns_the_checklist_red(key: Key, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODULE.QUESTIONS, key, lambda subject: Answer(answer, "always", {}, []))
    assert wrong_answers(key[0]) >= {key}


@pytest.mark.parametrize("because", ["", "always"])
@pytest.mark.parametrize("key", CONDITIONS, ids=" ".join)
def test_a_constant_condition_turns_the_checklist_red(key: Key, because: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODULE.CONDITIONS, key, lambda subject: because)
    assert wrong_answers(key[0]) >= {key}


def test_as_it_is_the_checklist_is_green() -> None:
    assert wrong_answers() == set()
