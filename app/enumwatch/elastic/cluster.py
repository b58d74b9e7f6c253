"""Cluster: what a cluster is, and what its version, flavour and licence allow."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .faults import ClusterError, told_as_faults, translated

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

STACK, SERVERLESS, OPENSEARCH = "stack", "serverless", "opensearch"
PRODUCTS = {STACK: "Elasticsearch", SERVERLESS: "Elasticsearch Serverless", OPENSEARCH: "OpenSearch"}
# What is tested, and no older one; serverless has no versions to choose from.
OLDEST = {STACK: (8, 19), OPENSEARCH: (3, 0)}

# Watcher is in the trial and in every paid licence.
WATCHER_LICENCES = frozenset({"trial", "standard", "gold", "platinum", "enterprise"})
_NOBODYS = "enumwatch-nobodys"


@dataclass(frozen=True)
class Part:
    """One function that not every cluster has. `ask` asks for something that needs not be there."""

    what: str
    ask: Callable[[Elasticsearch], Any]


# Each is probed with a request that changes nothing.
PARTS: Mapping[str, Part] = {
    "pipelines": Part("ingest pipelines", lambda client: client.ingest.get_pipeline(id=_NOBODYS)),
    "scripts": Part("stored scripts", lambda client: client.get_script(id=_NOBODYS)),
    "lifecycle": Part("index lifecycle", lambda client: client.ilm.get_lifecycle(name=_NOBODYS)),
    "transforms": Part("transforms", lambda client: client.transform.get_transform(transform_id=_NOBODYS)),
    "enrich": Part("enrich policies", lambda client: client.enrich.get_policy(name=_NOBODYS)),
    "security": Part("roles and API keys", lambda client: client.security.get_role(name=_NOBODYS)),
    "watcher": Part("watches", lambda client: client.watcher.get_watch(id=_NOBODYS)),
}
_ABSENT = "this cluster does not have them"
_REASONS = {
    "unserved": _ABSENT,
    "refused": _ABSENT,
    "permission": "the key may not ask for them; see enumwatch elastic setup --roles",
    "licence": "the licence does not allow them",
}


@dataclass(frozen=True)
class Cluster:
    """One cluster. `lacking` says of each part that cannot be used why; `processors` is None where nobody says."""

    flavour: str
    version: tuple[int, ...]
    licence: str  # "" where there is none
    is_licence_active: bool
    lacking: Mapping[str, str]
    processors: frozenset[str] | None = None

    @property
    def name(self) -> str:
        """The product with its version and licence."""
        version = ".".join(map(str, self.version))
        words = [PRODUCTS[self.flavour], version if self.flavour != SERVERLESS else ""]
        told = " ".join(word for word in words if word)
        expired = "" if self.is_licence_active else " (expired)"
        return f"{told}, licence {self.licence}{expired}" if self.licence else told

    def serves(self, part: str) -> bool:
        """True where a part can be used; the empty name is what every cluster has."""
        return part not in self.lacking

    def lines(self) -> list[str]:
        """What can be used here and why the rest cannot, a line each."""
        width = max(len(part.what) for part in PARTS.values())
        return [
            f"  {part.what:<{width}}  {'no: ' + self.lacking[name] if name in self.lacking else 'yes'}"
            for name, part in PARTS.items()
        ]


def look_at(client: Elasticsearch) -> Cluster:
    """Return what the cluster is; raises ClusterError where it is too old or does not say."""
    flavour, version = _identity(client)
    if flavour in OLDEST and version < OLDEST[flavour]:
        wanted = ".".join(map(str, OLDEST[flavour]))
        found = ".".join(map(str, version))
        raise ClusterError(f"{PRODUCTS[flavour]} {found} is too old: upgrade the cluster to {wanted} or newer")
    licence, is_active = _licence(client) if flavour == STACK else ("", True)
    lacking = {}
    for name, part in PARTS.items():
        reason = _why_not(name, part, client, flavour, licence, is_active)
        if reason:
            lacking[name] = reason
    return Cluster(flavour, version, licence, is_active, lacking, _processors(client))


def _identity(client: Elasticsearch) -> tuple[str, tuple[int, ...]]:
    try:
        with told_as_faults():
            said = client.info().body["version"]
    except ClusterError as error:
        # A distribution without its modules has no front page, and its nodes still say what they are.
        if error.kind != "unserved":
            raise
        with told_as_faults():
            nodes = client.nodes.info(filter_path="nodes.*.version").body["nodes"]
        return STACK, min(_numbers(node["version"]) for node in nodes.values())
    if said.get("distribution") == OPENSEARCH:
        return OPENSEARCH, _numbers(said["number"])
    return SERVERLESS if said.get("build_flavor") == SERVERLESS else STACK, _numbers(said["number"])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version.partition("-")[0]))


def _licence(client: Elasticsearch) -> tuple[str, bool]:
    try:
        with told_as_faults():
            found = client.license.get().body["license"]
    except ClusterError as error:
        if error.kind not in _REASONS and error.kind != "missing":
            raise
        return "", True
    return str(found["type"]), found["status"] == "active"


def _why_not(name: str, part: Part, client: Elasticsearch, flavour: str, licence: str, is_active: bool) -> str | None:
    """Why a part cannot be used; None where it can."""
    if flavour == SERVERLESS and name in ("lifecycle", "watcher"):
        return "serverless does not have them"
    try:
        part.ask(client)
    except Exception as error:
        fault = translated(error)
        if fault is None:
            raise
        if fault.kind in _REASONS:
            return _REASONS[fault.kind]
        if fault.kind != "missing":
            raise fault from None
    if name == "watcher":
        if licence and licence not in WATCHER_LICENCES:
            return f"the licence {licence} does not allow them"
        if not is_active:
            return "the licence has expired, and watches no longer act"
    return None


def _processors(client: Elasticsearch) -> frozenset[str] | None:
    """The processors that every node has for ingest pipelines."""
    try:
        with told_as_faults():
            nodes = client.nodes.info(metric="ingest", filter_path="nodes.*.ingest").body.get("nodes", {})
    except ClusterError as error:
        if error.is_passing:
            raise
        return None
    each = [{one["type"] for one in node.get("ingest", {}).get("processors", ())} for node in nodes.values()]
    return frozenset(set.intersection(*each)) if each else None
