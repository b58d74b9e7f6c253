"""Files that every version of a format was written in once are read today, and give what today's own files give."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import zstandard
from tests.upgrade.formats import LATEST, SAVED, formats
from tests.upgrade.save import CUT

from enumwatch.cli import main
from enumwatch.core.memory.row import VERSION
from enumwatch.elastic.documents import contact_of, finding_of, memory_rows
from enumwatch.engines.local.state import State
from enumwatch.schemas import schema

VERSIONS = sorted(int(one.name) for one in SAVED.iterdir())
Folder = Path


@pytest.fixture(scope="module", params=VERSIONS, ids=lambda number: f"version {number}")
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The unpacked files of one version."""
    made = tmp_path_factory.mktemp("saved")
    for file in sorted((SAVED / str(request.param)).glob("**/*")):
        target = made / file.relative_to(SAVED / str(request.param))
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".zst":
            target.with_suffix("").write_bytes(zstandard.ZstdDecompressor().decompress(file.read_bytes()))
        elif file.is_file():
            target.write_bytes(file.read_bytes())
    return made


def findings(folder: Folder, *arguments: str) -> list[dict[str, Any]]:
    """What a scan with the lookups of a folder finds."""
    told = folder / "told.ndjson"
    told.unlink(missing_ok=True)
    code = main(["scan", *arguments, "--lookups", str(folder / "lookups"), "--format", "ndjson", "--output", str(told)])
    assert code == 0
    return rows(told)


def rows(file: Path) -> list[dict[str, Any]]:
    """The objects of an NDJSON file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def logs(folder: Folder) -> list[str]:
    """The log files of a folder."""
    return [str(one) for one in sorted((folder / "logs").iterdir())]


def test_a_version_of_the_formats_is_kept_for_each_number() -> None:
    assert list(range(1, VERSION + 1)) == VERSIONS


def test_no_format_changes_without_a_new_number(folder: Folder) -> None:
    kept = json.loads((LATEST / "formats.json").read_text(encoding="utf-8"))
    path = folder / "fresh.duckdb"
    main(["scan", *logs(folder), "--lookups", str(folder / "lookups"), "--until", CUT, "--state", str(path)])
    advice = (
        "a format changed: raise VERSION in core/memory/row.py, read the old one, and run python -m tests.upgrade.save"
    )
    assert formats(State(path).memory) == kept, advice


def test_a_run_goes_on_from_the_state_of_that_version(folder: Folder) -> None:
    ours = folder / "ours.duckdb"
    findings(folder, *logs(folder), "--until", CUT, "--state", str(ours))
    expected = findings(folder, *logs(folder), "--state", str(ours))
    theirs = shutil.copyfile(folder / "state.duckdb", folder / "theirs.duckdb")
    assert findings(folder, *logs(folder), "--state", str(theirs)) == expected
    begun = [one for one in expected if one["window_start"] < CUT.replace(":00Z", "")]
    assert begun, "an attack that began before the cut is told whole after it"


@pytest.fixture(scope="module")
def told(folder: Folder) -> list[dict[str, Any]]:
    """What this version finds in the logs."""
    return findings(folder, *logs(folder))


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_contacts_of_that_version_give_what_its_logs_give(
    form: str, folder: Folder, told: list[dict[str, Any]]
) -> None:
    assert findings(folder, str(folder / f"contacts.{form}")) == told


def test_logs_with_lookups_of_that_version_are_read(folder: Folder, told: list[dict[str, Any]]) -> None:
    assert {one["verdict"] for one in told} == {one["verdict"] for one in rows(folder / "findings.ndjson")}


def test_verdicts_of_that_version_fit_the_schema_of_today(folder: Folder) -> None:
    today = schema("verdict")
    # A later version may add a field; what was there stays.
    loose = {**today, "required": [name for name in today["required"] if name in rows(folder / "findings.ndjson")[0]]}
    for one in [*rows(folder / "findings.ndjson"), *json.loads((folder / "findings.json").read_text())["findings"]]:
        jsonschema.validate(one, loose)


def test_documents_of_that_version_are_read(folder: Folder) -> None:
    verdicts = [json.loads(finding_of(one)) for one in rows(folder / "documents.verdicts.ndjson")]
    assert verdicts == rows(folder / "findings.ndjson")
    contacts = [contact_of(one) for one in rows(folder / "documents.contacts.ndjson")]
    assert len(contacts) == len(rows(folder / "contacts.ndjson"))
    remembered = [row for one in rows(folder / "documents.memory.ndjson") for row in memory_rows(one)]
    assert sorted(remembered) == sorted(State(folder / "state.duckdb").memory)
