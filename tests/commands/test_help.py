"""The help says a word about every argument of every command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from enumwatch.cli import command_line


def silent(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Arguments without help; the choice of a command is explained command by command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from silent(command)
        elif not action.help:
            yield f"{parser.prog} {action.metavar or action.dest}"


def test_every_argument_has_a_word_of_help() -> None:
    assert list(silent(command_line())) == []
