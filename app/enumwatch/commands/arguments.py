"""Arguments: what argparse leaves over is taken or refused by the command it was given to."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from typing import Any


class Parser(argparse.ArgumentParser):
    """Takes paths between and behind options, and refuses an unknown option with the usage of its own command.

    argparse takes all paths from one place only, and leaves what is over to the parser of the whole command line,
    whose usage shows no option at all.
    """

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Returns the options and an empty list; ends the process where something is left over."""
        found, rest = super().parse_known_args(args, namespace)
        unknown = [one for one in rest if one.startswith("-") and one != "-"]
        if rest and not unknown and hasattr(found, "paths"):
            found.paths = [*found.paths, *rest]
            return found, []
        if rest:
            self.error(f"unrecognized arguments: {' '.join(rest)}{self._meant(unknown)}")
        return found, rest

    def _meant(self, unknown: list[str]) -> str:
        names = [one.partition("=")[0] for one in unknown]
        near = [match for name in names for match in get_close_matches(name, list(self._option_string_actions), 1)]
        return f" (did you mean {', '.join(near)}?)" if near else ""
