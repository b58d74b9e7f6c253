"""Arguments: what argparse leaves over is taken or refused by the command it was given to."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from typing import Any

READS = "files, folders (read recursively) or globs; .gz, .zst and .zip too; - or no path is standard input"
OWN_RULES = "folder with rules of your own and overlays that tune limits"


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
        known = {name.lstrip("-"): name for name in self._option_string_actions}
        names = [one.partition("=")[0].lstrip("-") for one in unknown]
        near = [known[match] for name in names for match in get_close_matches(name, known, 1)]
        return f" (did you mean {', '.join(near)}?)" if near else ""


def add_redact(parser: argparse.ArgumentParser, text: str = "write hashes instead of names") -> None:
    """Declares the option of a command that can leave names out."""
    parser.add_argument("--redact", action="store_true", help=text)


def add_reading(
    parser: argparse.ArgumentParser, output: str = "write the result here instead of standard output"
) -> None:
    """Declares the options of a command that reads logs."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help=READS)
    parser.add_argument("--source", metavar="ID", help="read every input as this log (see `enumwatch rules list`)")
    parser.add_argument("--lookups", metavar="DIR", help="folder whose enumwatch_*.csv replace the shipped ones")
    parser.add_argument("--rules", metavar="DIR", help=OWN_RULES)
    parser.add_argument("--since", metavar="TIME", help="leave out events before this time (UTC unless it says else)")
    parser.add_argument("--until", metavar="TIME", help="leave out events from this time on")
    parser.add_argument("--threads", type=int, metavar="N", help="threads for reading (default: every core)")
    parser.add_argument("--strict", action="store_true", help="exit 2 when any input could not be read in full")
    parser.add_argument("--output", metavar="FILE", help=output)
