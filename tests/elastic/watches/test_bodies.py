"""What every watch is made of: numbers of the rulebook, stored scripts, small searches, and the same text every time."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from enumwatch import __version__
from enumwatch.elastic.watches.bodies import (
    CONTACTS_FORM,
    FORMS,
    VERDICTS_FORM,
    is_asked_for,
    watch_id,
    watches,
    watches_of,
)
from enumwatch.elastic.watches.build import build, stale
from enumwatch.elastic.watches.stored import scripts
from enumwatch.rulebook.compiled import compiled

from .test_schema import EVERYBODY

BODIES = watches(compiled())
MOST_LINES, LONGEST_LINE = 100, 140


def parts_of(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside of a value."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts_of(one)


def test_every_detection_is_followed_and_two_are_computed() -> None:
    assert {body["metadata"]["detection"] for body in watches_of(VERDICTS_FORM, compiled()).values()} == set(
        compiled()["detections"]
    )
    assert sorted(watches_of(CONTACTS_FORM, compiled())) == [
        "enumwatch-contacts-email-enumeration",
        "enumwatch-contacts-published-threshold",
    ]
    assert {watch_id(form, "a_b") for form in FORMS} == {"enumwatch-contacts-a-b", "enumwatch-verdicts-a-b"}


def test_only_the_published_rule_rests_until_it_is_asked_for() -> None:
    resting = {name for name, body in BODIES.items() if not is_asked_for(body, compiled())}
    assert resting == {"enumwatch-contacts-published-threshold", "enumwatch-verdicts-published-threshold"}


@pytest.mark.parametrize("name", BODIES)
def test_scripts_are_stored_ones_and_searches_bring_no_documents(name: str) -> None:
    body = BODIES[name]
    known = scripts()
    for part in parts_of(body):
        for key in ("script", "init_script", "map_script", "combine_script", "reduce_script"):
            if key in part:
                assert part[key]["id"] in known
                assert "source" not in part[key]
        if "request" in part:
            request = part["request"]
            search = json.loads(rendered(request)) if "template" in request else request["body"]
            assert search["size"] == 0
            assert part["extract"]
            assert request["rest_total_hits_as_int"] is True


def rendered(request: dict[str, Any]) -> str:
    """A search template with its list left empty."""
    return re.sub(r"\[\{\{#.*?\}\}.*?\{\{/.*?\}\}", "[", request["template"]["source"])


@pytest.mark.parametrize("name", BODIES)
def test_windows_hang_on_the_trigger_and_never_on_the_clock(name: str) -> None:
    ranges = [part["range"]["@timestamp"] for part in parts_of(BODIES[name]) if "range" in part]
    source = json.dumps(BODIES[name])
    assert ranges
    assert all(str(bound).startswith("{{ctx.trigger.scheduled_time}}") for one in ranges for bound in one.values())
    assert not re.search(r'"now\b', source)


@pytest.mark.parametrize("name", scripts())
def test_a_script_is_short(name: str) -> None:
    lines = scripts()[name]["script"]["source"].splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= LONGEST_LINE


def test_no_script_states_a_limit_of_the_rulebook() -> None:
    values = {value for rule in compiled()["detections"].values() for value in rule["limits"].values()}
    # Small whole numbers and halves mean many things.
    telling = {value for value in values if value > 14 or (value % 0.5 and value > 0.1)}
    computing = {name: body for name, body in scripts().items() if "roll-call" in name or "published" in name}
    for name, body in computing.items():
        code = re.sub(r"//.*|'[^']*'", "", body["script"]["source"])
        numbers = {float(one) for one in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", code)}
        # 40 bytes stand around each text, and a share is in hundredths.
        assert not numbers & telling - {40, 100}, name


def test_limits_of_the_rulebook_go_into_the_watch() -> None:
    other = copy.deepcopy(compiled())
    for name in ("published_threshold", "email_enumeration"):
        other["detections"][name]["limits"] = {
            key: value + 7 if key != "revisit_after" else value
            for key, value in other["detections"][name]["limits"].items()
        }
    for name, body in watches_of(CONTACTS_FORM, other).items():
        before = BODIES[name]
        assert body["metadata"]["config"] != before["metadata"]["config"]
        limits = [part["limits"] for part in parts_of(body) if "limits" in part]
        assert limits
        for one in limits:
            assert one.items() <= other["detections"][body["metadata"]["detection"]]["limits"].items()


def test_metadata_say_which_version_and_configuration_it_is() -> None:
    plain, told = BODIES, watches(compiled(), EVERYBODY)
    for name, body in plain.items():
        meta = body["metadata"]
        assert (meta["app"], meta["version"]) == ("enumwatch", __version__)
        assert re.fullmatch("[0-9a-f]{16}", meta["config"])
        assert told[name]["metadata"]["config"] != meta["config"]
    assert len({body["metadata"]["config"] for body in plain.values()}) == len(plain)


def test_the_same_rulebook_gives_the_same_text() -> None:
    assert json.dumps(watches(copy.deepcopy(compiled()))) == json.dumps(BODIES)


def test_the_watches_in_the_docs_are_those_of_the_rulebook(tmp_path: Any) -> None:
    assert stale() == []
    build(tmp_path)
    (tmp_path / "enumwatch-gone.json").write_text("{}", "utf-8")
    (tmp_path / "enumwatch-contacts-email-enumeration.json").write_text("{}", "utf-8")
    assert len(stale(tmp_path)) == 2
    build(tmp_path)
    assert stale(tmp_path) == []
