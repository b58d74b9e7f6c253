"""Searches that the app ships for the doctor: run on demand, their results exported and read by `splunk doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...core.contact import DROPPED_FOR_SUCCESS
from ...core.event import TRYING_KINDS
from ...engines.splunk.words import is_one_of
from ...rulebook.compiled import compiled
from ..content.confs import Stanza

PREFIX = "enumwatch - Doctor - "
FIELDS_SEARCH = f"{PREFIX}Fields"
RUNS_SEARCH = f"{PREFIX}Runs"
VISIBILITY_SEARCH = f"{PREFIX}Visibility"

# Of the columns of contacts, those whose absence says that a log is not read as it should be.
FIELDS = (
    *("tenant", "src_ip", "asn", "country", "user_agent", "app", "app_id", "client_app", "actor", "src_host", "target"),
    "code",
)
COUNTED = "with_"
VISIBILITY_DAYS = 30
_FILLED_DAYS = 7
_EXPORT = "Export the result and give it to `enumwatch splunk doctor`."


def sources() -> Mapping[str, Mapping[str, Any]]:
    """Return the sources of the compiled rulebook by id."""
    found: Mapping[str, Mapping[str, Any]] = compiled()["sources"]
    return found


def source_macro(source: str) -> str:
    """Return the macro in which an admin says where the events of a log are."""
    return f"enumwatch_{source}"


def times_search(title: str) -> str:
    """Return the name of the search that looks at the times of a log."""
    return f"{PREFIX}{title}"


def stanzas() -> Iterator[Stanza]:
    """Yield the saved searches; none runs by itself."""
    counts = ", ".join(f'count(eval({name}!="")) AS {COUNTED}{name}' for name in FIELDS)
    fields = [
        "`enumwatch_contacts`",
        f"| stats count AS contacts, sum(attempts) AS attempts, {counts}, "
        'count(eval(target_visible="false")) AS hidden, count(eval(outcome="ambiguous")) AS ambiguous by log_source',
        "| sort 0 log_source",
    ]
    about = f"Which columns of the contacts are filled, log by log, over {_FILLED_DAYS} days."
    yield _search(FIELDS_SEARCH, about, fields, f"-{_FILLED_DAYS}d")
    runs = [
        "| inputlookup enumwatch_runs",
        *(f"| spath input=summary path={name} output={name}" for name in ("memory", "refused", "left_out")),
        "| stats count AS runs, max(ended) AS ended, max(memory) AS remembered, sum(refused) AS refused, "
        "sum(left_out) AS left_out by detection",
        "| eval silent=now()-ended",
    ]
    yield _search(RUNS_SEARCH, "When each rule ran last, and whether it could read everything.", runs, "-24h")
    about = (
        f"What each log held over {VISIBILITY_DAYS} days and left empty. For `enumwatch visibility --splunk-export`."
    )
    yield _search(VISIBILITY_SEARCH, about, visibility_lines(), f"-{VISIBILITY_DAYS}d")
    for source, rule in sources().items():
        times = [
            f"`{source_macro(source)}`",
            "| eval lag=_indextime-_time",
            "| stats count AS events, min(_time) AS first, max(_time) AS last, max(_indextime) AS indexed, "
            "median(lag) AS middle_late, perc95(lag) AS late, max(lag) AS most_late, min(lag) AS least_late",
            f'| eval source_id="{source}", silent=now()-indexed',
        ]
        about = f"Whether the macro {source_macro(source)} finds events of {rule['title']}, and how late they come."
        yield _search(times_search(rule["title"]), about, times, "-24h")


def visibility_lines() -> list[str]:
    """Return the search whose rows the visibility report reads: contacts alike in log, kind, form and unknown code."""
    told = tuple(compiled()["visibility"]["fields"])
    fails = f'NOT (outcome="success" AND {is_one_of("kind", sorted(TRYING_KINDS))})'
    is_filled = {name: f"len({name})>0" + (f" AND {fails}" if name in DROPPED_FOR_SUCCESS else "") for name in told}
    counts = [f"{COUNTED}{name}=attempts*if({test},1,0)" for name, test in is_filled.items()]
    sums = ", ".join(f"sum({COUNTED}{name}) AS {COUNTED}{name}" for name in told)
    return [
        "`enumwatch_contacts`",
        '| eval form=if(len(client_app)>0,client_app,"-"), began=floor(first/3600), '
        f'doubtful=if(outcome="ambiguous" AND len(code)>0 AND {is_one_of("kind", sorted(TRYING_KINDS))},code,"-")',
        f'| eval fails=attempts*if({fails},1,0), unnamed=attempts*if(target_visible="false",1,0)',
        "| eval " + ", ".join(counts),
        "| sort 0 log_source, began",
        "| streamstats current=f window=1 global=f max(began) AS before by log_source",
        "| eval pause=(began-before)*3600",
        "| stats sum(attempts) AS attempts, sum(fails) AS failing, sum(unnamed) AS hidden, min(first) AS first, "
        f"max(last) AS last, max(pause) AS pause, {sums} by log_source, kind, form, doubtful",
        "| eval asked_at=now()",
        "| sort 0 log_source, kind, form, doubtful",
    ]


def _search(name: str, about: str, lines: list[str], earliest: str) -> Stanza:
    keys = {
        "description": f"{about} {_EXPORT}" if name != VISIBILITY_SEARCH else about,
        "search": "\n".join(lines),
        "dispatch.earliest_time": earliest,
        # Events from the future are the ones to be seen.
        "dispatch.latest_time": "+1d",
        "is_visible": "true",
    }
    return Stanza("savedsearches", name, keys)
