"""Loading: the shipped rulebook, and a user's own rules beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from enumwatch.rulebook.load import load, rules_of, shipped_rules
from enumwatch.rulebook.problems import RuleProblems

from .bad_rules import SMALL

PLAYBOOK_NUMBERS = {
    "T1589.002": (["Q1", "Q2", "Q3", "Q4"], ["E1", "E2", "E3", "E4"]),
    "T1589": (["Q1", "Q2", "Q3", "Q4"], ["E1", "E2", "E3"]),
    "T1585.002": (["Q1", "Q2", "Q3", "Q4"], ["E1", "E1+", "E2"]),
}


def test_shipped_rulebook_is_sound_and_whole() -> None:
    rulebook = load()
    assert {
        "entra_signin",
        "m365_audit",
        "windows_security",
        "entra_audit",
        "graph_activity",
    } <= rulebook.sources.keys()
    assert {"okta_system", "workspace_login", "workspace_admin", "iis"} <= rulebook.sources.keys()
    assert {"exchange_httpproxy", "message_trace"} <= rulebook.sources.keys()
    assert "email_enumeration" in rulebook.detections
    assert rulebook.playbooks.keys() == PLAYBOOK_NUMBERS.keys()


@pytest.mark.parametrize("technique", PLAYBOOK_NUMBERS)
def test_playbook_has_its_questions_and_conditions(technique: str) -> None:
    playbook = load().playbooks[technique]
    assert (list(playbook.questions), list(playbook.escalate)) == PLAYBOOK_NUMBERS[technique]


def test_sources_that_write_several_ids_name_them_all() -> None:
    entra = load().sources["entra_signin"]
    assert entra.emits == {"entra_signin", "entra_signin_noninteractive", "entra_signin_adfs"}


def test_own_rules_are_added(tmp_path: Path) -> None:
    shutil.copytree(SMALL / "sources", tmp_path / "sources")
    rulebook = load(extra=tmp_path)
    assert {"demo_log", "entra_signin"} <= rulebook.sources.keys()
    assert rulebook.notes[0] == f"{tmp_path.as_posix()}/sources/demo_log.yml adds the source demo_log"


def test_own_rule_takes_the_place_of_the_shipped_one_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "detections").mkdir()
    text = (shipped_rules() / "detections" / "password_guessing.yml").read_text(encoding="utf-8")
    title = load().detections["password_guessing"].title
    text = text.replace(f"title: {title}", "title: Somebody signs in often", 1)
    (tmp_path / "detections" / "password_guessing.yml").write_text(text, encoding="utf-8")
    rulebook = load(extra=tmp_path)
    assert rulebook.detections["password_guessing"].title == "Somebody signs in often"
    name = (tmp_path / "detections" / "password_guessing.yml").as_posix()
    assert rulebook.notes == (f"{name} takes the place of the shipped password_guessing",)


def test_problem_of_an_own_rule_names_its_folder(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.yml").write_text("id: mine\n", encoding="utf-8")
    with pytest.raises(RuleProblems) as error:
        load(extra=tmp_path)
    assert all(
        str(problem).startswith(f"{tmp_path.as_posix()}/sources/mine.yml:1: mine: ") for problem in error.value.problems
    )


def test_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleProblems, match="no rules here; expected a folder with sources/, detections/, playbooks/"):
        load(extra=tmp_path)


def test_a_folder_that_does_not_exist_is_told_from_one_without_rules(tmp_path: Path) -> None:
    with pytest.raises(RuleProblems, match=r"or overlays \(\*\.yml\), found no folder"):
        load(extra=tmp_path / "missing")


def test_a_folder_of_rules_that_nobody_reads_is_told(tmp_path: Path) -> None:
    for name in ("overlays", "detections", ".hidden", "notes"):
        (tmp_path / name).mkdir()
    for name in ("overlays/a.yml", ".hidden/b.yml", "notes/c.txt"):
        (tmp_path / name).write_text("overlay: x\n", encoding="utf-8")
    folders = "sources, detections, playbooks"
    unread = f"{tmp_path.as_posix()}/overlays/ is not read; rules lie in {folders}, overlays in the folder itself"
    assert load(extra=tmp_path).notes == (unread,)


def test_file_with_the_long_ending_is_not_overlooked(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    (tmp_path / "sources" / "other.yaml").write_text("id: other\n", encoding="utf-8")
    with pytest.raises(
        RuleProblems, match=r"sources/other\.yaml:1: the ending of the file is not read; expected \.yml"
    ):
        load(tmp_path)


def test_problems_of_several_files_come_together_in_order(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    for kind, name in (("sources", "demo_log"), ("playbooks", "T1078")):
        path = tmp_path / kind / f"{name}.yml"
        path.write_text(path.read_text(encoding="utf-8").replace("version: 1", "version: 0"), encoding="utf-8")
    with pytest.raises(RuleProblems) as error:
        load(tmp_path)
    assert [problem.file for problem in error.value.problems] == ["playbooks/T1078.yml", "sources/demo_log.yml"]


def test_two_sources_cannot_write_one_source_id(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / "sources" / "demo_log.yml").read_text(encoding="utf-8")
    (tmp_path / "sources" / "demo_mail.yml").write_text(text.replace("id: demo_log", "id: demo_mail"), encoding="utf-8")
    with pytest.raises(
        RuleProblems,
        match="demo_mail: it writes the source ids of demo_log; expected source ids of its own, or the id demo_log",
    ):
        load(tmp_path)


def test_stable_detection_without_cases_is_warned_about(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "detections" / "demo_rule.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("cases:")] + "cases: []\n", encoding="utf-8")
    assert len(load(tmp_path).warnings) == 5
    path.write_text(
        path.read_text(encoding="utf-8").replace("status: stable", "status: experimental"), encoding="utf-8"
    )
    assert load(tmp_path).warnings == ()


def test_every_rule_knows_its_file_and_content() -> None:
    for rule in rules_of(load(SMALL)):
        assert rule.document.file.endswith(f"/{rule.id}.yml")
        assert rule.content["id"] == rule.id
