"""The file of the ways of attack is whole, fits the rules, and its faults are told."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import jsonschema
import orjson
import pytest
import yaml

from enumwatch.rulebook.compiled import compiled
from enumwatch.rulebook.document import Document, read_document
from enumwatch.rulebook.load import WAYS_FILE, Rulebook, load, shipped_rules
from enumwatch.rulebook.schemas import SCHEMA_FOLDER
from enumwatch.rulebook.ways_reader import check_ways, read_ways
from enumwatch.visibility.page import PAGE_FILE, page

TEXT = (shipped_rules() / WAYS_FILE).read_text(encoding="utf-8")


def document(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "ways.yml"
    path.write_text(text, encoding="utf-8")
    return read_document(path, "ways.yml")


@lru_cache(maxsize=1)
def _rules() -> Rulebook:
    return load()


def problems(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in TEXT
    found = read_ways(document(tmp_path, TEXT.replace(old, new, 1)))
    check_ways(found, _rules().sources, _rules().detections)
    return [str(one) for one in found.document.problems]


def test_every_log_of_the_rulebook_has_a_title_and_shows_some_way() -> None:
    rules = compiled()
    logs = {log for source in rules["sources"].values() for log in source["emits"]}
    assert set(rules["visibility"]["logs"]) == logs
    assert {one["log"] for way in rules["visibility"]["ways"] for one in way["logs"]} == logs


def test_every_kind_that_a_detection_reads_is_a_way_at_each_log_that_has_it() -> None:
    rules = compiled()
    shown = {(one["log"], one["kind"]) for way in rules["visibility"]["ways"] for one in way["logs"]}
    read = {kind for rule in rules["detections"].values() for kind in rule["kinds"]} - {
        "account_enabled",
        "account_deleted",
    }
    for source in rules["sources"].values():
        for log in source["emits"]:
            assert {(log, kind) for kind in source["kinds"] if kind in read} <= shown


@pytest.mark.parametrize(
    "way",
    ["get_credential_type", "cloud_autodiscover", "onedrive_url", "teams_search", "google_cookie", "smtp_recipient"],
)
def test_look_ups_that_leave_nothing_are_never_seen(way: str) -> None:
    found = next(one for one in compiled()["visibility"]["ways"] if one["id"] == way)
    assert found["never"]
    assert not found["logs"]


def test_the_file_fits_its_schema() -> None:
    schema = orjson.loads((SCHEMA_FOLDER / "ways.schema.json").read_bytes())
    jsonschema.validate(yaml.safe_load(TEXT), schema)


def test_the_page_is_what_the_rulebook_says_and_holds_every_way() -> None:
    assert PAGE_FILE.read_text(encoding="utf-8") == page()
    assert all(way["title"] in page() for way in compiled()["visibility"]["ways"])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- {log: okta_system, kind: sign_in,", "- {log: okta, kind: sign_in,", "is no log"),
        ("- {log: okta_system, kind: sign_in,", "- {log: okta_system, kind: autodiscover,", "has another kind"),
        ("  message_trace: Exchange Online message trace\n", "", "a log has no title"),
        ("weight: 3", "weight: 7", "a weight from 1 to 3"),
        ("limit: learning", "limit: nothing", "is no limit"),
        ("    never: Microsoft answers", "    nevr: Microsoft answers", "neither visible nor invisible"),
        ("shows: seen, needs: [src_ip, target, code]}", "shows: partly, needs: [src_ip]}", "because says why"),
        ("  - id: cloud_autodiscover", "  - id: get_credential_type", "two ways have one id"),
        ("  user_agent: {kinds", "  agent: {kinds", "no event field"),
        ("  next_steps: {value: 3, means: how many logs to connect next are named}\n", "", "the limits are others"),
        (", needs: [actor, target]}", ", needs: [tenant]}", "needs a field"),
    ],
)
def test_faults_are_told_with_their_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    found = problems(tmp_path, old, new)
    assert any(told in one and one.startswith("ways.yml:") for one in found), found
