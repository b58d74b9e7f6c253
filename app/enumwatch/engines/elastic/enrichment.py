"""Enrichment: what is known of a domain or a network stands at the event, where the cluster can look it up.

Optional: the pipelines of the sources call one more pipeline, which exists only where the enrich policies do. What it adds
is for people who search; contacts and verdicts do not depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...elastic.names import CONTACT_FIELD, PREFIX, lookup_index
from .pipeline import TAGS_PIPELINE, Body, script

# Lookup tables of domains: where a row lands at the event, and what of it.
_DOMAINS = {
    "disposable_domains": ("disposable", ["list"]),
    "free_mail": ("free_mail", ["kind"]),
    "domains": ("own", ["kind", "tenant"]),
}
_NETWORKS = "networks"
TAGS_FIELD = "enumwatch.tags"
_MOST_NETWORKS = 8


def policy_name(table: str) -> str:
    """The name of the enrich policy of a lookup table."""
    return f"{PREFIX}{table.replace('_', '-')}"


def policies() -> dict[str, Body]:
    """The enrich policies over the lookup indices, by name. In the index of networks `cidr` has to be an ip_range."""
    found: dict[str, Body] = {}
    for table, (_, fields) in _DOMAINS.items():
        match = {"indices": lookup_index(table), "match_field": "domain", "enrich_fields": list(fields)}
        found[policy_name(table)] = {"match": match}
    networks = {"indices": lookup_index(_NETWORKS), "match_field": "cidr", "enrich_fields": ["kind", "tenant"]}
    return {**found, policy_name(_NETWORKS): {"range": networks}}


def tags_pipeline(names: Mapping[str, str] | None = None) -> dict[str, Body]:
    """The pipeline that looks up an event's domain and address, by name.

    `names` are the policies' names in the cluster, by what `policies` calls them, where they are other ones.
    """
    known = names or {}
    processors = [script("domain", {})]
    for table, (target, _) in _DOMAINS.items():
        processors.append(_enrich(table, f"{TAGS_FIELD}.domain", f"{TAGS_FIELD}.{target}", 1, known))
    networks = _enrich(_NETWORKS, f"{CONTACT_FIELD}.src_ip", f"{TAGS_FIELD}.networks", _MOST_NETWORKS, known)
    # An empty text is no address, and asking for one fails.
    networks["enrich"]["if"] = "ctx.enumwatch?.contact?.src_ip != null && ctx.enumwatch.contact.src_ip != ''"
    description = "Looks up what is known of the domain and the network of a contact"
    return {TAGS_PIPELINE: {"description": description, "processors": [*processors, networks]}}


def _enrich(table: str, field: str, target: str, most: int, names: Mapping[str, str]) -> Body:
    policy = names.get(policy_name(table), policy_name(table))
    asked = {"policy_name": policy, "field": field, "target_field": target, "max_matches": most}
    return {"enrich": {"tag": table, **asked, "ignore_missing": True, "ignore_failure": True}}
