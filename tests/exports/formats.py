"""Every format, made from findings, as the command makes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from enumwatch.commands.inert import inert_json
from enumwatch.core.organisation import Organisation
from enumwatch.exports import blocklist, decoys, named_location, names, navigator, ocsf, stix
from enumwatch.exports.blocks import blocks_of
from enumwatch.exports.keeping_out import Keeper
from enumwatch.lookups import load_lookups
from enumwatch.visibility.every_log import told_of_every_log
from enumwatch.visibility.report import visibility

from .material import Row, cleaned, rules

Format = Callable[[Sequence[Row], Keeper], str]


def _ocsf(findings: Sequence[Row], keeper: Keeper) -> str:
    return "".join(inert_json(ocsf.event_of(one, rules())) + "\n" for one in cleaned(findings, keeper))


def _stix(findings: Sequence[Row], keeper: Keeper) -> str:
    kept = cleaned(findings, keeper)
    return stix.bundle(kept, blocks_of(kept, keeper, rules()), stix.Choices(with_names=True))


def _blocklist(findings: Sequence[Row], keeper: Keeper) -> str:
    return "".join(blocklist.plain_lines(blocks_of(cleaned(findings, keeper), keeper, rules()).blocks))


def _blocklist_csv(findings: Sequence[Row], keeper: Keeper) -> str:
    return "".join(blocklist.csv_lines(blocks_of(cleaned(findings, keeper), keeper, rules()).blocks))


def _named_location(findings: Sequence[Row], keeper: Keeper) -> str:
    blocks = blocks_of(cleaned(findings, keeper), keeper, rules()).blocks
    return json.dumps(named_location.named_locations(blocks, "enumwatch"))


def _names(findings: Sequence[Row], keeper: Keeper) -> str:
    return "".join(names.csv_lines(names.names_of(cleaned(findings, keeper), Organisation(), rules()), str))


def _navigator(findings: Sequence[Row], keeper: Keeper) -> str:
    report = visibility(told_of_every_log(rules()), rules(), load_lookups().outcomes)
    return inert_json(navigator.layer_of(report))


def _decoys(findings: Sequence[Row], keeper: Keeper) -> str:
    kept = cleaned(findings, keeper)
    found = [name for one in kept for name in one["names_found"]]
    return "".join(decoys.csv_lines(decoys.decoys_of(found, found, set(), 6, 0.5)))


FORMATS: Mapping[str, Format] = {
    "ocsf": _ocsf,
    "stix": _stix,
    "blocklist": _blocklist,
    "blocklist csv": _blocklist_csv,
    "named-location": _named_location,
    "names": _names,
    "navigator": _navigator,
    "decoys": _decoys,
}


def values(text: str) -> Any:
    return json.loads(text)
