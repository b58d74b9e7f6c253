"""The lock: no released rule changes in silence, no id is used twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from enumwatch.rulebook.load import Rulebook, load
from enumwatch.rulebook.lock import EMPTY, Lock, digest, forbidden, lock_text, read_lock, stale, updated

from .bad_rules import SMALL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def lock() -> Lock:
    return updated(EMPTY, load(SMALL), "1.0")


def edit(folder: Path, old: str, new: str) -> Rulebook:
    path = folder / "detections" / "demo_rule.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load(folder)


def messages(lock: Lock, rulebook: Rulebook, release: str) -> list[str]:
    return [str(problem) for problem in stale(lock, rulebook, release)]


def test_nothing_changed_is_no_problem(lock: Lock) -> None:
    assert stale(lock, load(SMALL), "2.0") == []


def test_unlocked_rules_are_told() -> None:
    what = (
        "the lock is stale; run python -m enumwatch.rulebook.build --lock; expected version 1, found it is not locked"
    )
    assert messages(EMPTY, load(SMALL), "1.0") == [
        f"rulebook.lock:1: {name}: {what}" for name in ("demo_log", "demo_rule", "T1078")
    ]


def test_released_content_cannot_change_under_its_version(folder: Path, lock: Lock) -> None:
    rulebook = edit(folder, "value: 10, unit: attempts", "value: 11, unit: attempts")
    assert messages(lock, rulebook, "2.0") == [
        "detections/demo_rule.yml:3: demo_rule: the rule changed without a new version; expected version 2, "
        "found version 1 with other content than in release 1.0"
    ]
    assert forbidden(lock, rulebook, "2.0") == stale(lock, rulebook, "2.0")


def test_new_version_may_have_new_content(folder: Path, lock: Lock) -> None:
    edit(folder, "version: 1", "version: 2")
    rulebook = edit(folder, "value: 10, unit: attempts", "value: 11, unit: attempts")
    assert forbidden(lock, rulebook, "2.0") == []
    fresh = updated(lock, rulebook, "2.0")
    assert stale(fresh, rulebook, "2.0") == []
    assert fresh.rules["detections"]["demo_rule"].since == "2.0"
    assert fresh.rules["sources"]["demo_log"].since == "1.0"


def test_content_may_change_until_its_release_is_out(folder: Path, lock: Lock) -> None:
    rulebook = edit(folder, "value: 10, unit: attempts", "value: 11, unit: attempts")
    assert forbidden(lock, rulebook, "1.0") == []
    assert len(stale(lock, rulebook, "1.0")) == 1
    assert stale(updated(lock, rulebook, "1.0"), rulebook, "1.0") == []


@pytest.mark.parametrize(
    ("old", "new"), [("name: eleven attempts\n", "name: 11 attempts\n"), ("cases:", "changes: [x]\ncases:")]
)
def test_cases_and_change_notes_are_no_content(folder: Path, lock: Lock, old: str, new: str) -> None:
    assert stale(lock, edit(folder, old, new), "2.0") == []


def test_version_cannot_go_back(folder: Path) -> None:
    lock = updated(EMPTY, edit(folder, "version: 1", "version: 3"), "1.0")
    rulebook = edit(folder, "version: 3", "version: 2")
    assert messages(lock, rulebook, "1.0") == [
        "detections/demo_rule.yml:3: demo_rule: the version went back; expected 3 or more, found 2"
    ]


def test_rule_that_is_gone_is_told_and_its_id_never_comes_back(folder: Path, lock: Lock) -> None:
    path = folder / "detections" / "demo_rule.yml"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    without = load(folder)
    assert messages(lock, without, "2.0") == [
        "rulebook.lock:1: demo_rule: the rule is gone; if that is meant, python -m enumwatch.rulebook.build --lock "
        "retires its id; expected detections/demo_rule.yml, found no such file"
    ]
    fresh = updated(lock, without, "2.0")
    assert stale(fresh, without, "2.0") == []
    path.write_text(text, encoding="utf-8")
    assert messages(fresh, load(folder), "3.0") == [
        "detections/demo_rule.yml:1: demo_rule: the id was used by a rule that is gone; "
        "expected a new id, found demo_rule"
    ]


def test_lock_survives_its_file(lock: Lock, tmp_path: Path) -> None:
    path = tmp_path / "rulebook.lock"
    path.write_text(lock_text(lock), encoding="utf-8")
    assert read_lock(path) == lock
    assert read_lock(tmp_path / "none") == EMPTY


def test_digest_ignores_the_order_of_keys(folder: Path) -> None:
    before = digest(load(folder).detections["demo_rule"])
    edit(folder, "status: stable\nenabled: true", "enabled: true\nstatus: stable")
    assert digest(load(folder).detections["demo_rule"]) == before
