"""Puts macros into searches the way Splunk does: `name` and `name(a, b)`, again until none is left."""

from __future__ import annotations

import re
from collections.abc import Mapping

from enumwatch.splunk.content.confs import Stanza

_CALL = re.compile(r"`([^`(]+)(?:\(([^`]*)\))?`")
_DEEPEST = 20


class MacroError(ValueError):
    """A macro that is not there, has another number of arguments, or never ends."""


def macros_of(stanzas: list[Stanza]) -> dict[str, Mapping[str, str]]:
    """The macros among these stanzas, by stanza name ("name" or "name(2)")."""
    return {stanza.name: stanza.keys for stanza in stanzas if stanza.file == "macros"}


def expand(search: str, macros: Mapping[str, Mapping[str, str]]) -> str:
    """The search with every macro replaced by its definition; raises MacroError."""
    for _ in range(_DEEPEST):
        expanded = _CALL.sub(lambda call: _definition(call, macros), search)
        if expanded == search:
            return search
        search = expanded
    raise MacroError("macros call each other without an end")


def _definition(call: re.Match[str], macros: Mapping[str, Mapping[str, str]]) -> str:
    name, given = call[1].strip(), call[2]
    values = [] if given is None else [value.strip().strip('"') for value in given.split(",")]
    stanza = f"{name}({len(values)})" if values else name
    if stanza not in macros:
        raise MacroError(f"no macro {stanza}")
    text = macros[stanza]["definition"]
    names = [one.strip() for one in macros[stanza].get("args", "").split(",") if one.strip()]
    for one, value in zip(names, values, strict=True):
        text = text.replace(f"${one}$", value)
    return text
