"""Fields: where in an index the raw texts of a source stand, and which of them the cluster can group by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...core.event import EMPTY_TEXTS
from ...rulebook.path import Index, Key
from ..local.shape import Path, Shape, path_text

Query = dict[str, Any]
Columns = Mapping[str, tuple["Column", ...]]  # raw field → where it may stand, best first

_TEXT_TYPES = frozenset({"keyword", "constant_keyword", "wildcard", "flattened"})
# Types whose groups come back as the text that stands in the document; numbers with a fraction do not.
_GROUPED_TYPES = _TEXT_TYPES | {"ip", "boolean", "long", "integer", "short", "byte", "unsigned_long"}
TIME_TYPES = frozenset({"date", "date_nanos"})


@dataclass(frozen=True)
class Column:
    """One field of the index. `grouped` is the name to group by, None where only the document tells the value."""

    path: Path
    leaf: str
    grouped: str | None
    type: str

    @property
    def meaningful(self) -> Query:
        """Documents that have a value here which means something."""
        exists: Query = {"exists": {"field": self.leaf}}
        if self.type not in _TEXT_TYPES:
            return exists
        return {"bool": {"filter": [exists], "must_not": [{"terms": {self.leaf: list(EMPTY_TEXTS)}}]}}


def columns_of(shape: Shape, capabilities: Mapping[str, Any]) -> Columns:
    """The columns of every raw field of a shape that the indices have, by their field capabilities."""
    found: dict[str, tuple[Column, ...]] = {}
    for name, paths in shape.fields.items():
        columns: dict[str, Column] = {}
        for path in paths:
            column = _column(path, capabilities)
            if column is not None and (column.grouped is None or column.leaf not in columns):
                columns[column.leaf if column.grouped else path_text(path) + "()"] = column
        found[name] = tuple(columns.values())
    return found


def names_asked(shape: Shape) -> list[str]:
    """Every field name whose capabilities `columns_of` looks at."""
    asked: set[str] = set()
    for paths in shape.fields.values():
        for path in paths:
            leaf = path_text(path)
            asked |= {leaf, f"{leaf}.keyword", *_above(leaf)}
    return sorted(asked)


def recognised(shape: Shape) -> Query:
    """Documents that are records of this shape."""
    filters: list[Query] = [{"exists": {"field": path_text(path)}} for path in shape.present]
    filters += [{"terms": {path_text(path): list(values)}} for path, values in shape.equals]
    if shape.any_of:
        some = [{"exists": {"field": path_text(path)}} for path in shape.any_of]
        filters.append({"bool": {"should": some, "minimum_should_match": 1}})
    return both(filters, [{"exists": {"field": path_text(path)}} for path in shape.absent])


def both(filters: Iterable[Query], must_not: Iterable[Query] = ()) -> Query:
    """Documents that fit all of the one and none of the other."""
    return {"bool": {"filter": list(filters), "must_not": list(must_not)}}


def either(queries: Iterable[Query]) -> Query:
    """Documents that fit one of these; none fits where there are none."""
    some = list(queries)
    return {"bool": {"should": some, "minimum_should_match": 1}} if some else {"match_none": {}}


def only_in_document(columns: Columns, names: Iterable[str]) -> Query:
    """Documents with a value for one of these raw fields that grouping would not see, or would see cut short."""
    queries: list[Query] = []
    grouped: set[str] = set()
    for name in sorted(names):
        earlier: list[Query] = []
        for column in columns[name]:
            if column.grouped is None:
                queries.append(both([{"exists": {"field": column.leaf}}], earlier))
            else:
                grouped |= {column.leaf, column.grouped}
                earlier = [*earlier, column.meaningful]
    if grouped:
        # Texts longer than the mapping allows are left out of the groups.
        queries.append({"terms": {"_ignored": sorted(grouped)}})
    return either(queries)


def _column(path: Path, capabilities: Mapping[str, Any]) -> Column | None:
    leaf = path_text(path)
    types = {name: one for name, one in capabilities.get(leaf, {}).items() if name not in ("unmapped", "object")}
    flattened = not types and any("flattened" in capabilities.get(above, {}) for above in _above(leaf))
    if not types and not flattened:
        return None
    type_ = "flattened" if flattened else next(iter(types)) if len(types) == 1 else "mixed"
    # One element of a list of plain values is taken for the value: where there are several, the counts tell.
    is_plain = all(isinstance(step, Key) for step in path) or _ends_in_index(path)
    grouped: str | None = None
    if is_plain and type_ in _GROUPED_TYPES and all(one.get("aggregatable", True) for one in types.values()):
        grouped = leaf
    elif is_plain and type_ == "text" and "keyword" in capabilities.get(f"{leaf}.keyword", {}):
        grouped = f"{leaf}.keyword"
    return Column(path, leaf, grouped, type_)


def _ends_in_index(path: Path) -> bool:
    *before, last = path
    return isinstance(last, Index) and all(isinstance(step, Key) for step in before)


def _above(leaf: str) -> Iterator[str]:
    parts = leaf.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts)))
