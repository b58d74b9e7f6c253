"""Requests of setup and remove that only a full cluster can answer; NAME is the name of a thing."""

from __future__ import annotations

from collections.abc import Mapping

UNSERVED: Mapping[str, str] = {
    "GET /_ilm/policy/NAME": "whether the cluster has lifecycles, and ours",
    "PUT /_ilm/policy/NAME": "keeps our indices from being rolled over",
    "DELETE /_ilm/policy/NAME": "removes it",
    "POST /enumwatch-*/_ilm/remove": "takes it off indices that stay",
    "GET /_enrich/policy/NAME": "whether the cluster has enrich policies, and ours",
    "PUT /_enrich/policy/NAME": "lets pipelines look domains and networks up",
    "PUT /_enrich/policy/NAME/_execute": "takes the pushed table over",
    "DELETE /_enrich/policy/NAME": "removes it",
    "GET /_transform/NAME": "whether the cluster has transforms, and ours",
    "PUT /_transform/NAME": "groups events into contacts",
    "POST /_transform/NAME/_update": "changes all but how it groups",
    "POST /_transform/NAME/_start": "starts it",
    "POST /_transform/NAME/_stop": "stops it before it is removed",
    "DELETE /_transform/NAME": "removes it",
    "GET /_security/role/NAME": "whether roles can be given, and ours",
    "PUT /_security/role/NAME": "gives the least privilege",
    "DELETE /_security/role/NAME": "removes it",
    "GET /_watcher/watch/NAME": "whether the licence allows watches",
}
