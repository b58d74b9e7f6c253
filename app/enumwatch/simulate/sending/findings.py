"""Findings: the verdicts that a cluster holds on the made-up people and addresses of a run."""

from __future__ import annotations

import csv
import json
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...beside_logs import LABELS
from ...core.network import canonical_ip
from ...core.times import HOUR
from ...elastic.faults import ClusterError, told_as_faults
from ...elastic.names import VERDICTS
from ..event import SimulateError
from ..verify import read_truths
from .elastic import refresh
from .manifest import Manifest

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

DOMAINS = "lookups/enumwatch_domains.csv"
_OWNERS = tuple(ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
_MOST = 1_000  # of one run
_MILLISECOND = 1_000


def findings_on(client: Elasticsearch, folder: Path, manifest: Manifest) -> list[dict[str, Any]]:
    """The hits of every verdict document on somebody of the run, at its time; raises ClusterError, SimulateError."""
    refresh(client, [VERDICTS])
    query_of_people = _on_people(folder)
    window = [
        {"range": {"event.end": {"gte": (manifest.first - HOUR) // _MILLISECOND, "format": "epoch_millis"}}},
        {"range": {"event.start": {"lte": (manifest.end + HOUR) // _MILLISECOND, "format": "epoch_millis"}}},
    ]
    query = {"bool": {"filter": window, "should": query_of_people, "minimum_should_match": 1}}
    try:
        with told_as_faults():
            return list(client.search(index=VERDICTS, query=query, size=_MOST)["hits"]["hits"])
    except ClusterError as error:
        if error.kind == "no_index":
            return []
        raise


def remove_findings(client: Elasticsearch, folder: Path, manifest: Manifest) -> int:
    """Deletes the documents of those findings; returns how many. Raises ClusterError, SimulateError."""
    from ...elastic.runner.bulk import delete_action, write

    found = findings_on(client, folder, manifest)
    with told_as_faults():
        done = write(client, [delete_action(hit["_index"], hit["_id"]) for hit in found]).done
    refresh(client, [VERDICTS])
    return done


def _on_people(folder: Path) -> list[dict[str, Any]]:
    """Queries of which each finds findings on made-up people: by address, account, tenant or domain of names."""
    truths = read_truths(folder)
    try:
        lines = (folder / LABELS).read_text("utf-8").splitlines()
        who = {str(json.loads(line)["actor"]) for line in lines}
        with (folder / DOMAINS).open(encoding="utf-8", newline="") as stream:
            domains = sorted({row["domain"] for row in csv.DictReader(stream)})
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SimulateError(f"{folder} lacks {LABELS} or {DOMAINS}: name a folder that `simulate` wrote") from error
    who |= {one for entry in truths for names in entry.get("actor", {}).values() for one in names}
    accounts = {one for one in who if one and not canonical_ip(one)}
    return [
        {"terms": {"related.ip": sorted({canonical_ip(one) for one in who if _is_nobodys(one)})}},
        {"terms": {"enumwatch.actor.account": sorted({*accounts, *map(str.lower, accounts)})}},
        {"terms": {"organization.id": sorted({entry["tenant"] for entry in truths} - {""})}},
        *({"wildcard": {"related.user": {"value": f"*@{domain}"}}} for domain in domains),
    ]


def _is_nobodys(text: str) -> bool:
    """True for an address that no machine of the owner's can have; those of 10.0.0.0/8 in on-premises logs may be real."""
    address = canonical_ip(text)
    return bool(address) and not any(
        ip_address(address) in one for one in _OWNERS if one.version == ip_address(address).version
    )
