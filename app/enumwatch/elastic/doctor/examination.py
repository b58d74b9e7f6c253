"""The whole examination: everything that can be asked of the cluster is asked, worst first in the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ...engines.elastic.contacts import logs
from ...rulebook.duration import parse_duration
from ...splunk.doctor.trouble import LEVELS, Trouble
from ..cluster import look_at
from ..defaults import LATE
from ..faults import ClusterError
from .asking import Look, look_at_log
from .logs import check_absent, check_filled, check_lists, check_types
from .made import check_made, check_own_types
from .pushed import check_pushed
from .runs import PATIENCE_SECONDS, check_runs
from .times import check_clock, check_times

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

UNASKED = ("permission", "unserved")
_LATE_SECONDS = float(parse_duration(LATE) or 0)


class Examination(NamedTuple):
    """What is wrong, worst first, what was looked at, and what could not be."""

    troubles: list[Trouble]
    seen: list[str]
    unseen: list[str]

    @property
    def is_broken(self) -> bool:
        """True where something does not work as it is."""
        return any(one.level == "broken" for one in self.troubles)


class _Examining:
    """Gathers what single checks say; one that may not look is told and does not end the others."""

    def __init__(self) -> None:
        self.found = Examination([], [], [])

    def check(self, what: str, look: Callable[[], Iterable[Trouble]]) -> None:
        try:
            self.found.troubles.extend(look())
        except ClusterError as error:
            if error.kind not in UNASKED:
                raise
            self.found.unseen.append(f"{what} was not looked at: {error}")
        else:
            self.found.seen.append(what)


def examine(
    client: Elasticsearch,
    rulebook: Mapping[str, Any],
    now: datetime,
    patience_seconds: float = PATIENCE_SECONDS,
    late_seconds: float = _LATE_SECONDS,
) -> Examination:
    """Return everything that is wrong; raises ClusterError where the cluster does not answer."""
    examining = _Examining()
    cluster = look_at(client)
    examining.check("clock", lambda: check_clock(client, now))
    examining.check("setup", lambda: check_made(client, cluster, rulebook))
    examining.check("own indices", lambda: check_own_types(client))
    looks: list[Look] = []
    for source, log in logs(rulebook).items():

        def look(source: str = source, log: Any = log) -> Iterable[Trouble]:
            looks.append(look_at_log(client, source, log))
            return check_log(looks[-1], late_seconds)

        examining.check(f"log {source}", look)
    titles = {source: str(rule["title"]) for source, rule in rulebook["sources"].items()}
    examining.check("logs", lambda: check_absent(looks, titles))
    examining.check("runner", lambda: check_runs(client, now, patience_seconds))
    examining.check("lookup tables", lambda: check_pushed(client, now))
    found = examining.found
    return found._replace(troubles=sorted(found.troubles, key=lambda one: LEVELS.index(one.level)))


def check_log(look: Look, late_seconds: float = _LATE_SECONDS) -> list[Trouble]:
    """Return what is wrong with one log; raises ClusterError."""
    if not look.indices:
        return []
    return [*check_types(look), *check_filled(look), *check_lists(look), *check_times(look, late_seconds)]
