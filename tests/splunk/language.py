"""Language: the words of SPL that searches of the app may use, and a tokenizer that finds the words a search uses.

Everything in EXECUTED runs on the SPL engine of the tests. What stands in TWINS does not: beside it is why it is needed, and
each has a stand-in in these tests that says which page of Splunk's documentation it follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from enumwatch.simulate.names import words

EXECUTED_COMMANDS = frozenset(
    words(
        "search where eval rex spath lookup fillnull stats fields table rename sort head dedup bin mvexpand "
        "makemv eventstats streamstats inputlookup makeresults strcat regex top rare tail reverse collect "
        "outputlookup "
    )
)
EXECUTED_FUNCTIONS = frozenset(
    words(
        "coalesce if case match replace lower upper len substr floor ceiling round tonumber tostring isnull "
        "isnotnull null true false in like split mvindex mvcount mvappend mvdedup mvsort mvzip mvjoin mvfind "
        "strftime strptime relative_time now count dc min max sum avg values list first last earliest latest "
        "range "
    )
)
TWINS = {
    "tstats": "only tstats reads a data model (tests.splunk.cim_twin)",
    "urldecode": "no other function decodes every escape (tests.splunk.spelling)",
}

_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(")
# Words before a bracket that call nothing.
_NO_CALLS = frozenset(words("and or not in by as where output outputnew "))


class LanguageError(ValueError):
    """Quotes or brackets of a search that have no partner."""


def used(search: str) -> tuple[set[str], set[str]]:
    """The commands and the functions of a search without macros; it begins with its first command, if not with a search."""
    bare = _TEXT.sub('""', search)
    if re.search(r'["\'`]', bare.replace('""', "")):
        raise LanguageError("a quote without its partner, or a macro")
    commands, functions = set(), set()
    for number, command in enumerate(_pipeline(bare)):
        name = command.split(None, 1)[0].lower() if command else ""
        is_command = number > 0 or name in EXECUTED_COMMANDS | TWINS.keys()
        commands.add(name if is_command else "search")
        functions |= {call.lower() for call in _CALL.findall(command)} - _NO_CALLS
    return commands, functions


def foreign(search: str) -> list[str]:
    """Words of a search that are not on the lists, in order."""
    commands, functions = used(search)
    return sorted((commands - EXECUTED_COMMANDS - TWINS.keys()) | (functions - EXECUTED_FUNCTIONS - TWINS.keys()))


def _pipeline(bare: str) -> Iterator[str]:
    depth, command = 0, ""
    for sign in bare:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if depth < 0:
            raise LanguageError("a closing bracket without an opening one")
        if sign == "|" and depth == 0:
            yield command.strip()
            command = ""
        else:
            command += sign
    if depth:
        raise LanguageError("an opening bracket without a closing one")
    yield command.strip()
