"""Times: how late events come, and whether some clock is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...splunk.doctor.measures import HOUR, MINUTE, span
from ...splunk.doctor.trouble import Trouble
from ..faults import ClusterError, told_as_faults
from .asking import INGESTED, Look

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_SAMPLE = 1_000  # the newest records by the time they came
_LATE_SHARE = 0.95
_SKEW = 5 * MINUTE
_TIMES = [{"field": name, "format": "epoch_millis"} for name in (INGESTED,)]


def check_clock(client: Elasticsearch, now: datetime) -> Iterator[Trouble]:
    """Yield a clock of this machine that differs from the cluster's."""
    try:
        with told_as_faults():
            theirs = client.cluster.stats(filter_path="timestamp")["timestamp"] / 1000
    except (ClusterError, KeyError):
        return  # serverless does not say
    ahead = now.timestamp() - theirs
    if abs(ahead) > _SKEW:
        how = "ahead of" if ahead > 0 else "behind"
        advice = "set both by NTP; runs and leases are timed by them"
        yield Trouble("doubtful", "clock", f"this machine is {span(abs(ahead))} {how} the cluster", advice)


def check_times(look: Look, late_seconds: float) -> Iterator[Trouble]:
    """Yield what is wrong with the times of a log; the runner waits so many seconds for what is late."""
    if look.time_field is None:
        return
    ahead = look.search({"range": {look.time_field: {"gt": f"now+{_SKEW}s"}}}, {})["hits"]["total"]["value"]
    if ahead:
        advice = (
            "set the clock or the time zone of what writes the log; nothing that is dated ahead is decided on in time"
        )
        yield Trouble("doubtful", look.where, f"{ahead} records are dated ahead of the cluster's clock", advice)
    is_date = bool(look.types_of(INGESTED) & {"date", "date_nanos"})
    lags = lags_of(look, look.time_field) if is_date else []
    if lags:
        yield from _check_lags(look, lags, late_seconds)
    elif not is_date or look.search({"match_all": {}}, {})["hits"]["total"]["value"]:
        advice = "let Fleet write the log (its final pipeline sets the field); else late events are found by their own time only"
        yield Trouble("doubtful", look.where, f"{INGESTED} is not there", advice)


def _check_lags(look: Look, lags: Sequence[float], late_seconds: float) -> Iterator[Trouble]:
    least, late = lags[0], lags[math.ceil(len(lags) * _LATE_SHARE) - 1]
    if least < -_SKEW:
        level = "broken" if least < -HOUR else "doubtful"
        advice = "set the time zone of its integration, or the clock of what writes it"
        yield Trouble(level, look.where, f"records are dated up to {span(-least)} after they came", advice)
    elif least > HOUR - _SKEW:
        advice = "set the time zone of its integration if the log is quicker than that"
        yield Trouble("doubtful", look.where, f"even the quickest record comes {span(least)} late", advice)
    if late > late_seconds:
        advice = "make the input quicker, or let the runner wait longer for late events"
        told = f"records come {span(late)} late, the runner waits {span(late_seconds)}"
        yield Trouble("broken", look.where, told, advice)
    elif late > HOUR:
        advice = "make the input run more often if findings should come sooner; none is lost"
        yield Trouble("note", look.where, f"records come up to {span(late)} late", advice)


def lags_of(look: Look, time_field: str) -> list[float]:
    """Return the seconds between the time of a record and its coming, of the newest records, in order; raises ClusterError."""
    answer = look.search(
        {"exists": {"field": INGESTED}},
        {},
        size=_SAMPLE,
        source=False,
        sort=[{INGESTED: {"order": "desc", "unmapped_type": "date"}}],
        docvalue_fields=[*_TIMES, {"field": time_field, "format": "epoch_millis"}],
    )
    fields = (hit.get("fields", {}) for hit in answer["hits"]["hits"])
    return sorted(_seconds(one[INGESTED]) - _seconds(one[time_field]) for one in fields if time_field in one)


def _seconds(values: Sequence[Any]) -> float:
    return float(values[0]) / 1000
