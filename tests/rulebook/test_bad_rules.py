"""Every known defect of a rule file is told with exactly the message that stands beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from enumwatch.rulebook.load import load, rules_of
from enumwatch.rulebook.schemas import schemas

from .bad_rules import BAD_RULES, SMALL, problems_of, put_in_place

DEFECTS = sorted(BAD_RULES.glob("*.yml"))

# A schema knows neither YAML itself, nor other places of the file, nor other files, nor the small grammars.
ONLY_THE_READER_SEES = {
    *("brace_without_partner", "broken_pattern", "look_ahead_pattern", "path_bracket_open", "path_without_name"),
    *("pick_without_value", "case_name_twice", "case_of_unknown_source", "case_time_is_no_time", "duplicate_key"),
    *("condition_on_unknown_field", "each_never_used", "each_without_list", "event_without_time", "foreign_tag"),
    *("id_is_not_the_file_name", "kind_never_made", "kind_no_source_has", "kind_not_declared", "log_source_unknown"),
    *("merge_key", "not_utf8", "questions_out_of_order", "shape_id_twice", "step_names_no_value", "syntax_error"),
    *("step_waits_for_nothing", "target_visible_is_a_word", "technique_is_not_the_id", "text_names_no_limit"),
    *(
        "splunk_two_brackets",
        "elastic_shape_unknown",
        "sentinel_unknown_column",
        "collect_from_unknown_source",
        "guide_names_no_limit",
    ),
    "hurts_names_no_value",
    "handover_names_no_time",
    *(
        "tab_as_indent",
        "colon_in_a_text",
        "second_document",
        "alias_in_a_circle",
        "field_misspelt",
        "limit_nearly_named",
    ),
    *("unknown_playbook", "unknown_raw_field", "unknown_source"),
}

_NOT_EVEN_YAML = (
    *("syntax_error", "not_utf8", "merge_key", "foreign_tag"),
    *("tab_as_indent", "colon_in_a_text", "second_document", "alias_in_a_circle"),
)


class _PlainLoader(yaml.SafeLoader):
    """What an editor shows to a schema: times and yes/no are text."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in resolvers if not tag.endswith(("timestamp", "bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(schemas()[f"{kind}.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def plain(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda path: path.stem)
def test_defect_is_told_with_file_line_and_what_to_write(defect: Path, tmp_path: Path) -> None:
    expected = defect.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert expected
    assert problems_of(defect, tmp_path) == expected


def test_the_sound_rulebook_behind_the_defects_has_no_problem_and_no_warning() -> None:
    rulebook = load(SMALL)
    assert [rule.id for rule in rules_of(rulebook)] == ["demo_log", "demo_rule", "T1078"]
    assert rulebook.warnings == ()


def test_every_expected_file_has_its_defect() -> None:
    assert {path.stem for path in BAD_RULES.glob("*.expected")} == {path.stem for path in DEFECTS}
    assert {path.stem for path in DEFECTS} >= ONLY_THE_READER_SEES


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda path: path.stem)
def test_schema_refuses_what_a_schema_can_see(defect: Path, tmp_path: Path) -> None:
    place = put_in_place(defect, tmp_path)
    checker = validator(place.parent.name.removesuffix("s"))
    if defect.stem not in ONLY_THE_READER_SEES:
        assert not checker.is_valid(plain(place)), "the schema lets the defect pass"
    elif defect.stem not in _NOT_EVEN_YAML:
        assert checker.is_valid(plain(place)), "the schema does see it: take it off the list"


@pytest.mark.parametrize("kind", ["source", "detection", "playbook"])
def test_shipped_and_small_rules_fit_the_schema(kind: str) -> None:
    checker = validator(kind)
    shipped = Path(__file__).parents[2] / "app" / "enumwatch"
    files = [*(shipped / f"{kind}s").glob("*.yml"), *(SMALL / f"{kind}s").glob("*.yml")]
    assert len(files) > 1
    for path in files:
        errors = [
            f"{path.name}: {'.'.join(map(str, e.path))}: {e.message[:200]}" for e in checker.iter_errors(plain(path))
        ]
        assert errors == []
