"""What may be wrong with the macros that an admin sets, or has changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from .exported import Stanzas
from .trouble import Trouble

INDEX_MACRO = "enumwatch_index"

_WHERE_TO_SET = "Settings, Advanced search, Search macros"
_ONE_INDEX = re.compile(r"index\s*=\s*\"?[A-Za-z0-9_][A-Za-z0-9_-]*\"?")
_EVERY_INDEX = re.compile(r"\bindex\s*=\s*\"?\*\"?(?=\s|\)|$)")
_SOURCETYPE = re.compile(r"\bsourcetype\s*(?:=\s*|IN\s*\()", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def check_macros(found: Stanzas, shipped: Stanzas, sources: Mapping[str, str]) -> Iterator[Trouble]:
    """Yield what is wrong; `sources` maps the macro an admin sets for each log to the title of that log."""
    for name in shipped:
        if name not in found:
            yield Trouble(
                "broken", f"macro {name}", "is not there", "install the app again, and share its objects with all apps"
            )
            continue
        yield from _check(name, found[name], shipped[name], sources)


def unset(found: Stanzas, sources: Iterable[str]) -> set[str]:
    """Return the macros of logs that search every index, as they do before an admin sets them."""
    return {name for name in sources if _EVERY_INDEX.search(found.get(name, {}).get("definition", ""))}


def _check(
    name: str, found: Mapping[str, str], shipped: Mapping[str, str], sources: Mapping[str, str]
) -> Iterator[Trouble]:
    where, definition = f"macro {name}", found.get("definition", "").strip()
    fault = _fault(definition)
    if found.get("iseval", "0").lower() in ("1", "true"):
        yield Trouble("broken", where, "is evaluated before it is used", "set Use eval-based definition off")
    elif fault:
        yield Trouble("broken", where, fault, f"write it again ({_WHERE_TO_SET})")
    elif name == INDEX_MACRO:
        if not _ONE_INDEX.fullmatch(definition):
            advice = "write index=NAME of one events index and nothing else, findings are written there too"
            yield Trouble("broken", where, f"is {definition!r}, no single index", advice)
    elif name in sources:
        yield from _check_source(where, definition, sources[name])
    elif not name.endswith("_filter") and _plain(definition) != _plain(shipped.get("definition", "")):
        advice = (
            "remove it from local/macros.conf unless it is meant, what the app brings with an update is hidden by it"
        )
        yield Trouble("doubtful", where, "is not the one that the app ships", advice)


def _check_source(where: str, definition: str, title: str) -> Iterator[Trouble]:
    if "|" in _QUOTED.sub("", definition):
        yield Trouble(
            "broken", where, "holds a pipe", "write index and sourcetype only, what follows is the app's part"
        )
    elif _EVERY_INDEX.search(definition):
        yield Trouble(
            "note", where, f"searches every index for {title}", "set the index, or leave it where you have no such log"
        )
    elif not _SOURCETYPE.search(definition):
        advice = "add the sourcetype, or rows of other logs are read as this one"
        yield Trouble("doubtful", where, f"names no sourcetype for {title}", advice)


def _fault(definition: str) -> str:
    """Why no search can hold this text, "" where one can."""
    if not definition:
        return "is empty"
    rest = _QUOTED.sub("", definition)
    if '"' in rest:
        return "has a quote that is not closed"
    for opening, closing in ("()", "[]"):
        if rest.count(opening) != rest.count(closing):
            return f"has {opening} and {closing} that do not match"
    if rest.count("`") % 2:
        return "has a backtick that is not closed"
    return "begins with a pipe" if rest.startswith("|") else ""


def _plain(text: str) -> str:
    return " ".join(text.split())
