"""The broken rule files: each is a sound rule of `small` with one defect, put in its place."""

from __future__ import annotations

import shutil
from pathlib import Path

from enumwatch.rulebook.load import load
from enumwatch.rulebook.problems import RuleProblems

SMALL = Path(__file__).parent / "small"
BAD_RULES = Path(__file__).parents[1] / "bad_rules"


def put_in_place(defect: Path, folder: Path) -> Path:
    """The sound rulebook with one rule replaced by the defective one, as the first line of that file says; its path."""
    shutil.copytree(SMALL, folder, dirs_exist_ok=True)
    first_line = defect.read_bytes().splitlines()[0].decode("ascii")
    place = folder / first_line.removeprefix("# read as ")
    assert place.is_file(), f"{defect.name} does not say which rule it stands for"
    shutil.copyfile(defect, place)
    return place


def problems_of(defect: Path, folder: Path) -> list[str]:
    """What loading says about a defect."""
    put_in_place(defect, folder)
    try:
        load(folder)
    except RuleProblems as error:
        return [str(problem) for problem in error.problems]
    return []
