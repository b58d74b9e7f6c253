"""Logs: whether each is there, has the types it should have, and is filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...engines.elastic.fields import Column, either
from ...splunk.doctor.measures import percent
from ...splunk.doctor.trouble import Trouble
from .asking import Look

_DAY: dict[str, Any] = {"gte": "now-1d"}
_FEW = 0.5  # of the records: less is doubtful
_NEEDED = ("src_ip", "target")
# Types whose values the cluster cannot group by.
_NOT_GROUPED = frozenset({"text", "match_only_text", "date", "date_nanos", "float", "half_float", "double", "mixed"})


def check_absent(looks: list[Look], titles: Mapping[str, str]) -> Iterator[Trouble]:
    """Yield the logs that have no index; that is broken where none has one."""
    absent = [look for look in looks if not look.indices]
    for look in absent:
        advice = f"install the integration that writes {titles[look.source]}; leave it where you have no such log"
        yield Trouble("note", look.where, "no index fits", advice)
    if looks and len(absent) == len(looks):
        advice = "connect one log at least, or give the key read access to them (enumwatch elastic setup --roles)"
        yield Trouble(
            "broken", "logs", "the cluster has none that enumwatch reads, or the key may not see them", advice
        )


def check_types(look: Look) -> Iterator[Trouble]:
    """Yield fields whose type makes a log unreadable or slow to read."""
    for field in look.log.time_fields:
        wrong = look.types_of(field) - {"date", "date_nanos"}
        if wrong:
            level = "doubtful" if look.time_field else "broken"
            advice = "let the template of the integration make the index, and index its documents again"
            yield Trouble(level, look.where, f"{field} is {_listed(wrong)} and no date", advice)
    if look.time_field is None and not any(look.types_of(field) for field in look.log.time_fields):
        yield Trouble("broken", look.where, f"has no field {look.log.time_fields[0]}", "look what writes to this index")
    for column in _each_once(look):
        if column.type == "mixed":
            types = _listed(look.types_of(column.leaf))
            advice = "let one template make all its indices, then delete or index again those of another type"
            yield Trouble("doubtful", look.where, f"{column.leaf} is {types}, as the index may be", advice)
        elif column.grouped is None and column.type in _NOT_GROUPED:
            advice = (
                "let the template of the integration make the index (keyword); until then every document is read alone"
            )
            yield Trouble("doubtful", look.where, f"{column.leaf} is {column.type}, which cannot be grouped", advice)


def check_filled(look: Look) -> Iterator[Trouble]:
    """Yield what is wrong with the records of the last day: none, or without what decides."""
    if look.time_field is None:
        return
    counted = _counted(look)
    if not counted["records"]:
        yield from _without_records(look)
        return
    empty = []
    for name in sorted(look.log.shape.fields):
        share = counted[name] / counted["records"]
        if not share:
            empty.append(name)
        elif name == "src_ip" and share < _FEW:
            advice = "look which events have none; they are counted by agent and tenant only"
            yield Trouble("doubtful", look.where, f"src_ip is empty in {percent(1 - share)} of the records", advice)
    for name in _NEEDED:
        if name in empty:
            fields = (
                " or ".join(column.leaf for column in look.columns[name]) or "its fields, which the index does not have"
            )
            advice = f"look why the integration does not fill {fields}"
            yield Trouble("broken", look.where, f"{name} is empty in every record of the last day", advice)
    rest = [name for name in empty if name not in _NEEDED]
    if rest:
        advice = (
            "nothing to do where your log has no such values; else compare a document with the docs of the integration"
        )
        yield Trouble("note", look.where, f"always empty: {', '.join(rest)}", advice)


def check_lists(look: Look) -> Iterator[Trouble]:
    """Yield fields that hold lists where one value is expected."""
    columns = [column for column in _each_once(look) if column.grouped]
    if look.time_field is None or not columns:
        return
    aggs: dict[str, Any] = {}
    for place, column in enumerate(columns):
        aggs[f"v{place}"] = {"value_count": {"field": column.grouped}}
        aggs[f"d{place}"] = {"filter": {"exists": {"field": column.grouped}}}
    found = look.search({"range": {look.time_field: _DAY}}, aggs)["aggregations"]
    for place, column in enumerate(columns):
        values, documents = found[f"v{place}"]["value"], found[f"d{place}"]["doc_count"]
        if values > documents:
            advice = (
                "nothing is lost, but each is read alone: run enumwatch elastic setup for the pipeline that takes one"
            )
            told = f"{column.leaf} holds {values - documents} values more than there are documents with it"
            yield Trouble("note", look.where, f"{told}, so some hold lists", advice)


def _without_records(look: Look) -> Iterator[Trouble]:
    newest = look.search({"match_all": {}}, {"last": {"max": {"field": look.time_field}}})["aggregations"]["last"]
    if newest["value"] is not None:
        advice = "look at the agent of the integration and its errors"
        yield Trouble("doubtful", look.where, "no record came in the last day", advice)
    elif look.count_all():
        known = look.log.shape.equals or look.log.shape.present
        advice = f"look why no document has what its integration writes ({_asked(known)})"
        yield Trouble("broken", look.where, "there are documents, and none is a record of this log", advice)
    else:
        yield Trouble(
            "doubtful", look.where, "its index is empty", "look at the agent of the integration and its errors"
        )


def _counted(look: Look) -> dict[str, int]:
    """How many records of the last day there are, and how many have a value for each raw field."""
    filters = {
        f"n_{name}": {"filter": either([column.meaningful for column in columns])}
        for name, columns in look.columns.items()
    }
    answer = look.search({"range": {look.time_field or "": _DAY}}, filters)
    counts = {name: answer["aggregations"][f"n_{name}"]["doc_count"] for name in look.columns}
    return {**counts, "records": answer["hits"]["total"]["value"]}


def _each_once(look: Look) -> list[Column]:
    times = set(look.log.time_fields)
    found = {column.leaf: column for columns in look.columns.values() for column in columns if column.leaf not in times}
    return [found[leaf] for leaf in sorted(found)]


def _asked(known: Any) -> str:
    first = known[0]
    path, values = first if isinstance(first[-1], tuple) else (first, ())
    name = ".".join(str(getattr(step, "name", step)) for step in path)
    return f"{name}: {' or '.join(values)}" if values else name


def _listed(words: set[str]) -> str:
    return " and ".join(sorted(words))
