"""The twins say what Splunk's Search Reference says, and what the SPL engine says where it takes the command."""

from __future__ import annotations

import json

import pytest
from tests.splunk.content.relative_time import moment
from tests.splunk.content.twins import NOTHING, NoTwinError, fields, spath, subsearch_text, values_of, xyseries
from tests.splunk.engine import engine_or_skip

TOLD = json.dumps({"a": {"n": 1, "t": "x y", "list": ["u", "v"], "one": ["w"], "no": None, "yes": True}})


def test_spath_says_what_the_engine_says() -> None:
    engine = engine_or_skip()
    engine.load([{"_time": 1, "index": "main", "told": TOLD}])
    for path in ("a.n", "a.t", "a.list{}", "a.one{}", "a.no", "a.gone"):
        arguments = f"input=told path={path} output=found"
        (row,) = engine.run(f"index=main | spath {arguments} | table found")
        (twin,) = spath([{"told": TOLD}], arguments)
        assert values_of(twin.get("found")) == values_of(row.get("found")), path


def test_spath_gives_objects_as_text_and_leaves_other_rows_alone() -> None:
    told = json.dumps({"list": [{"b": 1}, {"b": "x"}], "yes": True})
    rows = spath([{"told": told}, {"told": "no json"}, {}], "input=told path=list{} output=found")
    assert rows == [{"told": told, "found": ['{"b": 1}', '{"b": "x"}']}, {"told": "no json"}, {}]
    assert spath([{"_raw": told}], "path=yes") == [{"_raw": told, "yes": "true"}]


def test_a_subsearch_becomes_terms_that_are_quoted() -> None:
    rows = [{"a": 'x" OR "', "b": ["1", "2"]}, {"a": "y\\"}, {}]
    assert subsearch_text(rows) == '( ( a="x\\" OR \\"" AND ( b="1" OR b="2" ) ) OR ( a="y\\\\" ) )'
    assert subsearch_text([]) == NOTHING


def test_xyseries_makes_a_column_of_each_name() -> None:
    rows = [{"x": "1", "n": "a", "v": "5"}, {"x": "1", "n": "b", "v": "6"}, {"x": "2", "n": "a", "v": "7"}, {"x": "3"}]
    assert xyseries(rows, "x, n, v") == [{"x": "1", "a": "5", "b": "6"}, {"x": "2", "a": "7"}]


def test_what_no_twin_does_is_refused() -> None:
    with pytest.raises(NoTwinError):
        fields([], "a*")


@pytest.mark.parametrize(
    ("text", "time"),
    [("now", 1000000), ("-65m@m", 996060), ("+1h", 1003600), ("-7d@d", 345600), ("-2h@h", 990000)],
)
def test_relative_times(text: str, time: float) -> None:
    assert moment(text, 1_000_000) == time


def test_a_text_that_is_no_relative_time_is_refused() -> None:
    with pytest.raises(ValueError, match="yesterday"):
        moment("yesterday", 0)
