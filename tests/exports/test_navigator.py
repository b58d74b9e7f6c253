"""Layers hold to format 4.5 of the ATT&CK Navigator and count the logs of each technique."""

from __future__ import annotations

from typing import Any

import jsonschema

from enumwatch.exports.navigator import coverage, layer
from enumwatch.rulebook.vocabulary import TECHNIQUES

from .material import rules

TEXT = {"type": "string"}
COLOUR = {"type": "string", "pattern": "^#[0-9a-f]{6}$"}
WHOLE = {"type": "integer", "minimum": 0}


def strict(required: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": [*required], "properties": required}


# Of the published description of format 4.5: what the layers use, nothing else, in the values it allows.
SCHEMA = strict(
    {
        "name": TEXT,
        "versions": strict({"attack": {"pattern": "^[0-9]+$"}, "navigator": TEXT, "layer": {"const": "4.5"}}),
        "domain": {"enum": ["enterprise-attack", "mobile-attack", "ics-attack"]},
        "description": TEXT,
        "sorting": {"enum": [0, 1, 2, 3]},
        "layout": strict(
            {
                "layout": {"enum": ["side", "flat", "mini"]},
                "showID": {"type": "boolean"},
                "showName": {"type": "boolean"},
            }
        ),
        "hideDisabled": {"type": "boolean"},
        "techniques": {
            "type": "array",
            "items": strict(
                {
                    "techniqueID": {"pattern": r"^T\d{4}(\.\d{3})?$"},
                    "tactic": {"pattern": "^[a-z]+(-[a-z]+)*$"},
                    "score": WHOLE,
                    "comment": TEXT,
                    "enabled": {"type": "boolean"},
                    "showSubtechniques": {"type": "boolean"},
                }
            ),
        },
        "gradient": strict(
            {"colors": {"type": "array", "items": COLOUR, "minItems": 2}, "minValue": WHOLE, "maxValue": WHOLE}
        ),
        "legendItems": {"type": "array", "items": strict({"label": TEXT, "color": COLOUR})},
    }
)


def test_the_layer_holds_to_its_format() -> None:
    for read in (None, [], ["entra_signin", "iis"]):
        made = layer(coverage(rules(), read), "coverage", "of a test")
        assert [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(made)] == []


def test_any_mapping_of_techniques_makes_a_layer() -> None:
    made = layer({id: (number, f"comment {number}") for number, id in enumerate(TECHNIQUES)}, "all", "")
    assert [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(made)] == []
    assert made["gradient"]["maxValue"] == len(TECHNIQUES) - 1


def test_scores_count_the_logs_that_were_read_and_comments_name_the_others() -> None:
    everything, some, nothing = (coverage(rules(), read) for read in (None, ["entra_signin", "entra_audit"], []))
    assert set(everything) == set(nothing) == {id for one in rules()["detections"].values() for id in one["techniques"]}
    assert {seen.score for seen in nothing.values()} == {0}
    assert some["T1589.002"].score == 1
    assert some["T1136.003"].score == 1
    assert some["T1589.002"].score < everything["T1589.002"].score
    assert "Read: entra_signin" in some["T1589.002"].comment
    assert "okta_system" in some["T1589.002"].comment.partition("Not read: ")[2]
    assert "Not read" not in everything["T1589.002"].comment


def test_gaps_are_those_of_the_logs_read() -> None:
    seen = coverage(rules(), ["m365_audit"])["T1589.002"]
    assert rules()["sources"]["m365_audit"]["visibility"]["note"] in seen.comment
    assert rules()["sources"]["entra_signin"]["visibility"]["note"] not in seen.comment
