"""Sentinel: one question over the tables of Microsoft Sentinel that can hold an answer, as the rules of the logs name them."""

from __future__ import annotations

from typing import Any, Collection, Dict, Iterable, List, Mapping, NamedTuple

Table = Mapping[str, Any]
_SHOWN = ("src_ip", "user_agent", "app", "app_id", "actor", "target", "code")


class Conditions(NamedTuple):
    """What rows must be: ISO times, kinds (all where none is named), and conditions over contact columns, in KQL."""

    begin: str
    end: str
    kinds: Collection[str]
    columns: Collection[str]
    terms: List[str]
    is_success: bool
    is_any: bool  # any of the columns is enough


def tables_of(
    sources: Mapping[str, Any], told_by: Iterable[str], asked: Conditions, *, everywhere: bool
) -> List[Table]:
    """The tables of the logs that told, of those that can answer; all that can where none of them can, or `everywhere`."""
    able: Dict[str, Table] = {}
    for name, source in sources.items():
        table = source.get("sentinel")
        if table is not None and _can_answer(table, asked):
            able[name] = table
    logs = set(told_by)
    own = [table for name, table in able.items() if logs & set(sources[name]["emits"])]
    return own if own and not everywhere else list(able.values())


def over(tables: List[Table], asked: Conditions) -> str:
    """The query over these tables, of which there is at least one; rows in order of time."""
    parts = [_rows(table, asked) for table in tables]
    joined = parts[0] if len(parts) == 1 else "union\n(" + "),\n(".join(parts) + ")"
    return f"{joined}\n| order by TimeGenerated asc"


def _can_answer(table: Table, asked: Conditions) -> bool:
    known = set(asked.columns) & set(table["columns"])
    has_columns = bool(known) if asked.is_any else len(known) == len(set(asked.columns))
    has_kind = not asked.kinds or bool(set(asked.kinds) & set(table["kinds"]))
    return has_columns and has_kind and (not asked.is_success or bool(table["outcomes"].get("success")))


def _rows(table: Table, asked: Conditions) -> str:
    lines = [
        table["rows"],
        f"| where TimeGenerated >= datetime({asked.begin}) and TimeGenerated <= datetime({asked.end})",
    ]
    lines += [f"| where {table['where']}"] if table["where"] else []
    keys = [key for kind in table["kinds"] if not asked.kinds or kind in asked.kinds for key in table["kinds"][kind]]
    lines += [f"| where {table['key']} in ({_listed(keys)})"] if table["key"] else []
    columns = (f"{name} = {table['columns'].get(name, _EMPTY)}" for name in _SHOWN)
    lines += [f"| project TimeGenerated, {', '.join(columns)}"]
    lines += [f"| where {' or '.join(asked.terms)}"] if asked.is_any else [f"| where {term}" for term in asked.terms]
    lines += [f"| where code in ({_listed(table['outcomes']['success'])})"] if asked.is_success else []
    return "\n".join(lines)


_EMPTY = '""'


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(f'"{one}"' for one in texts)
