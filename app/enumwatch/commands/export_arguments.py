"""Arguments of `enumwatch export`, one command for each format."""

from __future__ import annotations

import argparse

from .arguments import add_reading, add_redact

FORMATS = {
    "ocsf": "findings as OCSF Detection Finding events, one a line",
    "stix": "findings as a bundle of STIX 2.1: indicators, sightings, observed addresses",
    "navigator": "a layer of the ATT&CK Navigator: what logs show, as `visibility` scores it; without paths, what all logs would",
    "blocklist": "addresses and networks to block, with the time to remove them",
    "names": "found and compromised names with what to do about each, as CSV",
    "named-location": "addresses and networks to block as a named location of Entra ID",
    "decoys": "names for decoy accounts, as rows of enumwatch_sensitive_accounts.csv",
}
_BLOCKING = frozenset({"blocklist", "named-location"})
NAVIGATOR = "navigator"  # what logs show, whatever was found in them
_OF_NAMES = "decoys"  # accounts to be made, which a hash would not name


def add_export(parser: argparse.ArgumentParser) -> None:
    """Declares the formats below `export`."""
    formats = parser.add_subparsers(metavar="FORMAT", required=True)
    for name, text in FORMATS.items():
        one = formats.add_parser(name, help=text, description=f"Write {text}.")
        add_reading(one)
        if name != NAVIGATOR:
            one.add_argument(
                "--findings",
                metavar="FILE",
                help="take the findings of this file instead of logs: JSON that `scan` wrote, or exported from Splunk or "
                "Elastic",
            )
        if name != _OF_NAMES:
            add_redact(one)
        if name in _BLOCKING:
            one.add_argument("--as-of", metavar="TIME", help="leave out what is to be unblocked by then (default: now)")
        _OWN.get(name, _nothing)(one)
        one.set_defaults(command=_export, export=name, detection=None, fail_on=None)


def _nothing(parser: argparse.ArgumentParser) -> None:
    """A format without options of its own."""


def _of_stix(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--with-names", action="store_true", help="also the names found or taken over, as accounts")
    parser.add_argument(
        "--tlp", choices=("white", "green", "amber", "red"), default="amber", help="who may read it (default: amber)"
    )
    parser.add_argument("--producer", metavar="NAME", help="the organisation that hands it on (default: enumwatch)")


def _of_blocklist(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("plain", "csv"), default="plain", help="default: plain")


def _of_named_location(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", metavar="NAME", default="enumwatch blocklist", help="what it is called in Entra ID")


_OWN = {"stix": _of_stix, "blocklist": _of_blocklist, "named-location": _of_named_location}


def _export(options: argparse.Namespace) -> int:
    from .exporting import run_export

    return run_export(options)
