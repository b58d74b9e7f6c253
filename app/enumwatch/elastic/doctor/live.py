"""Live: what no node of our tests serves, asked of a real cluster; nothing is changed there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..faults import ClusterError, translated
from ..kibana.rules import shipped
from ..names import PREFIX

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_ANY = f"{PREFIX}*"
_UNSERVED = ("unserved", "licence")
_NO_INDEX = "Unknown index"


class LiveCheck(NamedTuple):
    """One thing that only a full cluster can prove: what it proves, and how it is asked."""

    name: str
    proves: str
    ask: Callable[[Elasticsearch], Any]


class Answer(NamedTuple):
    """What became of a check: `verdict` is ok, wrong or unserved."""

    verdict: str
    check: LiveCheck
    told: str

    def __str__(self) -> str:
        return f"{self.verdict}: {self.check.name}: {self.told}"


def live_checks() -> list[LiveCheck]:
    """Return the checks; all of them only read."""
    queries = [one for one in shipped() if one["type"] == "esql"]
    return [
        *(
            LiveCheck(f"ES|QL of {one['rule_id']}", "the cluster runs the query of the rule", _running(one["query"]))
            for one in queries
        ),
        LiveCheck("transforms", "transforms of enumwatch run and are not failed", _transforms),
        LiveCheck("enrich policies", "policies are there to be executed", lambda client: client.enrich.get_policy()),
        LiveCheck("watches", "the licence runs watches, and ours are listed", _watches),
        LiveCheck("lifecycle", "lifecycle policies are served", lambda client: client.ilm.get_status()),
        LiveCheck("API key", "the key says who it is", lambda client: client.security.authenticate()),
        LiveCheck("front page", "version and product are told, as eland asks them", lambda client: client.info()),
    ]


def ask_live(client: Elasticsearch) -> Iterator[Answer]:
    """Yield what the cluster answers to each check."""
    for check in live_checks():
        try:
            told = check.ask(client)
        except ClusterError as error:
            yield Answer("wrong", check, str(error))
        except Exception as error:
            fault = translated(error)
            if fault is None:
                raise
            yield Answer("unserved" if fault.kind in _UNSERVED else "wrong", check, str(fault))
        else:
            yield Answer("ok", check, told if isinstance(told, str) else check.proves)


def _running(query: str) -> Callable[[Elasticsearch], str]:
    def run(client: Elasticsearch) -> str:
        from elasticsearch import BadRequestError

        try:
            answer = client.esql.query(query=query, format="json")
        except BadRequestError as error:
            if _NO_INDEX not in str(error.body):
                raise
            return "no such index here, so nothing to read"
        return f"{len(answer['values'])} rows with {len(answer['columns'])} columns"

    return run


def _transforms(client: Elasticsearch) -> str:
    found = client.transform.get_transform_stats(transform_id=_ANY, allow_no_match=True)["transforms"]
    failed = [one["id"] for one in found if one.get("state") == "failed"]
    if failed:
        raise ClusterError(f"{', '.join(failed)} failed: see its reason in Kibana, then run enumwatch elastic setup")
    return f"{len(found)} transforms, none failed"


def _watches(client: Elasticsearch) -> str:
    found = client.watcher.query_watches(size=1_000)["watches"]
    return f"{sum(one['_id'].startswith(PREFIX) for one in found)} watches of enumwatch"
