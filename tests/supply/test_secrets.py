"""Secrets never stand on a command line, where every user of a machine can read them."""

from __future__ import annotations

import re

from enumwatch.cli import command_line
from enumwatch.reference import leaves

_SECRET = re.compile(r"token|password|passwd|secret|api-?key|credential", re.IGNORECASE)
# An option about a secret may name where it is kept, and nothing else.
_PLACE = re.compile(r"-(file|env|variable)$")


def test_no_option_takes_a_secret() -> None:
    told = [
        f"{name} {option}"
        for name, command in leaves(command_line(), "enumwatch")
        for action in command._actions
        for option in action.option_strings or [action.dest]
        if _SECRET.search(option) and not _PLACE.search(option) and action.nargs != 0
    ]
    assert told == []
    assert _SECRET.search("--hec-token")
    assert not _PLACE.search("--hec-token")
