"""What a search names: commands, macros, lookups. Reads quotes, brackets and backticks, nothing deeper."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MACRO = re.compile(r"`([^`(]+)(?:\(([^`]*)\))?`")
_LOOKUPS = {
    "lookup": re.compile(r"lookup\s+(?:local=\w+\s+|update=\w+\s+)*([\w.]+)"),
    "inputlookup": re.compile(r"inputlookup\s+(?:append=\w+\s+|start=\d+\s+|max=\d+\s+)*([\w.]+)"),
    "outputlookup": re.compile(r"outputlookup\s+(?:[a-z_]+=\S+\s+)*([\w.]+)"),
}


def commands(search: str) -> list[str]:
    """Names of the commands in order, those in brackets behind the one that holds them; a bare begin is `search`."""
    return [name_of(part) for part in parts(search)]


def macros(search: str) -> list[str]:
    """Macros as their stanzas are called: "name" or "name(2)"."""
    found = []
    for call in _MACRO.finditer(search):
        number = len(split_at(call[2], ",")) if call[2] is not None else 0
        found.append(f"{call[1].strip()}({number})" if number else call[1].strip())
    return found


def lookups(search: str) -> list[tuple[str, str]]:
    """(command, name) of every lookup that is read or written."""
    found = []
    for part in parts(search):
        name = name_of(part)
        if name in _LOOKUPS:
            match = _LOOKUPS[name].match(part)
            assert match, f"no lookup in {part!r}"
            found.append((name, match[1]))
    return found


def parts(search: str) -> list[str]:
    """Every command with its arguments, those in brackets after the one that holds them."""
    return list(_parts(search.strip()))


def _parts(search: str) -> Iterator[str]:
    for part in split_at(search, "|"):
        text = part.strip()
        if text:
            yield text
        for inner in bracketed(text):
            yield from _parts(inner)


def name_of(part: str) -> str:
    """The command of a part; a bare begin is `search`, a macro is a backtick."""
    word = re.match(r"`|[a-z]+(?=[\s]|$)", part)
    if word and word[0] == "`":
        return "`"
    return word[0] if word and "=" not in part[: word.end() + 1] else "search"


def split_at(text: str, mark: str) -> list[str]:
    """Parts between marks that stand outside quotes, brackets, parentheses and backticks. Raises ValueError."""
    found, begin, depth = [], 0, 0
    for place, sign in _outside_quotes(text):
        depth += (sign in "[(") - (sign in "])")
        if depth < 0:
            raise ValueError(f"{sign} closes nothing: {text}")
        if sign == mark and depth == 0:
            found.append(text[begin:place])
            begin = place + 1
    if depth:
        raise ValueError(f"a bracket is not closed: {text}")
    return [*found, text[begin:]]


def bracketed(text: str) -> Iterator[str]:
    """What stands in the outermost square brackets."""
    depth, begin = 0, 0
    for place, sign in _outside_quotes(text):
        if sign == "[":
            begin = place + 1 if depth == 0 else begin
            depth += 1
        elif sign == "]":
            depth -= 1
            if depth == 0:
                yield text[begin:place]


def _outside_quotes(text: str) -> Iterator[tuple[int, str]]:
    quote, place = "", 0
    while place < len(text):
        sign = text[place]
        if quote and sign == "\\":
            place += 1
        elif sign == quote:
            quote = ""
        elif not quote and sign in "\"`'" and not _is_apostrophe(text, place):
            quote = sign
        elif not quote:
            yield place, sign
        place += 1
    if quote:
        raise ValueError(f"a quote is not closed: {text}")


def _is_apostrophe(text: str, place: int) -> bool:
    return text[place] == "'" and place > 0 and text[place - 1].isalnum()
