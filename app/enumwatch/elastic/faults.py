"""Faults: whatever goes wrong between us and a cluster becomes one line that ends in what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .secret import without_sent

_LONGEST_REASON = 300


class ClusterError(Exception):
    """Something that is wrong with the cluster or the way to it: one line, ending in what to do.

    `is_passing` is true where it may mend itself, so that whoever runs unattended waits and tries again.
    `kind` names the fault for code that acts on it.
    """

    def __init__(self, line: str, *, kind: str = "setup", is_passing: bool = False) -> None:
        super().__init__(line)
        self.kind = kind
        self.is_passing = is_passing


@dataclass(frozen=True)
class Fault:
    """One sort of fault: `{reason}` and `{of}` stand for what the cluster said and for the index it named."""

    line: str
    is_passing: bool = False


FAULTS: Mapping[str, Fault] = {
    "down": Fault("the cluster cannot be reached ({reason}): start it, or mend the url", True),
    "slow": Fault("the cluster did not answer in time: try again, or raise timeout_seconds under [elastic]", True),
    "certificate": Fault(
        "the certificate of the cluster is not trusted ({reason}): name the file of its CA as ca under [elastic]"
    ),
    "other_product": Fault("what answers there is neither Elasticsearch nor OpenSearch: mend the url"),
    "other_version": Fault(
        "the installed Python client {client} does not speak with a cluster of version {server}: "
        "pip install 'elasticsearch{wanted}', or upgrade the cluster"
    ),
    "refused_key": Fault("the cluster refuses the key ({reason}): make a new one, see enumwatch elastic setup --roles"),
    "permission": Fault(
        "the key may not do this ({reason}): give it the privileges that enumwatch elastic setup --roles prints"
    ),
    "licence": Fault(
        "the licence of the cluster does not allow this or has expired ({reason}): renew it, or do without"
    ),
    "read_only": Fault(
        "the cluster takes nothing for {of} now ({reason}): free disk space, and lift the block of the index", True
    ),
    "breaker": Fault("the cluster is short of memory ({reason}): lower its load, or give it more heap", True),
    "busy": Fault("the cluster has too much to do ({reason}): lower its load, or wait", True),
    "unready": Fault("a part of the cluster is not ready ({reason}): wait, or look at its health", True),
    "no_index": Fault("the index {of} is not there: run enumwatch elastic setup, or send its documents", True),
    "view_gone": Fault("the cluster gave up a read in the middle ({reason}): run again", True),
    "mapping": Fault(
        "a field of {of} is of another type than enumwatch needs ({reason}): "
        "move that index away by _reindex, and run enumwatch elastic setup"
    ),
    "conflict": Fault("somebody else changed the same document or setting ({reason}): run again", True),
    "too_large": Fault("a request was too large for the cluster ({reason}): raise its http.max_content_length"),
    "unserved": Fault("the cluster has no such function ({reason}): see enumwatch elastic status for what it has"),
    "missing": Fault("the cluster does not have what was asked for ({reason}): run enumwatch elastic setup"),
    "refused": Fault("the cluster refused a request ({reason}): see its log and report what it says"),
    "broken": Fault("the cluster failed at a request ({reason}): see its log", True),
    "unreadable": Fault("the answer of the cluster cannot be read: see whether a proxy stands in between", True),
}

# Types of the cluster's own errors; the first that is part of what it says is taken.
_BY_TYPE = {
    "circuit_breaking_exception": "breaker",
    "breaker": "breaker",
    "es_rejected_execution_exception": "busy",
    "rejected_execution_exception": "busy",
    "cluster_block_exception": "read_only",
    "index_not_found_exception": "no_index",
    "search_context_missing_exception": "view_gone",
    "no_shard_available_action_exception": "unready",
    "unavailable_shards_exception": "unready",
    "master_not_discovered_exception": "unready",
    "cluster_manager_not_discovered_exception": "unready",
    "node_not_connected_exception": "unready",
    "strict_dynamic_mapping_exception": "mapping",
    "document_parsing_exception": "mapping",
    "mapper_parsing_exception": "mapping",
    "version_conflict_engine_exception": "conflict",
    "api_not_available_exception": "unserved",
}
_BY_STATUS = {
    401: "refused_key",
    403: "permission",
    404: "missing",
    405: "unserved",
    408: "slow",
    409: "conflict",
    410: "unserved",
    413: "too_large",
    429: "busy",
    502: "down",
    503: "unready",
    504: "slow",
}
_OTHER_MAPPING = re.compile(r"mapper \[.*\] cannot be changed|cannot merge|different type|is not of the expected type")
_UNSERVED = re.compile(r"no handler found for uri|must not start with '_'|Invalid index name \[_|request \[/_.*unrecog")
_ACCEPTED_VERSION = re.compile(r"either version (\d+)")
_LICENCE = re.compile(r"license (?:is|has) (?:non-compliant|expired)|license\.expired", re.IGNORECASE)
_ACTION = re.compile(r"action \[(.+?)\] is unauthorized")
_INDICES = re.compile(r"on indices \[([^\]]*)\]")
_GRANTED = re.compile(r"granted by the (\w+) privileges \[([^\]]+)\]")


def fault_of(status: int, kind: str, reason: str, index: str = "") -> ClusterError:
    """The fault that an error of the cluster is, by its status, its type and its words; also of one item of a bulk."""
    name = _named(status, kind, reason)
    if name == "other_version":
        return _other_version(reason)
    if name == "permission":
        reason = _unauthorised(reason)
    return _error(name, reason, index)


def translated(error: Exception) -> ClusterError | None:
    """The fault that an exception of the client is; None where it is no exception of the client."""
    if isinstance(error, ClusterError):
        return error
    import elastic_transport
    import elasticsearch
    from elasticsearch.helpers import BulkIndexError

    if isinstance(error, elasticsearch.UnsupportedProductError):
        return _error("other_product")
    if isinstance(error, elasticsearch.ApiError):
        kind, reason, index = _said(error.body)
        return fault_of(error.status_code, kind, reason or str(error.message), index)
    if isinstance(error, elastic_transport.TlsError):
        return _error("certificate", _innermost(error))
    if isinstance(error, elastic_transport.ConnectionTimeout):
        return _error("slow")
    if isinstance(error, elastic_transport.ConnectionError):
        is_tls = "CERTIFICATE_VERIFY_FAILED" in str(error)
        return _error("certificate" if is_tls else "down", _innermost(error))
    if isinstance(error, elastic_transport.SerializationError):
        return _error("unreadable")
    if isinstance(error, BulkIndexError):
        return of_bulk(error.errors)
    if isinstance(error, elastic_transport.TransportError):
        return _error("down", str(error.message))
    return None


def of_bulk(items: list[dict[str, Any]]) -> ClusterError:
    """The fault of the first refused item of a bulk request."""
    for item in items:
        for done in item.values():
            if isinstance(done, dict) and done.get("error"):
                kind, reason, index = _said(done)
                return fault_of(int(done.get("status") or 0), kind, reason, index or str(done.get("_index") or ""))
    return _error("refused", "some documents were refused")


@contextmanager
def told_as_faults() -> Iterator[None]:
    """Turns every exception of the client into a ClusterError."""
    try:
        yield
    except Exception as error:
        fault = translated(error)
        if fault is None or fault is error:
            raise
        raise fault from None


def _named(status: int, kind: str, reason: str) -> str:
    if "media_type_header_exception" in kind:
        return "other_version"
    if _LICENCE.search(reason):
        return "licence"
    if _OTHER_MAPPING.search(reason):
        return "mapping"
    if _UNSERVED.search(reason):
        return "unserved"
    by_type = next((name for part, name in _BY_TYPE.items() if part in kind), None)
    if by_type:
        return by_type
    return _BY_STATUS.get(status) or ("broken" if status >= 500 else "refused")


def _error(name: str, reason: str = "", index: str = "") -> ClusterError:
    fault = FAULTS[name]
    line = fault.line.replace("{of}", repr(index) if index else "enumwatch").replace("{reason}", _short(reason))
    return ClusterError(line, kind=name, is_passing=fault.is_passing)


def _other_version(reason: str) -> ClusterError:
    from importlib.metadata import version

    found = _ACCEPTED_VERSION.search(reason)
    server = found[1] if found else "8 or older"
    wanted = f">={found[1]},<{int(found[1]) + 1}" if found else "<9"
    line = FAULTS["other_version"].line.format(client=version("elasticsearch"), server=server, wanted=wanted)
    return ClusterError(line, kind="other_version")


def _unauthorised(reason: str) -> str:
    """What is missing: the action, where, and the privileges that hold it."""
    action = _ACTION.search(reason)
    granted = _GRANTED.search(reason)
    if not action:
        return reason
    indices = _INDICES.search(reason)
    where = f" on {indices[1]}" if indices else ""
    which = f", which {granted[1]} privilege {' or '.join(granted[2].split(','))} holds" if granted else ""
    return f"{action[1]}{where}{which}"


def _said(body: Any) -> tuple[str, str, str]:
    """Type, words and index of an error: of its deepest cause where it has several."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if isinstance(error, str):
        return "", error, ""
    if not isinstance(error, Mapping):
        return "", "", ""
    kinds, reasons, index = [], [], ""
    for one in (error, *_causes(error)):
        kinds.append(str(one.get("type") or ""))
        reasons.append(str(one.get("reason") or ""))
        index = index or str(one.get("index") or "")
    told = [reason for reason in reasons if reason]
    return " ".join(kinds), told[-1] if told else "", index


def _causes(error: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for one in error.get("root_cause") or ():
        if isinstance(one, Mapping):
            yield one
    for shard in error.get("failed_shards") or ():
        if isinstance(shard, Mapping) and isinstance(shard.get("reason"), Mapping):
            yield shard["reason"]
    cause = error.get("caused_by")
    if isinstance(cause, Mapping):
        yield cause
        yield from _causes(cause)


def _innermost(error: Any) -> str:
    causes = getattr(error, "errors", ()) or ()
    return _innermost(causes[-1]) if causes else str(getattr(error, "message", error))


def _short(reason: str) -> str:
    """Words of the cluster, in one line of bearable length; they may hold what a log holds."""
    words = without_sent(" ".join(reason.split()))
    return words if len(words) <= _LONGEST_REASON else words[: _LONGEST_REASON - 1] + "…"
