"""Every watch is what the types of the Elasticsearch client say a watch is, and the schema made of them tells faults."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from enumwatch.elastic.watches.actions import Actions
from enumwatch.elastic.watches.bodies import watches
from enumwatch.rulebook.compiled import compiled

from .schema import NoSchemaError, schema

EVERYBODY = Actions(
    email=("soc@contoso.example",),
    email_account="soc",
    slack=("#soc",),
    slack_account="soc",
    webhook="https://hooks.contoso.example/enumwatch",
    pagerduty=True,
    pagerduty_account="soc",
)
BODIES = watches(compiled(), EVERYBODY)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    """Judges watches; made once, as the schema is large."""
    try:
        return jsonschema.Draft7Validator(schema())
    except NoSchemaError as missing:
        pytest.skip(str(missing))


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", BODIES)
def test_a_watch_is_as_the_types_have_it(name: str, validator: jsonschema.Draft7Validator) -> None:
    faults = sorted(validator.iter_errors(BODIES[name]), key=lambda fault: len(fault.absolute_path))
    assert [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in faults] == []


def _wrong_trigger(body: dict[str, Any]) -> None:
    body["trigger"]["schedul"] = body["trigger"].pop("schedule")


def _wrong_part(body: dict[str, Any]) -> None:
    body["inputs"] = {}


def _wrong_aggregation(body: dict[str, Any]) -> None:
    _found(body)["body"]["aggs"]["addresses"]["term"] = _found(body)["body"]["aggs"]["addresses"].pop("terms")


def _wrong_key_of_an_aggregation(body: dict[str, Any]) -> None:
    _found(body)["body"]["aggs"]["addresses"]["terms"]["sizes"] = 1


def _wrong_index_action(body: dict[str, Any]) -> None:
    body["actions"]["store"]["index"]["document_id"] = "x"


def _wrong_iterations(body: dict[str, Any]) -> None:
    body["actions"]["email"]["max_iterations"] = "fifty"


def _wrong_condition(body: dict[str, Any]) -> None:
    body["condition"] = {"compared": {"ctx.payload.count": {"gt": 0}}}


def _found(body: dict[str, Any]) -> Any:
    return body["input"]["chain"]["inputs"][1]["found"]["search"]["request"]


@pytest.mark.parametrize(
    "spoil",
    [
        _wrong_trigger,
        _wrong_part,
        _wrong_aggregation,
        _wrong_key_of_an_aggregation,
        _wrong_index_action,
        _wrong_iterations,
        _wrong_condition,
    ],
)
def test_a_fault_is_seen(spoil: Callable[[dict[str, Any]], None], validator: jsonschema.Draft7Validator) -> None:
    body = copy.deepcopy(BODIES["enumwatch-contacts-email-enumeration"])
    spoil(body)
    assert not validator.is_valid(body)
