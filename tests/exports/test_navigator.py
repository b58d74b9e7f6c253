"""Layers hold to format 4.5 of the ATT&CK Navigator and score each technique as the visibility report does."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from tests.visibility.telling import DAY, NOW, every_log, report, row, states

from enumwatch.exports.navigator import layer, layer_of
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.vocabulary import TECHNIQUES
from enumwatch.visibility.every_log import told_of_every_log
from enumwatch.visibility.record import LogRow
from enumwatch.visibility.report import visibility
from enumwatch.visibility.ways import NEVER, PARTLY, SEEN, UNREAD

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


def reports() -> dict[str, dict[str, Any]]:
    """What several installations see, from nothing to everything."""
    installations: dict[str, list[LogRow]] = {
        "nothing": [],
        "one log": [row("entra_audit", "account_created")],
        "Microsoft cloud": [one for one in every_log() if one.log.startswith(("entra_", "m365_"))],
        "own Exchange": [one for one in every_log() if one.log in ("iis", "exchange_httpproxy", "windows_security")],
        "a log with hidden names": [row(hidden=90), row("okta_system")],
        "a silent log": [row(first=NOW - 30 * DAY, last=NOW - 20 * DAY)],
        "everything": every_log(),
    }
    return {name: report(rows) for name, rows in installations.items()}


@pytest.mark.parametrize("name", reports())
def test_the_layer_says_of_an_installation_what_its_report_says(name: str) -> None:
    found = reports()[name]
    made = layer_of(found)
    assert [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(made)] == []
    assert found["known_until"] in made["description"]
    told = {one["technique"]: one for one in found["techniques"]}
    assert {one["techniqueID"]: one["score"] for one in made["techniques"]} == {
        technique: one["score"] for technique, one in told.items()
    }
    for one in made["techniques"]:
        lines = dict(line.split(": ", 1) for line in one["comment"].splitlines())
        mine = [way for way in found["ways"] if one["techniqueID"] in way["techniques"]]
        for state in (SEEN, PARTLY, UNREAD, NEVER):
            titles = [way["title"] for way in mine if way["state"] == state]
            assert lines.get(state, "") == "; ".join(titles)
            assert told[one["techniqueID"]][state.replace(" ", "_")] == len(titles)


def test_the_installations_differ() -> None:
    scores = {tuple(one["score"] for one in found["techniques"]) for found in reports().values()}
    assert len(scores) == len(reports()) - 1  # a silent log shows nothing now


def test_every_log_together_sees_all_that_any_log_shows() -> None:
    everything = visibility(told_of_every_log(rules()), rules(), load_lookups().outcomes)
    whole = report(every_log())
    assert everything["techniques"] == whole["techniques"]
    assert states(everything) == states(whole)
    assert everything["next"] == []
    assert "1970" not in layer_of(everything)["description"]


def test_any_mapping_of_techniques_makes_a_layer() -> None:
    made = layer({id: (number, f"comment {number}") for number, id in enumerate(TECHNIQUES)}, "all", "")
    assert [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(made)] == []
