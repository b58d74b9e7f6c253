"""A user's own rules: one that could never be decided is refused, one without effect is told, and the nearest rule is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from enumwatch.rulebook.load import load, shipped_rules
from enumwatch.rulebook.problems import RuleProblems


def own(folder: Path, kind: str, name: str, changes: dict[str, str], file: str = "") -> Path:
    """A folder with a copy of a shipped rule in which these texts are others."""
    text = (shipped_rules() / kind / f"{name}.yml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / kind).mkdir(parents=True)
    (folder / kind / f"{file or name}.yml").write_text(text, encoding="utf-8")
    return folder


def told(folder: Path) -> list[str]:
    """What is wrong with the rules of a folder, without its name."""
    try:
        load(extra=folder)
    except RuleProblems as error:
        return [str(problem).replace(f"{folder.as_posix()}/", "") for problem in error.problems]
    return []


def test_a_detection_of_another_id_is_no_new_rule(tmp_path: Path) -> None:
    changes = {"id: password_spray": "id: pasword_spray"}
    assert told(own(tmp_path, "detections", "password_spray", changes, "pasword_spray")) == [
        "detections/pasword_spray.yml:1: pasword_spray: no such rule exists, and a detection of another id is never decided; "
        "expected password_spray, found pasword_spray"
    ]


def test_a_misspelt_id_is_told_once_where_the_file_has_the_right_name(tmp_path: Path) -> None:
    assert told(own(tmp_path, "detections", "password_spray", {"id: password_spray": "id: pasword_spray"})) == [
        "detections/password_spray.yml:1: pasword_spray: the id is not the name of the file; "
        "expected password_spray, found pasword_spray"
    ]


def test_a_misspelt_file_is_to_be_renamed_and_not_its_rule(tmp_path: Path) -> None:
    assert told(own(tmp_path, "detections", "password_spray", {}, "pasword_spray")) == [
        "detections/pasword_spray.yml:1: password_spray: the file is not named after its rule; "
        "expected password_spray.yml, found pasword_spray.yml"
    ]


def test_a_limit_that_deciding_needs_must_be_there(tmp_path: Path) -> None:
    shipped = load().detections["password_spray"].limits["round_evenness"]
    folder = own(tmp_path, "detections", "password_spray", {"  round_evenness: {": "  rounds_evenness: {"})
    (first, *_) = told(folder)
    assert "limits.rounds_evenness is read by nothing; expected round_evenness, found rounds_evenness" in first
    changes = {"  round_evenness: {": "  zzz: {"}
    lines = told(own(tmp_path / "b", "detections", "password_spray", changes))
    assert any("limits.zzz is read by nothing; expected one of names" in line for line in lines)
    wanted = f"the limit round_evenness is missing, without which nothing is decided; expected {shipped.value} {shipped.unit}"
    assert any(wanted in line for line in lines)


def test_a_limit_keeps_its_type(tmp_path: Path) -> None:
    lines = told(own(tmp_path, "detections", "password_spray", {"value: 60s": "value: 60"}))
    assert [line.partition(": ")[2] for line in lines] == [
        "password_spray: limits.round_spread.value is of another type; "
        "expected a duration such as 90s, 10m, 1h or 7d, found 60"
    ]


def test_a_copied_source_under_another_id_names_the_rule_it_may_replace(tmp_path: Path) -> None:
    changes = {"id: okta_system": "id: okta_sistem"}
    (line,) = told(own(tmp_path, "sources", "okta_system", changes, "okta_sistem"))
    assert (
        "okta_sistem: it writes the source ids of okta_system; expected source ids of its own, or the id okta_system"
        in line
    )


def test_what_has_no_effect_is_told(tmp_path: Path) -> None:
    own(tmp_path, "sources", "okta_system", {"provider: okta": "provider: oktaa"})
    own(
        tmp_path / "b",
        "playbooks",
        "T1589",
        {"id: T1589\n": "id: T1078\n", "technique: T1589\n": "technique: T1078\n"},
        "T1078",
    )
    (_, provider) = load(extra=tmp_path).notes
    assert "of the provider oktaa, of which enumwatch_outcomes.csv has no code" in provider
    assert provider.endswith("(expected okta)")
    (unused,) = load(extra=tmp_path / "b").notes
    assert unused.endswith("T1078.yml is never used: no detection names the playbook T1078")


def test_shipped_rules_in_a_folder_of_ones_own_are_sound(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    for kind in ("sources", "detections", "playbooks"):
        (whole / kind).mkdir(parents=True)
        for path in (shipped_rules() / kind).glob("*.yml"):
            (whole / kind / path.name).write_bytes(path.read_bytes())
    notes = load(extra=whole).notes
    assert all("takes the place of the shipped" in note for note in notes)


def test_a_file_is_no_folder_of_rules(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("overlay: x\n", encoding="utf-8")
    with pytest.raises(RuleProblems, match="found a file"):
        load(extra=tmp_path / "mine.yml")
