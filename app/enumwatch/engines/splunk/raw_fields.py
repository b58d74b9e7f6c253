"""Raw fields: how the values that the rules read are taken from an event as Splunk holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ...rulebook.path import Index, Key, Pick, Step, parse_path
from .words import field, pattern

PREFIX = "ew_"

# The same texts that every engine takes for no value.
_NO_VALUE = r"^\s*(?:-|<null>|null|\(null\))?\s*$"
# Parts of JSON: a text, an object's keys and values as far as it is flat, any single value.
_TEXT = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_FLAT = r'(?:[^{}"]*' + _TEXT + r')*?[^{}"]*'
_VALUE = r"(?<{0}>" + _TEXT + r"|[-+0-9.eE]+|true|false)"


class RawFields:
    """Commands that take raw fields (each of them the first of its paths that has a value) into fields of their own."""

    def __init__(self, fields: Mapping[str, Iterable[str]], used: Iterable[str]) -> None:
        self.commands: list[str] = []
        self.known: dict[str, str] = {}
        wanted = sorted(set(fields) & set(used))
        values = {name: [self._value(parse_path(path)) for path in fields[name]] for name in wanted}
        evals = []
        for name, found in values.items():
            self.known[name] = PREFIX + name
            evals.append(f"{PREFIX}{name}={found[0] if len(found) == 1 else 'coalesce(' + ','.join(found) + ')'}")
        self.commands.append("eval " + ",\n    ".join(evals))

    def _value(self, path: tuple[Step, ...]) -> str:
        if path == (Key("_time"),):
            return "_time"
        if all(isinstance(step, Key) for step in path):
            return cleaned(field(".".join(step.name for step in path if isinstance(step, Key))))
        found = []
        for regex in _json_patterns(path):
            name = f"{PREFIX}json{len([command for command in self.commands if command.startswith('rex')]) + 1}"
            self.commands += [
                f"rex field=_raw {pattern(regex.replace('{0}', name))}",
                # A number, a text with its escapes: reading it as JSON undoes them.
                f'eval {name}=replace({name},"^(?s:(.+))$","{{\\"v\\":\\1}}")',
                f"spath input={name} path=v output={name}_value",
            ]
            found.append(cleaned(f"{name}_value"))
        return found[0] if len(found) == 1 else f"coalesce({','.join(found)})"


def cleaned(sql: str) -> str:
    """Eval of a value without white space around it; null for a text that means nothing."""
    return f'if(match({sql},{pattern(_NO_VALUE)}),null(),replace({sql},"^\\s+|\\s+$",""))'


def _json_patterns(path: tuple[Step, ...]) -> list[str]:
    """Patterns that find the value of a path with an index or a pick in the text of an event, the likelier first."""
    place = next(position for position, step in enumerate(path) if not isinstance(step, Key))
    before, step, after = path[place - 1], path[place], path[place + 1 :]
    assert isinstance(before, Key)
    head = rf'(?s)"{re.escape(before.name)}"\s*:\s*\['
    wanted = _member(after[0].name) if after and isinstance(after[0], Key) else ""
    if isinstance(step, Index):
        if step.position:
            raise ValueError("only the first element of a list can be found in the text of an event")
        return [head + r"\s*" + (r"\{" + _FLAT + wanted if wanted else "") + _VALUE]
    assert isinstance(step, Pick)
    mark = _member(step.key) + '"' + re.escape(step.value) + '"'
    start = head + r".*?\{" + _FLAT
    return [start + mark + _FLAT + wanted + _VALUE, start + wanted + _VALUE + _FLAT + mark]


def _member(name: str) -> str:
    return rf'"{re.escape(name)}"\s*:\s*'
