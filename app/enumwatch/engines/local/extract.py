"""Extract: the SELECT that turns the records of one shape into rows of the event table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...core.event import TRYING_KINDS
from ...core.times import EARLIEST, LATEST
from ...rulebook.expression import fields_of
from . import clean_text
from .reach import JsonReach, Reach, StructReach, TableReach, literal
from .shape import EVENT_FIELDS, Path, Shape
from .sql import condition, expression, raw

# Columns of the event table after batch and state, in order. Text that is not known is ''.
TEXT_FIELDS = (
    *("kind", "source", "tenant", "src_ip", "asn", "country", "user_agent", "app", "app_id", "client_app", "actor"),
    *("host", "target", "code", "reason", "provider"),
)
# What became of a record.
EVENT, NOT_RELEVANT, UNREADABLE_TIME, UNRECOGNISED, UNREADABLE = STATES = range(5)

COLUMNS: Mapping[str, str] = {
    "batch": "INTEGER",
    "state": "TINYINT",
    "time": "TIMESTAMP",
    "event_id": "UBIGINT",
    "target_visible": "BOOLEAN",
    **dict.fromkeys(TEXT_FIELDS, "VARCHAR"),
}
# When the record arrived, where somebody asks for it.
ARRIVAL = "arrival"

# Every form of time that was seen in exports; a time without zone is UTC. US dates are tried before European ones.
_TIME_FORMATS = (
    *("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y, %I:%M:%S.%g %p", "%m/%d/%Y, %I:%M:%S %p", "%m/%d/%Y %H:%M:%S"),
    *("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y, %H:%M:%S", "%d.%m.%Y %H:%M:%S"),
    *("%b %d, %Y @ %H:%M:%S.%g", "%b %d, %Y, %I:%M:%S %p", "%d/%b/%Y:%H:%M:%S %z", "%Y%m%dT%H%M%SZ"),
)
MACROS = (
    *clean_text.MACROS,
    f"""CREATE MACRO odd_time(x) AS coalesce(
        CAST(try_cast(trim(x) AS TIMESTAMPTZ) AS TIMESTAMP),
        CAST(try_strptime(trim(x), [{", ".join(map(literal, _TIME_FORMATS))}]) AS TIMESTAMP),
        CASE WHEN regexp_full_match(trim(x), '\\d{{9,10}}(\\.\\d+)?')
             THEN make_timestamp(CAST(round(CAST(trim(x) AS DECIMAL(38, 9)) * 1000000) AS BIGINT))
             WHEN regexp_full_match(trim(x), '\\d{{12,13}}')
             THEN make_timestamp(CAST(trim(x) AS BIGINT) * 1000) END)""",
    f"CREATE MACRO is_time(x) AS coalesce(x >= make_timestamp({EARLIEST}) AND x < make_timestamp({LATEST}), false)",
    # A time that ends in Z needs no zone arithmetic, which is the slow part.
    "CREATE MACRO time_of(x) AS CASE WHEN suffix(x, 'Z') THEN coalesce(try_cast(x AS TIMESTAMP), odd_time(x)) "
    "ELSE odd_time(x) END",
    r"""CREATE MACRO odd_ip(x) AS regexp_replace(regexp_replace(regexp_replace(lower(trim(x)),
        '^\[([^\]]*)\](:\d+)?$|^(\d+\.\d+\.\d+\.\d+):\d+$', '\1\3'), '%.*$', ''),
        '^(?:0{0,4}:){0,5}:?ffff:(\d+\.\d+\.\d+\.\d+)$', '\1')""",
    "CREATE MACRO ip_of(x) AS CASE WHEN translate(x, '0123456789.', '') = '' "
    "OR translate(x, '0123456789abcdef:', '') = '' THEN x ELSE odd_ip(x) END",
)


def recognised(shape: Shape, reach: Reach) -> str:
    """SQL that is true where a record has what the shape asks for; never NULL."""
    tests = [_has(path, reach) for path in shape.present]
    if shape.any_of:
        tests.append("(" + " OR ".join(_has(path, reach) for path in shape.any_of) + ")")
    tests += [f"NOT {_has(path, reach)}" for path in shape.absent]
    for path, values in shape.equals:
        sql = reach.text(path)
        found = "NULL" if sql is None else reach.clean(sql)
        tests.append(f"coalesce({found} IN ({', '.join(map(literal, values))}), false)")
    return " AND ".join(tests) or "true"


def _has(path: Path, reach: Reach) -> str:
    sql = reach.text(path)
    return "false" if sql is None else reach.has(sql)


@dataclass(frozen=True)
class EventQuery:
    """SQL that turns records into events: an expression for each column, and the FROM clause."""

    columns: Mapping[str, str]
    records: str
    time_text: str  # SQL of the text the time is read from

    @property
    def constants(self) -> dict[str, str]:
        """Columns that are the same for every record; storing them would cost 16 bytes a row each."""
        return {name: sql for name, sql in self.columns.items() if _CONSTANT.fullmatch(sql)}

    def select(self, names: Iterable[str]) -> str:
        """The SELECT of these columns."""
        return f"SELECT {', '.join(f'{self.columns[name]} AS {name}' for name in names)} FROM {self.records}"

    def unreadable_time(self) -> str:
        """The SELECT of one text that is no time, where a record has such a one."""
        return (
            f"SELECT {self.time_text} FROM {self.records} WHERE ({self.columns['state']}) = {UNREADABLE_TIME} "
            f"AND {self.time_text} IS NOT NULL LIMIT 1"
        )


_CONSTANT = re.compile(r"'(?:[^']|'')*'|\d+|true|false|NULL::UBIGINT|NULL::TIMESTAMP")


def event_query(
    shape: Shape, reach: Reach, records: str, batch: int, success_codes: Collection[str] = (), broken: str | None = None
) -> EventQuery:
    """How the records of one batch (`records` is a FROM clause) become events.

    Records that are not of this shape come out as state UNRECOGNISED, to be counted, those for which `broken` (SQL)
    holds as UNREADABLE. `success_codes` are the codes of a plain success of this source's provider: contacts of those
    keep no app, so it need not be carried along.
    """
    fields = []
    used = _used_fields(shape)
    for name, candidates in shape.fields.items():
        if name not in used:
            continue
        found = [sql for sql in (reach.text(path) for path in candidates) if sql is not None]
        if found:
            texts = [reach.clean(sql) for sql in found]
            fields.append((name, texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"))
    known = frozenset(name for name, _ in fields)
    is_ours = recognised(shape, reach)
    is_broken = f"({broken or 'false'}) AS is_broken"
    first = ", ".join([*(f"{sql} AS {raw(name)}" for name, sql in fields), f"({is_ours}) AS is_ours", is_broken])
    typed_time = _typed_time(shape, reach)
    if typed_time is not None:
        first += f", {typed_time} AS typed_time"
    inner = records
    if isinstance(reach, JsonReach):
        inner = f"(SELECT *, {reach.select_list()} FROM {records})"
    chosen = f"(SELECT *, {_rule_number(shape, known)} AS rule FROM (SELECT {first} FROM {inner})) AS record"
    columns = _event_columns(shape, known, batch, success_codes)
    time_text, read_time = "CAST(typed_time AS VARCHAR)", "typed_time"
    if typed_time is None:
        time_text = _by_rule(shape, "time", known)
        read_time = f"time_of({time_text})"
    chosen = f"(SELECT *, {read_time} AS read_time FROM {chosen})"
    return EventQuery(columns, chosen, time_text)


def _typed_time(shape: Shape, reach: Reach) -> str | None:
    """A Parquet column that already is a time."""
    if not isinstance(reach, TableReach):
        return None
    for path in shape.fields.get("time", ()):
        column = reach.column(path)
        if column is None:
            continue
        if reach.type_of(path).startswith("TIMESTAMP"):
            is_zoned = "TIME ZONE" in reach.type_of(path)
            inner = reach.typed(path)
            return f"CAST(CAST({inner} AS TIMESTAMPTZ) AS TIMESTAMP)" if is_zoned else f"CAST({inner} AS TIMESTAMP)"
        return None
    return None


def _rule_number(shape: Shape, known: frozenset[str]) -> str:
    """Which event rule holds, from 0; -1 where none does."""
    whens: list[str] = []
    for number, rule in enumerate(shape.rules):
        tests = [condition(field, value, known) for field, value in rule.when]
        if not tests:
            return f"CASE {' '.join(whens)} ELSE {number} END" if whens else str(number)
        whens.append(f"WHEN {' AND '.join(tests)} THEN {number}")
    return f"CASE {' '.join(whens)} ELSE -1 END"


def _event_columns(shape: Shape, known: frozenset[str], batch: int, success_codes: Collection[str]) -> dict[str, str]:
    set_by = {name: _by_rule(shape, name, known) for name in EVENT_FIELDS}
    texts = {name: _text(set_by[name]) for name in TEXT_FIELDS if name != "provider"}
    texts["source"] = texts["source"] if set_by["source"] != "NULL" else literal(shape.source)
    texts["provider"] = literal(shape.provider)
    if success_codes and texts["kind"] in _TRYING:
        is_success = f"{texts['code']} IN ({', '.join(map(literal, sorted(success_codes)))})"
        for name in ("app", "app_id", "client_app"):
            if not _CONSTANT.fullmatch(texts[name]):
                texts[name] = f"CASE WHEN {is_success} THEN '' ELSE {texts[name]} END"
    identity, visible = set_by["event_id"], set_by["target_visible"]
    return {
        "batch": str(batch),
        "state": f"CASE WHEN is_broken THEN {UNREADABLE} WHEN NOT is_ours THEN {UNRECOGNISED} WHEN rule < 0 THEN {NOT_RELEVANT} "
        f"WHEN is_time(read_time) THEN {EVENT} ELSE {UNREADABLE_TIME} END",
        "time": "CASE WHEN is_time(read_time) THEN read_time END",
        "event_id": _numbered(identity, shape.source),
        ARRIVAL: f"time_of({raw(ARRIVAL)})" if ARRIVAL in known else "NULL::TIMESTAMP",
        "target_visible": "true" if visible == "NULL" else f"coalesce({visible}, 'true') <> 'false'",
        **texts,
    }


def _numbered(identity: str, source: str) -> str:
    """The id of an event as a number; NULL where the record has none, which would have a hash like any other value."""
    if identity == "NULL":
        return "NULL::UBIGINT"
    return f"CASE WHEN {identity} IS NOT NULL THEN hash({literal(source)}, {identity}) END"


_TRYING = frozenset(literal(kind) for kind in TRYING_KINDS)


def _text(sql: str) -> str:
    if sql == "NULL":
        return "''"
    return sql if _CONSTANT.fullmatch(sql) else f"coalesce({sql}, '')"


def _by_rule(shape: Shape, field: str, known: frozenset[str]) -> str:
    """SQL of an event field: as the rule that holds sets it, else the raw field of the same name."""
    default = raw(field) if field in known else "NULL"
    texts = [expression(rule.set[field], known) if field in rule.set else default for rule in shape.rules]
    if len(set(texts)) == 1:
        return texts[0]
    groups: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        groups.setdefault(text, []).append(number)
    whens = " ".join(
        f"WHEN rule IN ({', '.join(map(str, numbers))}) THEN {text}"
        for text, numbers in groups.items()
        if text != "NULL"
    )
    return f"(CASE {whens} END)" if whens else "NULL"


def _used_fields(shape: Shape) -> frozenset[str]:
    """Raw fields that some event rule reads."""
    used = {*EVENT_FIELDS, ARRIVAL}
    for rule in shape.rules:
        used.update(field for field, _ in rule.when)
        for value in rule.set.values():
            used.update(fields_of(value))
    return frozenset(used)


def needed_paths(shape: Shape) -> Sequence[Path]:
    """Every path the shape reads, for recognising and for the fields that are used."""
    paths = [*shape.present, *shape.any_of, *shape.absent, *(path for path, _ in shape.equals)]
    for name in sorted(_used_fields(shape) & set(shape.fields)):
        paths.extend(shape.fields[name])
    return paths


def can_read_typed(shape: Shape) -> StructReach | None:
    """The typed reach of a shape, where DuckDB can read it that way."""
    if shape.each is not None or shape.nested is not None or shape.form == "table":
        return None
    reach = StructReach(needed_paths(shape))
    return reach if reach.is_possible else None
