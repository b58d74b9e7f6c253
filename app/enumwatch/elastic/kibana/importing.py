"""Importing: brings the rules into Kibana through its own interface."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from ..connection import Connection
from ..faults import ClusterError, fault_of

if TYPE_CHECKING:
    from urllib3 import PoolManager

RULES = "/api/detection_engine/rules"
IMPORT = f"{RULES}/_import?overwrite=true"
# What people set at a rule that is there, and an import would take away.
KEPT = ("enabled", "actions", "exceptions_list")
_FILE = ("enumwatch-rules.ndjson", "application/x-ndjson")
_FOUND = range(200, 300)
_MISSING = 404
_ELSEWHERE = (301, 302, 307, 308, _MISSING)
_LONGEST_ANSWER = 300


class Imported(NamedTuple):
    """How many rules Kibana took, and what it said of the others."""

    taken: int
    refused: list[str]


class _Answer(NamedTuple):
    status: int
    content: bytes


def import_rules(connection: Connection, rules: str) -> Imported:
    """Imports rules over those of the same id, which keep whether they are on, their exceptions and their actions.

    Raises ClusterError.
    """
    import urllib3

    if not connection.kibana_url:
        raise ClusterError("it is not known where Kibana is: write kibana_url under [elastic], or name --rules-file")
    with urllib3.PoolManager(ssl_context=ssl.create_default_context(cafile=connection.ca), retries=False) as pool:
        merged = "".join(_merged(pool, connection, json.loads(line)) for line in rules.splitlines())
        name, kind = _FILE
        answer = _asked(pool, connection, "POST", IMPORT, fields={"file": (name, merged.encode("utf-8"), kind)})
    if answer.status not in _FOUND:
        raise _fault(connection, answer)
    said = _read(answer)
    try:
        refused = [f"{one.get('rule_id', 'a rule')}: {one['error']['message']}" for one in said.get("errors", ())]
        return Imported(int(said["success_count"]), refused)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _no_kibana() from None


def _merged(pool: PoolManager, connection: Connection, rule: dict[str, Any]) -> str:
    """A rule with what people set at the one that is there, as a line."""
    answer = _asked(pool, connection, "GET", f"{RULES}?rule_id={quote(rule['rule_id'], safe='')}")
    if answer.status in _FOUND:
        there = _read(answer)
        if not isinstance(there, dict):
            raise _no_kibana()
        rule = {**rule, **{name: there[name] for name in KEPT if name in there}}
    elif answer.status != _MISSING:
        raise _fault(connection, answer)
    return json.dumps(rule) + "\n"


def _asked(pool: PoolManager, connection: Connection, method: str, path: str, **more: Any) -> _Answer:
    import urllib3

    try:
        answer = pool.request(
            method,
            str(connection.kibana_url).rstrip("/") + path,
            headers={"kbn-xsrf": "enumwatch", **_authorization(connection)},
            timeout=connection.timeout_seconds,
            redirect=False,  # a key goes nowhere but where it was meant for
            **more,
        )
    except urllib3.exceptions.HTTPError as error:
        told = connection.without_secrets(str(error.args[-1] if error.args else error))
        raise ClusterError(f"Kibana cannot be reached ({told}): start it, or mend kibana_url") from None
    return _Answer(answer.status, answer.data)


def _authorization(connection: Connection) -> dict[str, str]:
    import urllib3

    if connection.api_key:
        return {"authorization": f"ApiKey {connection.api_key.reveal()}"}
    if connection.user:
        return dict(urllib3.make_headers(basic_auth=f"{connection.user}:{connection.password.reveal()}"))
    return {}


def _read(answer: _Answer) -> Any:
    try:
        return json.loads(answer.content)
    except ValueError:
        raise _no_kibana() from None


def _no_kibana() -> ClusterError:
    return ClusterError("what answers there is not Kibana: mend kibana_url")


def _fault(connection: Connection, answer: _Answer) -> ClusterError:
    said = connection.without_secrets(answer.content.decode("utf-8", "replace"))
    if answer.status in _ELSEWHERE:
        return ClusterError("Kibana has no detection rules at that address: mend kibana_url, with base path and space")
    try:
        found: Any = json.loads(said)
        said = str(found.get("message") or found.get("error") or said)
    except (ValueError, AttributeError):
        pass
    return fault_of(answer.status, "", said[:_LONGEST_ANSWER])
